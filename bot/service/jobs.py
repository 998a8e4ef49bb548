"""What the engine is told to do, kept until it is done: attempts at runs, replies to answer, exports to make."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, Discriminator, Field, Tag, TypeAdapter
from structlog.contextvars import bound_contextvars

from bot.research.model import Question, Ref, Value
from bot.service.channels import channel_of

REF: TypeAdapter[Ref] = TypeAdapter(Ref)  # what a stored step that shows something is read back as


class Kind(StrEnum):
    """What a job is about, as its id says it."""

    RUN = "run"
    REPLY = "answer"
    EXPORT = "export"


@dataclass(frozen=True)
class JobId:
    """What the id of a job says: the run that it is about, and the ``reply`` (its ts) that is answered."""

    run_id: str
    kind: Kind
    reply: str = ""


def read_id(job_id: str) -> JobId:
    """Read the id of a job, of an earlier release's too: no other code knows how ids are made."""
    run_id, *parts = job_id.split(".")
    kind = Kind(parts[0]) if parts and parts[0] in (Kind.REPLY, Kind.EXPORT) else Kind.RUN
    return JobId(run_id, kind, ".".join(parts[1:3]) if kind is Kind.REPLY else "")


def _id(*parts: str, tries: int) -> str:
    """The same id for the same try, numbered from the second one on."""
    return ".".join([*parts, *([str(tries)] if tries > 1 else [])])


class RunJob(Value):
    """What the engine is told to do, kept until it is done: one attempt at a run. ``version`` is of this shape.

    ``retry`` are the slugs of the angles that this attempt researches anew; without any it does all that is missing.
    """

    kind: Literal["run"] = "run"
    version: int = 1
    question: Question
    attempt: int = 1
    by: str = ""
    retry: tuple[str, ...] = ()

    @property
    def run_id(self) -> str:
        """The run that it is about."""
        return self.question.run_id

    @property
    def id(self) -> str:
        """The attempt's name: the run's own for the first one."""
        return _id(self.run_id, tries=self.attempt)

    @property
    def next_id(self) -> str:
        """The name of the attempt after this one, which can only be asked for once this one has ended."""
        return _id(self.run_id, tries=self.attempt + 1)


class Word(StrEnum):
    """A reply that is a word to the bot, and what it wants."""

    MUTE = "mute"
    UNMUTE = "unmute"


class ReplyJob(Value):
    """A reply in a run's thread, in words, without the bot's own mention; a job as well. ``version`` as there.

    ``ts`` is its name in its channel and grows with time; ``thread`` is where its answer goes, as Run.thread has it, in
    the workspace ``team``, "" in what 0.1.0 kept. ``addressed`` says that it mentions the bot or that nobody else is
    there to talk to, ``aside`` that it begins with a mention of somebody else. ``attempt`` counts from 1.
    """

    kind: Literal["ask"] = "ask"
    version: int = 1
    run_id: str
    team: str = ""
    thread: str
    ts: str
    asker: str
    text: str
    asked_at: float
    addressed: bool = False
    aside: bool = False
    word: Word | None = None
    attempt: int = 1

    @property
    def id(self) -> str:
        """The job's name; once for each reply and attempt, whichever events bring it."""
        return _id(self.run_id, Kind.REPLY, self.ts, tries=self.attempt)

    def logged(self) -> AbstractContextManager[None]:
        """Let each line that is logged meanwhile name the run, and where its thread is."""
        return bound_contextvars(run=self.run_id, team=self.team, channel=channel_of(self.thread))


class ExportFormat(StrEnum):
    """What a run can be exported as."""

    FILE = "md"
    CANVAS = "canvas"


class ExportJob(Value):
    """A job to export a run as it stood after an attempt; its ``tries`` count from 1.

    ``direct`` and ``private``, which takes the private answer to whoever asked, are as in a Place.
    """

    version: int = 1
    kind: Literal["export"] = "export"
    run_id: str
    form: ExportFormat
    attempt: int
    tries: int = 1
    direct: bool = False
    private: str = Field("", repr=False, validation_alias=AliasChoices("private", "reply_url"))

    @property
    def id(self) -> str:
        """The job's name, the same for the same export of the same state."""
        return _id(self.run_id, Kind.EXPORT, self.form, str(self.attempt), tries=self.tries)


class Exported(Value):
    """What became of an export; ``link`` refers to it, "" after ``failures`` only."""

    run_id: str
    form: ExportFormat
    attempt: int
    link: Ref = ""
    failures: int = 0


def _kind(job: Any) -> str:
    """What kind of job this is; what was kept without a kind is an attempt at a run."""
    found = job.get("kind", "run") if isinstance(job, dict) else job.kind
    return str(found)


# All that the engine is told to do. Each has an ``id`` that begins with its run's, and a ``kind`` of its own.
Job = RunJob | ReplyJob | ExportJob
JOBS: TypeAdapter[Job] = TypeAdapter(
    Annotated[
        Annotated[RunJob, Tag("run")] | Annotated[ReplyJob, Tag("ask")] | Annotated[ExportJob, Tag("export")],
        Discriminator(_kind),
    ]
)
