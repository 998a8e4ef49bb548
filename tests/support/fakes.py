"""Small working stand-ins for the ports; they record what they were told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import TypeAdapter

from bot.adapters.journal_memory import MemoryJournal
from bot.playground.slack.workspace import PATIENCE
from bot.research import angles
from bot.research.errors import NotPosted
from bot.research.model import Angle, Finding, Gap, Place, Question, Usage
from bot.research.ports import Call, Completion, Journal, Thread
from bot.research.run_state import Run
from bot.service.errors import StoreDown
from bot.service.estimates import Took, took
from bot.service.jobs import Job

T = TypeVar("T")
Work = Callable[[Any, Journal], Awaitable[None]]

REPORT = """Tea moved from medicine to habit. Its trade shaped empires.

## Historical Overview
Tea began in China.

## Technical Mechanisms
Oxidation makes black tea.

## Societal Impact
Tea feeds millions of pickers.

## Synthesis
As the historical angle shows, trade came before taste."""


def question(topic: str = "tea", **changes: object) -> Question:
    """A question as a teammate asks it in a channel."""
    asked = Question(
        key="1337.42",
        topic=topic,
        asker="U04MZ8R1C2D",
        place=Place(team="T1", channel="C05QK2T7H1P"),
        asked_at=1795169524,
        angles=angles.DEFAULT,
    )
    return asked.model_copy(update=changes)


class FakeModel:
    """Answers each step as it was told to, and only once its gate is open."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.ended: list[str] = []
        self.answers: dict[str, str | BaseException] = {"report": REPORT}
        self.gates: dict[str, asyncio.Event] = {}
        self._asked = asyncio.Condition()

    def close(self, *steps: str) -> None:
        """Let these steps wait until they are let through."""
        self.gates |= {step: asyncio.Event() for step in steps}

    async def until_asked(self, step: str) -> None:
        """Wait until this step has reached the model."""
        async with asyncio.timeout(PATIENCE), self._asked:
            await self._asked.wait_for(lambda: step in [call.step for call in self.calls])

    async def write(self, call: Call) -> Completion:
        assert call.person, f"nobody knows whose turn {call.name} is"
        async with self._asked:
            self.calls.append(call)
            self._asked.notify_all()
        if call.step in self.gates:
            await self.gates[call.step].wait()
        answer = self.answers.get(call.step, f"What the {call.step} call found. A second sentence.")
        self.ended.append(call.step)
        if isinstance(answer, BaseException):
            raise answer
        usage = Usage(calls=1, input_tokens=100, output_tokens=200, price=Decimal("0.001"))
        return Completion(answer, usage, 1.5, "fake")


class RecordingRoom:
    """A room whose threads write down what they show, in order."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, object]] = []
        self.states: list[Run] = []
        self.refusal: NotPosted | None = None
        self.unposted: set[str] = set()
        self.committed = False
        self._changed = asyncio.Condition()

    async def open(self, run: Run, recovered: bool) -> str:
        if self.refusal:
            raise self.refusal
        await self._show("root", run.question)
        return "ref"

    @asynccontextmanager
    async def thread(self, question: Question, ref: str, recovered: bool) -> AsyncIterator[Thread]:
        try:
            yield self
        finally:
            await self._show("closed", ref)

    def here(self, run: Run) -> Run:
        return run

    async def placed(self) -> None:
        pass

    def progress(self, run: Run) -> None:
        self.states.append(run)

    async def seen(self) -> None:
        await self._show("state", self.states[-1].phase)

    async def finding(self, finding: Finding, ref: str) -> str:
        return await self._show(finding.angle.slug, finding)

    async def gap(self, gap: Gap, ref: str) -> str:
        return await self._show(gap.angle.slug, gap)

    async def retrying(self, angle: Angle, by: str, ref: str) -> None:
        await self._show(f"retrying {angle.slug}", ref)

    async def report(self, run: Run) -> tuple[str, ...]:
        return (await self._show("report", run.report),)

    async def rewritten(self, run: Run) -> None:
        await self._show("rewritten", run.closed)

    async def until(self, name: str) -> None:
        """Wait until this was shown."""
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(lambda: name in self.names)

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.shown]

    async def _show(self, name: str, value: object) -> str:
        if name in self.unposted:
            raise NotPosted("is_archived")
        async with self._changed:
            self.shown.append((name, value))
            self._changed.notify_all()
        return f"link/{name}"


class ForgetfulJournal:
    """Makes every step anew and writes down its name, in ``stored`` once it is stored: where it has a gate, not before.

    Its branches share all that.
    """

    def __init__(self, prefix: str = "", root: ForgetfulJournal | None = None) -> None:
        self._prefix = prefix
        self.steps: list[str] = root.steps if root else []
        self.stored: list[str] = root.stored if root else []
        self.gates: dict[str, asyncio.Event] = root.gates if root else {}

    async def step(self, name: str, make: Callable[[], Awaitable[T]], kind: TypeAdapter[T]) -> T:
        full = self._prefix + name
        self.steps.append(full)
        made = kind.validate_json(kind.dump_json(await make()))
        if full in self.gates:
            await self.gates[full].wait()
        self.stored.append(full)
        return made

    async def known(self, name: str, kind: TypeAdapter[T]) -> T | None:
        return None

    def branch(self, name: str) -> Journal:
        return ForgetfulJournal(f"{self._prefix}{name}/", self)


@dataclass
class MemoryStore:
    """What outlives an engine in memory: jobs, those that are over, what their journals kept."""

    jobs: dict[str, Job] = field(default_factory=dict)
    over: set[str] = field(default_factory=set)
    kept: dict[str, dict[str, object]] = field(default_factory=dict)
    given: dict[str, float] = field(default_factory=dict)


class MemoryEngine:
    """Jobs in memory: each is begun once, and once more by each later engine on the same store until it is over."""

    def __init__(self, store: MemoryStore | None = None) -> None:
        self._store = store or MemoryStore()
        self._tasks: set[asyncio.Task[None]] = set()
        self._work: Work

    @asynccontextmanager
    async def running(self, work: Work) -> AsyncIterator[MemoryEngine]:
        """Begin with what is not over, and take jobs; leaving waits for what goes on."""
        self.begin_with(work)
        try:
            yield self
        finally:
            await self.idle()

    def begin_with(self, work: Work) -> None:
        """Begin with what is not over, and take jobs."""
        self._work = work
        for job in self._store.jobs.values():
            if job.id not in self._store.over:
                self._begin(job)

    async def idle(self) -> None:
        """Wait until nothing goes on."""
        if self._tasks:
            await asyncio.wait(self._tasks)

    @property
    def jobs(self) -> list[str]:
        """The ids of all that was ordered."""
        return list(self._store.jobs)

    async def start(self, job: Job) -> bool:
        if job.id in self._store.jobs:
            return False
        self._store.jobs[job.id] = job
        self._store.given[job.id] = time.time()
        self._begin(job)
        return True

    async def find(self, job_id: str) -> Job | None:
        return self._store.jobs.get(job_id)

    async def unfinished(self) -> list[str]:
        return [each for each in self._store.jobs if each not in self._store.over]

    async def left(self) -> list[str]:
        return await self.unfinished()

    async def older(self, moment: float) -> list[str]:
        given = self._store.given
        return sorted({each.partition(".")[0] for each in self._store.jobs if given[each] < moment})

    async def forget(self, run_ids: Sequence[str]) -> None:
        for job_id in [each for each in self._store.jobs if each.partition(".")[0] in run_ids]:
            del self._store.jobs[job_id]
            self._store.over.discard(job_id)
            self._store.kept.pop(job_id, None)

    def _begin(self, job: Job) -> None:
        task = asyncio.create_task(self._attempt(job))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _attempt(self, job: Job) -> None:
        """A job whose work fails is over as well; one that was cancelled is not."""
        with suppress(Exception):
            await self._work(job, MemoryJournal(kept=self._store.kept.setdefault(job.id, {})))
        self._store.over.add(job.id)


class MemoryRuns:
    """Runs in memory; with a ``fault`` the store is down."""

    def __init__(self) -> None:
        self.kept: dict[str, Run] = {}
        self.fault: StoreDown | None = None

    async def save(self, run: Run) -> None:
        self._answer()[run.id] = run

    async def find(self, run_id: str) -> Run | None:
        return self._answer().get(run_id)

    async def in_thread(self, thread: str) -> Run | None:
        return next((run for run in self._newest() if run.thread == thread), None)

    async def latest(self, team: str, channel: str, most: int) -> list[Run]:
        here = [
            run for run in self._newest() if (run.question.place.team, run.question.place.channel) == (team, channel)
        ]
        return here[:most]

    async def by_asker(self, team: str, asker: str, most: int) -> tuple[list[Run], int]:
        own = [run for run in self._of(team) if run.question.asker == asker]
        return own[:most], len(own)

    async def public(self, team: str, most: int) -> tuple[list[Run], int]:
        public = [run for run in self._of(team) if run.question.place.public]
        return public[:most], len(public)

    async def took(self, deep: bool, most: int) -> list[Took]:
        such = [what for run in self._newest() if run.question.deep is deep and (what := took(run))]
        return such[:most][::-1]

    async def spent(self) -> Decimal:
        return sum((run.usage.price or Decimal(0) for run in self._answer().values()), Decimal(0))

    async def since(self, moment: float) -> list[Run]:
        return [run for run in self._newest() if run.question.asked_at >= moment]

    async def older(self, moment: float) -> list[str]:
        return [run.id for run in self._newest() if run.question.asked_at < moment]

    async def forget(self, run_ids: Sequence[str]) -> None:
        for run_id in run_ids:
            self._answer().pop(run_id, None)

    def _of(self, team: str) -> list[Run]:
        return [run for run in self._newest() if run.question.place.team == team]

    def _newest(self) -> list[Run]:
        return sorted(self._answer().values(), key=lambda run: run.question.asked_at, reverse=True)

    def _answer(self) -> dict[str, Run]:
        if self.fault:
            raise self.fault
        return self.kept
