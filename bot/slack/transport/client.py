"""Slack's Web API client as we use it: one session for all calls, every call counted, what its errors mean."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar, cast

import aiohttp
import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.network import network_cause
from bot.research.errors import NotPosted
from bot.service.channels import ChannelIds

log = structlog.get_logger(__name__)

T = TypeVar("T")

# Seconds; a call that Slack has not answered by then is taken for lost, sooner where nothing takes the connection.
CALL_TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=6)
# What a call to Slack may raise: its refusal, a broken connection, a time-out (a bare one, not Slack's).
SLACK_ERRORS = (SlackApiError, aiohttp.ClientError, TimeoutError, OSError)
# Slack's codes for "something broke here": what was asked may have been done.
BROKEN = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
# Slack's codes for "this token is good for nothing (any more)".
TOKEN_REFUSED = {
    "account_inactive",
    "invalid_auth",
    "not_allowed_token_type",
    "not_authed",
    "token_expired",
    "token_revoked",
}
# Slack's codes for "this app-level token opens no socket", until somebody changes something in the app's settings.
APP_TOKEN_REFUSED = TOKEN_REFUSED | {
    "access_denied",
    "app_not_found",
    "forbidden_team",
    "invalid_token",
    "link_disabled",
    "missing_args",
    "missing_scope",
    "no_permission",
    "socket_mode_not_enabled",
    "team_access_not_granted",
    "team_disabled",
    "user_removed_from_team",
}
LONGEST_CODE = 64  # characters
PAUSE_UNKNOWN = 30.0  # seconds to wait after a 429 that does not say how long; the SDK's own default

# Calls about a thread that stands: where Slack knows nothing of its channel, it may be about to tell of its new id.
OF_THREADS = {"chat.postMessage", "chat.update", "conversations.replies", "files.completeUploadExternal"}
NEWS_SECONDS = 5.0  # to wait for such news, which as a rule come within one

Called = Callable[[str, str], None]


def cause(error: BaseException) -> str:
    """What went wrong: Slack's own code, else what the network did, in words."""
    if isinstance(error, NotPosted):
        return str(error)
    if isinstance(error, SlackApiError):
        data = getattr(error.response, "data", None)
        code = data.get("error") if isinstance(data, dict) else None
        return str(code or f"http_{_status(error)}")
    return network_cause(error)


def outcome(error: BaseException) -> str:
    """A failed call's outcome as it is counted: Slack's code, "timeout" or "unreachable"; never words without end."""
    if isinstance(error, SlackApiError):
        code = cause(error)
        return code if code.isascii() and code.isidentifier() and len(code) <= LONGEST_CODE else "other"
    return "timeout" if isinstance(error, TimeoutError) else "unreachable"


def pause_wanted(error: BaseException) -> float:
    """For how many seconds Slack wants to hear nothing more of this kind; 0 if that is not what it says."""
    if not isinstance(error, SlackApiError) or (_status(error) != 429 and cause(error) not in LIMITED):
        return 0
    said = str(getattr(error.response, "headers", {}).get("Retry-After", ""))
    return max(float(said), 0.1) if said.replace(".", "", 1).isdigit() else PAUSE_UNKNOWN


def unanswered(error: BaseException) -> bool:
    """Whether nobody knows if Slack did what it was asked: no answer, or one that says that something broke."""
    if isinstance(error, SlackApiError):
        return _status(error) >= 500 or cause(error) in BROKEN
    return True


LIMITED = {"ratelimited", "rate_limited"}


def _status(error: SlackApiError) -> int:
    status = getattr(error.response, "status_code", None) or getattr(error.response, "status", None)
    return int(status or 0)


class Client(AsyncWebClient):
    """A Web API client that tells its watchers of every call: the method, and the outcome, "ok" or Slack's code."""

    def __init__(self, *, called: Called, channels: ChannelIds | None = None, **settings: Any) -> None:
        super().__init__(**settings)
        self._watchers, self.channels = [called], channels or ChannelIds()

    def watch(self, called: Called) -> None:
        """Tell somebody else, too."""
        self._watchers.append(called)

    def _tell(self, method: str, outcome: str) -> None:
        for called in self._watchers:
            called(method, outcome)

    def renewed(self, payload: T) -> T:
        """What is sent to Slack, with the ids that channels have now in place of those that they had."""
        return payload if self.channels.unchanged else cast("T", _each_text(payload, self.channels.renewed))

    async def api_call(self, api_method: str, **arguments: Any) -> AsyncSlackResponse:
        """Call one method on channels as they are called now; see AsyncWebClient."""
        sent = self.renewed(arguments)
        try:
            return await self._call(api_method, **sent)
        except SlackApiError as error:
            if cause(error) != "channel_not_found" or not await self._told_anew(api_method, sent):
                raise
        return await self._call(api_method, **self.renewed(sent))

    async def _told_anew(self, method: str, sent: dict[str, Any]) -> bool:
        """Whether the channel of a thread that stands has got another id meanwhile, or gets it in a moment."""
        given = sent.get("json") or sent.get("params") or {}
        channel = given.get("channel") or given.get("channel_id") or ""
        if method not in OF_THREADS or not (given.get("thread_ts") or given.get("ts")):
            return False
        with suppress(TimeoutError):
            await asyncio.wait_for(self.channels.changed(channel), NEWS_SECONDS)
        return self.channels.current(channel) != channel

    async def _call(self, api_method: str, **arguments: Any) -> AsyncSlackResponse:
        try:
            response = await super().api_call(api_method, **arguments)
        except SLACK_ERRORS as error:
            self._tell(api_method, outcome(error))
            raise
        self._tell(api_method, "ok")
        return response


def _each_text(value: Any, renewed: Callable[[str], str]) -> Any:
    """A payload with each of its texts renewed."""
    if isinstance(value, str):
        return renewed(value)
    if isinstance(value, dict):
        return {name: _each_text(each, renewed) for name, each in value.items()}
    return [_each_text(each, renewed) for each in value] if isinstance(value, list | tuple) else value


def web_client(
    token: str, base_url: str, session: aiohttp.ClientSession, called: Called, channels: ChannelIds | None = None
) -> Client:
    """A client on a session whose own time-out counts (the SDK's is ignored once a session is given).

    It repeats nothing by itself: whether a call may be repeated is known to whoever makes it.
    """
    address = base_url.rstrip("/") + "/"
    client = Client(token=token, base_url=address, session=session, called=called, channels=channels, retry_handlers=[])
    client.proxy = None  # it reads the environment for itself, without NO_PROXY; the session knows the way
    return client


class Workspace:
    """The workspace that our token belongs to.

    ``url`` is its address and ``user`` our own name there once Slack has told, "" before; ``refusal`` is Slack's code
    while it does not take our token.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self.url = ""
        self.user = ""
        self.refusal = ""
        self._me: dict[str, Any] = {}

    @property
    def enterprise(self) -> str:
        """The id of the organization that it belongs to, "" for none."""
        return str(self._me.get("enterprise_id") or "")

    @property
    def team(self) -> str:
        """The workspace's id, "" before Slack has told."""
        return str(self._me.get("team_id") or "")

    def heard(self, method: str, outcome: str) -> None:
        """Learn from the outcome of a call whether our token is taken."""
        if method.startswith("apps."):  # these are made with another token
            return
        if outcome in TOKEN_REFUSED and not self.refusal:
            log.error("slack.token_refused", cause=outcome)
        if outcome in TOKEN_REFUSED or outcome == "ok":
            self.refusal = "" if outcome == "ok" else outcome

    @property
    def name(self) -> str:
        """The workspace's name, "" before Slack has told."""
        return str(self._me.get("team") or "")

    async def meet(self) -> None:
        """Ask Slack who we are; raises one of SLACK_ERRORS."""
        response = await self.client.auth_test()
        self._me = {name: response.get(name) for name in ("enterprise_id", "team_id", "team", "bot_id")}
        self._me["bot_user_id"] = response.get("user_id")
        self.user = str(response["user_id"])
        self.url = str(response["url"])

    async def authorize(self) -> AuthorizeResult:
        """Who we are, as Bolt wants to know it with each request; Slack is asked once."""
        if not self.url:
            await self.meet()
        return AuthorizeResult(**self._me, url=self.url, bot_token=self.client.token)


async def first_of(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event or for that long, whichever comes first."""
    try:
        await asyncio.wait_for(event.wait(), max(seconds, 0))
    except TimeoutError:
        return
