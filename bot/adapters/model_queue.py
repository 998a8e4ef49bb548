"""Who may call the model now: one limit for all calls, and an order among those who wait."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.research.ports import Call, Priority


@dataclass(eq=False)
class _Waiter:
    """A call that waits; ``begun`` says that its run has had a turn already."""

    call: Call
    begun: bool
    turn: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def order(self) -> tuple[int, bool]:
        return self.call.priority, self.call.priority is Priority.ANGLE and not self.begun


class ModelQueue:
    """At most ``limit`` calls at a time.

    Those who wait go by priority: follow-ups, reports and syntheses, sections, angles of runs that have begun, plans
    and angles of new runs; within these whoever came first. Finishing what was begun keeps the longest wait of a run
    short when many come at once.
    """

    def __init__(self, limit: int) -> None:
        if limit < 1:
            raise ValueError("at least one call must be allowed at a time")
        self._limit = limit
        self._waiting: list[_Waiter] = []
        self._runs: Counter[str] = Counter()

    @property
    def in_flight(self) -> int:
        """How many have a turn now."""
        return self._runs.total()

    @property
    def waiting(self) -> int:
        """How many wait for one."""
        return len(self._waiting)

    @asynccontextmanager
    async def taken(self, call: Call, again: bool = False) -> AsyncIterator[None]:
        """Wait for a turn and hold it; ``again`` marks another attempt of a call that had one before."""
        await self._take(call, again)
        try:
            yield
        finally:
            self._give_back(call)

    async def _take(self, call: Call, again: bool) -> None:
        if self.in_flight < self._limit:
            self._grant(call)
            return
        waiter = _Waiter(call, begun=again or call.run in self._runs)
        self._waiting.append(waiter)
        try:
            await waiter.turn
        except asyncio.CancelledError:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
            else:  # the turn came at the moment of the cancellation
                self._give_back(call)
            raise

    def _grant(self, call: Call) -> None:
        self._runs[call.run] += 1
        for other in self._waiting:
            other.begun |= other.call.run == call.run

    def _give_back(self, call: Call) -> None:
        self._runs[call.run] -= 1
        if not self._runs[call.run]:
            del self._runs[call.run]
        if self._waiting:
            waiter = min(self._waiting, key=lambda each: each.order)  # the first of equals
            self._waiting.remove(waiter)
            self._grant(waiter.call)
            waiter.turn.set_result(None)
