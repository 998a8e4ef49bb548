"""What stands on PORT: /healthz, /readyz and /metrics for the operator, /slack/events for Slack in HTTP mode."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

PORT_TAKEN = "Port {port} cannot be used: {why}. Set PORT to a free one."

Ready = Callable[[], Awaitable[str]]


class NotListening(Exception):
    """The port cannot be listened on; the text says what to do."""


def operations(ready: Ready, numbers: Callable[[], bytes]) -> web.Application:
    """The operator's pages; ``ready`` gives "" or what keeps the bot from taking commands."""

    async def healthz(request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def readyz(request: web.Request) -> web.Response:
        lacking = await ready()
        return web.json_response({"ready": not lacking, "lacking": lacking}, status=503 if lacking else 200)

    async def metrics(request: web.Request) -> web.Response:
        return web.Response(body=numbers(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})

    app = web.Application()
    app.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)])
    return app


@asynccontextmanager
async def listening(app: web.Application, port: int) -> AsyncIterator[int]:
    """Listen on all interfaces; gives the port, which is a free one if 0 was asked for. Raises NotListening."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "0.0.0.0", port)  # noqa: S104  platforms route to the container's own address
        try:
            await site.start()
        except OSError as error:
            raise NotListening(PORT_TAKEN.format(port=port, why=error.strerror)) from error
        bound: int = runner.addresses[0][1]
        yield bound
    finally:
        await runner.cleanup()
