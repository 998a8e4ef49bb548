"""Replies that wait for their answers: one line for each thread, in the order in which people wrote."""

from __future__ import annotations

import asyncio
from bisect import insort
from collections import defaultdict
from collections.abc import Collection, Iterator

from bot.service.jobs import Kind, ReplyJob, read_id


class ReplyQueue:
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


class Pending:
    """Replies whose answers are not kept yet, and which process took each of them up."""

    def __init__(self) -> None:
        self.lines = ReplyQueue()
        self._replies: dict[str, ReplyJob] = {}
        self._left: frozenset[str] = frozenset()
        self._fresh: set[str] = set()

    def expect(self, job_ids: Collection[str]) -> None:
        """Let what an earlier process took up stand first: the engine begins with it."""
        self._left = frozenset(job_ids)
        for left in map(read_id, self._left):
            if left.kind is Kind.REPLY:
                self.lines.join(left.run_id, left.reply)

    async def expect_no_more(self) -> None:
        """Whatever an earlier process left and nobody has begun with cannot be read: it holds up no other reply."""
        await self.lines.keep_only({(reply.run_id, reply.ts) for reply in self._replies.values()})

    def __iter__(self) -> Iterator[ReplyJob]:
        """All of them."""
        return iter(self._replies.values())

    def enter(self, reply: ReplyJob) -> bool:
        """Let a reply wait for its answer; False if it does already."""
        self._replies.setdefault(reply.id, reply)
        return self.lines.join(reply.run_id, reply.ts)

    async def leave(self, reply: ReplyJob) -> None:
        """It is answered, or will not be."""
        self._replies.pop(reply.id, None)
        self._fresh.discard(reply.id)
        await self.lines.leave(reply.run_id, reply.ts)

    def was_left(self, reply: ReplyJob) -> bool:
        """Whether an earlier process took it up, so that the engine begins with it."""
        return reply.id in self._left

    def is_fresh(self, reply: ReplyJob) -> bool:
        """Whether this process took it up itself, so that no earlier one can have answered it."""
        return reply.id in self._fresh

    def take_up(self, reply: ReplyJob) -> None:
        """This process takes it up."""
        self._fresh.add(reply.id)

    def put_down(self, reply: ReplyJob) -> None:
        """It was not taken up after all."""
        self._fresh.discard(reply.id)
