"""One contract for all that keep runs for people: in memory, on a SQLite file, on Postgres."""

from __future__ import annotations

from collections.abc import AsyncIterator
from decimal import Decimal

import pytest
import sqlalchemy as sa

from bot.adapters.database import opened
from bot.adapters.runs_sql import SqlRuns
from bot.adapters.tables import RUNS
from bot.research.model import Finding, Gap, Limit, Place, Report, Section, Source, Unwritten, Usage, UsualCost
from bot.research.run_state import Phase, Run
from bot.service.ports import Runs
from tests.support.fakes import MemoryRuns, question

UNICODE = "Tee, 茶, चाय & <b>“☕️”</b>\n\t'; DROP TABLE runs; -- \\ \U0001f469‍\U0001f680"


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """Where runs are kept, "" for a memory."""
    found: str = "" if request.param == "memory" else request.getfixturevalue(f"{request.param}_url")
    return found


@pytest.fixture
async def runs(url: str) -> AsyncIterator[Runs]:
    if not url:
        yield MemoryRuns()
        return
    async with opened(url) as database:
        yield SqlRuns(database)


def run(key: str, asked_at: float = 1_000, team: str = "T1", channel: str = "C1", deep: bool = False) -> Run:
    return Run.of(question(key=key, asked_at=asked_at, place=Place(team=team, channel=channel), deep=deep))


def full(phase: Phase) -> Run:
    """A run in which everything is set that can be set."""
    asked = question(UNICODE, key=f"full {phase}")
    dear = Usage(calls=2, input_tokens=10**12, output_tokens=1, price=None, metered=False, local=True)
    historical, technical, _ = asked.angles
    finding = Finding(angle=historical, text=UNICODE, usage=dear, seconds=0.1, sources=(Source(name="茶", url="x:y"),))
    gap = Gap(angle=technical, cause="refused", sentence=UNICODE, short="no", usage=Usage(price=Decimal("0.0000001")))
    report = Report(summary=UNICODE, sections=(Section(title="Synthesis", text=UNICODE),), usage=dear, seconds=1e-9)
    last = {"stopped_by": "U1", "resumed_at": 1795169524.123456, "attempt": 3, "again_by": "U2", "earlier": dear}
    shown = Run.of(asked).with_branch("historical", result=finding, link="l").with_branch("technical", result=gap)
    last |= {"usual": (1.5, 2.5), "usual_cost": UsualCost(calls=(16, 20), dollars=Decimal("0.0123"))}
    reached = Limit(cause="time_limit", most=360)
    return shown.model_copy(
        update={"phase": phase, "report": report, "seconds": 7.25, "limit": reached, "ref": "r"} | last
    )


async def test_a_run_that_was_never_saved_is_not_found(runs: Runs) -> None:
    """A wrong reference is answered, not crashed upon."""
    assert await runs.find("r_NOTHING") is None
    assert await runs.latest("T1", "C1", 5) == []
    assert await runs.since(0) == []
    assert await runs.older(10**10) == []
    assert await runs.took(False, 5) == await runs.took(True, 5) == []
    assert await runs.by_asker("T1", "U1", 5) == await runs.public("T1", 5) == ([], 0)


@pytest.mark.parametrize("phase", Phase)
async def test_a_run_comes_back_as_it_was_saved_to_the_last_digit(runs: Runs, phase: Phase) -> None:
    """What cannot be read again was not kept: any language, unknown prices, every way to end."""
    saved = full(phase)
    await runs.save(saved)
    found = await runs.find(saved.id)
    assert found == saved
    assert found.usage.price is None
    assert found.gaps[0].usage.price == Decimal("0.0000001")


async def test_a_report_that_could_not_be_written_comes_back_as_that(runs: Runs) -> None:
    """Read as a report, a failure would be shown as the answer."""
    saved = full(Phase.UNWRITTEN).model_copy(update={"report": Unwritten(cause="x", sentence="y", short="z")})
    await runs.save(saved)
    found = await runs.find(saved.id)
    assert found
    assert isinstance(found.report, Unwritten)


async def test_a_run_saved_again_stands_in_place_of_how_it_stood_before(runs: Runs) -> None:
    """A second attempt must not leave two runs of one name, nor the old one."""
    first = run("a")
    await runs.save(first)
    await runs.save(first.model_copy(update={"phase": Phase.DONE, "attempt": 2}))
    found = await runs.latest("T1", "C1", 5)
    assert [(each.id, each.phase, each.attempt) for each in found] == [(first.id, Phase.DONE, 2)]


async def test_the_latest_runs_of_a_channel_come_newest_first_and_no_more_than_wanted(runs: Runs) -> None:
    """What people look for is what they asked last, whatever was saved last."""
    for key, asked_at in (("b", 2), ("d", 4), ("a", 1), ("c", 3)):
        await runs.save(run(key, asked_at))
    assert [each.question.key for each in await runs.latest("T1", "C1", 3)] == ["d", "c", "b"]


async def test_the_latest_runs_are_those_of_this_channel_in_this_workspace_only(runs: Runs) -> None:
    """Another channel's topics may be private; two workspaces may have channels of the same id."""
    here = run("here")
    for each in (here, run("other channel", channel="C2"), run("other team", team="T2")):
        await runs.save(each)
    assert await runs.latest("T1", "C1", 5) == [here]


async def test_the_runs_of_a_person_come_newest_first_with_how_many_there_are(runs: Runs) -> None:
    """Whoever has asked a hundred times looks for what they asked last, wherever it was."""
    own = [asked(str(number), by="U1", channel=f"C{number}", at=number) for number in range(5)]
    for each in [*own[::2], asked("other", by="U2", at=9), asked("other team", by="U1", team="T2", at=9), *own[1::2]]:
        await runs.save(each)
    assert await runs.by_asker("T1", "U1", 3) == (own[:1:-1], 5)
    assert await runs.by_asker("T1", "U1", 10) == (own[::-1], 5)
    assert await runs.by_asker("T1", "U3", 10) == ([], 0)


async def test_public_runs_are_only_those_that_everybody_is_known_to_be_able_to_read(runs: Runs) -> None:
    """A topic of a private channel shown to all cannot be taken back."""
    shown = [asked(str(number), at=number, public=True) for number in range(3)]
    for each in [*shown, asked("private", at=9), asked("other team", at=9, team="T2", public=True)]:
        await runs.save(each)
    assert await runs.public("T1", 2) == (shown[:0:-1], 3)
    await runs.save(Run.of(shown[2].question.model_copy(update={"place": Place(team="T1", channel="C1")})))
    assert await runs.public("T1", 2) == (shown[1::-1], 2)
    await runs.forget([shown[1].id])
    assert await runs.public("T1", 2) == (shown[:1], 1)


def asked(key: str, by: str = "U1", at: float = 0, team: str = "T1", channel: str = "C1", public: bool = False) -> Run:
    place = Place(team=team, channel=channel, public=public)
    return Run.of(question(key=key, asker=by, asked_at=at, place=place))


async def test_a_moment_parts_the_runs_into_those_since_then_and_those_before(runs: Runs) -> None:
    """One run in neither half would be kept for ever, one in both would be lost while it still counts."""
    old, now, new = run("old", 99.999), run("now", 100), run("new", 100.001)
    for each in (old, now, new):
        await runs.save(each)
    assert {each.id for each in await runs.since(100)} == {now.id, new.id}
    assert await runs.older(100) == [old.id]


async def test_a_forgotten_run_is_gone_from_everywhere_and_the_others_stay(runs: Runs) -> None:
    """Somebody asked that it be deleted; nobody asked that for the others."""
    gone, also, stays = run("gone"), run("also gone"), run("stays")
    for each in (gone, also, stays):
        await runs.save(each)
    await runs.forget([gone.id, also.id, "r_NOTHING"])
    assert await runs.find(gone.id) is None
    assert await runs.latest("T1", "C1", 5) == [stays]
    assert await runs.since(0) == [stays]


async def test_forgetting_nothing_forgets_nothing(runs: Runs) -> None:
    """An empty list is what most nights bring."""
    await runs.save(run("a"))
    await runs.forget([])
    assert len(await runs.since(0)) == 1


async def test_a_forgotten_run_may_be_kept_anew(runs: Runs) -> None:
    """Its last state may arrive after somebody deleted it; that is no crash."""
    first = run("a")
    await runs.save(first)
    await runs.forget([first.id])
    await runs.save(first)
    assert await runs.find(first.id) == first


async def test_what_the_latest_runs_took_is_told_from_the_oldest_on_and_deep_ones_apart(runs: Runs) -> None:
    """It tells what the next one takes; one that was stopped took as long as somebody's patience."""
    phases = [Phase.DONE, Phase.STOPPED, Phase.PARTIAL, Phase.DONE, Phase.FAILED, Phase.WORKING]
    earlier = Usage(calls=16, input_tokens=1, output_tokens=1, price=Decimal("0.0000001"))
    for number, phase in enumerate(phases):
        for deep in (False, True):
            asked = run(f"{number}{deep}", asked_at=number, deep=deep)
            cost = {"earlier": earlier} if deep else {"earlier": Usage(calls=4, price=None)}
            await runs.save(asked.model_copy(update={"phase": phase, "seconds": number + deep / 2} | cost))
    assert await runs.took(False, 2) == [(2, 4, None), (3, 4, None)]
    assert await runs.took(True, 9) == [(seconds, 16, earlier.price) for seconds in (0.5, 2.5, 3.5)]


async def test_a_run_that_cannot_be_read_costs_no_other_run_anything(database_url: str) -> None:
    """After a step back to an older release the bot must start, and know what it can."""
    async with opened(database_url) as database:
        runs = SqlRuns(database)
        for key in ("a", "b"):
            await runs.save(run(key))
        strange = run("b").model_dump_json().replace('"phase":"starting"', '"phase":"dreaming"')
        await database.run(
            lambda c: c.execute(sa.update(RUNS).where(RUNS.c.id == run("b").id).values(document=strange))
        )
        assert [each.id for each in await runs.since(0)] == [run("a").id]
        assert await runs.find(run("b").id) is None
