"""A run from its root message to its report: fan out to the angles, fan in to one report. Read this file first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from pydantic import TypeAdapter, ValidationError

from bot.research.active_run import ActiveRun
from bot.research.errors import NotPosted, Refused, Stopped
from bot.research.model import Finding, Gap, Ref, Report, Unwritten
from bot.research.ports import Journal, Model, Room
from bot.research.run_state import Branch, Phase, Run
from bot.research.voice import FULL, Voice

log = structlog.get_logger(__name__)

# What a stored step is read back as.
REF: TypeAdapter[Ref] = TypeAdapter(Ref)
PARTS: TypeAdapter[Ref | tuple[Ref, ...]] = TypeAdapter(Ref | tuple[Ref, ...])  # a single one in what 0.1.0 stored
NOTHING = TypeAdapter(None)
RESULT: TypeAdapter[Finding | Gap] = TypeAdapter(Finding | Gap)
REPORT: TypeAdapter[Report | Unwritten] = TypeAdapter(Report | Unwritten)


@dataclass(frozen=True)
class Research:
    """Runs questions: ``run_timeout`` seconds for a run's workers, at least ``model_timeout`` for its report."""

    model: Model
    room: Room
    run_timeout: float = 360
    model_timeout: float = 90
    voice: Voice = FULL

    async def recover(self, live: ActiveRun, journal: Journal) -> None:
        """Learn what an earlier process stored of this attempt, before anything goes on.

        What cannot be read is left for the run to stumble over: it ends as one that crashed, which people are told.
        Raises what the store raises.
        """
        try:
            await _recover(live, journal)
        except ValidationError:
            log.exception("run.unreadable")

    async def run(self, live: ActiveRun, journal: Journal) -> Run:
        """Research a question and show it where it was asked; give the run's last state.

        What the run has already is not researched again. Raises NotPosted if not even the root message could be shown:
        then no model was asked; ThreadLost when nothing can be shown any more.
        """
        question = live.run.question
        if not live.run.ref:
            ref = await journal.step("open", lambda: self.room.open(live.run, live.recovered), REF)
            live.keep(ref=ref)
        begun_before = live.recovered or live.run.attempt > 1
        async with self.room.thread(question, live.run.ref, begun_before) as thread:
            live.begin(thread, self.run_timeout)
            if live.run.ended:  # only its last state may not have been shown
                live.show()
                return live.run
            try:
                async with live.scope:
                    if begun_before:
                        live.show(phase=Phase.WORKING)
                    await self._fan_out_and_in(live, journal)
            except Stopped as stopped:
                live.gather()
                live.show(phase=Phase.STOPPED, stopped_by=stopped.by)
            except Exception:
                log.exception("run.crashed")
                live.gather()
                live.show(phase=Phase.BROKEN, seconds=live.seconds)
        return live.run

    async def _fan_out_and_in(self, live: ActiveRun, journal: Journal) -> None:
        async with asyncio.TaskGroup() as posts:
            async with asyncio.TaskGroup() as workers:
                for branch in live.run.branches:
                    if not (branch.result and branch.link):
                        workers.create_task(
                            self._angle(branch, live, journal.branch(f"angle/{branch.angle.slug}"), posts)
                        )
            # Every angle has ended here, though the last may not be posted yet: the report need not wait for that.
            await self._report(live, journal)
        await _close(live, journal)

    async def _angle(self, branch: Branch, live: ActiveRun, journal: Journal, posts: asyncio.TaskGroup) -> None:
        question, limit = live.run.question, live.limit
        result = branch.result
        if branch.retried and not result:
            await _say("retrying", lambda: live.thread.retrying(branch.angle, live.run.again_by, branch.link), journal)
        if not result:
            result = await journal.step(
                "investigate", lambda: self.voice.investigate(self.model, question, branch.angle, limit), RESULT
            )
        live.found(result)
        posts.create_task(_post(result, branch.link, live, journal))

    async def _report(self, live: ActiveRun, journal: Journal) -> None:
        run = live.gather()
        if run.findings and (run.outdated or not isinstance(run.report, Report)):
            live.show(phase=Phase.WRITING)
            written = await journal.step(
                "report", lambda: self.voice.synthesize(self.model, run, live.limit, self.model_timeout), REPORT
            )
            live.rewrite(written)
        live.keep(seconds=live.seconds)


async def _recover(live: ActiveRun, journal: Journal) -> None:
    opened = await journal.known("open", REF)
    live.keep(ref=live.run.ref or opened or "")
    for branch in live.run.branches:
        await _recover_angle(branch, live, journal.branch(f"angle/{branch.angle.slug}"))
    report = await journal.known("report", REPORT)
    if isinstance(report, Report) and not live.run.report:
        live.keep(report=report)
    unshown = isinstance(live.run.report, Report) and not live.run.report_link
    live.committed = isinstance(report, Report) or unshown


async def _recover_angle(branch: Branch, live: ActiveRun, journal: Journal) -> None:
    """What was found and not shown yet is shown when the run goes on."""
    found = await journal.known("investigate", RESULT)
    ref = await journal.known("post", REF)
    result = branch.result or found
    if result and ref:
        live.run = live.run.with_branch(branch.angle.slug, result=result, link=ref)
    elif result and not branch.result:
        live.found(result)


async def _post(result: Finding | Gap, ref: Ref, live: ActiveRun, journal: Journal) -> None:
    """Show one angle; a run whose angle cannot be shown goes on, for the report will hold it."""

    thread = live.thread

    async def show() -> Ref:
        return await (thread.finding(result, ref) if isinstance(result, Finding) else thread.gap(result, ref))

    try:
        live.shown(result, await journal.step("post", show, REF))
    except Refused as refused:
        await _post_gap(result, refused, ref, live, journal)
    except NotPosted as error:
        log.error("angle.unposted", angle=result.angle.slug, cause=str(error))


async def _post_gap(result: Finding | Gap, refused: Refused, ref: Ref, live: ActiveRun, journal: Journal) -> None:
    """An angle whose text nobody can read is a gap, for readers as for the run."""
    log.error("angle.refused", angle=result.angle.slug, cause=str(refused))
    gap = result if isinstance(result, Gap) else _unread(result, refused)
    live.found(gap)
    ref = next(iter(refused.refs), ref)
    try:
        ref = await journal.step("post/gap", lambda: live.thread.gap(gap, ref), REF)
    except NotPosted as error:
        log.error("angle.unposted", angle=gap.angle.slug, cause=str(error))
    live.shown(gap, ref)


def _unread(finding: Finding, refused: Refused) -> Gap:
    return Gap(angle=finding.angle, **dict(refused.failure) | {"usage": finding.usage})


async def _close(live: ActiveRun, journal: Journal) -> None:
    run = live.run
    standing = bool(run.report_link)
    if isinstance(run.report, Report) and (run.outdated or not standing):
        await _post_report(live, journal)
    live.show(phase=_outcome(live.run), limit=_reached(live.run, live.limit.seconds))
    if standing and live.run.outdated and isinstance(run.report, Report):
        await _say("report/note", lambda: live.thread.rewritten(live.run), journal)


async def _post_report(live: ActiveRun, journal: Journal) -> None:
    """Show the report; one whose text nobody can read counts as not written."""
    run = live.run
    try:
        stored = await journal.step("report/post", lambda: live.thread.report(run), PARTS)
    except Refused as refused:
        log.error("report.refused", cause=str(refused))
        live.rewrite(Unwritten(**dict(refused.failure)))
        live.keep(report_link="", report_parts=refused.refs)
        return
    parts = (stored,) if isinstance(stored, str) else stored
    live.keep(report_link=parts[0] if parts else "", report_parts=parts)


async def _say(name: str, say: Callable[[], Awaitable[None]], journal: Journal) -> None:
    """Say something beside the run's own messages; a run goes on without it."""
    try:
        await journal.step(name, say, NOTHING)
    except NotPosted as error:
        log.error("note.unposted", note=name, cause=str(error))


def _outcome(run: Run) -> Phase:
    if isinstance(run.report, Unwritten) and run.findings:
        return Phase.UNWRITTEN
    if not run.findings and not run.report_link:
        return Phase.FAILED
    return Phase.PARTIAL if run.gaps else Phase.DONE


def _reached(run: Run, limit: float) -> float | None:
    failures = [*run.gaps, *([run.report] if isinstance(run.report, Unwritten) else [])]
    return limit if any(failure.cause == "time_limit" for failure in failures) else None
