"""The words of the product, as frozen values that survive a trip through JSON."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeAlias

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, model_validator

SHORTEST_TOPIC, LONGEST_TOPIC = 2, 300  # characters
LONGEST_NOTES = 1_000  # characters
MOST_ANGLES, LONGEST_ANGLE = 6, 60  # angles of a run; characters of a name
LONGEST_BRIEF = 300  # characters of what an angle looks for: one sentence, in any language
OWN_ANGLE = "own_angle"  # the prompt of angles that are not the standard ones

# A reference to what people can read: opaque to all but the ports that give it and take it back; "" refers to nothing.
Ref: TypeAlias = str


class Value(BaseModel):
    """A frozen value; keys that a later release added are ignored when an older one reads it."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Angle(Value):
    """One way to look at a topic, and the section that it gets in the report.

    ``brief`` says what to look for there, "" where the title says enough.
    """

    slug: str
    title: str
    section: str
    prompt: str
    words: tuple[int, int] = (150, 200)
    brief: str = ""

    @property
    def name(self) -> str:
        """The angle's name within a sentence: "technical"; only those of the standard angles are changed for it."""
        return self.title if self.prompt == OWN_ANGLE else self.title[:1].lower() + self.title[1:]


class Place(Value):
    """Where a question was asked and where its answer is shown.

    ``channel`` is "" where the room has to find the asker's direct messages first. ``between_people`` says that it is a
    conversation that no app can join, ``public`` that everybody in the workspace is known to be able to read there.
    ``thread`` names the message in whose thread all of the run stands, "" where the run begins a thread of its own.
    ``private`` is an opaque address for private answers to the asker, for a while; 0.1.0 kept it as ``reply_url``.
    """

    team: str = ""
    channel: str = ""
    direct: bool = False
    between_people: bool = False
    public: bool = False
    thread: str = ""
    private: str = Field("", repr=False, validation_alias=AliasChoices("private", "reply_url"))


class Question(Value):
    """What a teammate asked: plain text, already unescaped.

    ``key`` names the request that brought it; the same key is the same question, however often it is delivered.
    ``asked_at`` is in seconds since the epoch. ``notes`` say what to pay attention to, in at most LONGEST_NOTES
    characters. ``angles`` are those that the asker wants; with none of them a planner chooses some for the topic.
    With ``deep`` each worker splits its angle into questions, which are answered side by side.
    """

    key: str
    topic: str
    notes: str = ""
    asker: str = ""
    place: Place = Place()
    asked_at: float
    angles: tuple[Angle, ...]
    deep: bool = False

    @property
    def run_id(self) -> str:
        """The run's name, the same for every delivery of the same key: ``r_`` and 60 bits of its hash."""
        return _run_id(self.key)

    def asked_by(self, person: str) -> Question:
        """The same question as if this person had asked it; "" for whoever did."""
        return self.model_copy(update={"asker": person}) if person else self


@lru_cache(maxsize=1_024)  # asked for some hundred times a run
def _run_id(key: str) -> str:
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: nothing to misread aloud
    digest = int.from_bytes(hashlib.sha256(key.encode()).digest()[:8], "big")
    return "r_" + "".join(alphabet[(digest >> shift) & 31] for shift in range(55, -5, -5))


class Usage(Value):
    """What model calls cost: calls (failed ones too), tokens, dollars.

    ``metered`` is False once an endpoint did not report its tokens; ``price`` is None once a price is not known.
    ``local`` says that a model on this machine answered, which costs nothing. ``estimated`` says that it is the least
    that was used: nobody tells of a call that was left before its end.
    """

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    price: Decimal | None = Decimal(0)
    metered: bool = True
    local: bool = False
    estimated: bool = False

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
            estimated=self.estimated or other.estimated,
        )


class UsualCost(Value):
    """What runs mostly cost: from how many to how many calls, and dollars, None where that is not known."""

    calls: tuple[int, int]
    dollars: Decimal | None = None


class Plan(Value):
    """The angles that a planner chose for a topic, or, with ``standard``, those that were taken in their place.

    A plan that cannot be used has none: ``text`` is how it was written, ``faults`` are what is wrong with it.
    """

    angles: tuple[Angle, ...]
    standard: bool = False
    text: str = ""
    faults: tuple[str, ...] = ()
    usage: Usage = Usage()
    seconds: float = 0


class Passage(Value):
    """A piece of a page, cut at sentences. ``letter`` names it within its page, ``sheet`` is a PDF's page, from 1."""

    letter: str
    text: str
    sheet: int = 0


class Source(Value):
    """A page that was read in a run, and the passages of it that a text may rest on.

    ``number`` is the page's in the run, 0 until it has one. ``name`` is who publishes it, ``date`` when, as
    "2024-05-01", "2024-05" or "2024", "" where that is not known; ``read_at`` is in seconds since the epoch. A passage
    is cited by both names: ``[3b]`` is the second one of the page with the number 3.
    """

    name: str
    url: str
    number: int = 0
    title: str = ""
    date: str = ""
    read_at: float = 0
    passages: tuple[Passage, ...] = ()


class Checks(Value):
    """How much of a text was held against its sources.

    ``statements`` are its sentences that cite one or say a number, ``checked`` those of them that their sources hold.
    """

    statements: int = 0
    checked: int = 0

    def __add__(self, other: Checks) -> Checks:
        return Checks(statements=self.statements + other.statements, checked=self.checked + other.checked)


class Confidence(Value):
    """How sure a worker says that it is: "high", "medium" or "low", and why, "" where it gives no reason."""

    level: str
    reason: str = ""


class Finding(Value):
    """What one worker found: Markdown, whole. ``seconds`` is how long it took, waiting included.

    ``confidence`` is what the worker states itself, None where it states none. ``nodes`` are the questions that the
    angle was split into; ``unsplit`` says that it should have been, and no plan could be used, or which limit
    of the run kept it from being so. ``sources`` are the pages that the text cites, ``checks`` how much of it was held
    against them, None where nothing was read; ``unsourced`` is the code of why, "" where nothing should have been.
    """

    angle: Angle
    text: str
    usage: Usage = Usage()
    seconds: float = 0
    sources: tuple[Source, ...] = ()
    checks: Checks | None = None
    unsourced: str = ""
    confidence: Confidence | None = None
    nodes: tuple[Node, ...] = ()
    unsplit: bool | Limit = False

    @property
    def words(self) -> int:
        """How many words the text has."""
        return len(self.text.split())

    @property
    def in_turn(self) -> float:
        """How many seconds it would have taken with one call after another."""
        beside = max((node.took for node in self.nodes), default=0)
        return self.seconds - beside + sum(node.in_turn for node in self.nodes)

    @property
    def missing(self) -> tuple[Node, ...]:
        """The questions without which it stands."""
        return tuple(node for each in self.nodes for node in each.missing)

    def kept(self, root: Node, why: Failure | None = None) -> Finding:
        """The same finding after an attempt to bring what it lacks: what was answered since is not taken up.

        ``why`` is what kept it from being so, None where the questions themselves have failed.
        """
        since = root.lacking({node.name: why or node.failure for node in self.missing})
        usage = root.cost + why.usage if why else root.cost
        return self.model_copy(update={"nodes": since.nodes, "usage": usage})


LIMITS = ("time_limit", "call_limit", "token_limit", "price_limit")  # causes of what a run's limits leave undone


class Limit(Value):
    """A limit that a run has reached, by the cause of what it leaves undone: seconds, calls, tokens or dollars."""

    cause: str
    most: float


class Failure(Value):
    """Why no text came of it: a code with its numbers, which ``words`` make a sentence of.

    ``tries`` counts attempts, ``waited`` the seconds between them; ``limit`` is how many seconds there were, or how
    many calls, tokens or dollars where the cause is such a limit of the run; ``because`` is a clause that says more of
    the cause. ``told`` is its sentence and a shorter one, where 0.1.0 kept these in place of the numbers.
    """

    cause: str
    tries: int = 1
    waited: float = 0
    limit: float = 0
    because: str = ""
    usage: Usage = Usage()
    seconds: float = 0
    told: tuple[str, str] | None = None

    @property
    def reached(self) -> Limit | None:
        """The run's limit that brought it, None if none did."""
        return Limit(cause=self.cause, most=self.limit) if self.cause in LIMITS else None

    @model_validator(mode="before")
    @classmethod
    def _of_old(cls, kept: Any) -> Any:
        if isinstance(kept, dict) and "sentence" in kept and "short" in kept:
            return kept | {"told": (kept["sentence"], kept["short"])}
        return kept


class Split(Value):
    """The questions that an angle of a deep run, or a question of it, is split into.

    A plan that cannot be used has none: ``text`` is how it was written, ``faults`` are what is wrong with it, none
    where it is not to be asked for again. ``limit`` is the one of the run that kept it from being asked for.
    """

    questions: tuple[str, ...] = ()
    text: str = ""
    faults: tuple[str, ...] = ()
    limit: Limit | None = None
    usage: Usage = Usage()
    seconds: float = 0


class Node(Value):
    """A question of a deep angle and what came of it; the angle itself is the node without a name.

    ``name`` is its place in the tree: "2", and "2/1" for the first question below that one. ``nodes`` are the questions
    that it was split into; ``unsplit`` says that no plan of it could be used. ``text`` is its answer, "" as long as
    there is none. ``failure`` says why there is none, or why what stands above rests on none. ``usage`` and ``seconds``
    are those of its own calls. ``sources`` are the pages that its answer cites, numbered from 1; ``unsourced`` is the
    code of why there are none.
    """

    name: str = ""
    question: str = ""
    nodes: tuple[Node, ...] = ()
    unsplit: bool | Limit = False
    text: str = ""
    failure: Failure | None = None
    usage: Usage = Usage()
    seconds: float = 0
    sources: tuple[Source, ...] = ()
    unsourced: str = ""

    @property
    def depth(self) -> int:
        """How many levels there are down to it; an angle's is 1."""
        return 1 + len(self.name.split("/")) if self.name else 1

    @property
    def over(self) -> bool:
        """Whether it has ended, with an answer or without."""
        return bool(self.text or self.failure)

    @property
    def at_work(self) -> int:
        """How many are at work on it: one on each question that has not ended and waits for none below it."""
        return 0 if self.over else sum(node.at_work for node in self.nodes) or 1

    @property
    def cost(self) -> Usage:
        """What it and all below it have cost."""
        return sum((node.cost for node in self.nodes), self.usage)

    @property
    def took(self) -> float:
        """How many seconds it took: what is below it is done side by side."""
        return self.seconds + max((node.took for node in self.nodes), default=0)

    @property
    def in_turn(self) -> float:
        """How many seconds all of its calls took together."""
        return self.seconds + sum(node.in_turn for node in self.nodes)

    @property
    def leaves(self) -> tuple[Node, ...]:
        """The questions that are not split, in their order."""
        return tuple(leaf for node in self.nodes for leaf in node.leaves) if self.nodes else (self,)

    @property
    def missing(self) -> tuple[Node, ...]:
        """The questions that have failed; one that was split only where those below it have not."""
        below = tuple(node for each in self.nodes for node in each.missing)
        return below or ((self,) if self.failure else ())

    @property
    def asked(self) -> tuple[str, ...]:
        """All questions of its tree."""
        return (self.question, *(question for node in self.nodes for question in node.asked))

    def split(self, into: Split) -> Node:
        """The same node with these questions below it."""
        nodes = tuple(
            Node(name=f"{self.name}/{number}".lstrip("/"), question=question)
            for number, question in enumerate(into.questions, 1)
        )
        unsplit = not (nodes or into.faults) and (into.limit or True)
        changes = {"nodes": nodes, "unsplit": unsplit, "usage": into.usage, "seconds": into.seconds}
        return self.model_copy(update=changes)

    def ended(self, answer: Draft | Unwritten) -> Node:
        """The same node with its answer, or with why it has none."""
        came: dict[str, object] = {"failure": answer}
        if isinstance(answer, Draft):
            came = {"text": answer.text, "sources": answer.sources, "unsourced": answer.unsourced}
        return self.model_copy(
            update=came | {"usage": self.usage + answer.usage, "seconds": self.seconds + answer.seconds}
        )

    def put(self, node: Node) -> Node:
        """The same tree with this node in place of the one that has its name."""
        if node.name == self.name:
            return node
        return self.model_copy(update={"nodes": tuple(each.put(node) for each in self.nodes)})

    def again(self) -> Node:
        """The same node for another attempt: with its answers, which were paid before, and without what failed."""
        below = tuple(node.again() for node in self.nodes)
        whole = not any(node.missing for node in self.nodes)
        fresh = Node(name=self.name, question=self.question, nodes=below)
        answered = {"text": self.text, "sources": self.sources, "unsourced": self.unsourced}
        return fresh.model_copy(update=answered) if whole else fresh

    def lacking(self, failures: Mapping[str, Failure | None]) -> Node:
        """The same tree whose questions of these names fail so, where they have not."""
        nodes = tuple(node.lacking(failures) for node in self.nodes)
        return self.model_copy(update={"nodes": nodes, "failure": self.failure or failures.get(self.name)})


class Gap(Failure):
    """An angle that could not be researched, and why; with its questions if it was split."""

    angle: Angle
    nodes: tuple[Node, ...] = ()


class Unwritten(Failure):
    """A report, or a part of it, that could not be written, and why."""


class Section(Value):
    """A part of the report under its own heading: Markdown without the heading."""

    title: str
    text: str


class Draft(Value):
    """A part of a text: an angle's section of the report, or the answer to a question of it. Markdown, no heading.

    ``checks`` say how much of it was held against the run's sources. An answer has ``sources`` of its own, numbered
    from 1, or the code of why it is ``unsourced``.
    """

    text: str
    usage: Usage = Usage()
    seconds: float = 0
    checks: Checks | None = None
    sources: tuple[Source, ...] = ()
    unsourced: str = ""


class Synthesis(Value):
    """What the angles come to together: the report's summary, and its last section."""

    summary: str
    text: str
    usage: Usage = Usage()
    seconds: float = 0
    checks: Checks | None = None


class Report(Value):
    """One cross-referenced report. ``summary`` is two or three plain sentences for those who read no further.

    ``unmerged`` says why it has its sections only, and no synthesis; None where it is whole. ``checks`` say how much of
    it was held against the run's sources, None where there are none.
    """

    summary: str
    sections: tuple[Section, ...]
    usage: Usage = Usage()
    seconds: float = 0
    unmerged: Unwritten | None = None
    checks: Checks | None = None

    @property
    def markdown(self) -> str:
        """The report under its headings."""
        return "\n\n".join(f"## {section.title}\n{section.text}" for section in self.sections)
