"""Turns at counting: many decide by one look at what others have under way, and nobody decides meanwhile elsewhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.service.active_runs import ActiveRuns
from bot.service.channels import ChannelIds
from bot.service.counting import JOINING_SECONDS
from bot.service.elsewhere import Elsewhere
from bot.service.errors import StoreDown
from bot.service.jobs import RunJob
from bot.service.peers import Alone, Taken
from tests.support.fakes import MemoryRuns, question
from tests.support.virtual_time import in_virtual_time


class Shared(Alone):
    """A process that others share the database with; ``others`` are the jobs that they have under way."""

    shared = True

    def __init__(self) -> None:
        self.others: list[RunJob] = []
        self.fault: Exception | None = None
        self.held, self.looks = asyncio.Lock(), 0

    @asynccontextmanager
    async def hold(self, name: str, seconds: float) -> AsyncIterator[None]:
        async with self.held:
            yield

    async def taken(self, run_id: str = "", since: float | None = None) -> list[Taken]:
        self.looks += 1
        await asyncio.sleep(0)
        if self.fault:
            raise self.fault
        return [Taken(each, done=False) for each in self.others]


def elsewhere(peers: Shared) -> Elsewhere:
    return Elsewhere(peers, MemoryRuns(), ActiveRuns(ChannelIds()))


async def decided(here: Elsewhere, peers: Shared, alone: bool = False) -> int:
    """How many runs of others somebody counts who lets a run begin, which takes a moment."""
    async with here.counting(needed=True, alone=alone) as (running, _):
        await asyncio.sleep(JOINING_SECONDS / 10)
        assert peers.held.locked()
        return len(running)


@in_virtual_time
async def test_those_who_ask_at_once_are_decided_on_by_one_look() -> None:
    """Fifty commands within a second must not each wait for all those before it."""
    peers = Shared()
    here = elsewhere(peers)
    peers.others = [RunJob(question=question("tea"))]
    assert await asyncio.gather(*(decided(here, peers) for _ in range(50))) == [1] * 50
    assert peers.looks == 1
    assert not peers.held.locked()


@in_virtual_time
async def test_whoever_asks_later_sees_what_others_began_with_since_then() -> None:
    """A look is good for as long as nobody else can let anything begin, and no longer."""
    peers = Shared()
    here = elsewhere(peers)
    assert await decided(here, peers) == 0
    peers.others = [RunJob(question=question("tea"))]
    assert await decided(here, peers) == 1


@in_virtual_time
async def test_a_turn_ends_though_more_and_more_ask() -> None:
    """Other processes want one, too."""
    peers = Shared()
    here = elsewhere(peers)
    deciding = []
    for _ in range(40):
        deciding.append(asyncio.create_task(decided(here, peers)))
        await asyncio.sleep(JOINING_SECONDS / 20)
    await asyncio.gather(*deciding)
    assert 2 <= peers.looks <= 4


@in_virtual_time
async def test_whoever_must_be_alone_is() -> None:
    """What is only kept for the next process nobody sees in this one."""
    peers = Shared()
    here = elsewhere(peers)
    await asyncio.gather(*(decided(here, peers, alone=True) for _ in range(3)))
    assert peers.looks == 3


@pytest.mark.parametrize("fault", [StoreDown("no answer"), ZeroDivisionError()])
@in_virtual_time
async def test_what_keeps_a_turn_from_looking_is_told_to_all_who_wait_and_to_nobody_after_it(fault: Exception) -> None:
    """Nobody may hang, whatever it is, and nobody is refused for what is over."""
    peers = Shared()
    here = elsewhere(peers)
    peers.fault = fault
    told = await asyncio.gather(*(decided(here, peers) for _ in range(3)), return_exceptions=True)
    assert told == [fault] * 3
    peers.fault = None
    assert await decided(here, peers) == 0


@in_virtual_time
async def test_a_turn_that_nobody_waits_for_any_more_is_let_go() -> None:
    """Slack gives up after three seconds."""
    peers = Shared()
    here = elsewhere(peers)
    async with peers.held:
        waiting = asyncio.create_task(decided(here, peers))
        await asyncio.sleep(JOINING_SECONDS)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert await decided(here, peers) == 0
    async with peers.held:
        pass
