"""One contract for all engines: in memory, and DBOS on a SQLite file and on Postgres."""

from __future__ import annotations

import asyncio
import time

from bot.playground.slack.workspace import PATIENCE
from bot.research.ports import Journal
from bot.research.run import REF
from bot.service.jobs import RunJob
from tests.adapters.engines import Running, Worker, forever, job
from tests.support.fakes import question


async def test_an_order_is_begun_once_for_each_process_until_it_is_over(running: Running) -> None:
    """Slack delivers a command more than once; a run that was researched twice is paid twice."""
    first, second, third = Worker(forever), Worker(), Worker()
    async with running(first) as engine:
        assert await engine.start(job()) is True
        assert await engine.start(job()) is False
        await first.until_begun(job().id)
        await first.cut(job().id)
    async with running(second) as engine:
        assert await engine.start(job()) is False
        await second.until_over(job().id)
        assert await engine.start(job()) is False
    async with running(third) as engine:
        assert await engine.start(job()) is False
    assert (first.ids, second.ids, third.ids) == ([job().id], [job().id], [])


async def test_an_order_is_begun_in_the_running_loop_and_as_it_was_given_after_a_restart_too(running: Running) -> None:
    """On a loop of its own it could not touch what this one holds: the outbox, the model's connections."""
    given = RunJob(
        question=question("Tee, 茶 & “☕️”\n\t\\", key="quote\" ' \\ \U0001f469‍\U0001f680"), attempt=2, by="U2"
    )
    first, second = Worker(forever), Worker()
    async with running(first) as engine:
        await engine.start(given)
        await first.until_begun(given.id)
        await first.cut(given.id)
    async with running(second):
        await second.until_over(given.id)
    assert first.begun == second.begun == [given]
    assert first.loops | second.loops == {asyncio.get_running_loop()}


async def test_only_what_was_not_over_is_begun_again_and_all_of_it_side_by_side(running: Running) -> None:
    """A restart must neither lose a run, nor show one twice, nor let one wait for another."""
    names = ["over", "left", "also left"]
    over, left, also = jobs = [job(name) for name in names]

    async def first_does(job: RunJob, journal: Journal) -> None:
        if job.id != over.id:
            await forever(job, journal)

    met = asyncio.Barrier(2)

    async def second_does(job: RunJob, journal: Journal) -> None:
        async with asyncio.timeout(PATIENCE):
            await met.wait()

    first, second = Worker(first_does), Worker(second_does)
    async with running(first) as engine:
        for each in jobs:
            await engine.start(each)
        await first.until_over(over.id)
        await first.until_begun(left.id, also.id)
        await first.cut(left.id, also.id)
    async with running(second):
        await second.until_over(left.id, also.id)
    assert sorted(second.ids) == sorted([left.id, also.id])
    assert not met.broken


async def test_an_order_whose_work_fails_is_not_begun_again(running: Running) -> None:
    """What fails by itself fails each time: without end it would cost without end."""

    async def fails(job: RunJob, journal: Journal) -> None:
        raise ZeroDivisionError("secret")

    first, second = Worker(fails), Worker()
    async with running(first) as engine:
        await engine.start(job())
        await first.until_over(job().id)
    async with running(second) as engine:
        assert await engine.start(job()) is False
        assert await engine.start(job("fresh")) is True
        await second.until_over(job("fresh").id)
    assert second.ids == [job("fresh").id]


async def test_an_order_is_found_as_it_was_given_also_when_it_is_over(running: Running) -> None:
    """A button may ask for its topic after a restart, or in another process."""
    worker = Worker()
    async with running(worker) as engine:
        await engine.start(job())
        await worker.until_over(job().id)
        assert await engine.find(job().id) == job()
        assert await engine.find("r_NOTHING") is None


async def test_the_runs_of_orders_before_a_moment_are_known_once_each(running: Running) -> None:
    """Also those that nobody keeps but the engine: they were to be deleted in time as well."""
    worker = Worker()
    async with running(worker) as engine:
        assert await engine.older(time.time() + 60) == []
        for each in (job("tea"), job("tea", attempt=2), job("coffee")):
            await engine.start(each)
            await worker.until_over(each.id)
        assert await engine.older(time.time() + 60) == sorted({job("tea").id, job("coffee").id})
        assert await engine.older(time.time() - 60) == []


async def test_a_forgotten_run_may_be_ordered_anew_and_nothing_of_it_is_known(running: Running) -> None:
    """Somebody asked that all attempts at it be deleted, and that nothing else be."""
    made: list[str] = []

    async def does(job: RunJob, journal: Journal) -> None:
        async def make() -> str:
            made.append(job.id)
            return ""

        await journal.step("open", make, REF)

    gone, again, stays = job("gone"), job("gone", attempt=2), job("stays")
    first, second = Worker(does), Worker(does)
    async with running(first) as engine:
        for each in (gone, again, stays):
            await engine.start(each)
        await first.until_over(gone.id, again.id, stays.id)
    async with running(second) as engine:
        alike = [stays.id[:-1], f"{stays.id}0", stays.id.replace("_", "%"), ""]
        await engine.forget([gone.id, "r_NOTHING", *alike])
        assert [await engine.start(each) for each in (gone, again, stays)] == [True, True, False]
        await second.until_over(gone.id, again.id)
    assert sorted(made) == sorted([gone.id, again.id, stays.id, gone.id, again.id])
