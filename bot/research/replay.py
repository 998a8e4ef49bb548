"""What an earlier process stored of a run is read again at first: this tells when all of it is known."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import TypeAdapter

from bot.research.ports import Journal

T = TypeVar("T")

BETWEEN_SECONDS = 0.05  # from one stored step to the next; it takes a few turns of the event loop


class Replay:
    """Watches the journals of one run."""

    def __init__(self) -> None:
        self._reading = 0
        self.over = asyncio.Event()  # nothing is being read any more: what goes on now is new

    def watch(self, journal: Journal) -> Journal:
        """The same journal, its steps watched."""
        return _Watched(journal, self)

    def begins(self) -> None:
        """A step is looked up."""
        self._reading += 1

    def ends(self) -> None:
        """It is known whether the step is stored."""
        self._reading -= 1
        asyncio.get_running_loop().call_later(BETWEEN_SECONDS, self._look)

    def _look(self) -> None:
        if not self._reading:
            self.over.set()


class _Watched:
    def __init__(self, journal: Journal, replay: Replay) -> None:
        self._journal, self._replay = journal, replay

    async def step(self, name: str, make: Callable[[], Awaitable[T]], kind: TypeAdapter[T]) -> T:
        reading = True

        def known() -> None:
            nonlocal reading
            if reading:
                reading = False
                self._replay.ends()

        def made() -> Awaitable[T]:
            known()
            return make()

        self._replay.begins()
        try:
            return await self._journal.step(name, made, kind)
        finally:
            known()

    def branch(self, name: str) -> Journal:
        return _Watched(self._journal.branch(name), self._replay)
