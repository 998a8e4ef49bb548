"""The one writer of a root message: keeps the latest wanted state and shows it when the interval allows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from bot.research.errors import NotPosted
from bot.slack.format.blocks import Message
from bot.slack.transport.outbox import Rank
from bot.slack.transport.posting import Poster, Tries

log = structlog.get_logger(__name__)

EDIT_INTERVAL = 1.5  # seconds between two edits of a root message: people read words, not flicker


class RootWriter:
    """Edits one root message; ``failed`` is told Slack's code when it refuses an edit.

    A message that was ``found_again`` may have been edited a moment ago: the first edit waits for the interval too, and
    so shows at once all that is known already.
    """

    def __init__(
        self, poster: Poster, channel: str, ts: str, failed: Callable[[str], None], found_again: bool = False
    ) -> None:
        self._poster, self.channel, self.ts, self._failed = poster, channel, ts, failed
        self._wanted: Message | None = None
        self._shown: Message | None = None
        self._shown_at = asyncio.get_running_loop().time() if found_again else 0.0
        self._waiting: asyncio.Future[None] | None = None
        self._tries = Tries("root")
        self._idle = asyncio.Event()
        self._idle.set()

    def show(self, message: Message, last: bool) -> None:
        """Show this state next in place of one that still waits; a last one waits for no interval."""
        self._wanted = message
        if self._waiting and not last:
            return
        if self._waiting:
            self._waiting.cancel()
        self._idle.clear()
        rank, due = (Rank.FIRST, 0.0) if last else (Rank.UPDATE, self._shown_at + EDIT_INTERVAL)
        self._waiting = self._poster.edits.add(rank, self.ts, self._send, due)
        self._waiting.add_done_callback(self._sent)

    async def settled(self) -> None:
        """Wait until the latest state is shown, or cannot be."""
        await self._idle.wait()

    async def _send(self) -> None:
        message = self._wanted
        if message is None or message == self._shown:
            return
        await self._poster.edit(self.channel, self.ts, message, self._tries)
        self._shown, self._shown_at = message, asyncio.get_running_loop().time()

    def _sent(self, edit: asyncio.Future[None]) -> None:
        if edit is not self._waiting:  # a last state took its place
            return
        self._waiting = None
        error = None if edit.cancelled() else edit.exception()
        if isinstance(error, NotPosted):
            self._failed(str(error))
        elif error:
            log.error("root.unedited", exc_info=error)
        elif self._wanted != self._shown and not edit.cancelled() and self._wanted:
            self.show(self._wanted, last=False)  # it changed while it was being sent
            return
        self._idle.set()
