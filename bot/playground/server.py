"""The playground itself: one server for all of Slack, and the hands of the people in it."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.playground.checks import Check
from bot.playground.delivery import Delivery, Kind, Sockets, post
from bot.playground.faults import Fault, Faults
from bot.playground.methods import Methods
from bot.playground.rates import Rates
from bot.playground.workspace import TEAM, Message, Payload, PrivateAnswer, SlackError, Workspace

RESPONSE_URL_USES = 5


@dataclass(frozen=True)
class ApiCall:
    """One call of the Web API: ``at`` in seconds of time.monotonic, ``answer`` None where none was given."""

    method: str
    arguments: Payload
    at: float
    answer: Payload | None


class Playground:
    """A Slack workspace on a free port of loopback; an async context manager.

    Socket Mode as soon as a socket is open, else HTTP to ``events_url``. ``checks`` are further opinions on payloads,
    ``scopes`` those of the bot token (None: all); with ``rated`` Slack's rate limits hold.
    """

    bot_token = "xoxb-playground"
    app_token = "xapp-playground"
    signing_secret = "0123456789abcdef0123456789abcdef"

    def __init__(self, checks: list[Check] | None = None, scopes: set[str] | None = None, rated: bool = False) -> None:
        self.workspace = Workspace()
        self.sockets = Sockets(self.workspace)
        self.calls: list[ApiCall] = []
        self.events_url = ""
        self.refusal = ""  # Slack's code once it takes our bot token no more
        self._methods = Methods(self.workspace, checks or [], scopes)
        self._rates = Rates(time.monotonic) if rated else None
        self._faults = Faults()
        self._reply_uses: Counter[str] = Counter()
        self._reply_askers: dict[str, tuple[str, str]] = {}
        self._numbers = itertools.count(1)
        self._ended = asyncio.Event()

    async def __aenter__(self) -> Playground:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/link", self.sockets.serve)
        app.router.add_post("/response/{name}", self._response)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._address = f"127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *failure: object) -> None:
        self._ended.set()
        await self.sockets.close()
        await self._runner.cleanup()

    @property
    def api_url(self) -> str:
        """What the bot takes for SLACK_API_URL."""
        return f"http://{self._address}/api/"

    @property
    def violations(self) -> list[str]:
        """Why messages would not have been taken by Slack."""
        return self._methods.violations

    @property
    def answers(self) -> list[PrivateAnswer]:
        """What only the askers saw."""
        return self.workspace.answers

    def fault(self, method: str, **how: Any) -> None:
        """Let something go wrong; see Fault."""
        self._faults.add(Fault(method, **how))

    def messages(self, channel: str) -> list[Message]:
        """The messages of a channel that are not replies, as they stand."""
        return [m for m in self.workspace.channels[channel].messages if not m.thread_ts and not m.deleted]

    def thread(self, root: Message) -> list[Message]:
        """The replies to a message, in order."""
        of = self.workspace.channels[root.channel].messages
        return [message for message in of if message.thread_ts == root.ts and not message.deleted]

    async def until(self, holds: Callable[[], Any], seconds: float = 10) -> None:
        """Wait until this holds; looked at with every change. Raises AssertionError that tells what happened."""
        await self.workspace.until(holds, seconds, self._told)

    async def command(self, text: str, channel: str, user: str = "U0ASKER", trigger_id: str = "") -> Delivery:
        """Somebody types `/research` and this; the same trigger id again is the same command delivered twice."""
        return await self.deliver(
            "slash_commands",
            {
                "token": "legacy",
                "team_id": TEAM,
                "team_domain": "acme",
                "channel_id": channel,
                "channel_name": self._called(channel),
                "user_id": user,
                "user_name": "asker",
                "command": "/research",
                "text": text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
                "api_app_id": "A0BOT",
                "is_enterprise_install": "false",
                "response_url": self._reply_url(user, channel),
                "trigger_id": trigger_id or f"{next(self._numbers)}.trigger",
            },
        )

    async def click(self, message: Message, action_id: str, user: str = "U0ASKER") -> Delivery:
        """Somebody presses a button of a message."""
        container = {"type": "message", "message_ts": message.ts, "channel_id": message.channel}
        return await self._press(message.blocks, action_id, user, container)

    async def press(self, answer: Payload, action_id: str, user: str = "U0ASKER") -> Delivery:
        """Somebody presses a button of an answer that only they see."""
        container = {"type": "message", "message_ts": self.workspace.next_ts(), "is_ephemeral": True}
        return await self._press(answer["blocks"], action_id, user, container)

    async def _press(self, blocks: list[Payload], action_id: str, user: str, container: Payload) -> Delivery:
        buttons = [each for block in blocks for each in block.get("elements", []) if "action_id" in each]
        button = next(each for each in buttons if each["action_id"] == action_id)
        channel = container.get("channel_id", "")
        return await self.deliver(
            "interactive",
            {
                "type": "block_actions",
                "user": {"id": user, "team_id": TEAM},
                "team": {"id": TEAM, "domain": "acme"},
                "api_app_id": "A0BOT",
                "container": container,
                "channel": {"id": channel},
                "trigger_id": f"{next(self._numbers)}.trigger",
                "response_url": self._reply_url(user, channel),
                "actions": [{**button, "block_id": "b", "action_ts": self.workspace.next_ts()}],
            },
        )

    async def deliver(self, kind: Kind, payload: Payload, **retry: Any) -> Delivery:
        """Deliver a payload the way the app wants it; what the ack says is an answer that only the asker sees."""
        if len(self.sockets):
            delivery = await self.sockets.deliver(kind, payload, retry)
        else:
            delivery = await post(self.events_url, self.signing_secret, kind, payload, retry)
        if delivery.payload and kind == "slash_commands":
            self._answered(payload["user_id"], payload["channel_id"], delivery.payload)
        return delivery

    def _called(self, channel: str) -> str:
        """A channel's name as commands have it."""
        at = self.workspace.channels[channel]
        return {"public": at.name, "private": "privategroup", "im": "directmessage", "mpim": f"mpdm-{at.name}-1"}[
            at.kind
        ]

    def delete(self, message: Message) -> None:
        """Somebody deletes a message."""
        message.deleted = True
        self.workspace.changed()

    def _reply_url(self, user: str, channel: str) -> str:
        name = str(next(self._numbers))
        self._reply_askers[name] = (user, channel)
        return f"http://{self._address}/response/{name}"

    def _answered(self, user: str, channel: str, payload: Payload) -> None:
        self.workspace.answers.append(PrivateAnswer(user, channel, payload))
        self.workspace.changed()

    async def _response(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        self._reply_uses[name] += 1
        if self._reply_uses[name] > RESPONSE_URL_USES:
            return web.Response(status=404, text="used_url")
        self._answered(*self._reply_askers[name], await request.json())
        return web.Response(text="ok")

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method, arguments = request.match_info["method"], await _arguments(request)
        fault = self._faults.take(method, arguments)
        await asyncio.sleep(fault.delay)
        if fault.done:
            self._do(method, arguments, _token(request, arguments), Fault(method))
        if fault.hang:
            self._respond(method, arguments, None)
            await self._ended.wait()
        pause = self._rates.retry_after(method, arguments) if self._rates else 0
        if fault.retry_after is not None or pause:
            headers = {"Retry-After": str(fault.retry_after or pause)}
            return self._respond(method, arguments, {"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        if fault.status:
            return self._respond(method, arguments, {"ok": False, "error": "internal_error"}, status=fault.status)
        answer = self._do(method, arguments, _token(request, arguments), fault)
        response = self._respond(method, arguments, answer)
        if fault.dropped and request.transport:
            request.transport.abort()
        return response

    def _do(self, method: str, arguments: Payload, token: str, fault: Fault) -> Payload:
        try:
            self._admit(method, token)
            if fault.error:
                raise SlackError(fault.error)
            if method == "apps.connections.open":
                return {"ok": True, "url": f"ws://{self._address}/link"}
            return {"ok": True} | self._methods.call(method, arguments)
        except SlackError as error:
            return {"ok": False, "error": error.code} | ({"errors": error.details} if error.details else {})

    def _admit(self, method: str, token: str) -> None:
        if not token:
            raise SlackError("not_authed")
        if token != (self.app_token if method == "apps.connections.open" else self.bot_token):
            raise SlackError("invalid_auth")
        if self.refusal and method != "apps.connections.open":
            raise SlackError(self.refusal)

    def _respond(self, method: str, arguments: Payload, answer: Payload | None, **how: Any) -> web.Response:
        self.calls.append(ApiCall(method, arguments, time.monotonic(), answer))
        self.workspace.changed()
        return web.json_response(answer, **how)

    def _told(self) -> str:
        lines = [f"{call.method} {_short(call.arguments)} -> {_short(call.answer or {})}" for call in self.calls]
        return "\n".join([*lines, *self.violations])


async def _arguments(request: web.Request) -> Payload:
    """What a method was called with: a JSON body, a form or a query; nested values may come as JSON text."""
    if request.content_type == "application/json" and request.can_read_body:
        arguments: Payload = await request.json()
        return arguments
    given = {**request.query, **(await request.post())}
    return {name: _decoded(value) for name, value in given.items()}


def _decoded(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) and value[:1] in ("[", "{") else value


def _token(request: web.Request, arguments: Payload) -> str:
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bearer or str(arguments.get("token", ""))


def _short(values: Payload) -> str:
    shown = {key: value for key, value in values.items() if key not in ("blocks", "message", "token")}
    return json.dumps(shown, ensure_ascii=False)[:160]
