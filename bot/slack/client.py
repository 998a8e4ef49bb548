"""Slack's Web API client as we use it: one session for all calls, every call counted, private answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aiohttp
import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

log = structlog.get_logger(__name__)

CALL_TIMEOUT = aiohttp.ClientTimeout(total=30)  # a call that Slack has not answered by then is taken for lost
RATE_LIMIT_WAITS = 5  # how often a limited call is repeated; Slack's Retry-After is a minute at most, as a rule
# What a call to Slack may raise: its refusal, a broken connection, a time-out (a bare one, not Slack's).
SLACK_ERRORS = (SlackApiError, aiohttp.ClientError, TimeoutError, OSError)

Called = Callable[[str, str], None]


def cause(error: BaseException) -> str:
    """A short word for what went wrong: Slack's own code, or the error's kind."""
    if isinstance(error, SlackApiError):
        response = error.response
        return str(response.get("error") or f"http_{response.status_code}") if response else "unknown_error"
    return "timeout" if isinstance(error, TimeoutError) else type(error).__name__


class CountingClient(AsyncWebClient):
    """A Web API client that tells ``called(method, outcome)`` of every call; the outcome is "ok" or Slack's code."""

    def __init__(self, *, called: Called, **settings: Any) -> None:
        super().__init__(**settings)
        self._called = called

    async def api_call(self, api_method: str, **arguments: Any) -> AsyncSlackResponse:
        """Call one method; see AsyncWebClient."""
        try:
            response = await super().api_call(api_method, **arguments)
        except SLACK_ERRORS as error:
            self._called(api_method, cause(error))
            raise
        self._called(api_method, "ok")
        return response


def web_client(token: str, base_url: str, session: aiohttp.ClientSession, called: Called) -> CountingClient:
    """A client on a session whose own time-out counts (the SDK's is ignored once a session is given)."""
    return CountingClient(
        token=token,
        base_url=base_url.rstrip("/") + "/",
        session=session,
        called=called,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=RATE_LIMIT_WAITS)],
    )


class Workspace:
    """The workspace that our token belongs to; ``url`` is its address once Slack has told, "" before."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.client = client
        self.url = ""
        self._me: dict[str, Any] = {}

    async def meet(self) -> None:
        """Ask Slack who we are; raises one of SLACK_ERRORS."""
        response = await self.client.auth_test()
        self._me = {name: response.get(name) for name in ("enterprise_id", "team_id", "team", "bot_id")}
        self._me["bot_user_id"] = response.get("user_id")
        self.url = str(response["url"])

    async def authorize(self) -> AuthorizeResult:
        """Who we are, as Bolt wants to know it with each request; Slack is asked once."""
        if not self.url:
            await self.meet()
        return AuthorizeResult(**self._me, url=self.url, bot_token=self.client.token)


async def answer_privately(url: str, answer: dict[str, Any], session: aiohttp.ClientSession) -> None:
    """Send a private answer to the asker through the command's response_url; a failure is only logged."""
    if not url:
        return
    try:
        response = await AsyncWebhookClient(url, session=session, retry_handlers=[]).send_dict(answer)
        if response.status_code != 200:
            log.warning("answer.unsent", status=response.status_code)
    except SLACK_ERRORS as error:
        log.warning("answer.unsent", cause=cause(error))
