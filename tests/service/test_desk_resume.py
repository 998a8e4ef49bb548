"""The desk: another attempt at a run that was stopped or failed."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.research.model import Finding, Question
from bot.research.run_state import Phase, Run
from bot.service.errors import Closed, LimitReached, Refusal, StoreDown, TooLate, UnderWay
from bot.service.quotas import Limits
from tests.support.fakes import question
from tests.support.office import ANGLES, STEPS, Office


def asked(key: str, **changes: Any) -> Question:
    return question(key=key, **changes)


async def test_another_attempt_is_the_same_run_and_only_for_what_is_missing() -> None:
    """Finished angles are kept."""
    office = await Office().open()
    run_id = await office.stopped("societal")
    again = await office.desk.resume(run_id, "U2")
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
    begun = await asyncio.gather(*(office.desk.resume(run_id, by) for by in ("U2", "U3")), return_exceptions=True)
    await office.idle()
    assert [type(outcome) for outcome in begun] == [Run, UnderWay]
    assert sorted(office.asked) == sorted(STEPS)


@pytest.mark.parametrize(
    ("of", "refusal"), [("a run under way", UnderWay), ("a finished run", TooLate), ("an unknown run", TooLate)]
)
async def test_there_is_no_other_attempt_at(of: str, refusal: type[Refusal]) -> None:
    """Nothing is missing there, or nothing is known."""
    office = await Office().open()
    run_id = await office.begin(held=of == "a run under way")
    if of != "a run under way":
        await office.idle()
    with pytest.raises(refusal):
        await office.desk.resume("r_unknown" if of == "an unknown run" else run_id, "U2")
    assert len(office.engine.jobs) == 1
    office.let_go()
    await office.idle()


async def test_who_presses_resume_while_the_end_is_being_kept_need_not_press_again() -> None:
    """The button is there, so it works."""
    office = await Office().open()
    run_id, kept = await office.begin(), asyncio.Event()
    await office.desk.stop(run_id, "U1")
    save = office.runs.save

    async def slow(run: Run) -> None:
        await kept.wait()
        await save(run)

    office.runs.save = slow  # type: ignore[method-assign]
    await office.room.until("closed")
    again = asyncio.create_task(office.desk.resume(run_id, "U2"))
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

    async def down(job: object) -> bool:
        raise StoreDown("OperationalError")

    office.engine.start = down  # type: ignore[method-assign]
    with pytest.raises(StoreDown):
        await office.desk.resume(run_id, "U2")
    assert len(office.desk.active_runs) == 0
    office.engine.start = start  # type: ignore[method-assign]
    assert await office.desk.resume(run_id, "U2")
    await office.idle()
    assert office.runs.kept[run_id].phase is Phase.DONE


async def test_an_attempt_counts_on_who_asked_for_it_and_not_on_who_asked_first() -> None:
    """At once, and for the day."""
    office = await Office(Limits(per_user=1, per_user_day=2)).open()
    run_id = await office.stopped()
    office.model.close(*ANGLES)
    assert await office.desk.resume(run_id, "U2")
    with pytest.raises(LimitReached):
        await office.desk.accept(asked("2", asker="U2"))
    assert await office.desk.accept(asked("3"))
    office.let_go()
    await office.idle()


async def test_a_desk_that_is_closed_begins_no_other_attempt() -> None:
    """It would be cut off at once."""
    office = await Office().open()
    run_id = await office.stopped()
    await office.desk.worker.drain(0)
    with pytest.raises(Closed):
        await office.desk.resume(run_id, "U2")


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
    assert await office.desk.resume(broken.id, "U2")
    await office.idle()
    assert office.asked == ["report"]
    assert office.room.names[0] == "technical"
    assert office.runs.kept[broken.id].phase is Phase.DONE


async def test_a_thread_is_active_from_the_end_of_the_latest_attempt() -> None:
    """Its report invites to ask on; a run that was asked for months ago must not make that a lie."""
    office = await Office().open()
    before = time.time()
    run_id = await office.begin(question(asked_at=before - 60 * 86_400))
    await office.desk.stop(run_id, "U1")
    await office.idle()
    office.model.gates.clear()
    assert await office.desk.resume(run_id, "U2")
    await office.idle()
    assert office.runs.kept[run_id].active_at >= before
