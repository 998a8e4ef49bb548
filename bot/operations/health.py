"""What stands on PORT: /healthz, /readyz and /metrics for the operator, /slack/events for Slack in HTTP mode."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web, web_response
from aiohttp.typedefs import Handler, Middleware

PORT_TAKEN = "Port {port} cannot be used: {why}. Set PORT to a free one."
NOT_HERE = "LISTEN names {address}, which is no address of this machine: {why}."

HEADER_SECONDS = 10.0  # for the header of a connection's first request
BODY_SECONDS = 10.0  # Slack itself gives up after three
LINGERING_SECONDS = 2.0  # for what is still sent to a request that is answered
LARGEST_BODY = 1_048_576  # bytes; a view of Slack's, its largest payload, has a quarter of that
NO_ADDRESS = {errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL}
ASKED: web.AppKey[set[object]] = web.AppKey("asked", set)  # connections that have sent a whole header

Ready = Callable[[], Awaitable[str]]


class NotListening(Exception):
    """The port cannot be listened on; the text says what to do."""


def operations(ready: Ready, numbers: Callable[[], bytes], *guards: Middleware) -> web.Application:
    """The operator's pages; ``ready`` gives "" or what keeps the bot from taking commands, ``guards`` turn away."""

    async def healthz(request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def readyz(request: web.Request) -> web.Response:
        lacking = await ready()
        return web.json_response({"ready": not lacking, "lacking": lacking}, status=503 if lacking else 200)

    async def metrics(request: web.Request) -> web.Response:
        return web.Response(body=numbers(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    app = web.Application(middlewares=[*guards, _within_time], client_max_size=LARGEST_BODY)
    app[ASKED] = set()
    app.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)])
    return app


@asynccontextmanager
async def listening(app: web.Application, port: int, address: str | None = None) -> AsyncIterator[int]:
    """Listen there, by default on all interfaces, IPv4 and IPv6; gives the port, a free one if 0 was asked for.

    Raises NotListening.
    """
    setattr(web_response, "SERVER_SOFTWARE", "research")  # noqa: B010  aiohttp tells its version otherwise, even where no handler is asked
    try:
        listener = _at(address, port) if address else _listener(port)
    except OSError as error:
        told = NOT_HERE if address and error.errno in NO_ADDRESS else PORT_TAKEN
        why = os.strerror(error.errno or 0)
        raise NotListening(told.format(port=port, address=address, why=why)) from error
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1, lingering_time=LINGERING_SECONDS)
    await runner.setup()
    watching = asyncio.create_task(_hurry(runner))
    try:
        await web.SockSite(runner, listener).start()
        bound: int = listener.getsockname()[1]
        yield bound
    finally:
        watching.cancel()
        await runner.cleanup()


def _at(address: str, port: int) -> socket.socket:
    """A socket of one interface alone; ``::`` are all, of IPv4 too."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    both = address == "::" and socket.has_dualstack_ipv6()
    return socket.create_server((address, port), family=family, dualstack_ipv6=both)


def _listener(port: int) -> socket.socket:
    """A socket of both families; of IPv4 alone where IPv6 is off."""
    if socket.has_dualstack_ipv6():
        try:
            return socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True)
        except OSError as error:
            if error.errno not in NO_ADDRESS:
                raise
    return socket.create_server(("0.0.0.0", port))  # noqa: S104  platforms route to the container's own address


async def _hurry(runner: web.AppRunner) -> None:
    """Close connections that send no whole header in time: aiohttp waits an hour for it."""
    seen: dict[object, float] = {}
    while True:
        await asyncio.sleep(HEADER_SECONDS / 4)
        now = time.monotonic()
        open_now = runner.server.connections if runner.server else []
        seen = {each: seen.get(each, now) for each in open_now}
        runner.app[ASKED].intersection_update(seen)
        for connection in open_now:
            if connection not in runner.app[ASKED] and now - seen[connection] >= HEADER_SECONDS:
                connection.force_close()


@web.middleware
async def _within_time(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Read the body, which may not take for ever, before anybody waits for it."""
    request.app[ASKED].add(request.protocol)
    try:
        async with asyncio.timeout(BODY_SECONDS):
            await request.read()
    except TimeoutError:
        return web.json_response({"error": "the request took too long"}, status=408)
    return await handler(request)
