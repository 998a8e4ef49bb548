"""The words of the product, as frozen values that survive a trip through JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

SHORTEST_TOPIC, LONGEST_TOPIC = 2, 300  # characters
LONGEST_NOTES = 1_000  # characters
OWN_ANGLE = "own_angle"  # the prompt of angles that the asker named


class Value(BaseModel):
    """A frozen value; keys that a later release added are ignored when an older one reads it."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Angle(Value):
    """One way to look at a topic, and the section that it gets in the report."""

    slug: str
    title: str
    section: str
    prompt: str
    words: tuple[int, int] = (150, 200)

    @property
    def name(self) -> str:
        """The angle's name within a sentence: "technical"; one that the asker named is left as it is."""
        return self.title if self.prompt == OWN_ANGLE else self.title[:1].lower() + self.title[1:]


class Place(Value):
    """Where a question was asked and where its answer is shown.

    ``channel`` is "" where the room has to find the asker's direct messages first. ``between_people`` says that it is a
    conversation that no app can join, ``public`` that everybody in the workspace is known to be able to read there.
    ``thread`` names the message in whose thread all of the run stands, "" where the run begins a thread of its own.
    ``reply_url`` takes a private answer to the asker for a while (Slack: five of them within 30 minutes).
    """

    team: str = ""
    channel: str = ""
    direct: bool = False
    between_people: bool = False
    public: bool = False
    thread: str = ""
    reply_url: str = Field("", repr=False)


class Question(Value):
    """What a teammate asked: plain text, already unescaped.

    ``key`` names the request that brought it; the same key is the same question, however often it is delivered.
    ``asked_at`` is in seconds since the epoch. ``notes`` say what to pay attention to, in at most LONGEST_NOTES
    characters.
    """

    key: str
    topic: str
    notes: str = ""
    asker: str = ""
    place: Place = Place()
    asked_at: float
    angles: tuple[Angle, ...]

    @property
    def run_id(self) -> str:
        """The run's name, the same for every delivery of the same key: ``r_`` and 60 bits of its hash."""
        alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing to misread aloud
        digest = int.from_bytes(hashlib.sha256(self.key.encode()).digest()[:8], "big")
        return "r_" + "".join(alphabet[(digest >> shift) & 31] for shift in range(55, -5, -5))

    def asked_by(self, person: str) -> Question:
        """The same question as if this person had asked it; "" for whoever did."""
        return self.model_copy(update={"asker": person}) if person else self

    def position(self, angle: Angle) -> int:
        """Which of the angles this one is, counted from 1."""
        return 1 + [each.slug for each in self.angles].index(angle.slug)


class Usage(Value):
    """What model calls cost: calls (failed ones too), tokens, dollars.

    ``metered`` is False once an endpoint did not report its tokens; ``price`` is None once a price is not known.
    ``local`` says that a model on this machine answered, which costs nothing.
    """

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    price: Decimal | None = Decimal(0)
    metered: bool = True
    local: bool = False

    @property
    def tokens(self) -> int | None:
        """Tokens in and out together; None if any answer came without a count."""
        return self.input_tokens + self.output_tokens if self.metered else None

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            calls=self.calls + other.calls,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            price=None if self.price is None or other.price is None else self.price + other.price,
            metered=self.metered and other.metered,
            local=self.local or other.local,
        )


class Source(Value):
    """A page that a statement rests on."""

    name: str
    url: str


class Finding(Value):
    """What one worker found: Markdown, whole. ``seconds`` is how long it took, waiting included."""

    angle: Angle
    text: str
    usage: Usage = Usage()
    seconds: float = 0
    sources: tuple[Source, ...] = ()

    @property
    def words(self) -> int:
        """How many words the text has."""
        return len(self.text.split())


class Failure(Value):
    """Why no text came of it.

    ``cause`` is the code for logs and metrics; ``sentence`` says it with its numbers ("the model did not answer within
    90 s, in 2 attempts"), ``short`` in a clause ("the model did not answer in time"), neither with a full stop.
    """

    cause: str
    sentence: str
    short: str
    usage: Usage = Usage()
    seconds: float = 0


class Gap(Failure):
    """An angle that could not be researched, and why."""

    angle: Angle


class Section(Value):
    """A part of the report under its own heading: Markdown without the heading."""

    title: str
    text: str


class Report(Value):
    """One cross-referenced report. ``summary`` is two or three plain sentences for those who read no further."""

    summary: str
    sections: tuple[Section, ...]
    usage: Usage = Usage()
    seconds: float = 0

    @property
    def markdown(self) -> str:
        """The report under its headings."""
        return "\n\n".join(f"## {section.title}\n{section.text}" for section in self.sections)


class Unwritten(Failure):
    """A report that could not be written, and why."""


class Branch(Value):
    """One angle's part of a run. ``link`` leads to the message that shows its result.

    ``retried`` is the gap that the latest retry began with, its usage counted among the run's earlier costs.
    """

    angle: Angle
    result: Finding | Gap | None = None
    link: str = ""
    retried: Gap | None = None

    @property
    def closed(self) -> bool:
        """Whether a retry brought what was missing."""
        return self.retried is not None and isinstance(self.result, Finding)

    def retry(self, gap: Gap | None) -> Branch:
        """The branch in a retry that begins with this gap of it; with None it stays as it is."""
        if not gap:
            return self.model_copy(update={"retried": None})
        return self.model_copy(update={"result": None, "retried": gap.model_copy(update={"usage": Usage()})})


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


class Run(Value):
    """A run as it stands: what the thread shows of it, and in the end what came of it.

    ``ref`` is the room's reference to its thread. ``seconds`` counts from the start of the workers to the end of the
    report's model call, over all attempts. ``limit`` is the run's time limit in seconds once it was reached, else None.
    ``attempt`` counts from 1; ``again_by`` is who asked for a later one, ``earlier`` what the attempts before cost that
    left nothing behind. ``wishes`` are what readers said during the run. ``resumed_at`` is when a restart took it up
    again, in seconds since the epoch. ``report_parts`` are the links to all messages that the report ever took,
    ``report_link`` is that to the first; ``replaced`` is the report that stands there while a newer one is missing.
    """

    question: Question
    branches: tuple[Branch, ...]
    phase: Phase = Phase.STARTING
    report: Report | Unwritten | None = None
    report_link: str = ""
    report_parts: tuple[str, ...] = ()
    seconds: float = 0
    limit: float | None = None
    ref: str = ""
    stopped_by: str = ""
    resumed_at: float | None = None
    attempt: int = 1
    again_by: str = ""
    earlier: Usage = Usage()
    wishes: tuple[str, ...] = ()
    replaced: Report | None = None

    @classmethod
    def of(cls, question: Question) -> Run:
        """A run of this question in which nothing has happened yet."""
        return cls(question=question, branches=tuple(Branch(angle=angle) for angle in question.angles))

    @property
    def id(self) -> str:
        """The run's name, as in logs and references."""
        return self.question.run_id

    @property
    def thread(self) -> str:
        """Where people reply to it, "channel/ts"; "" before that is known."""
        channel, _, ts = self.ref.partition("/")
        return f"{channel}/{self.question.place.thread or ts}" if ts else ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found, in the angles' order."""
        return tuple(branch.result for branch in self.branches if isinstance(branch.result, Finding))

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What could not be found, in the angles' order."""
        return tuple(branch.result for branch in self.branches if isinstance(branch.result, Gap))

    @property
    def summary(self) -> str:
        """The report in two or three sentences; "" as long as there is none."""
        return self.report.summary if isinstance(self.report, Report) else ""

    @property
    def ended(self) -> bool:
        """Whether this is the run's last state."""
        return self.phase not in (Phase.STARTING, Phase.WORKING, Phase.WRITING)

    @property
    def usage(self) -> Usage:
        """What the run has cost so far."""
        parts = [branch.result.usage for branch in self.branches if branch.result]
        return sum(parts + ([self.report.usage] if self.report else []), self.earlier)

    @property
    def repeatable(self) -> bool:
        """Whether another attempt could bring more."""
        return self.phase in (Phase.FAILED, Phase.UNWRITTEN, Phase.STOPPED, Phase.BROKEN)

    @property
    def retryable(self) -> tuple[str, ...]:
        """The angles that can be added to the report by researching them anew, by their slugs."""
        return tuple(gap.angle.slug for gap in self.gaps) if self.phase is Phase.PARTIAL else ()

    @property
    def closed(self) -> tuple[Finding, ...]:
        """What the latest retry found that was missing before."""
        return tuple(branch.result for branch in self.branches if branch.closed and isinstance(branch.result, Finding))

    @property
    def outdated(self) -> bool:
        """Whether the report that stands in the thread lacks something that was found since."""
        return bool(self.report_link and self.closed)

    def retrying(self, slugs: Collection[str], by: str) -> Run:
        """The next attempt at this run, which researches these gaps anew; the report stays until there is a better one.

        Gives the run in which only these angles are open; what they cost so far is kept.
        """
        again = {gap.angle.slug: gap for gap in self.gaps if gap.angle.slug in slugs}
        branches = tuple(branch.retry(again.get(branch.angle.slug)) for branch in self.branches)
        spent = sum((gap.usage for gap in again.values()), self.earlier)
        changes: dict[str, object] = {"branches": branches, "earlier": spent}
        changes |= {"phase": Phase.STARTING, "limit": None, "stopped_by": "", "resumed_at": None}
        return self.model_copy(update=changes | {"attempt": self.attempt + 1, "again_by": by})

    def rewritten(self, report: Report | Unwritten) -> Run:
        """The same run with this report in place of the one before, whose cost is kept."""
        earlier = self.earlier + self.report.usage if self.report else self.earlier
        stands = self.standing if isinstance(report, Unwritten) else None
        return self.model_copy(update={"report": report, "earlier": earlier, "replaced": stands})

    @property
    def standing(self) -> Report | None:
        """The report that the thread shows, though a newer one could not be written; None without any."""
        return self.report if isinstance(self.report, Report) else self.replaced

    def again(self, by: str) -> Run:
        """The next attempt at this run, asked for by somebody: what was found is kept, what failed for good is not.

        After a report that could not be written only the report is missing, so its gaps stay as they are known. One
        that was written when the run was stopped only has to be shown, one that stands already stays until it is
        rewritten.
        """
        kept: list[Branch] = []
        holds = self.phase is Phase.STOPPED or self.report_link
        written = self.report if isinstance(self.report, Report) and holds else None
        dropped = [self.report.usage] if self.report and not written else []
        for branch in self.branches:
            stays = isinstance(branch.result, Finding) or self.phase is Phase.UNWRITTEN or written is not None
            kept.append(branch if stays else branch.model_copy(update={"result": None}))
            dropped += [branch.result.usage] if branch.result and not stays else []
        fresh = Run(question=self.question, branches=tuple(kept), seconds=self.seconds, ref=self.ref)
        changes = {"attempt": self.attempt + 1, "again_by": by, "earlier": sum(dropped, self.earlier)}
        standing = {"report_link": self.report_link, "report_parts": self.report_parts, "replaced": self.replaced}
        return fresh.model_copy(update=changes | standing | {"report": written})

    def with_branch(self, slug: str, **changes: object) -> Run:
        """The same run with these fields of one angle's branch changed."""
        branches = (b.model_copy(update=changes) if b.angle.slug == slug else b for b in self.branches)
        return self.model_copy(update={"branches": tuple(branches)})
