"""What research needs from the outside world, in its own words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol, TypeVar

from pydantic import TypeAdapter

from bot.research.model import Angle, Finding, Gap, Question, Ref, Usage
from bot.research.run_state import Run

T = TypeVar("T")


class Priority(IntEnum):
    """Who goes first when model calls must wait: the smaller number."""

    FOLLOW_UP = 0
    REPORT = 1
    SECTION = 2
    ANGLE = 3
    HEDGE = 4


class Permission:
    """Whether a call that was begun may make further requests; this one lets it."""

    async def again(self, call: Call) -> bool:
        """Whether such a request may follow one that is over; it may have to wait."""
        return True

    def beside(self, call: Call) -> bool:
        """Whether such a request may go on beside one that is under way."""
        return True

    def spent(self, used: Usage | None) -> None:
        """A request is over and has used this; None where nobody knows."""


@dataclass(frozen=True)
class Call:
    """One question to the model: nothing in it depends on an earlier call.

    ``run`` and ``step`` name it in logs and at the provider; ``max_tokens`` bounds what a runaway model may cost, each
    request after the first one needs its ``permission``. ``person`` is who asked for it: people take turns where calls
    must wait.
    """

    run: str
    step: str
    system: str
    prompt: str
    priority: Priority
    max_tokens: int
    person: str = ""
    permission: Permission = field(default=Permission(), repr=False, compare=False)

    @property
    def name(self) -> str:
        """``<run id>/<step>``, for instance ``r_01KAGN4X7Q/angle/historical``."""
        return f"{self.run}/{self.step}"


@dataclass(frozen=True)
class Upcoming:
    """A call that a run is going to make; it is only ``written`` now where somebody counts how long it is."""

    step: str
    written: Callable[[], Call]

    @classmethod
    def of(cls, call: Call) -> Upcoming:
        """One that is written."""
        return cls(call.step, lambda: call)


@dataclass(frozen=True)
class Completion:
    """A whole answer. ``usage`` counts every attempt that it took; ``seconds`` is from asking to the last word."""

    text: str
    usage: Usage
    seconds: float
    model: str


class Model(Protocol):
    """A language model: one call in, one whole text out."""

    async def write(self, call: Call) -> Completion:
        """Answer the call, or raise a ModelError; never half an answer."""
        ...


@dataclass(frozen=True)
class Candidate:
    """A page that a search found: plain text, without markup.

    ``date`` is when it was published, as "2024-05-01", "2024-05" or "2024", "" where the search does not say.
    """

    url: str
    title: str = ""
    snippet: str = ""
    date: str = ""


class Purse:
    """What a search may use of a model, where a model searches; this one lets it, and counts nothing.

    ``name`` is what such calls are called at the provider, ``<run id>/<step>``, "" where they belong to no run.
    """

    name = ""

    async def opens(self, most: Usage) -> bool:
        """Whether a call may be made that uses so much at most; it may have to wait."""
        return True

    def spent(self, used: Usage) -> None:
        """Such a call is over, however it ended, and has used this."""


UNCOUNTED = Purse()


class Search(Protocol):
    """A way to find pages."""

    async def find(self, query: str, language: str, purse: Purse = UNCOUNTED) -> list[Candidate]:
        """The pages for a query, best first; none where there are none. Raises SearchError.

        ``language`` is the topic's, as in "de", "" where it is not known. Where a model searches the ``purse`` permits
        each call and is told what it used.
        """
        ...


@dataclass(frozen=True)
class Page:
    """What a page says: its main text, plain, a paragraph a line, without what only looks like an id of a passage.

    ``url`` is where it was found in the end, ``date`` as a candidate's, ``read_at`` in seconds since the epoch.
    ``sheets`` are the characters at which the pages of a PDF begin, none for other kinds.
    """

    url: str
    title: str
    publisher: str
    date: str
    text: str
    read_at: float
    sheets: tuple[int, ...] = ()


class Pages(Protocol):
    """A way to read them."""

    async def read(self, url: str) -> Page:
        """The page at an address. Raises PageError; never holds the event loop, whatever the page is."""
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

    async def seen(self) -> None:
        """Wait for the latest state to be shown, though only a moment."""
        ...

    async def finding(self, finding: Finding, ref: Ref) -> Ref:
        """Show one angle, in place of what ``ref`` refers to, if that still stands; refer to its message."""
        ...

    async def gap(self, gap: Gap, ref: Ref) -> Ref:
        """Say that one angle is missing, and why; otherwise as for a finding."""
        ...

    async def retrying(self, angle: Angle, by: str, ref: Ref) -> None:
        """Say, in place of what ``ref`` refers to, that somebody has this angle researched anew."""
        ...

    async def report(self, run: Run) -> tuple[Ref, ...]:
        """Show the run's report, in place of its ``report_parts``; refer to all its messages."""
        ...

    async def rewritten(self, run: Run) -> None:
        """Say that the report has been rewritten with what the latest retry found."""
        ...


class Room(Protocol):
    """Where threads are opened.

    ``recovered`` says that an earlier process may have shown things whose reference it could not store.
    """

    async def open(self, run: Run, recovered: bool) -> Ref:
        """Announce a run; give a reference under which a later process finds its thread again."""
        ...

    def thread(self, question: Question, ref: Ref, recovered: bool) -> AbstractAsyncContextManager[Thread]:
        """The thread behind a reference; leaving it waits until its last state is shown.

        Raises ThreadLost when nothing can be shown any more; what goes on inside is cancelled then.
        """
        ...


class Journal(Protocol):
    """Named steps of a run: one whose result is stored is never made again."""

    async def step(self, name: str, make: Callable[[], Awaitable[T]], kind: TypeAdapter[T]) -> T:
        """Give the step's stored result, or make it and store it first. ``kind`` is what a stored result is read as.

        A step that raises is not stored.
        """
        ...

    async def known(self, name: str, kind: TypeAdapter[T]) -> T | None:
        """The step's result as an earlier process stored it, None if it did not. Raises what the store raises."""
        ...

    def branch(self, name: str) -> Journal:
        """A journal of its own for work that goes on beside other work; it may branch again."""
        ...
