"""Server-sent events that say only that something changed: the page then asks for what it shows."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.playground.slack.workspace import Workspace

HEARTBEAT = 15.0  # seconds after which a page is told to look in any case: statuses end by themselves
CHANGED = b"data: changed\n\n"


class Stream:
    """Tells every page of every change of a workspace."""

    def __init__(self, workspace: Workspace, heartbeat: float = HEARTBEAT) -> None:
        self._workspace, self._heartbeat = workspace, heartbeat
        self._ended = False

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One page's stream, until it leaves or the playground ends."""
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        try:
            while not self._ended:
                seen = self._workspace.changes
                await response.write(CHANGED)
                await self._change(seen)
        except ConnectionError:  # the page was closed
            pass
        return response

    async def end(self, _app: web.Application) -> None:
        """Let go of all pages."""
        self._ended = True
        self._workspace.changed()

    async def _change(self, seen: int) -> None:
        """Wait for a change beyond those that were seen, at most until the next heartbeat."""
        try:
            async with asyncio.timeout(self._heartbeat):
                while self._workspace.changes == seen:
                    await self._workspace.change()
        except TimeoutError:
            return
