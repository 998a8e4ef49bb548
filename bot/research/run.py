"""A run from its root message to its report: fan out to the angles, fan in to one report. Read this file first."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import structlog
from pydantic import TypeAdapter

from bot.research.ask import TimeLimit
from bot.research.errors import NotPosted
from bot.research.investigate import investigate
from bot.research.model import Angle, Finding, Gap, Phase, Question, Report, Run, Unwritten
from bot.research.ports import Journal, Model, Room, Thread
from bot.research.synthesize import synthesize

log = structlog.get_logger(__name__)

# What a stored step is read back as.
LINK = TypeAdapter(str)
RESULT: TypeAdapter[Finding | Gap] = TypeAdapter(Finding | Gap)
REPORT: TypeAdapter[Report | Unwritten] = TypeAdapter(Report | Unwritten)


@dataclass(frozen=True)
class Research:
    """Runs questions: ``run_timeout`` seconds for a run's workers, at least ``model_timeout`` for its report."""

    model: Model
    room: Room
    run_timeout: float = 360
    model_timeout: float = 90

    async def run(self, question: Question, journal: Journal) -> Run:
        """Research a question and show it where it was asked; give the run's last state.

        Raises NotPosted if not even the root message could be shown: then no model was asked.
        """
        ref = await journal.step("open", lambda: self.room.open(question), LINK)
        async with self.room.thread(question, ref) as thread:
            live = _Live(Run.of(question), thread, TimeLimit(self.run_timeout))
            try:
                await self._fan_out_and_in(live, journal)
            except asyncio.CancelledError:
                live.show(phase=Phase.INTERRUPTED, seconds=live.limit.spent)
                raise
            except Exception:
                log.exception("run.crashed")
                live.show(phase=Phase.BROKEN, seconds=live.limit.spent)
        return live.run

    async def _fan_out_and_in(self, live: _Live, journal: Journal) -> None:
        async with asyncio.TaskGroup() as posts:
            async with asyncio.TaskGroup() as workers:
                for angle in live.run.question.angles:
                    workers.create_task(self._angle(angle, live, journal.branch(f"angle/{angle.slug}"), posts))
            # Every angle has ended here, though the last may not be posted yet: the report need not wait for that.
            await self._report(live, journal)
        await _close(live, journal)

    async def _angle(self, angle: Angle, live: _Live, journal: Journal, posts: asyncio.TaskGroup) -> None:
        question = live.run.question
        result = await journal.step("investigate", lambda: investigate(self.model, question, angle, live.limit), RESULT)
        live.results[angle.slug] = result
        posts.create_task(_post(result, live, journal))

    async def _report(self, live: _Live, journal: Journal) -> None:
        for slug, result in live.results.items():
            live.run = live.run.with_branch(slug, result=result)
        if live.run.findings:
            live.show(phase=Phase.WRITING)
            written = await journal.step(
                "report", lambda: synthesize(self.model, live.run, live.limit, self.model_timeout), REPORT
            )
            live.keep(report=written)
        live.keep(seconds=live.limit.spent)


class _Live:
    """The run as it stands, and the thread that shows it."""

    def __init__(self, run: Run, thread: Thread, limit: TimeLimit) -> None:
        self.run, self.thread, self.limit = run, thread, limit
        self.results: dict[str, Finding | Gap] = {}  # as they come; the run takes each up when it is shown

    def keep(self, **changes: object) -> None:
        self.run = self.run.model_copy(update=changes)

    def show(self, **changes: object) -> None:
        self.keep(**changes)
        self.thread.progress(self.run)


async def _post(result: Finding | Gap, live: _Live, journal: Journal) -> None:
    """Show one angle; a run whose angle cannot be shown goes on, for the report will hold it."""
    thread = live.thread
    try:
        link = await journal.step(
            "post", lambda: thread.finding(result) if isinstance(result, Finding) else thread.gap(result), LINK
        )
    except NotPosted as error:
        log.error("angle.unposted", angle=result.angle.slug, cause=str(error))
        return
    live.run = live.run.with_branch(result.angle.slug, result=result, link=link)
    phase = Phase.WORKING if live.run.phase is Phase.STARTING else live.run.phase
    live.show(phase=phase)


async def _close(live: _Live, journal: Journal) -> None:
    if isinstance(live.run.report, Report):
        link = await journal.step("report/post", lambda: live.thread.report(live.run), LINK)
        live.keep(report_link=link)
    live.show(phase=_outcome(live.run), limit=_reached(live.run, live.limit))


def _outcome(run: Run) -> Phase:
    if not run.findings:
        return Phase.FAILED
    if isinstance(run.report, Unwritten):
        return Phase.UNWRITTEN
    return Phase.PARTIAL if run.gaps else Phase.DONE


def _reached(run: Run, limit: TimeLimit) -> float | None:
    failures = [*run.gaps, *([run.report] if isinstance(run.report, Unwritten) else [])]
    return limit.seconds if any(failure.cause == "time_limit" for failure in failures) else None
