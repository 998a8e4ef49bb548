"""One contract for all journals: in memory, and the engine's on a SQLite file and on Postgres."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter

from bot.playground.slack.workspace import PATIENCE
from bot.research.errors import ModelTimeout
from bot.research.model import Finding, Gap, Report, Section, Unwritten, Usage
from bot.research.ports import Journal
from bot.research.run import REF, REPORT, RESULT
from tests.adapters.engines import Running, Worker, attempt, job
from tests.support.fakes import question

HISTORICAL, TECHNICAL, SOCIETAL = question().angles
FINDING = Finding(angle=HISTORICAL, text="茶\n\\u0000 “☕️”", usage=Usage(calls=1, price=None), seconds=0.1)
GAP = Gap(angle=HISTORICAL, cause="x", sentence="y", short="z", usage=Usage(price=Decimal("0.0000001")))
WRITTEN = Report(summary="s", sections=(Section(title="Synthesis", text="t"),))
UNWRITTEN = Unwritten(cause="x", sentence="y", short="z")
KINDS: list[tuple[str, object, TypeAdapter[Any]]] = [
    ("finding", FINDING, RESULT),
    ("gap", GAP, RESULT),
    ("written", WRITTEN, REPORT),
    ("unwritten", UNWRITTEN, REPORT),
    ("link", "https://x", REF),
    ("no link", "", REF),
]


class Makes:
    """Makes of steps; writes down which were made."""

    def __init__(self) -> None:
        self.made: list[str] = []

    def __call__(self, what: str) -> Callable[[], Awaitable[str]]:
        async def make() -> str:
            self.made.append(what)
            return what

        return make

    async def all(self, journal: Journal, *names: str) -> list[str]:
        """Have each name made as the step of that name."""
        return [await journal.step(name, self(name), REF) for name in names]


@pytest.fixture
def makes() -> Makes:
    return Makes()


async def never() -> str:
    raise AssertionError("a stored step was made again")


def restart() -> None:
    raise asyncio.CancelledError


async def test_a_stored_step_is_not_made_again_by_this_process_nor_by_the_next(running: Running, makes: Makes) -> None:
    """A model call made twice is paid twice; a message posted twice is read twice."""

    async def first(journal: Journal) -> None:
        await makes.all(journal, "open", "report", "report/post", "open")
        restart()

    async def second(journal: Journal) -> None:
        assert [await journal.step(name, never, REF) for name in ("open", "report")] == ["open", "report"]
        await makes.all(journal, "report/post", "close")

    await attempt(running, first)
    await attempt(running, second)
    assert makes.made == ["open", "report", "report/post", "close"]


async def test_what_an_earlier_process_stored_is_known_without_making_anything(running: Running, makes: Makes) -> None:
    """Somebody may stop a run in the first moment after a restart: what was found must not be lost, nor paid again."""

    async def first(journal: Journal) -> None:
        assert await journal.known("open", REF) is None
        await makes.all(journal, "open")
        await makes.all(journal.branch("a"), "post")
        restart()

    async def second(journal: Journal) -> None:
        assert await journal.known("open", REF) == "open"
        assert await journal.branch("a").known("post", REF) == "post"
        assert await journal.known("post", REF) is None
        assert await journal.branch("b").known("post", REF) is None
        assert await makes.all(journal, "open", "close") == ["open", "close"]

    await attempt(running, first)
    await attempt(running, second)
    assert makes.made == ["open", "post", "close"]


async def test_a_step_that_fails_gives_its_own_error_and_is_made_again(running: Running, makes: Makes) -> None:
    """A stored failure would be final; a wrapped one would be told wrongly to people."""
    error = ModelTimeout(usage=Usage(calls=2), limit=90)

    async def fails() -> str:
        raise error

    async def first(journal: Journal) -> None:
        with pytest.raises(ModelTimeout) as raised:
            await journal.step("again here", fails, REF)
        assert raised.value is error
        await makes.all(journal, "again here")
        with pytest.raises(ModelTimeout):
            await journal.step("again later", fails, REF)
        restart()

    async def second(journal: Journal) -> None:
        assert await makes.all(journal, "again here", "again later") == ["again here", "again later"]

    await attempt(running, first)
    await attempt(running, second)
    assert makes.made == ["again here", "again later"]


async def test_steps_of_one_name_in_different_branches_are_kept_apart(running: Running, makes: Makes) -> None:
    """Every angle has a step "investigate": the report must not hold one of them three times."""

    async def steps(journal: Journal, make: Callable[[str], Callable[[], Awaitable[str]]]) -> list[str]:
        nested = journal.branch("a").branch("a")
        places = {"root": journal, "a": journal.branch("a"), "b": journal.branch("b"), "a/a": nested}
        return [await place.step("post", make(name), REF) for name, place in places.items()]

    async def first(journal: Journal) -> None:
        assert await steps(journal, makes) == ["root", "a", "b", "a/a"]
        restart()

    async def second(journal: Journal) -> None:
        assert await steps(journal, lambda name: never) == ["root", "a", "b", "a/a"]

    await attempt(running, first)
    await attempt(running, second)


async def test_branches_go_on_side_by_side_and_may_come_in_another_order_after_a_restart(
    running: Running, makes: Makes
) -> None:
    """Who is quick differs from run to run: results told apart by their order would change places."""

    async def side_by_side(journal: Journal, *names: str) -> None:
        met = asyncio.Barrier(len(names))  # passed only by branches that all are under way

        async def branch(name: str) -> None:
            async def investigate() -> str:
                await met.wait()
                return await makes(name)()

            inner = journal.branch(name).branch("inner")
            await makes.all(journal.branch(name), f"{name} first")
            assert await inner.step("investigate", investigate, REF) == name

        async with asyncio.timeout(PATIENCE), asyncio.TaskGroup() as group:
            for name in names:
                group.create_task(branch(name))

    async def first(journal: Journal) -> None:
        await side_by_side(journal, "a", "b")
        restart()

    async def second(journal: Journal) -> None:
        for name in ("b", "a"):
            assert await journal.branch(name).branch("inner").step("investigate", never, REF) == name
        await side_by_side(journal, "d", "c")

    await attempt(running, first)
    await attempt(running, second)
    assert sorted(makes.made) == ["a", "a first", "b", "b first", "c", "c first", "d", "d first"]


async def test_what_comes_back_is_of_its_kind(running: Running) -> None:
    """A gap read back as a finding would be shown as an answer."""

    async def first(journal: Journal) -> None:
        for name, value, kind in KINDS:

            async def make(value: object = value) -> object:
                return value

            assert await journal.step(name, make, kind) == value
        restart()

    async def second(journal: Journal) -> None:
        for name, value, kind in KINDS:
            stored = await journal.step(name, never, kind)
            assert (type(stored), stored) == (type(value), value)

    await attempt(running, first)
    await attempt(running, second)


async def test_a_step_that_is_cut_off_in_its_middle_is_not_stored(running: Running, makes: Makes) -> None:
    """Half an answer must not pass for a whole one after a restart."""

    async def long() -> str:
        return await asyncio.Event().wait() and ""

    async def cut_off(job: object, journal: Journal) -> None:
        await journal.branch("angle").step("investigate", long, REF)

    async def whole(journal: Journal) -> None:
        await makes.all(journal.branch("angle"), "investigate")

    worker = Worker(cut_off)
    async with running(worker) as engine:
        await engine.start(job())
        await worker.until_begun(job().id)
        await worker.cut(job().id)
    await attempt(running, whole)
    assert makes.made == ["investigate"]


async def test_the_journals_of_two_orders_are_kept_apart(running: Running, makes: Makes) -> None:
    """Two runs have steps of the same names; so have two attempts at one run."""

    async def does(job: object, journal: Journal) -> None:
        await makes.all(journal, "open")

    worker = Worker(does)
    jobs = [job(), job(attempt=2), job("another")]
    async with running(worker) as engine:
        for each in jobs:
            await engine.start(each)
        await worker.until_over(*(each.id for each in jobs))
    assert makes.made == ["open"] * 3
