"""What one attempt at a run may use: calls, tokens and dollars, none of which is ever exceeded.

Every request is counted with the most that it can use before it begins, and with what it has used once it is over. The
calls that close a run, from its angles' own to its report, are reserved before an angle begins; one for which there is
not enough left waits for what others give back, and is a gap where that does not help. Who waits is told so only once
all who could give back wait as well, so that nothing depends on who comes first.

A later attempt that somebody asks for has a budget of its own. After a crash what the attempt has stored counts; what
it was waiting for is not known to have been paid.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.research.model import Failure, Finding, Gap, Node, Usage
from bot.research.ports import Call, Permission, Upcoming
from bot.research.run_state import Run

BYTES_PER_TOKEN = 2  # of a prompt, at least; most texts have four
ENVELOPE = 64  # tokens that a chat's template adds to a prompt


def _unknown(tokens_in: int, tokens_out: int) -> Decimal | None:
    return None


@dataclass(frozen=True)
class Amount:
    """What is used, or may be."""

    calls: int = 0
    tokens: int = 0
    dollars: Decimal = Decimal(0)

    @classmethod
    def of(cls, usage: Usage) -> Amount:
        """What is known of it."""
        return cls(usage.calls, usage.input_tokens + usage.output_tokens, usage.price or Decimal(0))

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.calls + other.calls, self.tokens + other.tokens, self.dollars + other.dollars)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.calls - other.calls, self.tokens - other.tokens, self.dollars - other.dollars)


NOTHING = Amount()


@dataclass(frozen=True)
class RunLimits:
    """The most that one attempt may use, 0 where there is no limit.

    ``price`` gives the dollars of so many tokens in and out; where they are not known that limit does not hold.
    """

    calls: int = 0
    tokens: int = 0
    dollars: Decimal = Decimal(0)
    price: Callable[[int, int], Decimal | None] = _unknown

    @property
    def sized(self) -> bool:
        """Whether it counts how long a call's texts are."""
        return bool(self.tokens or self.dollars)

    def largest(self, call: Call) -> Amount:
        """The most that one request of this call can use, as far as that is limited."""
        if not self.sized:
            return Amount(calls=1)
        size = len(call.system.encode(errors="replace")) + len(call.prompt.encode(errors="replace"))
        tokens_in = size // BYTES_PER_TOKEN + ENVELOPE
        dollars = self.price(tokens_in, call.max_tokens) if self.dollars else None
        return Amount(1, tokens_in + call.max_tokens, dollars or Decimal(0))

    def to_come(self, call: Upcoming) -> Amount:
        """The most that one request of a later call can use."""
        return self.largest(call.written()) if self.sized else Amount(calls=1)

    def amount(self, used: Usage) -> Amount | None:
        """What was used, calls apart; None where its tokens, or the price that is limited, are not known."""
        if used.tokens is None or (self.dollars and used.price is None):
            return None
        return replace(Amount.of(used), calls=0)

    def exceeded(self, by: Amount) -> Failure | None:
        """Why so much cannot be used, as a failure; None if it can."""
        if self.calls and by.calls > self.calls:
            return Failure(cause="call_limit", tries=0, limit=self.calls)
        if self.tokens and by.tokens > self.tokens:
            return Failure(cause="token_limit", tries=0, limit=self.tokens)
        if self.dollars and by.dollars > self.dollars:
            return Failure(cause="price_limit", tries=0, limit=float(self.dollars))
        return None


UNLIMITED = RunLimits()


def _none_to_come(run: Run) -> Iterable[Upcoming]:
    return ()


class Budget:
    """What is used, under way and reserved of an attempt's limits.

    ``to_come`` gives the calls that bring a run to its end from where it stands.
    """

    def __init__(
        self,
        limits: RunLimits = UNLIMITED,
        used: Amount = NOTHING,
        to_come: Callable[[Run], Iterable[Upcoming]] = _none_to_come,
    ) -> None:
        self.limits, self._to_come = limits, to_come
        self._used = used
        self._under_way: dict[Request, list[Amount]] = {}
        self._reserved: dict[str, tuple[Upcoming, Amount]] = {}
        self._begun: set[str] = set()
        self._last: set[str] = set()
        self._promised: dict[str, Upcoming] = {}
        self._angles: dict[str, asyncio.Future[Failure | None]] = {}  # those that have not ended, once decided
        # Those that wait, by what tells each whether to try again.
        self._requests: dict[asyncio.Future[bool], tuple[str, Amount]] = {}
        self._run: Run | None = None

    def reserve(self, run: Run) -> None:
        """Keep from now on what such a run takes to its end, in place of what was kept before."""
        self._reserved = self._all_to_come(run)

    def keep(self, calls: Iterable[Call]) -> Failure | None:
        """Reserve these calls of an angle until they begin or are not needed; give the reason if they cannot be."""
        new = {call.step: Upcoming.of(call) for call in calls if call.step not in self._begun}
        kept = self._reserved | {step: (call, self.limits.to_come(call)) for step, call in new.items()}
        refusal = self.limits.exceeded(self._sum(kept))
        if not refusal:
            self._promised, self._reserved = self._promised | new, kept
        return refusal

    def open(self, run: Run) -> None:
        """Let the run's open angles begin, in their order, as far as there is enough for them and for what closes it.

        The others wait for what those give back.
        """
        for branch in run.branches:
            if not branch.result:
                self._angles[branch.angle.slug] = asyncio.get_running_loop().create_future()
                run = run.with_branch(branch.angle.slug, result=Gap(angle=branch.angle, cause="waits"))
        self._run = run
        self.reserve(run)
        self._last = set(self._reserved)
        self._settle()

    async def admitted(self, slug: str) -> Failure | None:
        """Wait until an angle may begin; give the reason if it may not."""
        decided = self._angles.get(slug)
        return await asyncio.shield(decided) if decided else None

    def noted(self, slug: str, node: Node) -> None:
        """An angle, or a question of it, has been split or has ended: what nobody needs for it any more is free."""
        if self._run:
            self._run = self._run.noted(slug, node)
        own = f"angle/{slug}/{node.name}".rstrip("/")
        if node.over or not node.nodes:
            self._drop(lambda step: step.startswith(f"{own}/") or (node.over and step == own))
        self._settle()

    def ended(self, result: Finding | Gap) -> None:
        """An angle has ended: what closes the run takes no more than what it needs for this result."""
        slug = result.angle.slug
        self._angles.pop(slug, None)  # it may have ended for want of time
        self._drop(lambda step: f"{step}/".startswith(f"angle/{slug}/"))
        if self._run:
            self._run = self._run.with_result(result)
            self.reserve(self._run)
        self._settle()

    def _drop(self, dropped: Callable[[str], bool]) -> None:
        self._promised = {step: call for step, call in self._promised.items() if not dropped(step)}
        self._reserved = {step: kept for step, kept in self._reserved.items() if not dropped(step)}

    def _settle(self) -> None:
        """Let go on who waits and has enough; where nobody gives anything back, tell one after the other that it ends.

        Called with all that changes what is free, or who may still give back.
        """
        self._requests = {each: asked for each, asked in self._requests.items() if not each.done()}
        self._admit()
        tried = [waiting for waiting, asked in self._requests.items() if not self._refusal(*asked)]
        if not (tried or self._gives_back):
            tried = list(self._requests)[:1]
        for waiting in tried:
            waiting.set_result(not self._refusal(*self._requests.pop(waiting)))

    def _admit(self) -> None:
        for slug, decided in self._angles.items():
            if decided.done() or not self._run:
                continue
            begun = self._run.with_branch(slug, result=None)
            kept = self._all_to_come(begun)
            refusal = self.limits.exceeded(self._sum(kept))
            if refusal and (self._requests or self._gives_back):
                return
            if not refusal:
                self._run, self._reserved = begun, kept
            decided.set_result(refusal)

    @property
    def _gives_back(self) -> bool:
        """Whether anybody goes on who does not wait here: a call, an angle or a question of it, a section to begin."""
        branches, waiting = self._run.branches if self._run else (), {step for step, _ in self._requests.values()}
        at_work = sum((branch.tree or Node()).at_work for branch in branches if not branch.result)
        blocked = sum(step.startswith("angle/") for step in waiting)
        sections = {f"report/{b.angle.slug}" for b in branches if b.result and b.angle.slug not in self._angles}
        soon = sections & set(self._reserved) - self._last - waiting
        return bool(self._under_way or soon) or at_work > blocked

    def _all_to_come(self, run: Run) -> dict[str, tuple[Upcoming, Amount]]:
        calls = (call for call in (*self._promised.values(), *self._to_come(run)) if call.step not in self._begun)
        return {call.step: (call, self.limits.to_come(call)) for call in calls}

    def _sum(self, reserved: dict[str, tuple[Upcoming, Amount]]) -> Amount:
        kept = sum((amount for _, amount in reserved.values()), NOTHING)
        return sum((each for amounts in self._under_way.values() for each in amounts), self._used + kept)

    def _refusal(self, step: str, most: Amount) -> Failure | None:
        """Why there is not enough for such a request beside all that is reserved for others; None if there is."""
        kept = self._reserved[step][1] if step in self._reserved else NOTHING
        return self.limits.exceeded(self._sum(self._reserved) - kept + most)

    async def take(self, request: Request, step: str, most: Amount) -> Failure | None:
        """Wait until a request that uses so much may be made, and count it; give the reason if it may not."""
        while refusal := self._take(request, step, most):
            waiting = asyncio.get_running_loop().create_future()
            self._requests[waiting] = step, most
            self._settle()
            try:
                again = await waiting
            except asyncio.CancelledError:  # its time is up
                self._requests.pop(waiting, None)
                self._settle()
                raise
            if not again:
                self._drop(lambda each: each == step)
                self._settle()
                break
        return refusal

    def _take(self, request: Request, step: str, most: Amount) -> Failure | None:
        if refusal := self._refusal(step, most):
            return refusal
        self._reserved.pop(step, None)
        self._begun.add(step)
        self._used += Amount(calls=1)
        self._under_way.setdefault(request, []).append(replace(most, calls=0))
        return None

    def take_at_once(self, request: Request, step: str, most: Amount) -> bool:
        """Whether such a request may be made now; it is counted then."""
        return self._take(request, step, most) is None

    def book(self, request: Request, used: Amount | None) -> None:
        """A request is over: it has used this; None where nobody knows, and it counts with all that it could use."""
        amounts = self._under_way[request]
        most = amounts.pop()
        if not amounts:
            del self._under_way[request]
        self._used += most if used is None else used
        self._settle()


class Request(Permission):
    """The requests of one call, as its run's budget counts them; ``count`` is how many there were."""

    def __init__(self, budget: Budget) -> None:
        self._budget, self.count, self._under_way = budget, 0, 0

    async def begin(self, call: Call) -> Failure | None:
        """Wait until the first request may be made; give the reason if it may not."""
        return await self.take(call.step, self._budget.limits.largest(call))

    async def take(self, step: str, most: Amount) -> Failure | None:
        """The same for a request that uses so much at most, whatever it asks."""
        refusal = await self._budget.take(self, step, most)
        self._began(not refusal)
        return refusal

    async def again(self, call: Call) -> bool:
        """Whether it may follow one that is over; waits for what others give back."""
        return not await self.begin(call)

    def beside(self, call: Call) -> bool:
        """Whether it may go on beside one that is under way; there must be enough for both."""
        taken = self._budget.take_at_once(self, call.step, self._budget.limits.largest(call))
        self._began(taken)
        return taken

    def spent(self, used: Usage | None) -> None:
        """A request is over; one of which not all is known counts with the most that it can have used."""
        if self._under_way:  # it may have been told already, as a rejected one is
            self._under_way -= 1
            self._budget.book(self, self._budget.limits.amount(used) if used else None)

    def over(self, used: Usage | None = None) -> None:
        """The call is over: what nobody has told of its last request has used this."""
        while self._under_way:
            self.spent(used)

    def _began(self, begun: bool) -> None:
        self.count += begun
        self._under_way += begun
