"""How a run stands: a frozen value, made anew with every change."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from pydantic import Field, field_validator

from bot.research.model import (
    Angle,
    Draft,
    Finding,
    Gap,
    Limit,
    Node,
    Plan,
    Question,
    Ref,
    Report,
    Source,
    Unwritten,
    Usage,
    UsualCost,
    Value,
)


class Branch(Value):
    """One angle's part of a run. ``link`` refers to the message that shows its result.

    ``retried`` is what the latest retry began with, a gap or a finding that lacks answers, its usage counted among the
    run's earlier costs. ``draft`` is its section of the report, where that is written section by section. ``tree`` are
    its questions as far as they are answered, while there is no result. ``numbered`` are the numbers of the pages that
    earlier attempts have shown, by their addresses.
    """

    angle: Angle
    result: Finding | Gap | None = None
    link: Ref = ""
    retried: Gap | Finding | None = None
    draft: Draft | Unwritten | None = None
    tree: Node | None = None
    numbered: dict[str, int] = Field(default_factory=dict)

    @property
    def closed(self) -> bool:
        """Whether a retry brought something that was missing."""
        if not self.retried or not isinstance(self.result, Finding):
            return False
        before = self.retried.missing if isinstance(self.retried, Finding) else None
        return before is None or [node.name for node in before] != [node.name for node in self.missing]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The questions that its angle was split into; none where it was not."""
        tree = self.result or self.tree
        return tree.nodes if tree else ()

    @property
    def missing(self) -> tuple[Node, ...]:
        """The questions without which its finding stands."""
        return self.result.missing if isinstance(self.result, Finding) else ()

    @property
    def sources(self) -> tuple[Source, ...]:
        """The pages that its finding cites, and those that only the one before the latest retry did: a report may."""
        found = [each for each in (self.retried, self.result) if isinstance(each, Finding)]
        return tuple({source.number: source for finding in found for source in finding.sources}.values())

    @property
    def answered(self) -> tuple[int, int]:
        """How many of its questions have an answer, and how many there are."""
        leaves = [leaf for node in self.nodes for leaf in node.leaves]
        return sum(bool(leaf.text and not leaf.failure) for leaf in leaves), len(leaves)

    @property
    def usage(self) -> Usage:
        """What its research and its section have cost."""
        begun = self.tree.cost if self.tree and not self.result else Usage()
        return sum((part.usage for part in self.parts), begun)

    @property
    def parts(self) -> list[Finding | Gap | Draft | Unwritten]:
        """What there is of it: how its research ended, and how its section of the report."""
        return [part for part in (self.result, self.draft) if part]

    def retry(self, chosen: bool) -> Branch:
        """The branch in a retry, of itself if it is ``chosen``: what it has is kept, and paid before."""
        if not chosen or not self.result:
            return self.model_copy(update={"retried": None})
        free = {"usage": Usage()}
        draft = self.draft.model_copy(update=free) if self.draft else None
        retried = self.result.model_copy(update=free)
        numbered = self.numbered | {source.url: source.number for source in self.sources}
        return self.again().model_copy(update={"draft": draft, "retried": retried, "numbered": numbered})

    def again(self) -> Branch:
        """The branch with nothing but those of its questions that are answered, which were paid before."""
        tree = Node(nodes=tuple(node.again() for node in self.nodes)) if self.nodes else None
        return self.model_copy(update={"result": None, "draft": None, "tree": tree})

    def left(self) -> Branch:
        """The branch as a retry leaves it that does not come to its end: a finding that it should complete stays."""
        if self.result or not isinstance(self.retried, Finding):
            return self
        return self.model_copy(update={"result": self.retried.kept(self.tree or Node())})


class Phase(StrEnum):
    """How far a run is; all but the first three are ends."""

    STARTING = "starting"
    WORKING = "working"
    WRITING = "writing"
    DONE = "done"
    PARTIAL = "partial"
    FAILED = "failed"
    UNWRITTEN = "unwritten"
    STOPPED = "stopped"
    BROKEN = "broken"

    @property
    def ended(self) -> bool:
        """Whether it is an end."""
        return self not in (Phase.STARTING, Phase.WORKING, Phase.WRITING)


class Run(Value):
    """A run as it stands: what the thread shows of it, and in the end what came of it.

    ``branches`` are those of the question's angles; where it has none they come with the ``plan``.
    ``ref`` is the room's reference to its thread. ``seconds`` counts from the start of the workers to the end of the
    report's model call, over all attempts. ``limit`` is the one that it has reached, if it has.
    ``attempt`` counts from 1; ``again_by`` is who asked for a later one, ``before`` what the attempts before cost,
    ``earlier`` what of that left nothing behind. ``wishes`` are what readers said during the run. ``resumed_at`` is
    when a restart took it up again, in seconds since the epoch. ``report_parts`` refer to all messages of the report,
    ``report_link`` to the first; ``replaced`` is the report that stands there while a newer one is missing, or
    ``unshown``.
    ``ended_at`` is when its latest attempt came to an end, in seconds since the epoch.
    ``usual`` is from how many to how many seconds such runs took before it, ``usual_cost`` what deep ones cost, None
    where nobody can tell.
    """

    question: Question
    branches: tuple[Branch, ...]
    plan: Plan | None = None
    phase: Phase = Phase.STARTING
    report: Report | Unwritten | None = None
    report_link: Ref = ""
    report_parts: tuple[Ref, ...] = ()
    seconds: float = 0
    limit: Limit | None = None
    ref: Ref = ""
    stopped_by: str = ""
    resumed_at: float | None = None
    attempt: int = 1
    again_by: str = ""
    earlier: Usage = Usage()
    before: Usage = Usage()
    wishes: tuple[str, ...] = ()
    replaced: Report | None = None
    unshown: bool = False
    usual: tuple[float, float] | None = None
    usual_cost: UsualCost | None = None
    ended_at: float | None = None

    @field_validator("limit", mode="before")
    @classmethod
    def _of_old(cls, kept: object) -> object:
        """A time limit in seconds, as 0.1.0 kept it, the only one that it had."""
        return Limit(cause="time_limit", most=kept) if isinstance(kept, float | int) else kept

    @classmethod
    def of(cls, question: Question, usual: tuple[float, float] | None = None) -> Run:
        """A run of this question in which nothing has happened yet."""
        return cls(question=question, branches=tuple(Branch(angle=angle) for angle in question.angles), usual=usual)

    @property
    def id(self) -> str:
        """The run's name, as in logs and references."""
        return self.question.run_id

    @property
    def thread(self) -> str:
        """Where people reply to it: what its root message is called, or the one in whose thread that stands."""
        place = self.question.place
        return f"{place.channel}/{place.thread}" if self.ref and place.thread else self.ref

    @property
    def took_standard(self) -> bool:
        """Whether the standard angles were taken in place of a plan that could not be used."""
        return self.plan is not None and self.plan.standard

    def position(self, angle: Angle) -> tuple[int, int]:
        """Which of how many angles this one is, counted from 1."""
        return 1 + [branch.angle.slug for branch in self.branches].index(angle.slug), len(self.branches)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, in the angles' order."""
        return tuple(branch.result for branch in self.branches if isinstance(branch.result, Finding))

    @property
    def plain(self) -> tuple[Finding, ...]:
        """What was found of angles that a limit of the run kept from being split into questions."""
        return tuple(finding for finding in self.findings if isinstance(finding.unsplit, Limit))

    @property
    def sources(self) -> tuple[Source, ...]:
        """The pages that its texts may cite, by their numbers."""
        found = (source for branch in self.branches for source in branch.sources)
        return tuple(sorted(found, key=lambda source: source.number))

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What could not be found, in the angles' order."""
        return tuple(branch.result for branch in self.branches if isinstance(branch.result, Gap))

    @property
    def lacking(self) -> tuple[Branch, ...]:
        """The angles of which something is missing that a retry could bring: gaps, and findings without all answers."""
        return tuple(branch for branch in self.branches if isinstance(branch.result, Gap) or branch.missing)

    @property
    def summary(self) -> str:
        """The report in two or three sentences; "" as long as there is none."""
        return self.report.summary if isinstance(self.report, Report) else ""

    @property
    def ended(self) -> bool:
        """Whether this is the run's last state."""
        return self.phase.ended

    @property
    def active_at(self) -> float:
        """When the run was last at work, in seconds since the epoch."""
        return self.ended_at or self.question.asked_at + self.seconds

    @property
    def usage(self) -> Usage:
        """What the run has cost so far."""
        parts = [branch.usage for branch in self.branches]
        return sum(parts + [part.usage for part in (self.plan, self.report) if part], self.earlier)

    @property
    def sections(self) -> tuple[int, int]:
        """How many sections of the report have ended, and how many there will be for all that is known."""
        found = [branch for branch in self.branches if isinstance(branch.result, Finding)]
        return sum(branch.draft is not None for branch in found), len(self.branches) - len(self.gaps)

    @property
    def unmerged(self) -> Unwritten | None:
        """Why the report has no synthesis; None where it has one, or there is no report."""
        return self.report.unmerged if isinstance(self.report, Report) else None

    @property
    def repeatable(self) -> bool:
        """Whether another attempt could bring more, without an angle being researched anew."""
        ends = (Phase.FAILED, Phase.UNWRITTEN, Phase.STOPPED, Phase.BROKEN)
        return self.phase in ends or (self.ended and self.unmerged is not None)

    @property
    def retryable(self) -> tuple[str, ...]:
        """The angles that can be added to the report by researching them anew, by their slugs."""
        return tuple(branch.angle.slug for branch in self.lacking) if self.phase is Phase.PARTIAL else ()

    @property
    def closed(self) -> tuple[Finding, ...]:
        """What the latest retry found that was missing before."""
        return tuple(branch.result for branch in self.branches if branch.closed and isinstance(branch.result, Finding))

    @property
    def outdated(self) -> bool:
        """Whether the report that stands in the thread lacks something: what was found since, or its synthesis."""
        return bool(self.report_link and (self.closed or self.unmerged))

    def retrying(self, slugs: Collection[str], by: str) -> Run:
        """The next attempt at this run, which researches these angles; the report stays until there is a better one.

        Gives the run in which only these angles are open; what they cost so far is kept.
        """
        again = [branch.angle.slug for branch in self.lacking if branch.angle.slug in slugs]
        branches = tuple(branch.retry(branch.angle.slug in again) for branch in self.branches)
        spent = sum((branch.usage for branch in self.branches if branch.angle.slug in again), self.earlier)
        changes: dict[str, object] = {"branches": branches, "earlier": spent}
        changes |= {"phase": Phase.STARTING, "limit": None, "stopped_by": "", "resumed_at": None, "before": self.usage}
        return self.model_copy(update=changes | {"attempt": self.attempt + 1, "again_by": by})

    def rewritten(self, report: Report | Unwritten) -> Run:
        """The same run with this report in place of the one before, whose cost is kept; it is not shown yet."""
        earlier = self.earlier + self.report.usage if self.report else self.earlier
        changes = {"replaced": self.replaced if self.unshown else self.standing, "unshown": isinstance(report, Report)}
        return self.model_copy(update={"report": report, "earlier": earlier} | changes)

    def told(self) -> Run:
        """The same run whose readers know what the latest retry found: it stands in the report."""
        branches = (b.model_copy(update={"retried": None}) if b.closed else b for b in self.branches)
        return self.model_copy(update={"branches": tuple(branches)})

    def posted(self, parts: tuple[Ref, ...]) -> Run:
        """The same run whose report stands in the thread, in these messages."""
        changes = {"report_link": parts[0] if parts else "", "report_parts": parts, "replaced": None, "unshown": False}
        return self.model_copy(update=changes)

    @property
    def standing(self) -> Report | None:
        """The report that the thread shows, though a newer one could not be written; None without any."""
        return self.report if isinstance(self.report, Report) else self.replaced

    def next_attempt(self, by: str) -> Run:
        """The next attempt at this run, asked for by somebody: what was found is kept, what failed for good is not.

        After a report that could not be written only the report is missing, so its gaps stay as they are known. One
        that was written when the run was stopped only has to be shown, one that stands already stays until it is
        rewritten.
        """
        kept: list[Branch] = []
        holds = self.phase is Phase.STOPPED or self.report_link
        written = self.report if isinstance(self.report, Report) and holds else None
        dropped = [self.report.usage] if self.report and not written else []
        refused = isinstance(self.report, Unwritten) and self.report.cause == "text_refused"  # then all is written anew
        for branch in self.branches:
            stays = isinstance(branch.result, Finding) or self.phase is Phase.UNWRITTEN or written is not None
            stay = branch if stays else branch.again()
            if refused or isinstance(stay.draft, Unwritten):
                stay = stay.model_copy(update={"draft": None})
            kept.append(stay)
            dropped += [part.usage for part in branch.parts if part not in stay.parts]
            dropped += [branch.tree.cost] if branch.tree and not (branch.result or stays) else []
        fresh = Run(question=self.question, branches=tuple(kept), plan=self.plan, seconds=self.seconds, ref=self.ref)
        changes = {"attempt": self.attempt + 1, "again_by": by, "earlier": sum(dropped, self.earlier)}
        changes |= {"before": self.usage}
        standing = {"report_link": self.report_link, "report_parts": self.report_parts, "replaced": self.replaced}
        unshown = self.unshown and written is not None
        return fresh.model_copy(update=changes | standing | {"report": written, "unshown": unshown})

    def with_plan(self, plan: Plan) -> Run:
        """The same run with the plan's angles still to be researched; it has none where the plan cannot be used."""
        return self.model_copy(update={"plan": plan, "branches": tuple(Branch(angle=each) for each in plan.angles)})

    def noted(self, slug: str, node: Node) -> Run:
        """The same run in which an angle, or a question of it, stands so."""
        branch = next(branch for branch in self.branches if branch.angle.slug == slug)
        return self.with_branch(slug, tree=(branch.tree or node).put(node))

    def with_result(self, result: Finding | Gap) -> Run:
        """The same run in which an angle has ended so; a section that rests on less than that is not its section."""
        run = self.with_branch(result.angle.slug, result=result)
        closed = any(branch.closed for branch in run.branches if branch.angle.slug == result.angle.slug)
        return run.with_branch(result.angle.slug, draft=None) if closed else run

    def with_branch(self, slug: str, **changes: object) -> Run:
        """The same run with these fields of one angle's branch changed."""
        branches = (b.model_copy(update=changes) if b.angle.slug == slug else b for b in self.branches)
        return self.model_copy(update={"branches": tuple(branches)})
