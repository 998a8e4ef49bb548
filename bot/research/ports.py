"""What research needs from the outside world, in its own words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Protocol, TypeVar

from pydantic import TypeAdapter

from bot.research.channels import ChannelChange
from bot.research.model import Angle, Finding, Gap, Question, Usage
from bot.research.orders import AnyOrder, Ask, Export, Exported, Form
from bot.research.state import Run
from bot.research.transcript import Answer, Entry, Feedback, ThreadState

T = TypeVar("T")


class Rank(IntEnum):
    """Who goes first when model calls must wait: the smaller number."""

    FOLLOW_UP = 0
    REPORT = 1
    ANGLE = 2


@dataclass(frozen=True)
class Call:
    """One question to the model: nothing in it depends on an earlier call.

    ``run`` and ``step`` name it in logs and at the provider; ``max_tokens`` bounds what a runaway model may cost.
    """

    run: str
    step: str
    system: str
    prompt: str
    rank: Rank
    max_tokens: int

    @property
    def name(self) -> str:
        """``<run id>/<step>``, for instance ``r_01KAGN4X7Q/angle/historical``."""
        return f"{self.run}/{self.step}"


@dataclass(frozen=True)
class Text:
    """A whole answer. ``usage`` counts every attempt that it took; ``seconds`` is from asking to the last word."""

    text: str
    usage: Usage
    seconds: float
    model: str


class Model(Protocol):
    """A language model: one call in, one whole text out."""

    async def write(self, call: Call) -> Text:
        """Answer the call, or raise a ModelError; never half an answer."""
        ...


class Thread(Protocol):
    """The place where one run is shown, from its root message to its report."""

    @property
    def committed(self) -> bool:
        """Whether the report is on its way to its readers, so that the run can be stopped no more."""
        ...

    def here(self, run: Run) -> Run:
        """The run with the place where it is shown now, which need not be where it was asked for."""
        ...

    async def placed(self) -> None:
        """Wait until it is known where the run is shown, should it be moving."""
        ...

    def progress(self, run: Run) -> None:
        """Show how far the run is, when there is a moment for it; a later state replaces one that still waits."""
        ...

    async def finding(self, finding: Finding, link: str) -> str:
        """Show one angle, in place of what stands at ``link`` if anything does; give the link to where it stands."""
        ...

    async def gap(self, gap: Gap, link: str) -> str:
        """Say that one angle is missing, and why; otherwise as for a finding."""
        ...

    async def retrying(self, angle: Angle, by: str, link: str) -> None:
        """Say, in place of what stands at ``link``, that somebody has this angle researched anew."""
        ...

    async def report(self, run: Run) -> tuple[str, ...]:
        """Show the run's report, in place of what stands at its ``report_parts``; give the links to all its parts."""
        ...

    async def rewritten(self, run: Run) -> None:
        """Say that the report has been rewritten with what the latest retry found."""
        ...


class Room(Protocol):
    """Where threads are opened.

    ``recovered`` says that an earlier process may have shown things whose reference it could not store.
    """

    async def open(self, run: Run, recovered: bool) -> str:
        """Announce a run; give a reference under which a later process finds its thread again."""
        ...

    def thread(self, question: Question, ref: str, recovered: bool) -> AbstractAsyncContextManager[Thread]:
        """The thread behind a reference; leaving it waits until its last state is shown.

        Raises ThreadLost when nothing can be shown any more; what goes on inside is cancelled then.
        """
        ...


class Talk(Protocol):
    """What the bot says and shows beside a run, in its thread.

    ``recovered`` says that an earlier process may have said it already.
    """

    async def answer(self, run: Run, ask: Ask, answer: Answer, link: str, recovered: bool) -> str:
        """Show an answer, in place of what stands at ``link`` if anything does; give the link to it."""
        ...

    async def seen(self, ask: Ask, shown: bool) -> None:
        """Show at a reply that it was seen and its answer is on its way, or no longer. Never raises."""
        ...

    def answering(self, ask: Ask) -> AbstractContextManager[None]:
        """Show in the thread that a reply is being answered, until its answer stands there or the context is left.

        Never raises, and never waits.
        """
        ...

    async def muted(self, run: Run, ask: Ask, link: str, recovered: bool) -> str:
        """Say that the thread is muted, or at ``link`` that it is no longer; give the link."""
        ...

    async def offer_silence(self, ask: Ask) -> None:
        """Ask one person privately whether the bot shall stay silent. Never raises."""
        ...

    async def refuse(self, ask: Ask, refusal: Exception) -> None:
        """Tell one person privately why a reply gets no answer. Never raises."""
        ...


class Journal(Protocol):
    """Named steps of a run: one whose result is stored is never made again."""

    async def step(self, name: str, make: Callable[[], Awaitable[T]], kind: TypeAdapter[T]) -> T:
        """Give the step's stored result, or make it and store it first. ``kind`` is what a stored result is read as.

        A step that raises is not stored.
        """
        ...

    def branch(self, name: str) -> Journal:
        """A journal of its own for work that goes on beside other work; it may branch again."""
        ...


class Engine(Protocol):
    """Does what it is ordered to do, through crashes and restarts, once for each order's id."""

    async def start(self, order: AnyOrder) -> bool:
        """Keep the order, then begin with it; False if it was given before. Raises StoreDown: then it is not begun."""
        ...

    async def unfinished(self) -> list[str]:
        """The ids of the orders that are not done yet. Raises StoreDown."""
        ...

    async def older(self, moment: float) -> list[str]:
        """The ids of the runs that orders before a moment (seconds since the epoch) were about. Raises StoreDown."""
        ...

    async def forget(self, run_ids: Sequence[str]) -> None:
        """Delete all that was kept for these runs. Raises StoreDown."""
        ...


class Runs(Protocol):
    """What is kept of runs for people; all raise StoreDown."""

    async def save(self, run: Run) -> None:
        """Keep a run as it stands, in place of how it stood before."""
        ...

    async def find(self, run_id: str) -> Run | None:
        """The run as it was saved last."""
        ...

    async def in_thread(self, thread: str) -> Run | None:
        """The newest run whose thread this is, as Run.thread has it."""
        ...

    async def latest(self, team: str, channel: str, most: int) -> list[Run]:
        """Runs that were asked for in a channel, the newest first."""
        ...

    async def by_asker(self, team: str, asker: str, most: int) -> tuple[list[Run], int]:
        """Runs that somebody asked for, the newest first, and how many there are in all."""
        ...

    async def public(self, team: str, most: int) -> tuple[list[Run], int]:
        """The same of runs that everybody in a workspace is known to be able to read."""
        ...

    async def reported(self, most: int) -> list[Run]:
        """The latest runs that ended with a report, the oldest of them first."""
        ...

    async def since(self, moment: float) -> list[Run]:
        """Runs that were asked for since then, in seconds since the epoch."""
        ...

    async def older(self, moment: float) -> list[str]:
        """The ids of runs that were asked for before then."""
        ...

    async def forget(self, run_ids: Sequence[str]) -> None:
        """Delete all that is kept of these runs, their threads too."""
        ...


class Transcript(Protocol):
    """What is kept of the threads of runs; all raise StoreDown."""

    async def add(self, entries: Sequence[Entry]) -> None:
        """Keep what was said, in place of what was kept of it before; an answer ends a row of asides."""
        ...

    async def of(self, run_id: str) -> list[Entry]:
        """All that was said in a run's thread, the oldest first."""
        ...

    async def state(self, run_id: str) -> ThreadState:
        """How a thread stands."""
        ...

    async def change(self, run_id: str, how: Callable[[ThreadState], ThreadState]) -> ThreadState:
        """Let a thread stand otherwise, with nothing changed in between; give how it stood before."""
        ...

    async def asked(self, since: float, author: str = "", run_id: str = "") -> list[float]:
        """When one person asked, or all in one thread, since a moment (seconds since the epoch), oldest first."""
        ...


class ChannelChanges(Protocol):
    """What is kept of channels that got a new id; all raise StoreDown."""

    async def save(self, change: ChannelChange) -> None:
        """Keep a change, once however often it is told."""
        ...

    async def all(self) -> list[ChannelChange]:
        """All changes, the earliest first."""
        ...


class Exports(Protocol):
    """What is kept of exports; all raise StoreDown."""

    async def save(self, exported: Exported) -> None:
        """Keep what became of an export, in place of what was kept of it before."""
        ...

    async def find(self, run_id: str, form: Form, attempt: int) -> Exported | None:
        """What became of the export of a run as it stood after an attempt."""
        ...


class Opinions(Protocol):
    """What is kept of what people think of reports; all raise StoreDown."""

    async def save(self, feedback: Feedback) -> None:
        """Keep it in place of what the same person thought of the same run before."""
        ...


class Outcome(StrEnum):
    """What can come of an order to export: what was asked for, a file in place of a page, nothing."""

    DONE = "done"
    INSTEAD = "instead"
    FAILED = "failed"


class Press(Protocol):
    """Makes exports where a run is shown."""

    async def make(self, run: Run, form: Form, journal: Journal) -> str:
        """Put the run's document into its thread in this form; give the link. Raises NotPosted, NoCanvas."""
        ...

    async def tell(self, order: Export, outcome: Outcome, link: str) -> None:
        """Tell whoever gave the order, privately, what came of it."""
        ...
