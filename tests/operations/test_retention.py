"""What is kept for how long, and how it is deleted before: at night, and by `python -m bot forget`."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from bot.adapters.database import opened
from bot.adapters.engine_dbos import DBOSEngine
from bot.adapters.runs_sql import SqlRuns
from bot.operations.forget import Unfinished, forget
from bot.operations.retention import DAY, forget_older, housekeeping
from bot.playground.postgres import Postgres
from bot.research.model import Finding, Passage, Place, Question, Source
from bot.research.ports import Journal
from bot.research.run import REF
from bot.research.run_state import Run
from bot.service.errors import StoreDown
from bot.service.jobs import RunJob
from tests.adapters.engines import Worker, durable, forever
from tests.adapters.tables import everything, texts
from tests.support.fakes import MemoryEngine, MemoryRuns, question
from tests.support.processes import run
from tests.support.serving import serving
from tests.support.virtual_time import in_virtual_time, now

FAILED = 1
KEEP_DAYS = 90


def asked(topic: str, days_ago: float) -> Question:
    return question(topic, key=topic, asked_at=time.time() - days_ago * DAY, place=Place(team="T1", channel="C1"))


async def step(job: RunJob, journal: Journal) -> None:
    async def make() -> str:
        return job.question.topic

    await journal.step("open", make, REF)


async def keep(url: str, *jobs: RunJob) -> None:
    """Have these done and kept, as by a process that has ended since."""
    worker = Worker(step)
    async with opened(url) as database, DBOSEngine(database).running(worker) as engine:
        for each in jobs:
            await SqlRuns(database).save(Run.of(each.question))
            await engine.start(each)
        await worker.until_over(*(each.id for each in jobs))


async def test_what_is_older_than_it_may_be_is_deleted_everywhere_and_the_rest_stays(database_url: str) -> None:
    """People were promised both: that it goes, and that it stays until then."""
    old, oldest, young = (asked(*each) for each in (("old", 90.01), ("oldest", 900), ("young", 89.99)))
    await keep(database_url, *(RunJob(question=each) for each in (old, oldest, young)), RunJob(question=old, attempt=2))
    async with opened(database_url) as database, DBOSEngine(database).running(Worker()) as engine:
        assert await forget_older(SqlRuns(database), engine, time.time() - KEEP_DAYS * DAY) == 2
        assert await forget_older(SqlRuns(database), engine, time.time() - KEEP_DAYS * DAY) == 0
    kept = await everything(database_url)
    assert old.run_id not in str(kept)
    assert oldest.run_id not in str(kept)
    assert [row["id"] for row in kept["runs"]] == [young.run_id]
    assert set(texts(kept, "workflow_uuid")) == {young.run_id}
    assert len(texts(kept, "inputs", "output")) == 3  # the job, its step, what became of it


async def test_a_run_that_found_no_place_is_deleted_in_time_too(database_url: str) -> None:
    """Its topic is kept by the engine alone."""
    shown, refused = asked("shown", 0), asked("refused", 0)
    await keep(database_url, RunJob(question=shown), RunJob(question=refused))
    async with opened(database_url) as database, DBOSEngine(database).running(Worker()) as engine:
        runs = SqlRuns(database)
        await runs.forget([refused.run_id])
        assert await forget_older(runs, engine, time.time() - DAY) == 0
        assert await forget_older(runs, engine, time.time() + 60) == 2
    assert refused.run_id not in str(await everything(database_url))


async def test_many_runs_are_deleted_in_parts() -> None:
    """A year's runs in one statement are more than a file takes."""
    runs, engine = MemoryRuns(), MemoryEngine()
    for number in range(1_234):
        await runs.save(Run.of(asked(f"old {number}", 100)))
    assert await forget_older(runs, engine, time.time()) == 1_234
    assert runs.kept == {}


@in_virtual_time
async def test_it_happens_every_night_and_a_night_without_a_store_is_made_good_by_the_next() -> None:
    """A bot runs for months; nobody remembers to clean up."""
    runs, engine = MemoryRuns(), FailingOnce()
    old, young = Run.of(asked("old", 91)), Run.of(asked("young", 1))
    for each in (old, young):
        await runs.save(each)
    async with housekeeping(runs, engine, KEEP_DAYS):
        await engine.failed.wait()
        assert now() <= DAY
        assert set(runs.kept) == {old.id, young.id}
        await asyncio.sleep(DAY + 2)
    assert set(runs.kept) == {young.id}


class FailingOnce(MemoryEngine):
    """Its store is down at first."""

    def __init__(self) -> None:
        super().__init__()
        self.failed = asyncio.Event()

    async def forget(self, run_ids: Sequence[str]) -> None:
        if not self.failed.is_set():
            self.failed.set()
            raise StoreDown("night off")
        await super().forget(run_ids)


@in_virtual_time
async def test_with_0_days_nothing_is_ever_deleted() -> None:
    """0 means for ever, not at once."""
    runs = MemoryRuns()
    await runs.save(Run.of(asked("ancient", 10_000)))
    async with housekeeping(runs, MemoryEngine(), 0):
        await asyncio.sleep(10 * DAY)
    assert len(runs.kept) == 1


async def test_a_run_is_forgotten_at_a_word_with_all_its_attempts(database_url: str) -> None:
    """Somebody has the right to have it deleted, today."""
    gone, stays = asked("gone", 1), asked("stays", 1)
    await keep(database_url, RunJob(question=gone), RunJob(question=gone, attempt=2), RunJob(question=stays))
    process = await run("forget", gone.run_id, DATABASE_URL=database_url)
    assert (process.code, process.err) == (0, "")
    told = f"All that was kept of {gone.run_id} is deleted. Its messages stay in Slack: delete them there.\n"
    assert process.out == told
    kept = await everything(database_url)
    assert gone.run_id not in str(kept)
    assert [row["id"] for row in kept["runs"]] == [stays.run_id]
    assert len(texts(kept, "inputs", "output")) == 3


async def test_the_pages_that_a_run_cited_are_deleted_with_it(database_url: str) -> None:
    """Somebody else wrote them, and nobody promised to keep them longer than the run."""
    passage = Passage(letter="a", text="A sentence of a page.")
    source = Source(name="Site", url="https://site.example/", number=1, passages=(passage,))
    asked_for = asked("gone", 1)
    finding = Finding(angle=asked_for.angles[0], text="It is so [1a].", sources=(source,))

    async def found(job: RunJob, journal: Journal) -> None:
        async def make() -> Finding:
            return finding

        await journal.step("investigate", make, TypeAdapter(Finding))

    worker, job = Worker(found), RunJob(question=asked_for)
    async with durable(database_url, worker) as engine:
        await engine.start(job)
        await worker.until_over(job.id)
    async with opened(database_url) as database:
        await SqlRuns(database).save(Run.of(asked_for).with_branch("historical", result=finding))
    assert str(await everything(database_url)).count(passage.text) >= 2
    assert await forget(asked_for.run_id, database_url)
    assert "site.example" not in str(await everything(database_url))


async def test_a_run_under_way_is_not_forgotten(database_url: str) -> None:
    """Its next step would bring it back, after somebody was told that it is gone."""
    worker, job = Worker(forever), RunJob(question=asked("going on", 0))
    async with durable(database_url, worker) as engine:
        await engine.start(job)
        await worker.until_begun(job.id)
        with pytest.raises(Unfinished):
            await forget(job.question.run_id, database_url)
        await worker.cut(job.id)
    process = await run("forget", job.question.run_id, DATABASE_URL=database_url)
    sentence = f"{job.question.run_id} has not ended. Stop it in Slack or let it end, then delete it.\n"
    assert (process.code, process.err) == (FAILED, sentence)


async def test_a_run_may_be_forgotten_beside_a_bot_that_serves_from_the_same_file(tmp_path: Path) -> None:
    """Nobody should have to stop the bot for it, and the bot must not be disturbed."""
    url = f"sqlite:///{tmp_path}/research.sqlite"
    async with serving("socket", DATABASE_URL=url) as served:
        await served.done("a secret topic")
        run_id = (await served.process.said("run.ended"))["run"]
        process = await run("forget", run_id, DATABASE_URL=url)
        assert process.code == 0, process.err
        assert (await served.page("/readyz"))[0] == 200
        before = len(served.slack.messages(served.channel.id))
        assert (await served.slack.command("another topic", served.channel.id)).acked
        await served.slack.until(lambda: len(served.slack.messages(served.channel.id)) > before)
    kept = str(await everything(url))
    assert "a secret topic" not in kept
    assert run_id not in kept
    assert "another topic" in kept


async def test_a_run_that_nothing_is_kept_of_is_said_to_be_unknown(database_url: str) -> None:
    """A slip of a letter must not pass for a deletion."""
    known = asked("known", 1)
    await keep(database_url, RunJob(question=known))
    for slip in (known.run_id[:-1], known.run_id.lower(), "r_", "%", ""):
        assert not await forget(slip, database_url)
    process = await run("forget", known.run_id[:-1], DATABASE_URL=database_url)
    said = f"Nothing is kept of a run {known.run_id[:-1]}.\n"
    assert (process.code, process.out, process.err) == (FAILED, "", said)
    async with durable(database_url, Worker()) as engine:
        assert await engine.start(RunJob(question=known)) is False


async def test_forgetting_where_no_bot_ever_served_says_that_nothing_is_kept(new_database_url: str) -> None:
    """A wrong DATABASE_URL is a likely slip; it must not look like a crash."""
    async with opened(new_database_url):
        pass
    assert not await forget("r_0123456789AB", new_database_url)


async def test_forgetting_where_there_is_no_file_makes_none(new_sqlite_url: str, tmp_path: Path) -> None:
    """A command in the wrong folder must not look as if all had been deleted."""
    process = await run("forget", "r_0123456789AB", DATABASE_URL=new_sqlite_url)
    said = f"There is no database at {new_sqlite_url}. Set DATABASE_URL to the one that the bot serves from.\n"
    assert (process.code, process.err) == (2, said)
    assert os.listdir(tmp_path) == []


async def test_forgetting_without_a_database_says_so(postgres: Postgres) -> None:
    """Whoever asks must know that it is still there."""
    with postgres.away():
        process = await run("forget", "r_0123456789AB", DATABASE_URL=postgres.url("postgres"))
    assert process.code == FAILED
    assert process.err == (
        "The database cannot be used: could not connect: no such file or directory (errno 2). "
        "See that its server runs, and that DATABASE_URL has its host and port.\n"
    )
