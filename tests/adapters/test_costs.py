"""What runs and answers cost a month, on either database: counted once, kept when the runs are gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.costs_sql import SqlCosts
from bot.adapters.database import Database, opened
from bot.adapters.runs_sql import SqlRuns
from bot.adapters.tables import COSTS, forget
from bot.adapters.transcript_sql import SqlTranscript
from bot.research.model import Usage
from bot.research.run_state import Run
from bot.service.transcript import Entry
from tests.adapters.tables import everything
from tests.support.fakes import question
from tests.support.processes import run as typed

NOVEMBER = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC).timestamp()
ONE, OTHER = Run.of(question(key="one")), Run.of(question(key="other"))


def dear(run: Run, dollars: str) -> Run:
    return run.model_copy(update={"earlier": Usage(calls=1, input_tokens=1, price=Decimal(dollars))})


class Books:
    """Runs, answers and their costs, with a clock of their own."""

    def __init__(self, database: Database) -> None:
        self.now = NOVEMBER
        self.costs = SqlCosts(database, lambda: self.now)
        self.runs, self.transcript = SqlRuns(database, costs=self.costs), SqlTranscript(database, self.costs)

    async def answer(self, dollars: str | None, tries: int = 1) -> None:
        usage = Usage(calls=1, price=None if dollars is None else Decimal(dollars))
        asked = Entry(run_id=ONE.id, ts="1.5", text="", at=1.5, usage=usage, tries=tries)
        await self.transcript.add([asked, asked.model_copy(update={"ours": True})])


@pytest.fixture
async def books(database_url: str) -> AsyncIterator[Books]:
    async with opened(database_url) as database:
        yield Books(database)


async def test_runs_and_answers_are_counted_once_however_often_they_are_kept(books: Books) -> None:
    """A crash keeps the same again; another attempt and another answer cost what they add."""
    assert await books.runs.spent() == 0
    for dollars, spent in (("0.1", "0.1"), ("0.1", "0.1"), ("0.3", "0.3")):
        await books.runs.save(dear(ONE, dollars))
        assert (await books.runs.spent(), books.costs.known) == (Decimal(spent), Decimal(spent))
    await books.runs.save(dear(OTHER, "0.0000002"))
    for tries in (1, 1, 2):
        await books.answer("0.01", tries)
    assert await books.runs.spent() == Decimal("0.3200002")


async def test_a_month_begins_with_nothing_spent_and_counts_what_an_old_run_adds(books: Books) -> None:
    """Nobody in December pays for November, nor in November for what a retry cost in December."""
    await books.runs.save(dear(ONE, "0.5"))
    books.now += 1
    assert books.costs.known == await books.runs.spent() == 0
    for _ in range(2):
        await books.runs.save(dear(ONE, "0.75"))
        assert await books.runs.spent() == Decimal("0.25")
    books.now -= 1
    assert await books.runs.spent() == Decimal("0.5")


async def test_what_is_not_known_is_not_counted_and_forgets_nothing(books: Books) -> None:
    """An unknown price is not nothing, but nobody can tell what it is."""
    await books.runs.save(dear(ONE, "0.5"))
    await books.runs.save(ONE.model_copy(update={"earlier": Usage(calls=9, price=None)}))
    await books.answer(None)
    assert await books.runs.spent() == Decimal("0.5")


@pytest.fixture(scope="module")
def engine() -> Iterator[sa.Engine]:
    """All tables, in memory."""
    engine = sa.create_engine("sqlite://")
    COSTS.metadata.create_all(engine)
    yield engine
    engine.dispose()


@given(steps=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9), st.booleans(), st.booleans())))
def test_a_month_has_cost_what_was_added_in_it_whatever_is_kept_again_or_deleted(
    engine: sa.Engine, steps: list[tuple[int, int, bool, bool]]
) -> None:
    """Runs by number, cents that each adds, whether a month ends or the run is deleted before."""
    now, spent, totals = NOVEMBER, 0, dict.fromkeys(range(3), 0)
    names = {number: f"r_{number}" for number in totals}
    costs = SqlCosts(None, lambda: now)  # type: ignore[arg-type]
    with engine.connect() as connection:  # never committed: nothing is there for the next example
        for number, cents, turns, gone in steps:
            if turns:
                now, spent = now + 32 * 86_400, 0
            if gone:
                forget(connection, [names[number]])
                names[number], totals[number] = f"{names[number]}+", 0
            totals[number], spent = totals[number] + cents, spent + cents
            for _ in range(2):
                costs.book(connection, names[number], "", Usage(price=Decimal(totals[number]) / 100))
            assert costs.known == Decimal(spent) / 100 or not totals[number]


async def test_runs_that_are_deleted_leave_their_dollars_and_no_name(books: Books, database_url: str) -> None:
    """Deleting a dear run must not make room for another one."""
    await books.runs.save(dear(ONE, "0.5"))
    await books.answer("0.01")
    await books.runs.save(dear(OTHER, "0.25"))
    for gone in ([ONE.id], [], [ONE.id, OTHER.id]):
        await books.runs.forget(gone)
        assert await books.runs.spent() == Decimal("0.76")
    books.now += 1
    assert await books.runs.spent() == 0


async def test_what_two_processes_delete_at_once_leaves_its_dollars(postgres_url: str) -> None:
    """At night all of them keep house, and somebody may type forget meanwhile."""
    many = [dear(Run.of(question(key=str(number))), "0.5") for number in range(40)]
    async with opened(postgres_url) as one, opened(postgres_url) as other:
        first, second = Books(one), Books(other)
        await asyncio.gather(*(first.runs.save(run) for run in many))
        await asyncio.gather(*((first, second)[number % 2].runs.forget([run.id]) for number, run in enumerate(many)))
        assert await second.runs.spent() == Decimal(20)


async def test_a_deleted_run_is_named_nowhere(database_url: str) -> None:
    """Its name is one of the things that were promised to go."""
    async with opened(database_url) as database:
        books = Books(database)
        await books.runs.save(dear(ONE, "0.5"))
        await books.answer("0.01")
        await books.runs.forget([ONE.id])
    assert ONE.id not in str(await everything(database_url))


async def test_what_was_spent_moves_along(sqlite_url: str, postgres_url: str) -> None:
    """Another database is no new month."""
    async with opened(sqlite_url) as database:
        await Books(database).runs.save(dear(ONE, "0.5"))
    assert (await typed("move", sqlite_url, DATABASE_URL=postgres_url)).code == 0
    async with opened(postgres_url) as database:
        assert await Books(database).runs.spent() == Decimal("0.5")
