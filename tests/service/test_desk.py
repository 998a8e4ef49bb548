"""The desk: stopping runs, which runs are under way, and what it does without its store."""

from __future__ import annotations

import asyncio
import time
from decimal import Decimal
from typing import Any

import pytest

from bot.research.model import Place, Question
from bot.research.run import Research
from bot.research.run_state import Phase, Run
from bot.service.desk import Desk
from bot.service.errors import StoreDown, TooLate
from bot.service.quotas import Allowance, Limits
from tests.support.fakes import MemoryEngine, MemoryStore, question
from tests.support.office import ANGLES, Office


def asked(key: str, **changes: Any) -> Question:
    return question(key=key, **changes)


async def test_a_stopped_run_is_kept_as_stopped_with_what_was_found() -> None:
    """Else the next process would go on with it."""
    office = await Office().open()
    run_id = await office.stopped("societal")
    kept = office.runs.kept[run_id]
    assert (kept.phase, kept.stopped_by, kept.ref) == (Phase.STOPPED, "U1", "ref")
    assert [finding.angle.slug for finding in kept.findings] == ["societal"]
    assert kept.branches[2].link == "link/societal"
    assert office.ended == [kept]
    assert len(office.desk.active_runs) == 0


async def test_a_stop_is_on_its_way_to_the_store_before_it_is_shown() -> None:
    """Whatever happens to the process in between, no restart goes on with it."""
    office = await Office().open()
    run_id = await office.begin()
    phases: list[Phase] = []
    save = office.runs.save

    async def watched(run: Run) -> None:
        phases.append(office.room.states[-1].phase if office.room.states else Phase.STARTING)
        await save(run)

    office.runs.save = watched  # type: ignore[method-assign]
    await office.desk.stop(run_id, "U1")
    await office.idle()
    assert phases == [Phase.STARTING, Phase.STOPPED]


async def test_what_is_kept_last_is_the_last_state_even_if_the_store_is_slow() -> None:
    """An older state that came in late would lose the root message, and the next attempt would post another."""
    office = await Office().open()
    opened, saved = asyncio.Event(), asyncio.Event()
    open_room, save = office.room.open, office.runs.save

    async def slow_open(run: Run, recovered: bool) -> str:
        await opened.wait()
        return await open_room(run, recovered)

    async def slow_save(run: Run) -> None:
        if not run.ref:
            await saved.wait()
        await save(run)

    office.room.open = slow_open  # type: ignore[method-assign]
    office.runs.save = slow_save  # type: ignore[method-assign]
    assert await office.desk.accept(question())
    stopping = asyncio.create_task(office.desk.stop(question().run_id, "U1"))
    await asyncio.sleep(0)
    opened.set()
    await office.room.until("closed")
    saved.set()
    await stopping
    await office.idle()
    assert office.runs.kept[question().run_id].ref == "ref"


async def test_what_a_run_under_way_has_cost_counts_until_it_is_kept_and_then_there() -> None:
    """Counted twice it would refuse what can be afforded, counted never it would let in what cannot."""
    office = await Office().open()
    run_id = await office.begin()
    office.model.gates["angle/technical"].set()
    await office.room.until("technical")
    await asyncio.sleep(0)
    cost = Decimal("0.001")
    assert office.desk.active_runs.unkept == cost
    await office.desk.stop(run_id, "U1")
    assert run_id in office.desk.active_runs
    assert (office.desk.active_runs.unkept, await office.runs.spent()) == (cost * 0, cost)
    await office.idle()
    assert (office.desk.active_runs.unkept, await office.runs.spent()) == (cost * 0, cost)


async def test_nothing_is_stopped_twice_nor_after_its_end() -> None:
    """The first one is named in the thread, and a report that is there stays."""
    office = await Office().open()
    run_id = await office.begin()
    await office.desk.stop(run_id, "U1")
    with pytest.raises(TooLate):
        await office.desk.stop(run_id, "U2")
    await office.idle()
    assert office.runs.kept[run_id].stopped_by == "U1"
    for known in (run_id, "r_unknown"):
        with pytest.raises(TooLate):
            await office.desk.stop(known, "U3")
    assert office.runs.kept[run_id].stopped_by == "U1"


async def test_a_run_that_has_its_report_is_not_stopped_while_it_is_being_kept() -> None:
    """Its root says that it is done."""
    office = await Office().open()
    office.runs.fault = StoreDown("OperationalError")
    run_id = await office.begin(held=False)
    await office.room.until("closed")
    office.runs.fault = None
    with pytest.raises(TooLate):
        await office.desk.stop(run_id, "U1")
    assert office.room.states[-1].phase is Phase.DONE


async def test_a_stop_that_cannot_be_kept_still_stops_and_says_so() -> None:
    """Nobody pays on because a disk is full; but a restart might go on, so the stopper must know."""
    office = await Office().open()
    run_id = await office.begin()
    office.runs.fault = StoreDown("OperationalError")
    with pytest.raises(StoreDown):
        await office.desk.stop(run_id, "U1")
    office.runs.fault = None
    await office.idle()
    assert office.runs.kept[run_id].phase is Phase.STOPPED
    assert office.asked == ANGLES


def places(channel: str) -> Place:
    return Place(team="T1", channel=channel)


RUNS: list[tuple[str, str, str, float]] = [
    ("older", "U1", "C1", 1),
    ("newer", "U1", "C1", 2),
    ("other person", "U2", "C1", 3),
    ("other channel", "U1", "C2", 4),
]


async def test_the_runs_under_way_in_a_channel_are_known_the_newest_first() -> None:
    """What is stopped by a word must be what its asker thinks of."""
    office = await Office().open()
    office.model.close(*ANGLES)
    for key, asker, channel, at in RUNS:
        assert await office.desk.accept(asked(key, topic=key, asker=asker, place=places(channel), asked_at=at))

    async def under_way(channel: str) -> list[str]:
        return [run.question.topic for run in await office.desk.under_way("T1", channel)]

    assert await under_way("C1") == ["other person", "newer", "older"]
    assert await under_way("C2") == ["other channel"]
    await office.desk.stop(asked("newer").run_id, "U1")
    assert await under_way("C1") == ["other person", "older"]
    office.let_go()
    await office.idle()


async def test_a_run_whose_end_is_not_kept_yet_is_no_longer_under_way_but_known() -> None:
    """A list must not lose it in between."""
    office = await Office().open()
    office.runs.fault = StoreDown("OperationalError")
    run_id = await office.begin(held=False)
    await office.room.until("closed")
    channel = question().place.channel
    assert await office.desk.under_way("T1", channel) == []
    assert [run.id for run in office.desk.active_runs.here(channel)] == [run_id]
    office.runs.fault = None


async def test_a_run_is_found_as_it_stands_and_later_as_it_was_kept() -> None:
    """Whoever wants to change something about it must see the latest, and a wrong name must not break."""
    office = await Office().open()
    run_id = await office.begin()
    under_way = await office.desk.find(run_id)
    assert under_way
    assert not under_way.ended
    assert [run.id for run in office.desk.active_runs.running("T1")] == [run_id]
    assert office.desk.active_runs.running("T2") == []
    office.let_go()
    await office.idle()
    assert await office.desk.find(run_id) == office.runs.kept[run_id]
    assert office.desk.active_runs.running("T1") == []
    assert await office.desk.find("r_NOTHING") is None


async def test_somebody_is_told_of_their_own_runs_of_today_in_their_own_workspace() -> None:
    """A number that is not theirs would be a wrong promise."""
    now = time.time()
    limits = Limits(per_user=2, per_user_day=20)
    office = await Office(limits).open()
    assert await office.desk.allowance("T1", "U1") == Allowance(0, 2, 0, 20)
    await office.begin(asked("a", asker="U1", asked_at=now))
    await office.begin(asked("b", asker="U2", asked_at=now), held=False)
    await office.begin(asked("c", asker="U1", asked_at=now - 86_400), held=False)
    assert await office.desk.allowance("T1", "U1") == Allowance(2, 2, 1, 20)
    assert await office.desk.allowance("T2", "U1") == Allowance(0, 2, 0, 20)
    office.let_go()
    await office.idle()
    assert await office.desk.allowance("T1", "U1") == Allowance(0, 2, 1, 20)


async def test_a_later_attempt_goes_on_though_a_crash_took_the_note_that_the_one_before_had_ended() -> None:
    """Both are begun again then: the one that had ended must not stand in for the other, nor be shown over it."""
    store = MemoryStore()
    before = await Office(engine=MemoryEngine(store)).open()
    run_id = await before.stopped("historical")
    before.model.close(*ANGLES)
    await before.desk.resume(run_id, "U2")
    await before.model.until_asked("angle/societal")
    after = Office(engine=MemoryEngine(store))
    after.runs = before.runs
    store.over.clear()
    after.desk = Desk(after.engine, Research(after.model, after.room), after.runs, after.ended.append)
    await after.open()
    await after.idle()
    assert [(run.attempt, run.phase) for run in after.ended] == [(2, Phase.DONE)]
    assert set(after.asked) == {"angle/technical", "angle/societal", "report"}
    before.let_go()
    await before.idle()
