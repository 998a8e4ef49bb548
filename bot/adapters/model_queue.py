"""Who may call the model now: one limit for all calls, turns among people, an order among the calls of each."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from heapq import heappop, heappush

from bot.research.ports import Call, Priority

_Order = tuple[int, bool, int]


@dataclass(eq=False)
class _Waiter:
    """A call that waits, the ``number``-th that came; ``new`` marks an angle whose run has had no turn yet."""

    call: Call
    number: int
    new: bool
    turn: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    @property
    def level(self) -> int:
        """What people take turns within: follow-ups, then all that runs need, then second copies."""
        return (self.call.priority is not Priority.FOLLOW_UP) + (self.call.priority is Priority.HEDGE)

    @property
    def order(self) -> _Order:
        """The smallest goes first."""
        return self.call.priority, self.new, self.number


@dataclass(eq=False)
class _Run:
    """How many calls of a run have a turn, and which wait for one."""

    in_flight: int = 0
    waiting: set[_Waiter] = field(default_factory=set)


@dataclass(eq=False)
class _Person:
    """The runs that somebody has calls of. ``latest`` tells whose turn is longest ago: the smallest."""

    latest: tuple[int, bool]
    runs: dict[str, _Run] = field(default_factory=dict)
    _line: list[tuple[_Order, _Waiter]] = field(default_factory=list)

    @property
    def several(self) -> bool:
        """Whether there are more runs than one."""
        return len(self.runs) > 1

    @property
    def first(self) -> _Waiter | None:
        """The next of the calls that wait, None where none does."""
        while self._line and self._line[0][1].turn.done():
            heappop(self._line)
        return self._line[0][1] if self._line else None

    def line_up(self, waiter: _Waiter) -> None:
        """Let a call wait in its place, before the one that it had."""
        heappush(self._line, (waiter.order, waiter))


class ModelQueue:
    """At most ``limit`` calls at a time.

    Those who wait go by priority: follow-ups, reports and syntheses, sections, angles of runs that have begun, plans
    and angles of new runs; within these whoever came first. Finishing what was begun keeps the longest wait of a run
    short when many come at once.

    Whoever has calls of several runs here takes turns with the others, call by call: ten runs of one person delay
    another's first by one call. The turns of those who have one run are shared: each goes to whichever of them is first
    by priority. Follow-ups go before all that runs need, second copies after it.
    """

    def __init__(self, limit: int) -> None:
        if limit < 1:
            raise ValueError("at least one call must be allowed at a time")
        self._limit = limit
        self._people: dict[str, _Person] = {}
        self._came = self._turns = 0
        self.in_flight = 0  # how many have a turn now

    @property
    def waiting(self) -> int:
        """How many wait for one."""
        return sum(self.waiting_by_rank.values())

    @property
    def waiting_by_rank(self) -> Mapping[str, int]:
        """The same by priority, each in lower case: "follow_up"."""
        runs = (run for person in self._people.values() for run in person.runs.values())
        numbers = Counter(waiter.call.priority for run in runs for waiter in run.waiting)
        return {priority.name.lower(): numbers[priority] for priority in Priority}

    @asynccontextmanager
    async def taken(self, call: Call, again: bool = False) -> AsyncIterator[None]:
        """Wait for a turn and hold it; ``again`` marks another attempt of a call that had one before."""
        await self._take(call, again)
        try:
            yield
        finally:
            self._give_back(call)

    async def _take(self, call: Call, again: bool) -> None:
        newcomer = _Person(latest=(self._turns, False))  # right before whoever had the latest turn
        person = self._people.setdefault(call.person, newcomer)
        run = person.runs.setdefault(call.run, _Run())
        if self.in_flight < self._limit:
            self._grant(call, person)
            return
        self._came += 1
        waiter = _Waiter(call, self._came, call.priority is Priority.ANGLE and not (again or run.in_flight))
        run.waiting.add(waiter)
        person.line_up(waiter)
        try:
            await waiter.turn
        except asyncio.CancelledError:
            if waiter in run.waiting:
                run.waiting.remove(waiter)
                self._forget(call)
            else:  # the turn came at the moment of the cancellation
                self._give_back(call)
            raise

    def _grant(self, call: Call, due: _Person) -> None:
        """Let a call begin, in the turn of whoever is due."""
        self.in_flight += 1
        self._turns += 1
        due.latest = (self._turns, True)
        person = self._people[call.person]
        run = person.runs[call.run]
        run.in_flight += 1
        for other in run.waiting:
            if other.new:
                other.new = False
                person.line_up(other)

    def _give_back(self, call: Call) -> None:
        self.in_flight -= 1
        self._people[call.person].runs[call.run].in_flight -= 1
        self._forget(call)
        firsts = [(first, person) for person in self._people.values() if (first := person.first)]
        if firsts:
            waiter, due = _next(firsts)
            self._people[waiter.call.person].runs[waiter.call.run].waiting.remove(waiter)
            self._grant(waiter.call, due)
            waiter.turn.set_result(None)

    def _forget(self, call: Call) -> None:
        """Forget a run without calls, and a person without runs."""
        runs = self._people[call.person].runs
        if not (runs[call.run].in_flight or runs[call.run].waiting):
            del runs[call.run]
        if not runs:
            del self._people[call.person]


def _next(firsts: list[tuple[_Waiter, _Person]]) -> tuple[_Waiter, _Person]:
    """Who of each person's first calls gets a turn, and in whose turn."""
    level = min(first.level for first, _ in firsts)
    among = [(first, person) for first, person in firsts if first.level == level]
    _, due = min(among, key=lambda each: each[1].latest)
    sharing = [first for first, person in among if person is due or not (due.several or person.several)]
    return min(sharing, key=lambda first: first.order), due
