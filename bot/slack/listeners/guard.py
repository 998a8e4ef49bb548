"""Whether what somebody presses or sends belongs where they do so: a run's name can be copied from any message."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from structlog.contextvars import bound_contextvars

from bot.research.run_state import Run
from bot.service.desk import Desk
from bot.service.errors import StoreDown
from bot.slack.messages import ephemeral

log = structlog.get_logger(__name__)

RUN_ID = re.compile(r"\br_[0-9A-Z]{12}\b")  # as Question.run_id makes them


class Guard:
    """Refuses clicks, choices and forms about a run of another channel; ``answer`` sends private answers."""

    def __init__(self, desk: Desk, answer: ephemeral.Answer) -> None:
        self._desk, self._answer = desk, answer

    def register(self, app: AsyncApp) -> None:
        """Tell Bolt to ask here before any listener."""
        app.middleware(self._checked)

    async def _checked(self, body: dict[str, Any], next_: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:
        named = {found: _named(found, body) for text in _values(body) for found in RUN_ID.findall(text)}
        for run_id, names in named.items():
            if not await self._belongs(run_id, body):
                log.warning("click.elsewhere", **names)
                return await self._refused(body)
        with bound_contextvars(**next(iter(named.values()), {})):
            return await next_()

    async def _belongs(self, run_id: str, body: dict[str, Any]) -> bool:
        """Whether a run is shown where this was pressed; what is not known is left to whoever hears of it."""
        channel, person = _channel(body), (body.get("user") or {}).get("id", "")
        try:
            run = await self._desk.placed(run_id) if channel else None
        except StoreDown:
            return True
        if not run:
            return True
        return not {"", *_places(run)}.isdisjoint(self._desk.channels.same(channel)) or (
            channel.startswith("D") and person == run.question.asker
        )

    async def _refused(self, body: dict[str, Any]) -> BoltResponse:
        if body.get("type") == "view_submission":
            fields = [block["block_id"] for block in body["view"].get("blocks", []) if block.get("type") == "input"]
            errors = {fields[0]: ephemeral.STALE["text"]} if fields else {}
            return BoltResponse(status=200, body={"response_action": "errors", "errors": errors})
        await self._answer(body.get("response_url", ""), ephemeral.STALE)
        return BoltResponse(status=200, body="")


def _named(run_id: str, body: dict[str, Any]) -> dict[str, str]:
    """What each line about it is logged with: the run, and where it was pressed."""
    return {"run": run_id, "team": str((body.get("team") or {}).get("id", "")), "channel": _channel(body)}


def _places(run: Run) -> tuple[str, ...]:
    """The channel that a run is shown in; any will do while that is not known."""
    channel = run.ref.partition("/")[0] or run.question.place.channel
    return (channel,) if channel else ()


def _values(body: dict[str, Any]) -> Iterator[str]:
    """What the pressed elements, or the form, hold."""
    if body.get("type") == "block_actions":
        for action in body.get("actions") or []:
            yield str(action.get("value", ""))
            yield str((action.get("selected_option") or {}).get("value", ""))
    elif body.get("type") == "view_submission":
        yield str(body["view"].get("private_metadata", ""))


def _channel(body: dict[str, Any]) -> str:
    """Where it was pressed, or from where the form was opened; "" in the Home tab."""
    if body.get("type") == "view_submission":
        try:
            return str(json.loads(body["view"].get("private_metadata") or "{}").get("channel_id") or "")
        except ValueError:
            return ""
    return str((body.get("channel") or {}).get("id") or (body.get("container") or {}).get("channel_id") or "")
