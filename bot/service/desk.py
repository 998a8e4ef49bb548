"""The desk: decides what is researched, stopped and tried again, and knows how each run stands; the worker does it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal

import structlog

from bot.research.active_run import ActiveRun
from bot.research.model import Question, UsualCost
from bot.research.run import Research
from bot.research.run_state import Run
from bot.service.access import Access
from bot.service.active_runs import ActiveRuns
from bot.service.admission import Admission
from bot.service.channels import ChannelIds, channel_of
from bot.service.elsewhere import Elsewhere
from bot.service.errors import Closed, LimitReached, NoReport, StoreDown, TooLate, UnderWay
from bot.service.estimates import LATEST, Estimates
from bot.service.intake import Intake, State
from bot.service.jobs import Kind, RunJob, read_id
from bot.service.peers import Alone, Peers
from bot.service.permissions import Action, may
from bot.service.persist import in_order, surely
from bot.service.ports import Engine, Runs
from bot.service.quotas import UNLIMITED, Allowance, Limits, Quotas
from bot.service.worker import Worker

log = structlog.get_logger(__name__)

OPENING_SECONDS = 1.5  # for a run's thread to be known: whoever wrote there waits
UNPLACED_SECONDS = 30 * 60  # as the message beside the button says, and as long as its response_url works
ENDING_SECONDS = 1.5  # for a run to be kept once its end is shown: whoever presses a button there waits


class Desk:
    """Accepts questions, stops and repeats runs, looks them up; its ``worker`` researches what was accepted.

    ``ended`` is told of each run that came to an end; ``channels`` knows which ids mean the same channel; without
    ``deep`` every run is a plain one; without an ``admission`` everybody is let in; ``peers`` are the other processes
    that have runs under way.
    """

    def __init__(
        self,
        engine: Engine,
        research: Research,
        runs: Runs,
        ended: Callable[[Run], None],
        limits: Limits = UNLIMITED,
        channels: ChannelIds | None = None,
        deep: bool = True,
        admission: Admission | None = None,
        peers: Peers | None = None,
    ) -> None:
        self._engine, self._runs, self._quotas = engine, runs, Quotas(limits)
        self.peers = peers or Alone()
        self._estimates = Estimates()
        self.channels, self.deep = channels or ChannelIds(), deep
        self.admission = admission or Admission(Access(), None, self.channels)
        self.active_runs, self.intake = ActiveRuns(self.channels), Intake()
        self.elsewhere = Elsewhere(self.peers, runs, self.active_runs)
        self.worker = Worker(research, self.elsewhere, engine.find, self.active_runs, self._quotas, self.intake, ended)
        self.worker.watch(self._estimates.learn)

    @property
    def closed(self) -> bool:
        """Whether nothing new is taken yet, or any more, not even for the next process to begin with."""
        return self.intake.state is State.CLOSED

    @property
    def draining(self) -> bool:
        """Whether what is taken now is kept for the next process to begin with."""
        return self.intake.state is State.DRAINING

    def oldest(self) -> float:
        """Seconds since the first of the runs under way began here, 0 without one."""
        return max((time.time() - run.question.asked_at for run in self.active_runs.runs), default=0.0)

    @property
    def refusals(self) -> Mapping[str, int]:
        """How many runs were one too many since this process began, by limit."""
        return self._quotas.refusals

    async def open(self) -> None:
        """Take questions from now on; the engine may bring what an earlier process left. Raises StoreDown."""
        left = map(read_id, await self._engine.left())
        self.active_runs.expect([each.run_id for each in left if each.kind is Kind.RUN])
        midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        for run in await self._runs.since(midnight.timestamp()):
            self._quotas.add(run.id, run.question)
        for deep in (False, True):
            self._estimates.know(deep, await self._runs.took(deep, LATEST))
        await self._runs.spent()  # the operator's page tells it from now on
        self.elsewhere.watch(self.stop)
        self.intake.state = State.OPEN

    async def accept(self, question: Question) -> bool:
        """Keep a question and begin its run; False if its key was taken before.

        While draining it is kept, and the next process begins with it. Raises Closed after that, UserOff or ChannelOff
        where this person may not or nobody may there, LimitReached where there are as many runs as there may be or the
        month's dollars are spent, StoreDown where it cannot be kept: then nothing is begun.
        """
        await self._ready(question.asker)
        await self.admission.start(question.asker, question.place.channel)
        budgeted = bool(self._quotas.limits.month_budget)
        kept = await self._runs.spent() if budgeted else Decimal(0)
        if question.run_id in self._quotas or question.run_id in self.active_runs:
            return False
        if budgeted:
            self._quotas.afford(kept + self.active_runs.unkept)
        question = question.model_copy(update={"deep": question.deep and self.deep})
        job, live = RunJob(question=question), ActiveRun(self._estimates.begun(question))
        return await self._admitted(job, live, question, question.topic)

    async def resume(self, run_id: str, by: str) -> Run:
        """Begin another attempt at a run that ended without a report; it counts on the limits of who asked for it.

        Gives the run as it begins. Raises UnderWay, TooLate where it ended well or is not known any more; else as
        accept.
        """
        await self._ready(by)
        return await self._resume(await self._at_rest(run_id, by), by)

    async def retry(self, run_id: str, slugs: Collection[str], by: str) -> Run:
        """Begin another attempt at a run that researches these gaps of its report anew; otherwise as resume.

        One that came to nothing at all begins again as a whole. Raises NoReport where there is none to go into.
        """
        await self._ready(by)
        run = await self._at_rest(run_id, by)
        missing = tuple(slug for slug in (run.retryable if run else ()) if slug in slugs)
        if run and missing and may(Action.RETRY, by, run.question.asker):
            return await self._attempt(run.retrying(missing, by), missing)
        if run and run.gaps and not run.findings:
            return await self._resume(run, by)
        raise NoReport if run and run.repeatable and not run.standing else TooLate

    async def _at_rest(self, run_id: str, by: str) -> Run | None:
        """A run that nobody works on, as it is kept, for somebody who may go on with it; raises UnderWay."""
        run = await self.kept(run_id)
        if run:
            await self.admission.start(by, run.question.place.channel)
        if await self.is_under_way(run_id):
            raise UnderWay
        return run

    async def is_under_way(self, run_id: str) -> bool:
        """Whether a run is being worked on, by this process or another. Raises StoreDown."""
        return run_id in self.active_runs or await self.elsewhere.has(run_id)

    async def _resume(self, run: Run | None, by: str) -> Run:
        if not run or not run.repeatable or not may(Action.RESUME, by, run.question.asker):
            raise TooLate
        return await self._attempt(run.next_attempt(by))

    async def _attempt(self, run: Run, retry: tuple[str, ...] = ()) -> Run:
        """Begin with another attempt; raises UnderWay where somebody else began with it."""
        by = run.again_by
        asked = run.question.asked_by(by).model_copy(update={"asked_at": time.time()})
        job = RunJob(question=run.question, attempt=run.attempt, by=by, retry=retry)
        if not await self._admitted(job, live := ActiveRun(run), asked):
            raise UnderWay
        return live.run

    async def kept(self, run_id: str) -> Run | None:
        """A run as it stood after its latest attempt that ended; None if nothing is kept of it. Raises StoreDown."""
        await self._end_of(run_id)
        with suppress(TimeoutError):
            await asyncio.wait_for(self.elsewhere.settled(run_id), ENDING_SECONDS)
        return await self._runs.find(run_id)

    async def stop(self, run_id: str, by: str) -> None:
        """Stop a run for somebody, and keep that, so that no restart goes on with it.

        Raises TooLate once its report is on its way to its readers, or it was stopped, though the store may not know
        yet; Closed while an earlier process's work on it is not taken up; StoreDown: it is stopped all the same.
        """
        live = await self._known(run_id)
        if not live and run_id in self.active_runs:
            raise Closed
        if not live and await self.elsewhere.stop(run_id, by):
            return
        if not live or not live.stoppable or not may(Action.STOP, by, live.run.question.asker):
            raise TooLate
        live.stop(by)
        await in_order(self._runs, live)

    async def find(self, run_id: str) -> Run | None:
        """A run as it stands, or as it was kept; None if it is not known any more. Raises StoreDown."""
        live = self.active_runs.get(run_id)
        return live.run if live else await self._runs.find(run_id)

    async def under_way(self, team: str, channel: str) -> list[Run]:
        """The runs that have no end yet in a channel, of all processes, the newest first. Raises StoreDown."""
        here = {run.id: run for run in [*await self.elsewhere.here(team, channel), *self.active_runs.here(channel)]}
        newest = sorted(here.values(), key=lambda run: run.question.asked_at, reverse=True)
        return [run for run in newest if not run.ended]

    async def placed(self, run_id: str) -> Run | None:
        """A run with the place where it is shown; None where that is not known. Raises StoreDown."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.active_runs.taken_up(run_id), ENDING_SECONDS)
        return await self.find(run_id)

    async def unplaced(self, run_id: str) -> Question | None:
        """A question that found no place a while ago, None where that is too long ago. Raises StoreDown."""
        job = await self._engine.find(run_id)
        if not isinstance(job, RunJob) or time.time() - job.question.asked_at > UNPLACED_SECONDS:
            return None
        return job.question

    def usual_cost(self, question: Question) -> UsualCost | None:
        """What a run of this question is likely to cost, None where nobody can tell or it is not deep."""
        return self._estimates.cost() if question.deep and self.deep else None

    async def allowance(self, team: str, person: str) -> Allowance:
        """How many runs somebody has of how many that they may have. Raises StoreDown."""
        running, today = await self.elsewhere.counted()
        return self._quotas.allowance(team, person, [*self.active_runs.questions(), *running], today)

    async def in_thread(self, thread: str) -> Run | None:
        """The newest run whose thread this is, as Run.thread has it. Raises StoreDown, also while it cannot know."""
        try:  # people may reply to a root message before its place is kept
            async with asyncio.timeout(OPENING_SECONDS):
                await self.active_runs.opened(channel_of(thread))
        except TimeoutError as error:
            raise StoreDown("the threads of some runs are not known yet") from error
        if not await self.active_runs.complete(0):
            raise StoreDown("some runs are not taken up again yet")
        known = self.active_runs.in_thread(thread) or await self._runs.in_thread(thread) or await self._moved_to(thread)
        if known:
            return known
        if await self.elsewhere.opening(channel_of(thread)):
            raise StoreDown("the threads of some runs elsewhere are not known yet")
        return await self._runs.in_thread(thread)  # it may have become known since

    async def _moved_to(self, thread: str) -> Run | None:
        """A run that has just moved into this thread; raises StoreDown while it cannot know."""
        try:
            await asyncio.wait_for(self.active_runs.placed(), OPENING_SECONDS)
        except TimeoutError as error:
            raise StoreDown("some runs are moving") from error
        return self.active_runs.in_thread(thread)

    async def settled(self, run_id: str) -> Run | None:
        """A run once nobody works on it any more; None if nothing is known of it."""
        await self.active_runs.taken_up(run_id)
        while live := self.active_runs.get(run_id):
            await live.left.wait()
        await surely(lambda: self.elsewhere.settled(run_id))
        return await surely(lambda: self._runs.find(run_id))

    async def _known(self, run_id: str) -> ActiveRun | None:
        """A run that is being worked on, once this process knows what an earlier one found."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.active_runs.taken_up(run_id), OPENING_SECONDS)
        return self.active_runs.get(run_id)

    async def _ready(self, person: str) -> None:
        """Raise Closed while nothing is taken; after a start wait a moment for what counts on people's limits."""
        if self.closed:
            raise Closed
        self.admission.expect(person)
        await self.active_runs.complete(OPENING_SECONDS)

    async def _admitted(self, job: RunJob, live: ActiveRun, asked: Question, topic: str = "") -> bool:
        """Begin with a job if there may be one more, which no other process decides meanwhile."""
        async with self.elsewhere.counting(self._quotas.limits.any, alone=self.draining) as (running, today):
            if job.id in today:  # another process was told of the same
                return False
            try:
                self._quotas.admit(asked, [*self.active_runs.questions(), *running], today)
            except LimitReached as limit:
                limit.topic = topic
                raise
            return await self._begin(job, live, asked)

    async def _end_of(self, run_id: str) -> None:
        """Wait for a run that has its last state to be kept: who sees a button may press it."""
        live = self.active_runs.get(run_id)
        if live and live.run.ended:
            with suppress(TimeoutError):
                await asyncio.wait_for(live.left.wait(), ENDING_SECONDS)

    async def _begin(self, job: RunJob, live: ActiveRun, asked: Question) -> bool:
        """Begin with a job, which counts for the day as ``asked``; while draining only keep it."""
        if self.draining:
            self.intake.put_off(job.id)
        else:
            self.active_runs.enter(live)
        self._quotas.add(job.id, asked)
        begun = False
        try:
            begun = await self._engine.start(job)
        finally:
            if not begun:
                self._quotas.drop(job.id)
            if not begun and not live.task:
                self.active_runs.leave(live)
        return begun
