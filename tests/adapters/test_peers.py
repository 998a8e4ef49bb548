"""Processes on the same database: what each may have to itself, what each hears of the others, and when it is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa

from bot.adapters.database import Database, opened
from bot.adapters.engine_dbos import DBOSEngine
from bot.adapters.peers_postgres import PostgresPeers, sharing
from bot.adapters.runs_sql import SqlRuns
from bot.adapters.seat_postgres import Pooled
from bot.playground.postgres import Postgres
from bot.playground.slack.workspace import PATIENCE
from bot.research.run_state import Phase, Run
from bot.service.errors import StoreDown
from bot.service.peers import Peers, Taken
from tests.adapters.engines import Worker, forever, job
from tests.support.fakes import question
from tests.support.pooler import pooling

CUT = sa.text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :name "
    "ORDER BY backend_start OFFSET :session LIMIT 1"
)

CUT_BOTH = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :name")


@dataclass
class Peer:
    """A process as far as the others see it; ``lost`` are the reasons for which it should have ended."""

    database: Database
    lost: list[str] = field(default_factory=list)
    is_lost: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.peers: Peers
        self.name: str

    def lose(self, cause: str) -> None:
        """What a process does about it, without its end."""
        self.lost.append(cause)
        self.is_lost.set()


@asynccontextmanager
async def seated(url: str) -> AsyncIterator[Peer]:
    """One more process on this database."""
    async with opened(url) as database:
        peer = Peer(database)
        async with sharing(database, peer.lose) as (peer.peers, peer.name):
            yield peer


@pytest.fixture
async def two(postgres_url: str) -> AsyncIterator[tuple[Peer, Peer]]:
    """Two processes on one Postgres."""
    async with seated(postgres_url) as one, seated(postgres_url) as other:
        yield one, other


async def nothing_left(process: str) -> int:
    raise AssertionError(f"{process} is not gone")


async def held(peer: Peer, name: str = "counting") -> bool:
    """Whether somebody has this to themselves."""
    try:
        async with peer.peers.hold(name, 0.05):
            return False
    except StoreDown:
        return True


@pytest.fixture
async def peers(database_url: str) -> AsyncIterator[Peers]:
    """What a process has of the others, alone with its file and at a server."""
    async with seated(database_url) as peer, DBOSEngine(peer.database, peer.name).running(forever):
        yield peer.peers


async def test_a_process_without_others_waits_for_nobody(peers: Peers) -> None:
    """What may be shared costs whoever shares it with nobody no wait and no care."""
    async with peers.watching(nothing_left):
        for _ in range(2):
            async with peers.hold("counting", PATIENCE), peers.hold("questions", PATIENCE):
                pass
        assert await peers.mark("stop/1", "U1") is True
        assert await peers.taken() == await peers.taken("1337.42", since=0) == []
        await peers.ring("1337.42")
        await peers.rung("1337.42", 0)
    assert peers.takeovers == 0


async def test_what_one_holds_no_other_does_until_it_lets_go(two: tuple[Peer, Peer]) -> None:
    """Whoever counts must not be counted past; whatever goes wrong meanwhile must not keep all from counting ever."""
    one, other = two
    async with one.peers.hold("counting", PATIENCE):
        assert await held(other)
        assert await held(one)
        assert not await held(other, "questions")
    assert not await held(other)
    with pytest.raises(ZeroDivisionError):
        async with one.peers.hold("counting", PATIENCE):
            raise ZeroDivisionError
    assert not await held(other)
    with pytest.raises(TimeoutError):  # not that of the hold
        async with one.peers.hold("counting", PATIENCE):
            raise TimeoutError
    assert not await held(other)


async def test_whoever_waits_for_a_hold_gets_it_when_it_is_let_go(two: tuple[Peer, Peer]) -> None:
    """And many at once get it one after the other."""
    inside: list[int] = []

    async def have(peer: Peer, number: int) -> None:
        async with peer.peers.hold("counting", PATIENCE):
            inside.append(number)
            await peer.peers.marked("anything")
            assert inside.pop() == number
            assert inside == []

    await asyncio.gather(*(have(peer, number) for number in range(8) for peer in two))


async def test_a_hold_that_is_cancelled_at_any_moment_is_let_go(two: tuple[Peer, Peer]) -> None:
    """People close their windows, runs are stopped: what nobody waits for any more must not stay held."""
    one, other = two
    for turns in count():
        having = asyncio.Event()
        task = asyncio.create_task(_have(one, having))
        for _ in range(turns):
            await asyncio.sleep(0)
        was_held = having.is_set()
        task.cancel()
        await asyncio.wait([task])
        async with other.peers.hold("counting", PATIENCE):
            pass
        if was_held:
            break


async def _have(peer: Peer, having: asyncio.Event) -> None:
    async with peer.peers.hold("counting", PATIENCE):
        having.set()
        await asyncio.Event().wait()


async def test_a_try_that_was_given_up_takes_nothing_from_the_next_of_the_same_process(two: tuple[Peer, Peer]) -> None:
    """A command that is given up while another process counts must not open the way for two to count at once."""
    one, other = two
    for turns in range(12):
        async with other.peers.hold("counting", PATIENCE):
            first = asyncio.create_task(_have(one, asyncio.Event()))
            for _ in range(turns):
                await asyncio.sleep(0)
            first.cancel()
            having = asyncio.Event()
            second = asyncio.create_task(_have(one, having))
            await asyncio.wait([first])
        await asyncio.wait_for(having.wait(), PATIENCE)
        assert await held(other), turns
        second.cancel()
        await asyncio.wait([second])


async def test_the_first_mark_of_a_name_stays(two: tuple[Peer, Peer]) -> None:
    """What was decided once is found by all, and not decided again."""
    one, other = two
    first = await asyncio.gather(*(peer.peers.mark("stop/1", peer.name) for peer in (one, other, one, other)))
    assert first.count(True) == 1
    assert await one.peers.marked("stop/1") == await other.peers.marked("stop/1")
    assert await other.peers.marked("stop/1") in (one.name, other.name)
    assert await other.peers.marked("stop/2") is None


async def test_what_one_rings_all_hear(two: tuple[Peer, Peer]) -> None:
    """The one that rings as well: it does not know for whom it does."""
    one, other = two
    heard: list[str] = []
    for peer in two:
        peer.peers.heed(heard.append)
    async with one.peers.watching(nothing_left), other.peers.watching(nothing_left):
        async with asyncio.timeout(PATIENCE):
            waits = [asyncio.create_task(peer.peers.rung("1337.42", PATIENCE * 2)) for peer in two]
            await asyncio.sleep(0)
            await one.peers.ring("another")
            await one.peers.ring("1337.42")
            await asyncio.gather(*waits)
    assert sorted(heard) == ["1337.42", "1337.42", "another", "another"]


async def test_each_sees_what_all_have_taken_up(two: tuple[Peer, Peer]) -> None:
    """What is kept as ended is done, though the engine has not noted it yet: else nobody could go on with it."""
    one, other = two
    first, second = job(), job(attempt=2)
    worker = Worker(forever)
    async with DBOSEngine(one.database, one.name).running(worker) as engine:
        for each in (first, second, job("1337.421")):
            await engine.start(each)
        assert await other.peers.taken(first.run_id) == [Taken(first, done=False), Taken(second, done=False)]
        assert len(await other.peers.taken()) == 3
        assert await other.peers.taken("1337.4") == []
        assert await one.peers.taken(first.run_id) == [Taken(each, False, own=True) for each in (first, second)]
        run = Run.of(question())
        await SqlRuns(other.database).save(run.model_copy(update={"phase": Phase.DONE}))
        assert [each.done for each in await other.peers.taken(first.run_id)] == [True, False]
        await SqlRuns(other.database).save(run.model_copy(update={"phase": Phase.STOPPED, "attempt": 2}))
        assert [each.done for each in await one.peers.taken(first.run_id)] == [True, True]
        await worker.cut(*worker.ids)


async def test_whoever_looks_at_the_same_moment_as_others_sees_all_the_same(two: tuple[Peer, Peer]) -> None:
    """Many people do something at once: none of them may find that a run which is there is not."""
    one, other = two
    worker = Worker(forever)
    async with DBOSEngine(one.database, one.name).running(worker) as engine:
        jobs = [job(f"1337.{number}") for number in range(40)]
        for each in jobs:
            await engine.start(each)
        seen = await asyncio.gather(*(other.peers.taken(each.run_id) for each in jobs))
        assert seen == [[Taken(each, done=False)] for each in jobs]
        await worker.cut(*worker.ids)


async def test_what_a_process_left_is_taken_over_once_it_is_gone_and_not_before(postgres_url: str) -> None:
    """A process that is there may be slow: its runs are its own."""
    took: list[str] = []
    gone = asyncio.Event()

    async def take_over(process: str) -> int:
        took.append(process)
        gone.set()
        return 1

    async with AsyncExitStack() as leaving, seated(postgres_url) as other:
        one = await leaving.enter_async_context(seated(postgres_url))
        worker = Worker(forever)
        async with DBOSEngine(one.database, one.name).running(worker) as engine:
            await engine.start(job())
            await worker.until_begun(job().id)
            assert isinstance(other.peers, PostgresPeers)
            assert await other.peers.left() == []
            await worker.cut(*worker.ids)
        await leaving.aclose()
        async with other.peers.watching(take_over):
            await asyncio.wait_for(gone.wait(), PATIENCE)
    assert set(took) == {one.name}


async def test_whoever_ends_without_a_goodbye_is_counted_though_nothing_was_left(postgres_url: str) -> None:
    """A bot that is killed at night while nobody asks would end again and again, and nobody would know."""

    async def take_over(process: str) -> int:
        return 0

    async with seated(postgres_url) as one, AsyncExitStack() as leaving:
        polite = await leaving.enter_async_context(seated(postgres_url))
        lost = await leaving.enter_async_context(seated(postgres_url))
        async with DBOSEngine(one.database, one.name).running(forever):
            async with polite.peers.watching(nothing_left):
                pass
            await leaving.enter_async_context(lost.peers.watching(nothing_left))
            await one.database.run(lambda connection: connection.execute(CUT_BOTH, {"name": lost.name}))
            assert isinstance(one.peers, PostgresPeers)
            assert await one.peers.left() == [lost.name]
            async with one.peers.watching(take_over), asyncio.timeout(PATIENCE):
                while not one.peers.lock_losses:
                    await one.peers.rung("anything", 0.05)
            assert await one.peers.left() == []
            assert (one.peers.lock_losses, one.peers.takeovers) == (1, 0)


async def test_what_a_machine_left_that_stood_still_in_the_middle_of_a_change_is_taken_over(
    two: tuple[Peer, Peer],
) -> None:
    """Its connections may be open for hours: what it was about to change must not stay its own for so long."""
    one, other = two
    worker, second = Worker(forever), Worker(forever)
    async with DBOSEngine(one.database, one.name).running(worker) as engine:
        await engine.start(job())
        await worker.until_begun(job().id)
        await worker.cut(job().id)
    with one.database.engine.connect() as standing:
        standing.execute(sa.text("SELECT 1 FROM dbos.workflow_status FOR UPDATE"))
        await other.database.run(lambda connection: connection.execute(CUT_BOTH, {"name": one.name}))
        async with DBOSEngine(other.database, other.name).running(second) as engine:
            async with other.peers.watching(engine.take_over):
                await second.until_begun(job().id)
            await second.cut(job().id)
        standing.invalidate()


async def test_what_is_rung_is_heard_while_a_takeover_takes_its_time(two: tuple[Peer, Peer]) -> None:
    """Somebody wants a run stopped while the server is busy with what another process left."""
    one, other = two
    begun, heard = asyncio.Event(), asyncio.Event()

    async def take_over(process: str) -> int:
        begun.set()
        await asyncio.Event().wait()
        return 0

    left = "INSERT INTO dbos.workflow_status (workflow_uuid, executor_id, status) VALUES ('1', 'gone', 'PENDING')"
    await other.database.run(lambda connection: connection.execute(sa.text(left)))
    one.peers.heed(lambda name: heard.set())
    async with one.peers.watching(take_over), asyncio.timeout(PATIENCE):
        await begun.wait()
        await other.peers.ring("1337.42")
        await heard.wait()


async def test_a_process_that_cannot_look_after_the_others_any_more_ends(two: tuple[Peer, Peer]) -> None:
    """Whatever is wrong with it: nobody would hear of it, and what others leave would stay as it is."""
    one, other = two

    def broken(name: str) -> None:
        raise ZeroDivisionError

    one.peers.heed(broken)
    async with one.peers.watching(nothing_left):
        await other.peers.ring("1337.42")
        await asyncio.wait_for(one.is_lost.wait(), PATIENCE)
    assert len(one.lost) == 1


@pytest.mark.parametrize("session", [0, 1])
async def test_a_process_one_of_whose_sessions_is_cut_is_told_so(session: int, two: tuple[Peer, Peer]) -> None:
    """Others may have its runs from then on, or count beside it: it must end, and nobody else."""
    one, other = two
    async with one.peers.watching(nothing_left), other.peers.watching(nothing_left):
        await other.database.run(lambda connection: connection.execute(CUT, {"name": one.name, "session": session}))
        await asyncio.wait_for(one.is_lost.wait(), PATIENCE)
    assert (len(one.lost), len(other.lost)) == (1, 0)


async def test_a_process_that_cannot_ask_whether_something_is_held_ends_as_well(two: tuple[Peer, Peer]) -> None:
    """And whoever wanted it is told that it cannot be had."""
    one, other = two
    await other.database.run(lambda connection: connection.execute(CUT, {"name": one.name, "session": 1}))
    assert await held(one)
    assert one.is_lost.is_set()


async def test_a_pooler_that_hands_each_transaction_another_session_is_refused(
    postgres: Postgres, tmp_path: Path
) -> None:
    """No lock would stay held there, and two bots would do the same run."""
    url = postgres.fresh()
    with TemporaryDirectory() as folder:
        async with pooling(postgres.folder, Path(folder)):
            pooled = url.replace(postgres.folder, folder)
            with pytest.raises(Pooled, match="Use the address of the database itself"):
                async with seated(pooled):
                    raise AssertionError("it sits down")
