"""The worker: does what jobs say about runs, keeps what came of them, and lets go when the process ends."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog
from structlog.contextvars import bound_contextvars

from bot.research.active_run import ActiveRun
from bot.research.errors import NotPosted, ThreadLost
from bot.research.ports import Journal
from bot.research.run import Research
from bot.research.run_state import Run
from bot.service.active_runs import ActiveRuns
from bot.service.elsewhere import Elsewhere
from bot.service.intake import Intake, State
from bot.service.jobs import Job, RunJob
from bot.service.persist import in_order, surely
from bot.service.quotas import Quotas

log = structlog.get_logger(__name__)

LAST_SECONDS = 3.0  # for runs that are left to the next process to let go of what they hold


class Worker:
    """Researches what the desk accepted; ``ended`` is told of each run that came to an end.

    ``find`` gives a job by its id, as the engine keeps it.
    """

    def __init__(
        self,
        research: Research,
        elsewhere: Elsewhere,
        find: Callable[[str], Awaitable[Job | None]],
        active_runs: ActiveRuns,
        quotas: Quotas,
        intake: Intake,
        ended: Callable[[Run], None],
    ) -> None:
        self._research, self._runs, self._active_runs = research, elsewhere.kept, active_runs
        self._elsewhere, self._find = elsewhere, find
        self._quotas, self._intake, self._watchers = quotas, intake, [ended]

    def watch(self, ended: Callable[[Run], None]) -> None:
        """Tell somebody else, too, of each run that came to an end."""
        self._watchers.append(ended)

    async def work(self, job: RunJob, journal: Journal) -> None:
        """Do what the job says, by this process or by one before it: the engine calls this."""
        await self._intake.turn(job.id)
        place, run_id = job.question.place, job.question.run_id
        with bound_contextvars(run=run_id, team=place.team, channel=place.channel):
            live = self._active_runs.get(run_id)
            if not live or live.run.attempt != job.attempt:
                if await surely(lambda: self._find(job.next_id)):
                    return  # it had ended; a crash took the engine's note of that
                live = await self._recovered(job, journal)
            self._active_runs.enter(live)
            self._quotas.add(job.id, job.question.asked_by(job.by))
            live.task = asyncio.current_task()
            try:
                log.info("run.started", attempt=job.attempt, recovered=live.recovered)
                async with self._elsewhere.shown(live):
                    had_an_end = await self._run(job, live, journal)
                if had_an_end:
                    await self._end(live)
            finally:
                self._active_runs.leave(live)

    async def _end(self, live: ActiveRun) -> None:
        """Keep a run as it ended, and tell."""
        live.keep(ended_at=time.time())
        await surely(lambda: in_order(self._runs, live))
        run = live.run
        for ended in self._watchers:
            ended(run)
        await self._elsewhere.ended(live)
        cost = {"calls": run.usage.calls, "tokens": run.usage.tokens}
        log.info("run.ended", outcome=run.phase, seconds=round(run.seconds, 1), **cost)

    async def _run(self, job: RunJob, live: ActiveRun, journal: Journal) -> bool:
        """Bring a run to its end; False if not even its root message could be shown."""
        try:
            await self._research.run(live, journal)
        except ThreadLost as lost:
            log.warning("thread.lost", cause=str(lost))
            if not lost.for_good:
                raise asyncio.CancelledError from lost  # the next process may be let in again: it goes on then
            live.stop(by="")
        except NotPosted as error:
            log.warning("run.unopened", cause=str(error))
            self._quotas.drop(job.id)
            return False
        return True

    async def _recovered(self, job: RunJob, journal: Journal) -> ActiveRun:
        """What an earlier process began with, as it was kept and as the journal has it."""
        kept = await surely(lambda: self._runs.find(job.question.run_id))
        run = Run.of(job.question)
        if kept:  # this very attempt was stopped, or had ended but for the engine's own note of it; or one before it
            run = kept if kept.attempt == job.attempt else _next(kept, job)
        live = ActiveRun(run.model_copy(update={"resumed_at": time.time()}), recovered=True)
        if not run.ended:
            await surely(lambda: self._research.recover(live, journal))
        return live

    async def drain(self, seconds: float, at_once: asyncio.Event | None = None) -> None:
        """Begin with nothing more; let the runs finish for that long or until ``at_once``; leave the rest as it is.

        The next process goes on with what was left.
        """
        self._intake.state = State.DRAINING
        ends = [asyncio.ensure_future(end.wait()) for end in (self._active_runs.idle, at_once or asyncio.Event())]
        await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
        self._intake.state = State.CLOSED
        left = [*self._active_runs.tasks, *self._intake.waiting]
        for task in left:
            task.cancel()
        if left:
            log.info("runs.left", runs=len(self._active_runs))
            await asyncio.wait(left, timeout=LAST_SECONDS)


def _next(run: Run, job: RunJob) -> Run:
    return run.retrying(job.retry, job.by) if job.retry else run.next_attempt(job.by)
