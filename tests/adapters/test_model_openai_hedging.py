"""Second copies of late calls, on real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.adapters import hedging as hedging_module
from bot.adapters.endpoint import Endpoint
from bot.adapters.hedging import FEWEST, SHARE, Hedging
from bot.adapters.model_openai import OpenAIModel
from bot.adapters.model_queue import ModelQueue
from bot.playground import model as ms
from bot.playground.model import Fault, ModelServer
from bot.research.errors import ModelError, ModelTimeout
from bot.research.model import Usage
from bot.research.ports import Call, Permission, Priority

CALL = Call("r_1", "angle/technical", "You are technical.", "Tea?", Priority.ANGLE, max_tokens=3200)
FIRST, COPY = "r_1/angle/technical", "r_1/angle/technical/hedge"


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer() as server:
        yield server


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call is late at once."""
    monkeypatch.setattr(hedging_module, "SHORTEST", 0.05)


def known(calls: int = 5 * SHARE, answers: int = FEWEST) -> Hedging:
    """What a process knows that has had so many calls, and as many answers that came at once."""
    hedging = Hedging()
    for _ in range(calls):
        hedging.allowance.called()
    for _ in range(answers):
        hedging.lateness.took("angle", 0.01)
        hedging.lateness.took("angle, whole", 0.01)
    return hedging


class Turns(ModelQueue):
    """Says when a copy begins to wait for its turn."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.copied = asyncio.Event()

    def taken(self, call: Call, again: bool = False) -> Any:
        return _watched(super().taken(call, again), self.copied if call.priority is Priority.HEDGE else asyncio.Event())


@asynccontextmanager
async def _watched(turn: AbstractAsyncContextManager[None], begun: asyncio.Event) -> AsyncIterator[None]:
    begun.set()
    async with turn:
        yield


class Asking:
    """A model adapter that knows how long answers take."""

    def __init__(
        self, server: ModelServer, hedging: Hedging | None = None, limit: int = 10, timeout: float = 30
    ) -> None:
        self.hedging, self.turns = hedging or known(), Turns(limit)
        self.model = OpenAIModel(self._endpoint(server, timeout), self.turns, sleep=_at_once, hedging=self.hedging)

    def _endpoint(self, server: ModelServer, timeout: float) -> Endpoint:
        return Endpoint("local", server.url, "sk-x", "chat", timeout)

    async def __aenter__(self) -> OpenAIModel:
        return await self.model.__aenter__()

    async def __aexit__(self, *failure: object) -> None:
        await self.model.__aexit__(*failure)


async def _at_once(seconds: float) -> None:
    """No pause between attempts."""


def names(server: ModelServer) -> list[str]:
    return [request.name for request in server.requests]


async def test_a_late_call_is_asked_twice_and_the_copy_wins(server: ModelServer) -> None:
    """The other's connection is closed at once; what it used is at least what it was asked."""
    server.answer("angle/technical", "never", gate=asyncio.Event())
    asking = Asking(server)
    async with asking as model:
        answer = await model.write(CALL)
        await server.until(lambda: server.requests[0].cut)
    assert names(server) == [FIRST, COPY]
    assert (answer.usage.calls, answer.usage.tokens, answer.usage.estimated) == (2, 400, True)
    assert asking.hedging.outcomes == {"won": 1, "lost": 0, "refused": 0}
    assert asking.turns.in_flight == 0


async def test_the_first_wins_while_the_copy_still_writes(server: ModelServer) -> None:
    """Whichever is whole first."""
    first, copy = asyncio.Event(), asyncio.Event()
    server.answer("angle/technical", "The first.", gate=first)
    server.answer("*/hedge", "The copy.", gate=copy)
    asking = Asking(server)
    async with asking as model:
        writing = asyncio.create_task(model.write(CALL))
        await server.until(lambda: len(server.requests) == 2)
        first.set()
        answer = await writing
        await server.until(lambda: server.requests[1].cut)
    assert (answer.text, answer.usage.calls, answer.usage.estimated) == ("The first.", 2, True)
    assert asking.hedging.outcomes["lost"] == 1


async def test_an_endpoint_that_is_spoken_to_whole_is_late_as_a_whole(server: ModelServer) -> None:
    """Without streams nobody knows of a first token."""
    server.judge = lambda body: Fault(status=501) if "stream" in body else None
    asking = Asking(server)
    async with asking as model:
        await model.write(CALL)
        server.answer("angle/technical", "never", gate=asyncio.Event())
        assert (await model.write(CALL)).usage.estimated
    assert names(server)[-2:] == [FIRST, COPY]


async def test_a_first_token_is_in_time_however_long_the_rest_takes(server: ModelServer) -> None:
    """What is on its way is not asked for again."""
    server.answer("*", "Tea is a drink.", *[Fault(hang_within=True)] * 2)
    async with Asking(server, timeout=0.6) as model:
        with pytest.raises(ModelTimeout):
            await model.write(CALL)
    assert names(server) == [FIRST, FIRST]


async def test_a_copy_that_fails_costs_and_changes_nothing(server: ModelServer) -> None:
    """The first goes on."""
    first = asyncio.Event()
    server.answer("angle/technical", "The first.", gate=first)
    server.answer("*/hedge", "never", ms.TRUNCATED)
    async with Asking(server) as model:
        writing = asyncio.create_task(model.write(CALL))
        await server.until(lambda: len(server.requests) == 2 and server.requests[1].ended is not None)
        first.set()
        answer = await writing
    assert (answer.text, answer.usage) == (
        "The first.",
        Usage(calls=2, input_tokens=200, output_tokens=400, price=None),
    )


async def test_a_copy_may_win_over_a_failure(server: ModelServer) -> None:
    """It was under way already; nothing is tried again."""
    first, copy = asyncio.Event(), asyncio.Event()
    server.answer("angle/technical", "never", Fault(status=500), gate=first)
    server.answer("*/hedge", "The copy.", gate=copy)
    async with Asking(server) as model:
        writing = asyncio.create_task(model.write(CALL))
        await server.until(lambda: len(server.requests) == 2)
        first.set()
        await server.until(lambda: server.requests[0].ended is not None)
        copy.set()
        answer = await writing
    assert (answer.text, answer.usage.calls) == ("The copy.", 2)
    assert names(server) == [FIRST, COPY]


async def test_what_is_tried_again_is_not_hedged(server: ModelServer) -> None:
    """Failures have a rule of their own."""
    server.answer("angle/technical", "never", Fault(status=500), *[ms.HANG] * 9)
    async with Asking(server, timeout=0.6) as model:
        with pytest.raises(ModelTimeout):
            await model.write(CALL)
    assert names(server) == [FIRST, FIRST, FIRST]


async def test_a_copy_waits_for_its_turn_and_is_withdrawn(server: ModelServer) -> None:
    """Whoever asks for the first time goes before those who ask twice."""
    first = asyncio.Event()
    server.answer("angle/technical", "The first.", gate=first)
    asking = Asking(server, limit=1)
    async with asking as model:
        writing = asyncio.create_task(model.write(CALL))
        await asking.turns.copied.wait()
        first.set()
        answer = await writing
    assert (answer.usage.calls, answer.usage.estimated) == (1, False)
    assert names(server) == [FIRST]
    assert set(asking.hedging.outcomes.values()) == {0}
    assert (asking.turns.in_flight, asking.turns.waiting) == (0, 0)


class Sparing(Permission):
    """Lets nothing go on beside; notes what is spent."""

    def __init__(self, permits: bool) -> None:
        self.permits, self.used, self.asked = permits, list[Usage | None](), asyncio.Event()

    def beside(self, call: Call) -> bool:
        self.asked.set()
        return self.permits

    def spent(self, used: Usage | None) -> None:
        self.used.append(used)


async def test_a_copy_begins_only_where_the_run_may_pay_for_both(server: ModelServer) -> None:
    """A budget is never exceeded for speed."""
    first, sparing = asyncio.Event(), Sparing(permits=False)
    server.answer("angle/technical", "The first.", gate=first)
    asking = Asking(server)
    async with asking as model:
        writing = asyncio.create_task(model.write(replace(CALL, permission=sparing)))
        await sparing.asked.wait()
        first.set()
        await writing
    assert names(server) == [FIRST]
    assert asking.hedging.outcomes == {"won": 0, "lost": 0, "refused": 1}
    assert [used and used.calls for used in sparing.used] == [1]


async def test_a_budget_hears_of_both_copies(server: ModelServer) -> None:
    """Of the one that was left nobody knows what it used."""
    sparing = Sparing(permits=True)
    server.answer("angle/technical", "never", gate=asyncio.Event())
    async with Asking(server) as model:
        await model.write(replace(CALL, permission=sparing))
    assert sorted(used is None for used in sparing.used) == [False, True]


async def test_a_cancelled_call_takes_its_copy_with_it(server: ModelServer) -> None:
    """A stopped run must not go on costing."""
    server.answer("*", "never", gate=asyncio.Event())
    asking = Asking(server)
    async with asking as model:
        writing = asyncio.create_task(model.write(CALL))
        await server.until(lambda: len(server.requests) == 2)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing
        await server.until(lambda: all(request.cut for request in server.requests))
    assert asking.turns.in_flight == 0


async def test_both_copies_end_with_the_time_of_the_call(server: ModelServer) -> None:
    """A copy buys no second helping of time; then the call is tried again as any other."""
    server.answer("*", "never", gate=asyncio.Event())
    async with Asking(server, timeout=0.6) as model:
        with pytest.raises(ModelError) as caught:
            await model.write(CALL)
    assert isinstance(caught.value, ModelTimeout)
    assert names(server) == [FIRST, COPY, FIRST]
    assert caught.value.usage.calls == 3


async def test_the_least_that_a_copy_cost_has_a_price(server: ModelServer) -> None:
    """The provider bills what it read for both."""

    class Priced(Asking):
        def _endpoint(self, server: ModelServer, timeout: float) -> Endpoint:
            return replace(super()._endpoint(server, timeout), local=True)

    server.answer("angle/technical", "never", gate=asyncio.Event())
    async with Priced(server) as model:
        assert (await model.write(CALL)).usage.price == Decimal(0)
