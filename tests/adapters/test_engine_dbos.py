"""What holds for the engine on a database beyond what holds for all engines: what it writes there, how it is read."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import TypeAdapter

from bot.adapters.database import opened
from bot.adapters.engine_dbos import DBOSEngine
from bot.adapters.steps_dbos import StepWriter, step_of_workflow
from bot.playground.postgres import Postgres
from bot.playground.slack.workspace import PATIENCE
from bot.research.errors import ModelTimeout
from bot.research.model import Angle, Finding, Question
from bot.research.ports import Journal
from bot.research.run import REF, RESULT
from bot.service.errors import StoreDown
from bot.service.jobs import RunJob
from tests.adapters.engines import Worker, durable, forever, job
from tests.adapters.tables import everything, texts

FINDING = Finding(angle=job().question.angles[0], text="Tea.")


async def found() -> Finding:
    return FINDING


async def never() -> Finding:
    raise AssertionError("a stored step was made again")


async def late() -> str:
    raise ModelTimeout(limit=90)


async def steps(job: RunJob, journal: Journal) -> None:
    await journal.branch("angle/historical").step("investigate", found, RESULT)
    with pytest.raises(ModelTimeout):
        await journal.step("post", late, REF)
    if job.attempt > 1:
        raise ModelTimeout(limit=90)


async def test_nothing_but_json_is_kept_and_always_under_one_version(database_url: str) -> None:
    """A pickle binds what is kept to the code that wrote it; a version that changes strands what was accepted."""
    worker = Worker(steps)
    async with durable(database_url, worker) as engine:
        for each in (job(), job(attempt=2)):
            await engine.start(each)
        await worker.until_over(job().id, job(attempt=2).id)
    kept = await everything(database_url)
    stored = texts(kept, "inputs", "output", "error")
    assert len(stored) == 2 + 2 + 2  # two jobs, a step of each, what became of each
    for text in stored:
        json.loads(text)
    assert set(texts(kept, "serialization")) == {"research.json"}
    assert {(row["application_version"], row["executor_id"]) for row in kept["workflow_status"]} == {("1", "research")}


class LaterAngle(Angle):
    colour: str = "green"


class LaterFinding(Finding):
    angle: LaterAngle
    doubts: tuple[str, ...] = ("none",)


class LaterQuestion(Question):
    angles: tuple[LaterAngle, ...]
    hurry: bool = True


class LaterOrder(RunJob):
    question: LaterQuestion
    depth: int = 3


async def test_what_a_later_release_adds_to_what_is_kept_is_passed_over(database_url: str) -> None:
    """Whoever goes back to the release before must not lose the runs that were under way."""
    stored = asyncio.Event()

    async def make() -> LaterFinding:
        return LaterFinding.model_validate(FINDING.model_dump())

    async def first_does(job: RunJob, journal: Journal) -> None:
        await journal.step("investigate", make, TypeAdapter(LaterFinding))
        stored.set()
        await forever(job, journal)

    async def second_does(job: RunJob, journal: Journal) -> None:
        assert await journal.step("investigate", never, RESULT) == FINDING

    first, second = Worker(first_does), Worker(second_does)
    async with durable(database_url, first) as engine:
        await engine.start(LaterOrder.model_validate(job().model_dump()))
        async with asyncio.timeout(PATIENCE):
            await stored.wait()
        await first.cut(job().id)
    kept = str(texts(await everything(database_url), "inputs", "output"))
    assert "colour" in kept
    assert "hurry" in kept
    assert "doubts" in kept
    async with durable(database_url, second):
        await second.until_over(job().id)
    assert second.begun == [job()]
    assert (await everything(database_url))["workflow_status"][0]["status"] == "SUCCESS"


async def test_nothing_of_a_forgotten_run_stands_in_any_table(database_url: str) -> None:
    """Its topic, its texts and who asked for it are what somebody wanted to be gone."""
    worker = Worker(steps)
    async with durable(database_url, worker) as engine:
        for each in (job(), job(attempt=2), job("stays")):
            await engine.start(each)
        await worker.until_over(job().id, job(attempt=2).id, job("stays").id)
    async with durable(database_url, worker) as engine:
        await engine.forget([job().id])
    kept = await everything(database_url)
    assert job().id not in str(kept)
    assert job().question.key not in str(kept)
    assert len(texts(kept, "inputs", "output", "error")) == 3


async def test_what_is_closed_after_the_engine_still_has_threads(sqlite_url: str) -> None:
    """Last messages may need a look-up of Slack's address, which takes one."""
    worker = Worker()
    async with durable(sqlite_url, worker) as engine:
        await engine.start(job())
        await worker.until_over(job().id)
    assert await asyncio.to_thread(len, "tea") == 3


async def test_an_order_that_could_not_be_kept_in_time_is_never_begun_but_may_be_given_again(
    sqlite_url: str, tmp_path: Path
) -> None:
    """Its giver was told that nothing will come of it: hours later, at some restart, it would come as a surprise."""
    first, second = Worker(), Worker()
    async with opened(sqlite_url) as database, DBOSEngine(database, patience=0.05).running(first) as engine:
        with closing(sqlite3.connect(tmp_path / "research.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreDown, match="no answer in time"):
                await engine.start(job())
            other.execute("ROLLBACK")
    assert job().id not in str(await everything(sqlite_url))
    async with durable(sqlite_url, second) as engine:
        assert await engine.start(job()) is True
        await second.until_over(job().id)
    assert (first.ids, second.ids) == ([], [job().id])


async def test_an_order_that_is_under_way_is_not_hurt_by_being_given_again_in_vain(
    sqlite_url: str, tmp_path: Path
) -> None:
    """Only what was never begun may be taken back."""
    leave = asyncio.Event()

    async def does(job: RunJob, journal: Journal) -> None:
        await leave.wait()

    worker = Worker(does)
    async with opened(sqlite_url) as database:
        engine = DBOSEngine(database, patience=5)
        async with engine.running(worker):
            await engine.start(job())
            await worker.until_begun(job().id)
            engine.patience = 0.05
            with closing(sqlite3.connect(tmp_path / "research.sqlite", isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                with pytest.raises(StoreDown):
                    await engine.start(job())
                other.execute("ROLLBACK")
            leave.set()
            await worker.until_over(job().id)
    assert (await everything(sqlite_url))["workflow_status"][0]["status"] == "SUCCESS"


async def test_no_order_is_taken_while_postgres_is_stopped(postgres: Postgres, postgres_url: str) -> None:
    """Slack waits three seconds: whoever asks must hear it in time."""
    worker = Worker()
    async with opened(postgres_url) as database, DBOSEngine(database).running(worker) as engine:
        with postgres.away(), pytest.raises(StoreDown, match="could not connect"):
            await engine.start(job())
        assert await engine.start(job()) is True
        await worker.until_over(job().id)
    assert worker.ids == [job().id]


async def test_steps_that_wait_at_the_same_time_are_stored_in_one_commit(database_url: str) -> None:
    """A hundred runs at once would wait for a thousand commits, one after another."""
    commits: list[object] = []
    writing: set[object] = set()  # others commit meanwhile: the engine looks for jobs every second

    def executed(connection: sa.Connection, cursor: object, statement: str, *rest: object) -> None:
        if "operation_outputs" in statement and "INSERT" in statement:
            writing.add(connection)

    def committed(connection: sa.Connection) -> None:
        if connection in writing:
            writing.discard(connection)
            commits.append(connection)

    async def all_at_once(job: RunJob, journal: Journal) -> None:
        commits.clear()
        steps = [journal.step(f"step {number}", found, RESULT) for number in range(30)]
        assert await asyncio.gather(*steps) == [FINDING] * 30
        assert 0 < len(commits) <= 3  # the first goes alone

    worker = Worker(all_at_once)
    async with opened(database_url) as database, DBOSEngine(database).running(worker) as engine:
        sa.event.listen(database.engine, "before_cursor_execute", executed)
        sa.event.listen(database.engine, "commit", committed)
        await engine.start(job())
        await worker.until_over(job().id)
    kept = await everything(database_url)
    assert kept["workflow_status"][0]["status"] == "SUCCESS"
    assert len(kept["operation_outputs"]) == 30


async def test_a_step_that_cannot_be_stored_leaves_those_beside_it_alone(database_url: str) -> None:
    """They are of other runs, which would stand still with it."""

    async def beside(job: RunJob, journal: Any) -> None:
        one, two, three, other = (step_of_workflow(each, f"{each}", "1", "research.json") for each in range(1, 5))
        writer: StepWriter = journal._writer
        await writer.store(one)
        steps = (two, replace(other, owner="somebody else"), three, replace(one, ended=one.ended + 1))
        results = await asyncio.gather(*map(writer.store, steps), return_exceptions=True)
        assert [type(each).__name__ for each in results] == [
            "NoneType",
            "DBOSWorkflowConflictIDError",
            "NoneType",
            "DBOSStepNondeterminismError",
        ]

    worker = Worker(beside)
    async with durable(database_url, worker) as engine:
        await engine.start(job())
        await worker.until_over(job().id)
    kept = await everything(database_url)
    assert kept["workflow_status"][0]["status"] == "SUCCESS"
    assert sorted(row["function_id"] for row in kept["operation_outputs"]) == [1, 2, 3]
