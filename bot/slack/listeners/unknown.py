"""What Slack delivers and nobody here hears of: acknowledged and noted, for what is refused Slack delivers again."""

from __future__ import annotations

from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.research import words
from bot.slack.listeners.clicks import HEARD, LATE
from bot.slack.messages.ephemeral import Answer, private

log = structlog.get_logger(__name__)

LONGEST_NAME = 80  # characters of a type in the log; Slack's own are shorter
UNREADABLE = 400


class Unknown:
    """Answers for listeners that there are not; ``answer`` sends private answers."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def register(self, app: AsyncApp) -> None:
        """Tell Bolt that what it has no listener for is answered here."""
        app.error(self._failed)

    async def _failed(self, error: Exception, request: AsyncBoltRequest) -> BoltResponse | None:
        """Bolt's answer to what was not heard; None, so that it stays as it is, where a listener broke."""
        if not isinstance(error, BoltUnhandledRequestError):
            log.error("listener.crashed", type=kind(request.body), exc_info=error)
            return None
        name = kind(request.body)
        if request.context.get(HEARD):  # it is still being done, and will be told of
            log.warning("listener.late", type=name)
            request.context[LATE] = True
            return BoltResponse(status=200)
        log.warning("slack.unknown", type=name)
        if not name and request.mode != "socket_mode":
            return BoltResponse(status=UNREADABLE, body={"error": "unknown request"})
        if name == "block_actions" and (reply_url := request.body.get("response_url")):
            await self._answer(str(reply_url), private(words.UNKNOWN_CLICK))
        return BoltResponse(status=200, body=_said(name))


def kind(body: dict[str, Any]) -> str:
    """What was delivered, by Slack's own name; "" for what names no kind."""
    if "command" in body:
        return "slash_command"
    event = body.get("event")
    told = event.get("type") if isinstance(event, dict) else None
    return str(told or body.get("type") or "")[:LONGEST_NAME]


def _said(name: str) -> str | dict[str, Any]:
    """What Slack shows for it: an unknown command says so, a menu stays empty."""
    if name == "slash_command":
        return private(words.UNKNOWN_COMMAND)
    return {"options": []} if name == "block_suggestion" else ""
