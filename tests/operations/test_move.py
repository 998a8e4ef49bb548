"""`python -m bot move`: what is kept goes along to another database."""

from __future__ import annotations

import pytest

from bot.adapters.database import opened
from bot.adapters.runs_sql import SqlRuns
from bot.research.run_state import Run
from bot.service.jobs import RunJob
from tests.adapters.engines import Worker, durable, forever
from tests.support.fakes import question
from tests.support.processes import run

RUNS = [Run.of(question(topic, key=topic)) for topic in ("tea", "coffee & cake", "茶")]


async def kept(url: str) -> list[Run]:
    """All runs there."""
    async with opened(url) as database:
        return sorted(await SqlRuns(database).since(0), key=lambda run: run.id)


async def keep(url: str) -> None:
    """Have these runs there."""
    async with opened(url) as database:
        for each in RUNS:
            await SqlRuns(database).save(each)


async def test_all_runs_are_taken_from_a_file_to_postgres_and_back(new_sqlite_url: str, new_postgres_url: str) -> None:
    """Whoever outgrows a file must not lose what was found."""
    await keep(new_sqlite_url)
    there = await run("move", new_sqlite_url, DATABASE_URL=new_postgres_url)
    assert (there.code, there.out) == (0, "Runs copied: 3. Nothing was deleted.\n"), there.err
    assert await kept(new_postgres_url) == await kept(new_sqlite_url) == sorted(RUNS, key=lambda run: run.id)
    back = await run("move", new_postgres_url, DATABASE_URL=f"{new_sqlite_url}.back")
    assert back.code == 0, back.err
    assert await kept(f"{new_sqlite_url}.back") == await kept(new_postgres_url)


async def test_runs_that_have_not_ended_are_not_left_behind_in_silence(sqlite_url: str, postgres_url: str) -> None:
    """The new database would never go on with them."""
    worker, job = Worker(forever), RunJob(question=RUNS[0].question)
    async with durable(sqlite_url, worker) as engine:
        await engine.start(job)
        await worker.until_begun(job.id)
        await worker.cut(job.id)
    process = await run("move", sqlite_url, DATABASE_URL=postgres_url)
    assert process.code == 1
    assert process.err == "Runs that have not ended there: 1. Start the bot on it once more and let them end.\n"


async def test_a_file_that_is_not_there_is_not_made(new_sqlite_url: str, new_postgres_url: str) -> None:
    """A typing mistake must not look like an empty house."""
    process = await run("move", new_sqlite_url, DATABASE_URL=new_postgres_url)
    assert (process.code, process.err) == (2, f"There is no database at {new_sqlite_url}. Nothing was copied.\n")
    forgotten = await run("forget", "r_1", DATABASE_URL=new_sqlite_url)
    assert (forgotten.code, forgotten.err.partition(". ")[0]) == (2, f"There is no database at {new_sqlite_url}")
    assert (await run("move", new_sqlite_url, DATABASE_URL=new_postgres_url)).code == 2


@pytest.mark.parametrize(
    "source", ["my.sqlite", "mysql://db/research", "postgresql://bot:p@ss@db/x", "sqlite:///a?mode=ro"]
)
async def test_an_address_that_is_none_is_said_and_not_repeated(source: str, sqlite_url: str) -> None:
    """It may hold a password."""
    process = await run("move", source, DATABASE_URL=sqlite_url)
    assert process.code == 2
    assert process.err.startswith("Where the runs are now m") or "write %40" in process.err
    assert source not in process.err


async def test_of_two_databases_a_failure_says_which_it_is_about(sqlite_url: str) -> None:
    """Whoever doubts the wrong one looks for long."""
    await keep(sqlite_url)
    process = await run("move", sqlite_url, DATABASE_URL="postgresql://bot:secret@127.0.0.1:1/research")
    assert process.code == 1
    assert "used: postgresql://bot:***@127.0.0.1:1/research: could not connect: connection" in process.err
    assert "secret" not in process.err
