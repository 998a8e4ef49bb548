"""The buttons and menu entries of exports; the job itself tells what came of it."""

from __future__ import annotations

from bot.research import words
from bot.service.desk import Desk
from bot.service.exports import Exporting
from bot.service.jobs import ExportFormat
from bot.slack.format.refs import permalink
from bot.slack.listeners.clicks import Click
from bot.slack.messages import pressed
from bot.slack.messages.ephemeral import Payload, private
from bot.slack.transport.client import Workspace


class ExportButtons:
    """What these do; ``workspace`` is where links lead."""

    def __init__(self, desk: Desk, exporting: Exporting, workspace: Workspace) -> None:
        self._desk, self._exporting, self._workspace = desk, exporting, workspace

    async def file(self, click: Click) -> Payload | None:
        """Export as a Markdown file."""
        return await self._ask(click, ExportFormat.FILE)

    async def canvas(self, click: Click) -> Payload | None:
        """Export as a canvas."""
        return await self._ask(click, ExportFormat.CANVAS)

    async def _ask(self, click: Click, form: ExportFormat) -> Payload | None:
        begun, ref = await self._exporting.ask(click.value, form, click.user, click.reply_url)
        if begun:
            return private(words.KEPT_FOR_LATER) if self._desk.draining else None
        if ref:
            return pressed.exported_before(form, permalink(self._workspace.url, ref))
        return private(words.EXPORTING)
