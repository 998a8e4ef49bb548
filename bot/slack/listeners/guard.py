"""Whether what somebody presses or sends belongs where they do so: a run's name can be copied from any message."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from structlog.contextvars import bound_contextvars

from bot.research import words
from bot.research.run_state import Run
from bot.service.desk import Desk
from bot.service.errors import StoreDown
from bot.slack.listeners.clicks import Click, errors
from bot.slack.messages.ephemeral import Answer, private

log = structlog.get_logger(__name__)

RUN_ID = re.compile(r"\br_[0-9A-Z]{12}\b")  # as Question.run_id makes them


class Guard:
    """Refuses clicks, choices and forms about a run of another channel; ``answer`` sends private answers."""

    def __init__(self, desk: Desk, answer: Answer) -> None:
        self._desk, self._answer = desk, answer

    def register(self, app: AsyncApp) -> None:
        """Tell Bolt to ask here before any listener."""
        app.middleware(self._checked)

    async def _checked(self, body: dict[str, Any], next_: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:
        if body.get("type") not in ("block_actions", "view_submission"):
            return await next_()
        click = Click.of(body)
        found = RUN_ID.search(click.value)
        if not found:
            return await next_()
        names = {"run": found[0], "team": str((body.get("team") or {}).get("id", "")), "channel": click.channel}
        if not await self._belongs(found[0], click):
            log.warning("click.elsewhere", **names)
            return await self._refused(click)
        with bound_contextvars(**names):
            return await next_()

    async def _belongs(self, run_id: str, click: Click) -> bool:
        """Whether a run is shown where this was pressed; what is not known is left to whoever hears of it."""
        try:
            run = await self._desk.placed(run_id) if click.channel else None
        except StoreDown:
            return True
        if not run:
            return True
        return not {"", *_places(run)}.isdisjoint(self._desk.channels.same(click.channel)) or (
            click.channel.startswith("D") and click.user == run.question.asker
        )

    async def _refused(self, click: Click) -> BoltResponse:
        if click.body["type"] == "view_submission":
            blocks = click.body["view"].get("blocks", [])
            field = next((block["block_id"] for block in blocks if block.get("type") == "input"), "")
            return BoltResponse(status=200, body=errors(field, words.OLD_BUTTON))
        await self._answer(click.reply_url, private(words.OLD_BUTTON))
        return BoltResponse(status=200, body="")


def _places(run: Run) -> tuple[str, ...]:
    """The channel that a run is shown in; any will do while that is not known."""
    channel = run.ref.partition("/")[0] or run.question.place.channel
    return (channel,) if channel else ()
