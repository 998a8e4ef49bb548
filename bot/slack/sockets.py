"""Socket Mode: two sockets, so that one is open while Slack refreshes the other."""

from __future__ import annotations

import asyncio

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp

log = structlog.get_logger(__name__)

SOCKETS = 2  # Slack takes ten; two keep one open through every refresh
PING_SECONDS = 5.0  # a cut socket is noticed within that and opened anew


class Sockets:
    """The sockets over which Slack delivers; commands come in as soon as one is open."""

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        self._handlers = [AsyncSocketModeHandler(app, app_token, ping_interval=PING_SECONDS) for _ in range(SOCKETS)]
        self._opening: list[asyncio.Task[None]] = []

    def open(self) -> None:
        """Begin to open the sockets; the SDK goes on trying until each stands."""
        self._opening = [asyncio.create_task(self._open(handler)) for handler in self._handlers]

    async def _open(self, handler: AsyncSocketModeHandler) -> None:
        await handler.client.connect()  # type: ignore[no-untyped-call]
        log.info("socket.opened")

    async def open_count(self) -> int:
        """How many sockets are open now."""
        return sum([await handler.client.is_connected() for handler in self._handlers])

    async def close(self) -> None:
        """Close all sockets."""
        for task in self._opening:
            task.cancel()
        await asyncio.gather(*self._opening, return_exceptions=True)
        for handler in self._handlers:
            await handler.client.close()  # type: ignore[no-untyped-call]
