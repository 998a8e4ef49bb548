"""Turns at counting: what is decided on in one of them is decided on by one look at what others have under way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from bot.service.peers import Peers, Taken

DECIDING_SECONDS = 1.5  # for other processes to have counted: whoever asks waits
JOINING_SECONDS = 0.1  # in which more may join a turn that others wait for
REST_SECONDS = 0.06  # before the next turn: in it another process that wants one has it


class Turn:
    """A while in which no other process lets a run begin; the next one after the turn ``before``."""

    def __init__(self, peers: Peers, before: Turn | None) -> None:
        self._peers, self._inside, self._until = peers, 0, float("inf")
        self._taken: asyncio.Future[list[Taken]] = asyncio.get_running_loop().create_future()
        self._left = asyncio.Event()
        self._passing = asyncio.create_task(self._pass(before))

    @property
    def open(self) -> bool:
        """Whether more may join it."""
        return not self._left.is_set() and not self._passing.done() and asyncio.get_running_loop().time() < self._until

    @asynccontextmanager
    async def joined(self) -> AsyncIterator[list[Taken]]:
        """What was taken up today (UTC), as long as this is open. Raises StoreDown."""
        self._inside += 1
        try:
            yield await asyncio.shield(self._taken)
        finally:
            self._inside -= 1
            if not self._inside:
                self._left.set()

    async def _pass(self, before: Turn | None) -> None:
        if before:
            await asyncio.wait([before._passing])  # noqa: SLF001  of its own kind
        try:
            async with self._peers.hold("counting", DECIDING_SECONDS):
                self._taken.set_result(await taken_today(self._peers))
                self._until = asyncio.get_running_loop().time() + JOINING_SECONDS
                await self._left.wait()
        except Exception as error:  # whoever has joined gets it, and waits no longer
            if self._taken.done():
                raise
            self._taken.set_exception(error)
            self._taken.exception()  # known, also where nobody waits for it any more
        await asyncio.sleep(REST_SECONDS)


async def taken_today(peers: Peers) -> list[Taken]:
    """What was taken up today (UTC), and what is not done yet. Raises StoreDown."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return await peers.taken(since=midnight.timestamp())
