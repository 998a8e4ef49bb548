"""Clicks on an export: checked and ordered; the job itself tells what came of it."""

from __future__ import annotations

from bot.research.run_state import Run
from bot.service.desk import Desk
from bot.service.errors import StoreDown
from bot.service.exports import Exporting
from bot.service.jobs import Form
from bot.service.permissions import Deed, may
from bot.slack.format.refs import permalink
from bot.slack.listeners.clicks import Chosen
from bot.slack.messages import pressed
from bot.slack.messages.ephemeral import KEPT_FOR_LATER, SHUTTING_DOWN, Payload
from bot.slack.transport.client import Workspace


class ExportClicks:
    """What the export buttons and the entries of the menus do; ``workspace`` is where links lead."""

    def __init__(self, desk: Desk, exporting: Exporting, workspace: Workspace) -> None:
        self._desk, self._exporting, self._workspace = desk, exporting, workspace

    async def file(self, chosen: Chosen) -> Payload | None:
        """Export as a Markdown file."""
        return await self._ask(chosen, Form.FILE)

    async def canvas(self, chosen: Chosen) -> Payload | None:
        """Export as a canvas."""
        return await self._ask(chosen, Form.CANVAS)

    async def _ask(self, chosen: Chosen, form: Form) -> Payload | None:
        if self._desk.closed:
            return SHUTTING_DOWN
        try:
            run = await self._desk.kept(chosen.run_id)
            if not run or not run.standing or not may(Deed.EXPORT, chosen.user, run.question.asker):
                return self._nothing(run, chosen.run_id)
            begun, ref = await self._exporting.ask(run, form, chosen.reply_url)
        except StoreDown:
            return pressed.STORE_DOWN
        if begun:
            return KEPT_FOR_LATER if self._desk.draining else None
        return pressed.exported_before(form, permalink(self._workspace.url, ref)) if ref else pressed.EXPORTING

    def _nothing(self, run: Run | None, run_id: str) -> Payload:
        if run_id in self._desk.roster:
            return pressed.UNDER_WAY
        return pressed.NO_REPORT if run else pressed.FORGOTTEN
