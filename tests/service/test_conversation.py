"""Replies while the store or the room lets the bot down."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext

import pytest
from structlog.testing import capture_logs

from bot.adapters.journal_memory import MemoryJournal
from bot.research.errors import (
    ContextTooLong,
    KeyRejected,
    ModelError,
    ModelRefused,
    NotPosted,
    ProviderDown,
    RateLimited,
    Refused,
)
from bot.research.model import Finding
from bot.research.ports import Journal
from bot.research.run_state import Phase, Run
from bot.service.conversation import Conversation
from bot.service.errors import StoreDown
from bot.service.jobs import Job, ReplyJob
from bot.service.peers import Alone, Peers
from bot.service.threads import Threads
from bot.service.transcript import Answer, Entry, ThreadState, Verdict
from tests.support.fakes import MemoryEngine, MemoryStore, question
from tests.support.office import Office


class Talking:
    """What was said and shown, in order."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.refusals: list[Exception] = []

    async def answer(self, run: Run, ask: ReplyJob, answer: Answer, link: str, recovered: bool) -> str:
        if self.refusals:
            raise self.refusals.pop(0)
        self.said.append(f"answer {ask.ts}")
        return f"link/{ask.ts}"

    async def seen(self, ask: ReplyJob, shown: bool) -> None:
        self.said.append(f"eyes {'on' if shown else 'off'} {ask.ts}")

    async def muted(self, run: Run, ask: ReplyJob, link: str, recovered: bool) -> str:
        return "link/muted"

    async def offer_silence(self, ask: ReplyJob) -> None:
        self.said.append("offer")

    def answering(self, ask: ReplyJob) -> AbstractContextManager[None]:
        return nullcontext()

    async def refuse(self, ask: ReplyJob, refusal: Exception) -> None:
        self.said.append(type(refusal).__name__)


class MemoryTranscript:
    """What was said in one thread; with a ``gate`` the store is slow, with a ``fault`` it is down then."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.kept = ThreadState(run_id="r")
        self.gate: asyncio.Event | None = None
        self.fault: StoreDown | None = None

    async def add(self, entries: list[Entry]) -> None:
        self.entries += entries

    async def of(self, run_id: str) -> list[Entry]:
        return self.entries

    async def state(self, run_id: str) -> ThreadState:
        if self.gate:
            await self.gate.wait()
        if self.fault:
            raise self.fault
        return self.kept

    async def change(self, run_id: str, how: Callable[[ThreadState], ThreadState]) -> ThreadState:
        before, self.kept = self.kept, how(self.kept)
        return before

    async def asked(self, since: float, author: str = "", run_id: str = "") -> list[float]:
        return []


def reply(ts: str = "2.0") -> ReplyJob:
    run_id = question().run_id
    return ReplyJob(run_id=run_id, thread="C1/1.0", ts=ts, asker="U2", text="Why?", asked_at=float(ts), addressed=True)


class Thread:
    """A thread under a run that has ended, and somebody who listens there."""

    def __init__(self, engine: MemoryEngine | None = None, peers: Peers | None = None) -> None:
        self.office, self.talk, self.transcript = Office(engine=engine, peers=peers), Talking(), MemoryTranscript()
        office = self.office
        threads = Threads(office.desk, self.transcript, self.talk)  # type: ignore[arg-type]
        self.conversation = Conversation(threads, office.model, office.engine)

    async def open(self) -> Thread:
        await self.office.open()
        await self.conversation.open()
        self.office.engine.begin_with(self.conversation.work)
        begun = Run.of(question())
        found = begun.with_branch("technical", result=Finding(angle=begun.branches[1].angle, text="Leaves."))
        await self.office.runs.save(found.model_copy(update={"phase": Phase.DONE, "ref": "C1/1.0"}))
        return self


async def test_whoever_brings_a_reply_again_hears_the_same_as_who_brought_it_first() -> None:
    """Slack gives up after three seconds and brings it again: it must not be told that all is well."""
    thread = await Thread().open()
    thread.transcript.gate, thread.transcript.fault = asyncio.Event(), StoreDown("TimeoutError")
    hearing = [asyncio.create_task(thread.conversation.hear(reply(), 0)) for _ in range(2)]
    await asyncio.sleep(0)
    thread.transcript.gate.set()
    assert [type(each) for each in await asyncio.gather(*hearing, return_exceptions=True)] == [StoreDown, StoreDown]
    thread.transcript.fault = None
    for _ in range(2):
        await thread.conversation.hear(reply(), 0)
    await thread.office.engine.idle()
    assert thread.talk.said.count("answer 2.0") == 1


async def test_who_gives_up_waiting_for_the_store_does_not_take_the_reply_along() -> None:
    """It is decided all the same, and is answered once."""
    thread = await Thread().open()
    thread.transcript.gate = asyncio.Event()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(thread.conversation.hear(reply(), 0), 0.01)
    thread.transcript.gate.set()
    await thread.conversation.hear(reply(), 0)
    await thread.office.engine.idle()
    assert thread.talk.said.count("answer 2.0") == 1


async def test_an_answer_that_cannot_be_shown_is_kept_as_failed_and_takes_its_eyes_away() -> None:
    """Else the asker waits for ever, and so does the next one in the thread."""
    thread = await Thread().open()
    thread.talk.refusals = [NotPosted("is_archived")]
    await thread.conversation.hear(reply(), 0)
    await thread.office.engine.idle()
    assert thread.talk.said == ["eyes on 2.0", "eyes off 2.0"]
    assert [(entry.ours, entry.verdict) for entry in thread.transcript.entries] == [(False, Verdict.FAILED)]
    thread.talk.refusals = []
    await thread.conversation.hear(reply("3.0"), 0)
    await thread.office.engine.idle()
    assert "answer 3.0" in thread.talk.said


async def test_a_reply_that_a_restart_left_keeps_its_place_when_it_is_delivered_again() -> None:
    """A later one must not overtake it."""
    thread = await Thread().open()
    first, second = reply("2.0"), reply("3.0")
    thread.office.model.close(f"follow-up/{first.ts}")
    work = asyncio.create_task(thread.conversation.work(first, MemoryJournal()))
    await thread.office.model.until_asked(f"follow-up/{first.ts}")
    thread.office.engine._store.jobs[first.id] = first
    await thread.conversation.hear(first, 0)
    await thread.conversation.hear(second, 0)
    await asyncio.sleep(0)
    assert "answer 3.0" not in thread.talk.said
    thread.office.let_go()
    await work
    await thread.office.engine.idle()
    assert [said for said in thread.talk.said if said.startswith("answer")] == ["answer 2.0", "answer 3.0"]


class CountingEngine(MemoryEngine):
    """Writes down what it was given."""

    def __init__(self, store: MemoryStore) -> None:
        super().__init__(store)
        self.given: list[str] = []

    async def start(self, job: Job) -> bool:
        self.given.append(job.id)
        return await super().start(job)


async def test_a_reply_that_an_earlier_process_took_up_is_left_to_the_engine() -> None:
    """Given anew it would look like one that nobody can have answered yet, and the answer might stand twice."""
    left, fresh = reply(), reply("3.0")
    engine = CountingEngine(MemoryStore(jobs={left.id: left}, given={left.id: 0}))
    thread = Thread(engine)
    await thread.office.desk.open()
    await thread.conversation.open()
    engine.begin_with(forget_it)
    for ask in (left, fresh):
        await thread.conversation.hear(ask, 0)
    await engine.idle()
    assert engine.given == [fresh.id]


async def forget_it(job: Job, journal: Journal) -> None:
    """Work that leaves nothing behind."""


async def logged(thread: Thread) -> dict[str, object]:
    """What the log says of a question once it is answered, or is not."""
    with capture_logs() as lines:
        await thread.conversation.hear(reply(), 0)
        await thread.office.engine.idle()
    (line,) = [line for line in lines if line["event"] == "question.answered"]
    return {name: line.get(name) for name in ("verdict", "cause", "log_level")}


@pytest.mark.parametrize("error", [KeyRejected(), ProviderDown(), RateLimited(), ModelRefused(), ContextTooLong()])
async def test_the_log_of_an_answer_that_failed_names_the_cause_as_that_of_an_angle_does(error: ModelError) -> None:
    """Whoever counts what fails must not have to guess which lines belong together."""
    thread = await Thread().open()
    thread.office.model.answers["follow-up/2.0"] = error
    assert await logged(thread) == {"verdict": "failed", "cause": error.cause, "log_level": "warning"}


async def test_the_log_of_an_answer_names_our_own_fault_as_that() -> None:
    """The provider is not to blame."""
    thread = await Thread().open()
    thread.office.model.answers["follow-up/2.0"] = ZeroDivisionError("secret")
    assert await logged(thread) == {"verdict": "failed", "cause": "internal", "log_level": "warning"}


async def test_whose_question_breaks_on_our_side_is_told_so() -> None:
    """Eyes that go away without a word leave people waiting."""
    thread = await Thread().open()
    thread.talk.refusals = [ZeroDivisionError("secret")]
    await thread.conversation.hear(reply(), 0)
    await thread.office.engine.idle()
    assert "Broken" in thread.talk.said


async def test_the_log_of_a_question_about_nothing_says_that_there_is_nothing() -> None:
    """No model was asked, so no other line tells."""
    thread = await Thread().open()
    (kept,) = thread.office.runs.kept.values()
    await thread.office.runs.save(Run.of(kept.question).model_copy(update={"phase": Phase.FAILED, "ref": kept.ref}))
    assert await logged(thread) == {"verdict": "failed", "cause": "no_findings", "log_level": "warning"}


@pytest.mark.parametrize(
    ("refusals", "cause"),
    [
        ([NotPosted("is_archived")], "is_archived"),
        ([Refused("invalid_blocks")], "text_refused"),
        ([Refused("invalid_blocks"), NotPosted("is_archived")], "is_archived"),
        ([Refused("invalid_blocks"), Refused("msg_too_long")], "msg_too_long"),
    ],
)
async def test_an_answer_that_cannot_be_shown_has_failed_in_the_log_too(refusals: list[NotPosted], cause: str) -> None:
    """The model has answered, and nobody reads it."""
    thread = await Thread().open()
    thread.talk.refusals = [*refusals]
    assert await logged(thread) == {"verdict": "failed", "cause": cause, "log_level": "warning"}
    assert thread.transcript.entries[0].verdict is Verdict.FAILED


async def test_the_log_of_an_answer_that_came_names_no_cause() -> None:
    """Nothing is wrong."""
    assert await logged(await Thread().open()) == {"verdict": "answered", "cause": None, "log_level": "info"}


class Holding(Alone):
    """Knows what is held now."""

    def __init__(self) -> None:
        self.held: set[str] = set()

    @asynccontextmanager
    async def hold(self, name: str, seconds: float) -> AsyncIterator[None]:
        self.held.add(name)
        try:
            yield
        finally:
            self.held.discard(name)


class Watching(MemoryEngine):
    """Notes what was held when each job was kept."""

    def __init__(self, peers: Holding) -> None:
        super().__init__()
        self.peers, self.held = peers, list[set[str]]()

    async def start(self, job: Job) -> bool:
        self.held.append(set(self.peers.held))
        return await super().start(job)


async def test_a_question_is_counted_and_kept_while_no_other_process_counts() -> None:
    """Between the two another process would let one in that is one too many."""
    engine = Watching(peers := Holding())
    thread = await Thread(engine, peers).open()
    await thread.conversation.hear(reply(), 0)
    await engine.idle()
    assert engine.held == [{"questions"}]
    assert peers.held == set()
