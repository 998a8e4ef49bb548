"""What is kept of threads, on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.adapters.database import opened
from bot.adapters.runs_sql import SqlRuns
from bot.adapters.transcript_sql import SqlTranscript
from bot.research.run_state import Run
from bot.service.transcript import Entry, ThreadState, Verdict
from tests.support.fakes import question


@pytest.fixture
async def kept(database_url: str) -> AsyncIterator[tuple[SqlTranscript, SqlRuns]]:
    async with opened(database_url) as database:
        yield SqlTranscript(database), SqlRuns(database)


def entry(ts: str, author: str = "U1", run_id: str = "r_1", **changes: object) -> Entry:
    return Entry(run_id=run_id, ts=ts, author=author, text=f"said at {ts}", at=float(ts)).model_copy(update=changes)


async def test_what_was_said_comes_back_in_order_and_once(kept: tuple[SqlTranscript, SqlRuns]) -> None:
    """The thread of weeks ago is read as it was."""
    transcript, _ = kept
    asked, answer = entry("2"), entry("2", author="", ours=True, link="https://a/b")
    await transcript.add([asked, answer])
    await transcript.add([entry("1"), entry("3", run_id="r_2")])
    await transcript.add([asked.model_copy(update={"verdict": Verdict.FAILED})])
    found = await transcript.of("r_1")
    assert [(each.ts, each.ours, each.verdict) for each in found] == [
        ("1", False, "answered"),
        ("2", False, "failed"),
        ("2", True, "answered"),
    ]


async def test_questions_are_counted_by_person_and_by_thread(kept: tuple[SqlTranscript, SqlRuns]) -> None:
    """What was not for the bot does not count, nor does what it said itself."""
    transcript, _ = kept
    await transcript.add([entry("1"), entry("2", ours=True), entry("3", verdict=Verdict.IGNORED), entry("4")])
    await transcript.add([entry("5", author="U2"), entry("6", run_id="r_2")])
    assert await transcript.asked(2, author="U1") == [4, 6]
    assert await transcript.asked(0, run_id="r_1") == [1, 4, 5]


async def test_an_answer_ends_a_row_of_asides_and_keeps_the_rest(kept: tuple[SqlTranscript, SqlRuns]) -> None:
    """Else the bot offers to be silent where it was just asked."""
    transcript, _ = kept
    assert await transcript.state("r_1") == ThreadState(run_id="r_1")
    before = await transcript.change("r_1", lambda _: ThreadState(run_id="r_1", muted_by="U1", asides=1, offered=True))
    assert before == ThreadState(run_id="r_1")
    await transcript.add([entry("7", verdict=Verdict.IGNORED)])
    assert (await transcript.state("r_1")).asides == 1
    await transcript.add([entry("8"), entry("8", ours=True)])
    await transcript.add([entry("6", ours=True)])
    assert await transcript.state("r_1") == ThreadState(run_id="r_1", muted_by="U1", offered=True, active_at=8)


async def test_changes_at_the_same_time_all_hold(kept: tuple[SqlTranscript, SqlRuns]) -> None:
    """A thread that somebody muted must not talk on because somebody else spoke at that moment."""
    transcript, _ = kept
    mute = transcript.change("r_1", lambda state: state.model_copy(update={"muted_by": "U1"}))
    said = [transcript.add([entry(f"{number}", verdict=Verdict.IGNORED)]) for number in range(1, 10)]
    await asyncio.gather(*said, mute, *(transcript.change("r_1", ThreadState.aside) for _ in range(10)))
    state = await transcript.state("r_1")
    assert (state.muted_by, state.asides, state.active_at) == ("U1", 10, 9)


async def test_changes_by_two_processes_all_hold_from_the_first_one_on(postgres_url: str) -> None:
    """What one of them keeps of a thread of which nothing is kept yet must not undo what the other does there."""
    async with opened(postgres_url) as one, opened(postgres_url) as other:
        both, names = [SqlTranscript(database) for database in (one, other)], [f"r_{each}" for each in range(20)]
        await asyncio.gather(*(each.change(name, ThreadState.aside) for name in names for each in both))
        assert [(await both[0].state(name)).asides for name in names] == [2] * len(names)


async def test_a_run_is_found_by_its_thread_and_forgotten_with_it(kept: tuple[SqlTranscript, SqlRuns]) -> None:
    """Who forgets a run means what was said of it, too."""
    transcript, runs = kept
    older, newer = (Run.of(question(key=key, asked_at=at)) for key, at in (("a", 1.0), ("b", 2.0)))
    for each in (newer, older):
        await runs.save(each.model_copy(update={"ref": "C1/17.5"}))
    assert (await runs.in_thread("C1/17.5") or older).id == newer.id
    assert await runs.in_thread("C1/17.6") is None
    await transcript.add([entry("1", run_id=newer.id)])
    await transcript.change(newer.id, lambda state: state.model_copy(update={"muted_by": "U1"}))
    await runs.forget([newer.id])
    assert await transcript.of(newer.id) == []
    assert not (await transcript.state(newer.id)).muted_by
    assert (await runs.in_thread("C1/17.5") or newer).id == older.id
