"""Stands before a model on loopback and passes calls on, byte by byte; on demand it answers badly in its place."""

from __future__ import annotations

import asyncio
import hmac
import math
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler
from multidict import CIMultiDict

from bot import network
from bot.adapters.endpoint import Endpoint
from bot.adapters.model_openai_network import UNREACHED, to_pass_on, trouble
from bot.playground.guard import guarded
from bot.playground.model import Fault, ModelServer

CONNECT_SECONDS = 10.0
ANY_STEP = re.compile(".*")
MOST_BYTES = 16_000_000  # of a request
# What is said between two machines and is no part of a message.
HOP = ("connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "proxy-authorization")
OWN = (*HOP, "host", "authorization", "content-length")


@dataclass
class Lapse:
    """What happens to the next ``times`` calls whose step fits, until ``until`` (seconds of time.monotonic).

    A ``fault`` comes in place of an answer; without one the call is passed on after ``pause`` seconds. With ``same`` it
    happens to the first such call and its repetitions only.
    """

    fault: Fault | None = None
    fits: re.Pattern[str] = ANY_STEP
    times: int = 1
    until: float = math.inf
    same: bool = False
    pause: float = 0
    _name: str = ""

    @property
    def over(self) -> bool:
        """Whether it happens no more."""
        return self.times < 1 or time.monotonic() >= self.until

    def takes(self, name: str) -> bool:
        """Whether it happens to the call of this name, ``<run>/<step>``, which is counted if it does."""
        if not self.fits.fullmatch(name.partition("/")[2]) or (self._name and self._name != name):
            return False
        self._name = name if self.same else ""
        self.times -= 1
        return True


class ModelProxy:
    """A model for whoever has the ``token``, on a free port of loopback; an async context manager.

    ``passed`` are the names of the calls that went on to the model, in order.
    """

    def __init__(self, model: Endpoint) -> None:
        self._model, self.token = model, secrets.token_urlsafe(24)
        self._lapses: list[Lapse] = []
        self.passed: list[str] = []

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[guarded, self._known], client_max_size=MOST_BYTES)
        app.router.add_route("*", "/{path:.*}", self._serve)
        patience = aiohttp.ClientTimeout(None, sock_connect=CONNECT_SECONDS)
        self._session = network.session(auto_decompress=False, timeout=patience)
        # A call that its caller has given up must not keep the model busy.
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self._runner.cleanup()
        await self._session.close()

    @property
    def address(self) -> str:
        """Where calls are sent that are meant for the model."""
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    def lapse(self, lapse: Lapse) -> None:
        """Let this happen from now on."""
        self._lapses.append(lapse)

    @web.middleware
    async def _known(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            error = {"message": "This is no key of the playground's.", "type": "invalid_request_error"}
            return web.json_response({"error": error | {"code": "invalid_api_key", "param": None}}, status=401)
        return await handler(request)

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        name = request.headers.get("X-Client-Request-Id", "")
        self._lapses = [each for each in self._lapses if not each.over]
        lapse = next((each for each in self._lapses if each.takes(name)), Lapse())
        if lapse.fault and request.path.endswith(("/chat/completions", "/responses")):
            return await self._failed(request, lapse.fault)
        await asyncio.sleep(lapse.pause)
        self.passed.append(name)
        return await self._passed(request)

    async def _failed(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        failing = ModelServer()
        failing.answer("*", "I cannot help with that.", fault)
        is_chat = request.path.endswith("/chat/completions")
        return await (failing.chat if is_chat else failing.responses)(request)

    async def _passed(self, request: web.Request) -> web.StreamResponse:
        """What the model answers, as it comes; one that is cut off is so for the caller, and why none came is told."""
        url = f"{self._model.base_url.rstrip('/')}/{request.match_info['path']}"
        headers = _without(request.headers, OWN)
        headers["Authorization"] = f"Bearer {self._model.api_key}"
        body, query = await request.read(), request.query
        response = None
        try:
            asked = self._session.request(request.method, url, params=query, headers=headers, data=body or None)
            async with asked as answer:
                headers = _without(answer.headers, (*HOP, UNREACHED.lower()))
                response = web.StreamResponse(status=answer.status, reason=answer.reason, headers=headers)
                await response.prepare(request)
                async for chunk in answer.content.iter_any():
                    await response.write(chunk)
                await response.write_eof()
        except (aiohttp.ClientError, OSError) as error:
            if response is None:
                return web.Response(status=502, headers={UNREACHED: to_pass_on(trouble(error))})
            if request.transport:
                request.transport.abort()
        return response


def _without(headers: Mapping[str, str], names: tuple[str, ...]) -> CIMultiDict[str]:
    """The others, as they are."""
    return CIMultiDict((name, value) for name, value in headers.items() if name.lower() not in names)
