"""A second copy of a call that is late: when it is late, how many copies there may be, and which answer counts."""

from __future__ import annotations

import asyncio
import math
import statistics
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

T = TypeVar("T")

REMEMBERED, FEWEST = 200, 8  # answers of a kind that tell what is usual; under so few nothing is
TIMES_MEDIAN, PERCENTILE = 3, 0.95  # beyond the smaller of these a call is late
SHORTEST = 1.0  # seconds that nobody minds
WINDOW, MOST_COPIES = 100, 10  # calls, and copies over any so many
SHARE = 10  # calls for each copy, over all
REPAIR = "repair"  # a kind of call that is never copied: what it mends can be read without it


def kind_of(step: str) -> str:
    """What a step is for, without whose it is: an angle and each of its questions are different kinds."""
    first, *more = step.split("/")
    if more[-1:] == [REPAIR] and "plan" not in (first, *more):
        return REPAIR
    if first == "angle" and more[1:]:
        return "angle/plan" if {"plan", "queries"} & set(more[1:]) else "angle/question"
    if first == "report" and more:
        return "report/synthesis" if more == ["synthesis"] else "report/section"
    return first


class Lateness:
    """How long calls of each kind take to their first token, and from when on one of them is late."""

    def __init__(self) -> None:
        self._taken: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=REMEMBERED))

    def took(self, kind: str, seconds: float) -> None:
        """Note how long a call took."""
        self._taken[kind].append(seconds)

    def after(self, kind: str) -> float:
        """Seconds after which a call of this kind is late; without end where too few are known."""
        taken = sorted(self._taken[kind])
        if len(taken) < FEWEST:
            return math.inf
        slow = taken[math.ceil(PERCENTILE * len(taken)) - 1]
        return max(SHORTEST, min(slow, TIMES_MEDIAN * statistics.median(taken)))


class Allowance:
    """How many copies there may be: ten over any hundred calls, and never more than a tenth of all so far."""

    def __init__(self) -> None:
        self._calls = 0
        self._copies = 0
        self._copied_at: deque[int] = deque()  # how many calls there had been at each of the latest copies

    def called(self) -> None:
        """Count a call, which is no copy."""
        self._calls += 1

    def take(self) -> int:
        """Count one more copy, and give what to give it back by; 0 if there may be none."""
        while self._copied_at and self._copied_at[0] <= self._calls - WINDOW:
            self._copied_at.popleft()
        if len(self._copied_at) >= MOST_COPIES or SHARE * (self._copies + 1) > self._calls:
            return 0
        self._copied_at.append(self._calls)
        self._copies += 1
        return self._calls

    def give_back(self, taken: int) -> None:
        """That copy was not made after all."""
        self._copies -= 1
        if taken in self._copied_at:
            self._copied_at.remove(taken)


@dataclass(frozen=True)
class Copy(Generic[T]):
    """How a second copy is asked for: in its ``turn``, if it is ``permitted`` then."""

    turn: AbstractAsyncContextManager[None]
    permitted: Callable[[], bool]
    ask: Callable[[], Awaitable[T]]


Ask = Callable[[Callable[[], None]], Coroutine[Any, Any, T]]  # takes whom to tell of the first token


class Hedging:
    """What this process knows of its calls; ``outcomes`` counts copies that won or lost, and those not permitted."""

    def __init__(self) -> None:
        self.outcomes = Counter({"won": 0, "lost": 0, "refused": 0})
        self.lateness, self.allowance = Lateness(), Allowance()

    async def answer(self, kind: str, ask: Ask[T], copy: Copy[T]) -> T:
        """The first whole answer of a call and, where it is late, of its copy; what goes on then is cancelled.

        Raises what the call raised where there is none. The call has its turn already.
        """
        self.allowance.called()
        race = _Race(self, kind, copy)
        first = asyncio.create_task(ask(race.hear))
        try:
            late = math.inf if kind == REPAIR else self.lateness.after(kind)
            if late < math.inf and await race.is_late(late, first):
                race.begin()
            return await race.won(first)
        finally:
            await race.end(first)


class _Race(Generic[T]):
    """A call, from its turn on, and perhaps its copy."""

    def __init__(self, hedging: Hedging, kind: str, copy: Copy[T]) -> None:
        self._hedging, self._kind, self._copy = hedging, kind, copy
        self._clock = asyncio.get_running_loop().time
        self._began = self._clock()
        self._heard, self._begun = asyncio.Event(), False
        self._second: asyncio.Task[T] | None = None

    def hear(self) -> None:
        """The call's first token is there."""
        if not self._heard.is_set():
            self._heard.set()
            self._hedging.lateness.took(self._kind, self._clock() - self._began)
            if self._second and not self._begun:
                self._second.cancel()

    async def is_late(self, seconds: float, first: asyncio.Task[T]) -> bool:
        """Whether after so much time the call is not over and its first token is not there."""
        hearing = asyncio.create_task(self._heard.wait())
        try:
            await asyncio.wait((first, hearing), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.sleep(0)  # where this process is late itself, what has come by now is read in this turn
        finally:
            hearing.cancel()
        return not (first.done() or self._heard.is_set())

    def begin(self) -> None:
        """Let a copy wait for its turn, if there may be one more."""
        if taken := self._hedging.allowance.take():
            self._second = asyncio.create_task(self._ask_again())
            self._second.add_done_callback(lambda _: self._over(taken))
        else:
            self._hedging.outcomes["refused"] += 1

    def _over(self, taken: int) -> None:
        if not self._begun:  # it may not even have waited
            self._hedging.allowance.give_back(taken)

    async def _ask_again(self) -> T:
        async with self._copy.turn:
            if not self._copy.permitted():
                self._hedging.outcomes["refused"] += 1
                raise asyncio.CancelledError
            self._begun = True
            return await self._copy.ask()

    async def won(self, first: asyncio.Task[T]) -> T:
        """The first whole answer."""
        under_way = {task for task in (first, self._second) if task}
        while under_way:
            over, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            if any(map(_whole, over)):
                break
            if self._second and not self._begun:
                self._second.cancel()
        if self._second and _whole(self._second) and not _whole(first):
            self._hedging.outcomes["won"] += 1
            return self._second.result()
        self._hedging.outcomes["lost"] += self._begun
        return first.result()

    async def end(self, first: asyncio.Task[T]) -> None:
        """Leave nothing under way; what the call took so far tells how late others are."""
        if not self._heard.is_set() and (_whole(first) or (self._second and _whole(self._second))):
            self._hedging.lateness.took(self._kind, self._clock() - self._began)
        tasks = [task for task in (first, self._second) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _whole(task: asyncio.Task[Any]) -> bool:
    return task.done() and not task.cancelled() and not task.exception()
