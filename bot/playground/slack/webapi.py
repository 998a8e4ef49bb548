"""The Web API on the wire: arguments of any encoding, tokens, faults, rate limits, a record of all calls."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.playground.slack.faults import Fault, Faults
from bot.playground.slack.methods import Methods
from bot.playground.slack.rates import Rates
from bot.playground.slack.workspace import Payload, SlackError, Workspace


@dataclass(frozen=True)
class ApiCall:
    """One call of the Web API: ``at`` in seconds of time.monotonic, ``answer`` None where none was given."""

    method: str
    arguments: Payload
    at: float
    answer: Payload | None


class WebApi:
    """Answers calls; ``tokens`` are the bot's and the app's, ``refusal`` is Slack's code once it takes ours no more."""

    def __init__(self, workspace: Workspace, methods: Methods, tokens: tuple[str, str], rated: bool) -> None:
        self._workspace, self._methods = workspace, methods
        self._bot_token, self._app_token = tokens
        self._rates = Rates(time.monotonic) if rated else None
        self.faults = Faults()
        self.calls: list[ApiCall] = []
        self.refusal = ""
        self.socket_url = ""
        self._ended = asyncio.Event()

    def end(self) -> None:
        """Let go of the calls that get no answer."""
        self._ended.set()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One call, with the fault that waits for it if there is one."""
        method, arguments = request.match_info["method"], await _arguments(request)
        fault = self.faults.take(method, arguments)
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
                return {"ok": True, "url": self.socket_url}
            return {"ok": True} | self._methods.call(method, arguments)
        except SlackError as error:
            return {"ok": False, "error": error.code} | _explained(error)

    def _admit(self, method: str, token: str) -> None:
        if not token:
            raise SlackError("not_authed")
        wanted, other = self._bot_token, self._app_token
        if method == "apps.connections.open":
            wanted, other = other, wanted
        if token != wanted:
            raise SlackError("not_allowed_token_type" if token == other else "invalid_auth")
        if self.refusal and method != "apps.connections.open":
            raise SlackError(self.refusal)

    def _respond(self, method: str, arguments: Payload, answer: Payload | None, **how: Any) -> web.Response:
        self.calls.append(ApiCall(method, arguments, time.monotonic(), answer))
        self._workspace.changed()
        return web.json_response(answer, **how)

    def told(self) -> list[str]:
        """All calls, a line each."""
        return [f"{call.method} {_short(call.arguments)} -> {_short(call.answer or {})}" for call in self.calls]


def _explained(error: SlackError) -> Payload:
    if error.code == "missing_scope":
        return {"errors": error.details, "needed": (error.details or ["connections:write"])[0]}
    if error.details:
        return {"errors": error.details, "response_metadata": {"messages": error.details}}
    return {}


async def _arguments(request: web.Request) -> Payload:
    """What a method was called with: a JSON body, a form or a query; nested values may come as JSON text."""
    if request.content_type == "application/json" and request.can_read_body:
        arguments: Payload = await request.json()
        return arguments
    given = {**request.query, **(await request.post())}
    return {name: _decoded(value) for name, value in given.items()}


def _decoded(value: Any) -> Any:
    try:
        return json.loads(value) if isinstance(value, str) and value[:1] in ("[", "{") else value
    except ValueError:
        return value


def _token(request: web.Request, arguments: Payload) -> str:
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bearer or str(arguments.get("token", ""))


def _short(values: Payload) -> str:
    shown = {key: value for key, value in values.items() if key not in ("blocks", "message", "token", "view")}
    return json.dumps(shown, ensure_ascii=False)[:160]
