"""Who waits for an answer: one line for each thread, in the order in which people wrote."""

from __future__ import annotations

import asyncio
from bisect import insort
from collections import defaultdict
from collections.abc import Collection


class Lines:
    """Replies that wait for their answers, by run; each is named by its ts."""

    def __init__(self) -> None:
        self._lines: dict[str, list[str]] = defaultdict(list)
        self._moved = asyncio.Condition()

    def join(self, run_id: str, ts: str) -> bool:
        """Stand in a thread's line; False for one that stands there already."""
        line = self._lines[run_id]
        if ts in line:
            return False
        insort(line, ts)
        return True

    def has_before(self, run_id: str, ts: str) -> bool:
        """Whether an earlier reply of this thread is not answered yet."""
        return any(other < ts for other in self._lines.get(run_id, []))

    async def first(self, run_id: str, ts: str) -> None:
        """Wait until all earlier replies are answered."""
        async with self._moved:
            await self._moved.wait_for(lambda: not self.has_before(run_id, ts))

    async def gone(self, run_id: str, ts: str) -> None:
        """Wait until this reply stands in no line."""
        async with self._moved:
            await self._moved.wait_for(lambda: ts not in self._lines.get(run_id, []))

    async def leave(self, run_id: str, ts: str) -> None:
        """Wait no more."""
        line = self._lines.get(run_id, [])
        if ts in line:
            line.remove(ts)
        await self._shorten(run_id)

    async def keep_only(self, known: Collection[tuple[str, str]]) -> None:
        """Let all others leave: nobody knows how to answer them."""
        for run_id, line in list(self._lines.items()):
            line[:] = [ts for ts in line if (run_id, ts) in known]
            await self._shorten(run_id)

    async def _shorten(self, run_id: str) -> None:
        if not self._lines.get(run_id):
            self._lines.pop(run_id, None)
        async with self._moved:
            self._moved.notify_all()
