"""A run from its root message to its report: fan out to the angles, fan in to one report. Read this file first."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

import structlog
from pydantic import TypeAdapter, ValidationError

from bot.research.active_run import ActiveRun
from bot.research.angles import DEFAULT
from bot.research.budget import UNLIMITED, Budget, RunLimits
from bot.research.deep import Depth, Tree, compared, recovered
from bot.research.deep_calls import Calls
from bot.research.errors import NotPosted, Refused, Stopped
from bot.research.evidence.gather import Sought, gather
from bot.research.evidence.grounds import Grounds
from bot.research.evidence.numbering import numbers
from bot.research.evidence.reading import Library
from bot.research.model import Draft, Finding, Gap, Limit, Node, Plan, Ref, Report, Synthesis, Unwritten
from bot.research.model_call import TimeLimit
from bot.research.ports import Journal, Model, Room
from bot.research.run_state import Branch, Phase, Run
from bot.research.sections import put_together
from bot.research.voice import WHOLE, Voice

log = structlog.get_logger(__name__)

# What a stored step is read back as.
REF: TypeAdapter[Ref] = TypeAdapter(Ref)
PARTS: TypeAdapter[Ref | tuple[Ref, ...]] = TypeAdapter(Ref | tuple[Ref, ...])  # a single one in what 0.1.0 stored
NOTHING = TypeAdapter(None)
PLAN: TypeAdapter[Plan] = TypeAdapter(Plan)
RESULT: TypeAdapter[Finding | Gap] = TypeAdapter(Finding | Gap)
REPORT: TypeAdapter[Report | Unwritten] = TypeAdapter(Report | Unwritten)
SECTION: TypeAdapter[Draft | Unwritten] = TypeAdapter(Draft | Unwritten)
WRITTEN: TypeAdapter[Report | Synthesis | Unwritten] = TypeAdapter(Report | Synthesis | Unwritten)
SYNTHESIS: TypeAdapter[Synthesis | Unwritten] = TypeAdapter(Synthesis | Unwritten)


@dataclass(frozen=True)
class _Attempt:
    """What the tasks of one attempt at a run share.

    ``posts`` and ``sections`` are where messages are posted and sections written. ``found`` and ``kept`` tell of each
    angle that is not shown yet, by its slug, that it has a result, and that this is stored. What is made of results
    begins with the former and is stored after the latter: so no model waits for the store, and what is stored never
    rests on an answer that a crash has lost.
    """

    live: ActiveRun
    journal: Journal
    posts: asyncio.TaskGroup
    sections: asyncio.TaskGroup
    found: Mapping[str, asyncio.Event]
    kept: Mapping[str, asyncio.Event]


@dataclass(frozen=True)
class Research:
    """Runs questions: ``run_timeout`` seconds for a run's workers, at least ``model_timeout`` for its report.

    No attempt uses more than its ``limits``. ``max_depth`` is how many levels of workers a deep run may have: with 1 it
    is a plain one, unless it was split before. Workers read in the ``library`` before they write; without one from
    memory.
    """

    model: Model
    room: Room
    run_timeout: float = 360
    model_timeout: float = 90
    voice: Voice = WHOLE
    limits: RunLimits = UNLIMITED
    max_depth: int = 2
    library: Library | None = None

    async def recover(self, live: ActiveRun, journal: Journal) -> None:
        """Learn what an earlier process stored of this attempt, before anything goes on.

        What cannot be read is left for the run to stumble over: it ends as one that crashed, which people are told.
        Raises what the store raises.
        """
        try:
            await _recover(live, journal, self.voice.section is not None)
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
            budget = Budget(self.limits, live.spent, partial(self.voice.to_come, searches=bool(self.library)))
            live.begin(thread, TimeLimit(self.run_timeout, budget))
            if live.run.ended:  # only its last state may not have been shown
                live.show()
                return live.run
            try:
                async with live.scope:
                    if begun_before:
                        live.show(phase=Phase.WORKING)
                    if not live.run.branches:
                        await self._plan(live, journal)
                    await self._fan_out_and_in(live, journal)
            except Stopped as stopped:
                live.gather()
                live.show(phase=Phase.STOPPED, stopped_by=stopped.by)
            except Exception:
                log.exception("run.crashed")
                live.gather()
                live.show(phase=Phase.BROKEN, seconds=live.seconds)
        return live.run

    async def _plan(self, live: ActiveRun, journal: Journal) -> None:
        """Let the angles be chosen, if one can be researched then; people see them before a worker begins."""
        live.limit.budget.reserve(Run.of(live.run.question.model_copy(update={"angles": DEFAULT[:1]})))
        choose, model, question, limit = self.voice.plan, self.model, live.run.question, live.limit
        if not (plan := live.run.plan):
            plan = await journal.step("plan", lambda: choose(model, question, limit, None), PLAN)
        live.run = live.run.with_plan(plan)
        if plan.faults:
            mended = await journal.step("plan/repair", lambda: choose(model, question, limit, plan), PLAN)
            live.run = live.run.with_plan(mended)
        live.show(phase=Phase.WORKING)
        await live.thread.seen()

    async def _fan_out_and_in(self, live: ActiveRun, journal: Journal) -> None:
        async with asyncio.TaskGroup() as posts:
            async with asyncio.TaskGroup() as sections:
                pending = [branch for branch in live.run.branches if not (branch.result and branch.link)]
                found, kept = ({branch.angle.slug: asyncio.Event() for branch in pending} for _ in range(2))
                attempt = _Attempt(live, journal, posts, sections, found, kept)
                live.limit.budget.open(live.found_so_far)
                live.asked.update(compared(each) for b in live.run.branches for node in b.nodes for each in node.asked)
                async with asyncio.TaskGroup() as workers:
                    for branch in pending:
                        workers.create_task(self._angle(branch, attempt))
                    # What the angles come to together need not wait until the last is posted, nor for its section.
                    await _all(found.values())
                    written = await self._synthesis(attempt)
            if written:
                live.rewrite(put_together(live.run, written))
            live.keep(seconds=live.seconds)
        await _close(live, journal)

    async def _angle(self, branch: Branch, attempt: _Attempt) -> None:
        live, journal = attempt.live, attempt.journal.branch(f"angle/{branch.angle.slug}")
        result = branch.result
        if isinstance(branch.retried, Gap) and not result:  # a finding that lacks something can be read until then
            await _say("retrying", lambda: live.thread.retrying(branch.angle, live.run.again_by, branch.link), journal)

        if not result:
            result = await self._investigate(branch, attempt, journal)
        if not attempt.found[branch.angle.slug].is_set():  # it was stored already, or came with the run
            self._found(result, attempt)
        attempt.kept[branch.angle.slug].set()
        attempt.posts.create_task(_post(result, branch.link, live, journal))

    def _found(self, result: Finding | Gap, attempt: _Attempt) -> Finding | Gap:
        attempt.live.found(result)
        attempt.live.limit.budget.ended(result)
        attempt.found[result.angle.slug].set()
        self._begin_section(result, attempt)
        return result

    async def _investigate(self, branch: Branch, attempt: _Attempt, journal: Journal) -> Finding | Gap:
        live, make = attempt.live, partial(self._plainly, branch, attempt.live)
        if live.run.question.deep and (self.max_depth > 1 or branch.tree):  # what was split stays so
            tree = self._tree(branch, live)
            root = await tree.grown(branch.tree or Node(unsplit=not self.voice.splits), journal)
            make = partial(tree.found, root)

        async def investigate() -> Finding | Gap:
            return self._found(await make(), attempt)

        return await journal.step("investigate", investigate, RESULT)

    async def _plainly(self, branch: Branch, live: ActiveRun) -> Finding | Gap:
        angle, grounds = branch.angle, None
        if refusal := await live.limit.admitted(angle.slug):
            return Gap(angle=angle, **dict(refusal))
        if self.library:
            grounds = await self._gather(self.library, branch, live, "", f"angle/{angle.slug}")
        return await self.voice.investigate(self.model, live.run.question, angle, live.limit, grounds)

    async def _gather(self, library: Library, branch: Branch, live: ActiveRun, part: str, step: str) -> Grounds:
        """What an angle, or a part of it, may rest on."""
        sought = Sought(live.run.question, branch.angle, step, part, *_numbered_from(branch, live.run))
        return await gather(library, self.model, sought, live.limit)

    def _tree(self, branch: Branch, live: ActiveRun) -> Tree:
        """One angle of a deep run, researched from where the branch stands."""
        slug, library = branch.angle.slug, self.library
        position, before = _numbered_from(branch, live.run)

        def note(node: Node) -> None:
            live.noted(slug, node)
            live.limit.budget.noted(slug, node)
            live.show()

        depth = Depth(
            self.max_depth,
            self.model_timeout,
            live.asked,
            note,
            lambda: self._plainly(branch, live),
            lambda pages: numbers(pages, position, before),
            partial(self._gather, library, branch, live) if library else None,
        )
        found_before = branch.retried if isinstance(branch.retried, Finding) else None
        calls = Calls(live.run.question, branch.angle, bool(library))
        return Tree(self.model, calls, live.limit, depth, found_before)

    def _begin_section(self, result: Finding | Gap, attempt: _Attempt) -> None:
        """Begin with an angle's section of the report, where the report is written section by section."""
        section, live = self.voice.section, attempt.live
        if not section or not isinstance(result, Finding) or not live.takes_section(result.angle.slug):
            return
        slug = result.angle.slug

        async def write() -> Draft | Unwritten:
            draft = await section(self.model, live.run, result, live.limit, self.model_timeout)
            await _all(kept for angle, kept in attempt.kept.items() if angle == slug)
            return draft

        async def draft() -> None:
            live.drafted(slug, await attempt.journal.step(f"report/section/{slug}", write, SECTION))

        attempt.sections.create_task(draft())

    async def _synthesis(self, attempt: _Attempt) -> Report | Synthesis | Unwritten | None:
        """What the angles come to together; None where the report that there is lacks nothing."""
        live = attempt.live
        run = live.gather()
        if not run.findings or (isinstance(run.report, Report) and (run.unshown or not run.outdated)):
            return None
        live.show(phase=Phase.WRITING)
        for finding in run.findings:
            self._begin_section(finding, attempt)

        async def write() -> Report | Synthesis | Unwritten:
            written = await self.voice.synthesize(self.model, run, live.limit, self.model_timeout)
            await _all(attempt.kept.values())
            return written

        return await attempt.journal.step("report/synthesis" if self.voice.section else "report", write, WRITTEN)


def _numbered_from(branch: Branch, run: Run) -> tuple[int, Mapping[str, int]]:
    """The angle's place in the run, and the numbers of the pages that people have seen of it."""
    return run.position(branch.angle)[0], branch.numbered


async def _all(events: Iterable[asyncio.Event]) -> None:
    for event in events:
        await event.wait()


async def _recover(live: ActiveRun, journal: Journal, by_section: bool) -> None:
    opened = await journal.known("open", REF)
    live.keep(ref=live.run.ref or opened or "")
    for name in ("plan", "plan/repair"):
        if not live.run.branches and (plan := await journal.known(name, PLAN)):
            live.run = live.run.with_plan(plan)
    for branch in live.run.branches:
        await _recover_angle(branch, live, journal.branch(f"angle/{branch.angle.slug}"))
    report = await journal.known("report", REPORT) or await _recover_sections(live, journal, by_section)
    if isinstance(report, Report) and not live.run.report:
        live.keep(report=report, unshown=True)
    unshown = isinstance(live.run.report, Report) and (live.run.unshown or not live.run.report_link)
    live.committed = isinstance(report, Report) or unshown


async def _recover_sections(live: ActiveRun, journal: Journal, by_section: bool) -> Report | Unwritten | None:
    """The report, if all that it is made of is stored."""
    for branch in live.run.branches:
        if draft := await journal.known(f"report/section/{branch.angle.slug}", SECTION):
            live.drafted(branch.angle.slug, draft)
    synthesis = await journal.known("report/synthesis", SYNTHESIS)
    if not synthesis or not by_section:  # it was paid for all the same
        live.keep(earlier=live.run.earlier + synthesis.usage if synthesis else live.run.earlier)
        return None
    run = live.gather()  # every angle had ended, though not each was shown
    drafted = all(branch.draft for branch in run.branches if isinstance(branch.result, Finding))
    return put_together(run, synthesis) if drafted else None


async def _recover_angle(branch: Branch, live: ActiveRun, journal: Journal) -> None:
    """What was found and not shown yet is shown when the run goes on; whose text was refused stands there as a gap."""
    found, ref = await journal.known("investigate", RESULT), await journal.known("post", REF)
    result = branch.result or found
    if not result and live.run.question.deep:
        live.noted(branch.angle.slug, await recovered(branch.tree or Node(), journal))
    if isinstance(result, Finding) and not ref and (ref := await journal.known("post/gap", REF)):
        result = _unread(result)
    if result and not branch.result:
        live.found(result)
    if result and ref:
        live.run = live.run.with_branch(branch.angle.slug, result=result, link=ref)


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
    gap = result if isinstance(result, Gap) else _unread(result)
    live.found(gap)
    ref = next(iter(refused.refs), ref)
    try:
        ref = await journal.step("post/gap", lambda: live.thread.gap(gap, ref), REF)
    except NotPosted as error:
        log.error("angle.unposted", angle=gap.angle.slug, cause=str(error))
    live.shown(gap, ref)


def _unread(finding: Finding) -> Gap:
    return Gap(angle=finding.angle, cause=Refused.cause, usage=finding.usage, nodes=finding.nodes)


async def _close(live: ActiveRun, journal: Journal) -> None:
    run = live.run
    standing = bool(run.report_link)
    fresh = isinstance(run.report, Report) and (run.unshown or not standing)
    if fresh:
        await _post_report(live, journal)
    live.show(phase=_outcome(live.run), limit=_reached(live.run))
    if fresh and standing and isinstance(live.run.report, Report) and (run.closed or not run.unmerged):
        await _say("report/note", lambda: live.thread.rewritten(live.run), journal)
    if fresh and isinstance(live.run.report, Report):
        live.run = live.run.told()


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
    live.run = live.run.posted((stored,) if isinstance(stored, str) else stored)


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
    return Phase.PARTIAL if run.lacking or run.unmerged else Phase.DONE


def _reached(run: Run) -> Limit | None:
    written = run.report if isinstance(run.report, Unwritten) else run.unmerged
    failures = [*run.gaps, *(node.failure for branch in run.branches for node in branch.missing), written]
    unsplit = (finding.unsplit for finding in run.findings if isinstance(finding.unsplit, Limit))
    return next((failure.reached for failure in failures if failure and failure.reached), next(unsplit, None))
