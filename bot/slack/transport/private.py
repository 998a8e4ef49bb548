"""Private answers, in the first form that Slack takes: to a response_url, or as messages that one person sees."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.research.errors import Refused
from bot.slack.format.blocks import Message
from bot.slack.transport.client import LONGEST_CODE, SLACK_ERRORS, cause
from bot.slack.transport.posting import accepted

log = structlog.get_logger(__name__)

Payload = dict[str, Any]
TAKEN = 200


async def whisper(answer: Payload, show: Callable[[Payload], Awaitable[object]]) -> None:
    """Let ``show`` send an answer, in plainer forms where Slack refuses its content.

    Raises Refused where Slack takes none of them, and whatever else ``show`` raises.
    """
    rest = {name: value for name, value in answer.items() if name not in ("text", "blocks")}

    async def send(form: Message) -> None:
        await show(rest | {"text": form.text} | ({"blocks": list(form.blocks)} if form.blocks else {}))

    await accepted(Message("private", "", "private", answer["text"], tuple(answer.get("blocks") or ())), send)


async def answer_privately(url: str, answer: Payload, session: aiohttp.ClientSession) -> None:
    """Send a private answer to the asker through the command's response_url; a failure is only logged."""
    if not url:
        return
    webhook = AsyncWebhookClient(url, session=session, retry_handlers=[])
    webhook.proxy = None  # it reads the environment for itself, without NO_PROXY; the session knows the way
    try:
        await whisper(answer, lambda form: _sent(webhook, form))
    except (*SLACK_ERRORS, Refused) as error:
        log.warning("answer.unsent", cause=cause(error))


async def _sent(webhook: AsyncWebhookClient, form: Payload) -> None:
    """Send it once; what is not taken is raised as the Web API's refusals are, without the address, a secret."""
    told = await webhook.send_dict(form)
    code = _code(told.body)
    if told.status_code != TAKEN or code:
        refusal = AsyncSlackResponse(
            client=None,
            http_verb="POST",
            api_url="",
            req_args={},
            data={"error": code},
            headers=told.headers,
            status_code=told.status_code,
        )
        raise SlackApiError("refused", refusal)  # type: ignore[no-untyped-call]


def _code(body: str) -> str:
    """Slack's code in an answer, which is the code alone or JSON with it; "" where there is none."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = {"error": body}
    code = told.get("error") if isinstance(told, dict) else ""
    known = isinstance(code, str) and code.isascii() and code.isidentifier() and len(code) <= LONGEST_CODE
    return str(code) if known and code != "ok" else ""
