"""The desk: stopping runs and trying them again, which runs are under way, and what it does without its store."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.research.desk import Desk
from bot.research.errors import Closed, LimitReached, StoreDown
from bot.research.limits import Limits
from bot.research.model import Finding, Phase, Place, Question, Run
from bot.research.run import Research
from tests.fakes import FakeModel, MemoryEngine, MemoryRuns, RecordingRoom, question

ANGLES = ["angle/historical", "angle/technical", "angle/societal"]
STEPS = [*ANGLES, "report"]


class Office:
    """A desk with working stand-ins around it."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.model, self.room, self.runs = FakeModel(), RecordingRoom(), MemoryRuns()
        self.ended: list[Run] = []
        research = Research(self.model, self.room)
        self.desk = Desk(research, self.runs, self.ended.append, limits or Limits())
        self.engine = MemoryEngine(self.desk.work)

    async def open(self) -> Office:
        await self.desk.open(self.engine)
        return self

    async def begin(self, asked: Question | None = None, held: bool = True) -> str:
        """Begin a run whose angles wait for the model; give its name."""
        if held:
            self.model.close(*ANGLES)
        asked = asked or question()
        assert await self.desk.accept(asked)
        await self.model.until_asked("angle/societal")
        return asked.run_id

    async def stopped(self, *done: str) -> str:
        """A run that was stopped when these angles were shown; from now on the model answers at once."""
        run_id = await self.begin()
        for slug in done:
            self.model.gates[f"angle/{slug}"].set()
            await self.room.until(slug)
        assert await self.desk.stop(run_id, "U1")
        await self.idle()
        self.model.gates.clear()
        self.model.calls.clear()
        self.room.shown.clear()
        return run_id

    def let_go(self) -> None:
        """Let the model answer whatever it was asked."""
        for gate in self.model.gates.values():
            gate.set()

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        async with asyncio.timeout(5):
            await asyncio.gather(*self.engine.tasks.values())

    @property
    def asked(self) -> list[str]:
        return [call.step for call in self.model.calls]


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
    assert office.desk.in_flight == 0


async def test_a_run_is_kept_as_stopped_before_it_is_cut() -> None:
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

    async def slow_open(asked: Question, recovered: bool) -> str:
        await opened.wait()
        return await open_room(asked, recovered)

    async def slow_save(run: Run) -> None:
        if not run.ref:
            await saved.wait()
        await save(run)

    office.room.open = slow_open  # type: ignore[method-assign, assignment]
    office.runs.save = slow_save  # type: ignore[method-assign]
    assert await office.desk.accept(question())
    stopping = asyncio.create_task(office.desk.stop(question().run_id, "U1"))
    await asyncio.sleep(0)
    opened.set()
    await office.room.until("closed")
    saved.set()
    assert await stopping
    await office.idle()
    assert office.runs.kept[question().run_id].ref == "ref"


async def test_nothing_is_stopped_twice_nor_after_its_end() -> None:
    """The first one is named in the thread, and a report that is there stays."""
    office = await Office().open()
    run_id = await office.begin()
    assert [await office.desk.stop(run_id, by) for by in ("U1", "U2")] == [True, False]
    await office.idle()
    assert office.runs.kept[run_id].stopped_by == "U1"
    assert not await office.desk.stop(run_id, "U3")
    assert not await office.desk.stop("r_unknown", "U3")
    assert office.runs.kept[run_id].stopped_by == "U1"


async def test_a_run_that_has_its_report_is_not_stopped_while_it_is_being_kept() -> None:
    """Its root says that it is done."""
    office = await Office().open()
    office.runs.fault = StoreDown("OperationalError")
    run_id = await office.begin(held=False)
    await office.room.until("closed")
    office.runs.fault = None
    assert not await office.desk.stop(run_id, "U1")
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


async def test_another_attempt_is_the_same_run_and_only_for_what_is_missing() -> None:
    """Finished angles are kept."""
    office = await Office().open()
    run_id = await office.stopped("societal")
    again = await office.desk.again(run_id, "U2")
    await office.idle()
    assert again
    assert (again.id, again.attempt, again.again_by, again.ref) == (run_id, 2, "U2", "ref")
    assert office.asked == ["angle/historical", "angle/technical", "report"]
    assert sorted(office.room.names) == ["closed", "historical", "report", "technical"]
    assert office.runs.kept[run_id].phase is Phase.DONE


async def test_two_people_who_resume_at_once_begin_one_attempt() -> None:
    """Impatience must not be billed."""
    office = await Office().open()
    run_id = await office.stopped()
    begun = await asyncio.gather(*(office.desk.again(run_id, by) for by in ("U2", "U3")))
    await office.idle()
    assert [run is not None for run in begun] == [True, False]
    assert sorted(office.asked) == sorted(STEPS)


@pytest.mark.parametrize("of", ["a run under way", "a finished run", "an unknown run"])
async def test_there_is_no_other_attempt_at(of: str) -> None:
    """Nothing is missing there, or nothing is known."""
    office = await Office().open()
    run_id = await office.begin(held=of == "a run under way")
    if of != "a run under way":
        await office.idle()
    assert await office.desk.again("r_unknown" if of == "an unknown run" else run_id, "U2") is None
    assert len(office.engine.tasks) == 1
    office.let_go()
    await office.idle()


async def test_who_presses_resume_while_the_end_is_being_kept_need_not_press_again() -> None:
    """The button is there, so it works."""
    office = await Office().open()
    run_id, kept = await office.begin(), asyncio.Event()
    assert await office.desk.stop(run_id, "U1")
    save = office.runs.save

    async def slow(run: Run) -> None:
        await kept.wait()
        await save(run)

    office.runs.save = slow  # type: ignore[method-assign]
    await office.room.until("closed")
    again = asyncio.create_task(office.desk.again(run_id, "U2"))
    await asyncio.sleep(0)
    office.runs.save = save  # type: ignore[method-assign]
    kept.set()
    assert await again
    office.let_go()
    await office.idle()
    assert office.runs.kept[run_id].phase is Phase.DONE


async def test_an_attempt_that_the_engine_cannot_keep_is_not_begun_and_can_be_asked_for_again() -> None:
    """A store that was down for a moment must not make a run unrepeatable, nor take up a place for ever."""
    office = await Office(Limits(per_user=1, per_user_day=1)).open()
    run_id = await office.stopped()
    start = office.engine.start

    async def down(order: object) -> bool:
        raise StoreDown("OperationalError")

    office.engine.start = down  # type: ignore[method-assign]
    with pytest.raises(StoreDown):
        await office.desk.again(run_id, "U2")
    assert office.desk.in_flight == 0
    office.engine.start = start  # type: ignore[method-assign]
    assert await office.desk.again(run_id, "U2")
    await office.idle()
    assert office.runs.kept[run_id].phase is Phase.DONE


async def test_an_attempt_counts_on_who_asked_for_it_and_not_on_who_asked_first() -> None:
    """At once, and for the day."""
    office = await Office(Limits(per_user=1, per_user_day=2)).open()
    run_id = await office.stopped()
    office.model.close(*ANGLES)
    assert await office.desk.again(run_id, "U2")
    with pytest.raises(LimitReached):
        await office.desk.accept(asked("2", asker="U2"))
    assert await office.desk.accept(asked("3"))
    office.let_go()
    await office.idle()


async def test_a_desk_that_is_closed_begins_no_other_attempt() -> None:
    """It would be cut off at once."""
    office = await Office().open()
    run_id = await office.stopped()
    await office.desk.drain(0)
    with pytest.raises(Closed):
        await office.desk.again(run_id, "U2")


async def test_a_run_that_crashed_keeps_what_was_found_and_is_tried_again() -> None:
    """A bug of ours must not cost what is paid for, shown or not."""
    office = await Office().open()
    finding = office.room.finding

    async def crashing(found: Finding, link: str) -> str:
        if found.angle.slug == "technical":
            raise ZeroDivisionError
        return await finding(found, link)

    office.room.finding = crashing  # type: ignore[method-assign, assignment]
    office.model.close("angle/technical")
    assert await office.desk.accept(question())
    await office.room.until("historical")
    await office.room.until("societal")
    with capture_logs() as lines:
        office.model.gates["angle/technical"].set()
        await office.idle()
    assert "run.crashed" in [line["event"] for line in lines]
    broken = office.runs.kept[question().run_id]
    assert broken.phase is Phase.BROKEN
    assert len(broken.findings) == 3
    office.room.finding = finding  # type: ignore[method-assign]
    office.model.calls.clear()
    office.room.shown.clear()
    assert await office.desk.again(broken.id, "U2")
    await office.idle()
    assert office.asked == ["report"]
    assert office.room.names[0] == "technical"
    assert office.runs.kept[broken.id].phase is Phase.DONE


def places(channel: str) -> Place:
    return Place(team="T1", channel=channel)


RUNS: list[tuple[str, str, str, float]] = [
    ("older", "U1", "C1", 1),
    ("newer", "U1", "C1", 2),
    ("other person", "U2", "C1", 3),
    ("other channel", "U1", "C2", 4),
]


async def test_the_newest_run_is_the_askers_own_and_in_this_channel() -> None:
    """What is stopped by a word must be what its asker thinks of."""
    office = await Office().open()
    office.model.close(*ANGLES)
    for key, asker, channel, at in RUNS:
        assert await office.desk.accept(asked(key, topic=key, asker=asker, place=places(channel), asked_at=at))

    def newest(asker: str, channel: str) -> str:
        run = office.desk.newest(asker, channel)
        return run.question.topic if run else ""

    assert [run.question.topic for run in office.desk.under_way("C1")] == ["other person", "newer", "older"]
    assert newest("U1", "C1") == "newer"
    assert (newest("U2", "C1"), newest("U1", "C2"), newest("U2", "C2")) == ("other person", "other channel", "")
    await office.desk.stop(asked("newer").run_id, "U1")
    assert newest("U1", "C1") == "older"
    office.let_go()
    await office.idle()


async def test_a_run_whose_end_is_not_kept_yet_is_no_longer_under_way_but_known() -> None:
    """A list must not lose it in between."""
    office = await Office().open()
    office.runs.fault = StoreDown("OperationalError")
    run_id = await office.begin(held=False)
    await office.room.until("closed")
    channel = question().place.channel
    assert office.desk.under_way(channel) == []
    assert [run.id for run in office.desk.here(channel)] == [run_id]
    office.runs.fault = None
