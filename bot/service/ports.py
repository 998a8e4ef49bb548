"""What a team's runs need from the outside world, beside what one run needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from bot.research.model import Ref
from bot.research.ports import Journal
from bot.research.run_state import Run
from bot.service.access import Standing
from bot.service.channels import ChannelChange
from bot.service.errors import Refusal
from bot.service.estimates import Took
from bot.service.jobs import Exported, ExportFormat, ExportJob, Job, ReplyJob
from bot.service.transcript import Answer, Entry, Feedback, ThreadState


class Dialogue(Protocol):
    """What the bot says and shows beside a run, in its thread.

    ``recovered`` says that an earlier process may have said it already.
    """

    async def answer(self, run: Run, ask: ReplyJob, answer: Answer, ref: Ref, recovered: bool) -> Ref:
        """Show an answer, in place of what ``ref`` refers to, if that still stands; refer to it."""
        ...

    async def seen(self, ask: ReplyJob, shown: bool) -> None:
        """Show at a reply that it was seen and its answer is on its way, or no longer. Never raises."""
        ...

    def answering(self, ask: ReplyJob) -> AbstractContextManager[None]:
        """Show in the thread that a reply is being answered, until its answer stands there or the context is left.

        Never raises, and never waits.
        """
        ...

    async def muted(self, run: Run, ask: ReplyJob, ref: Ref, recovered: bool) -> Ref:
        """Say that the thread is muted, or in place of ``ref`` that it is no longer; refer to the note."""
        ...

    async def offer_silence(self, ask: ReplyJob) -> None:
        """Ask one person privately whether the bot shall stay silent. Never raises."""
        ...

    async def refuse(self, ask: ReplyJob, refusal: Refusal) -> None:
        """Tell one person privately why a reply gets no answer. Never raises."""
        ...


class People(Protocol):
    """What the chat platform tells of people."""

    def expect(self, person: str) -> None:
        """Begin to find out about somebody, for whoever wants to know in a moment."""
        ...

    async def standing(self, person: str) -> Standing:
        """Where somebody belongs, found out within a second. Never raises."""
        ...


class Engine(Protocol):
    """Does what it is ordered to do, through crashes and restarts, once for each job's id."""

    async def start(self, job: Job) -> bool:
        """Keep the job, then begin with it; False if it was given before. Raises StoreDown: then it is not begun."""
        ...

    async def find(self, job_id: str) -> Job | None:
        """A job as it was given, done or not; None where it is not known any more. Raises StoreDown."""
        ...

    async def unfinished(self) -> list[str]:
        """The ids of the jobs that are not done yet. Raises StoreDown."""
        ...

    async def left(self) -> list[str]:
        """The ids of those that this process will begin with, as it goes on with another's. Raises StoreDown."""
        ...

    async def older(self, moment: float) -> list[str]:
        """The ids of the runs that jobs before a moment (seconds since the epoch) were about. Raises StoreDown."""
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

    async def took(self, deep: bool, most: int) -> list[Took]:
        """What the latest runs took, deep ones or the others, the oldest of them first."""
        ...

    async def spent(self) -> Decimal:
        """What runs and answers have cost this month (UTC), in dollars, as far as it is kept and prices are known."""
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

    async def find(self, run_id: str, form: ExportFormat, attempt: int) -> Exported | None:
        """What became of the export of a run as it stood after an attempt."""
        ...


class FeedbackStore(Protocol):
    """What is kept of what people think of reports; all raise StoreDown."""

    async def save(self, feedback: Feedback) -> None:
        """Keep it in place of what the same person thought of the same run before."""
        ...


class Outcome(StrEnum):
    """What can come of a job to export: what was asked for, a file in place of a page, nothing."""

    DONE = "done"
    INSTEAD = "instead"
    FAILED = "failed"


class Exporter(Protocol):
    """Makes exports where a run is shown."""

    async def make(self, run: Run, form: ExportFormat, journal: Journal) -> Ref:
        """Put the run's document into its thread in this form; refer to it. Raises NotPosted, NoCanvas."""
        ...

    async def tell(self, job: ExportJob, outcome: Outcome, ref: Ref) -> None:
        """Tell whoever gave the job, privately, what came of it; ``ref`` refers to a file made before."""
        ...
