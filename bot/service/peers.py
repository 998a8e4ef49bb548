"""The other processes on the same database: what they have taken up, what they shall know, what only one may do.

What a process keeps in memory is of its own runs; whatever concerns those of others is asked here.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

from bot.research.model import Question
from bot.service.jobs import Job, ReplyJob, RunJob

CHANNELS = "channels"  # what is rung when a channel got a new id
Heard = Callable[[str], None]
TakeOver = Callable[[str], Awaitable[int]]  # of what a process of that name left; gives how many jobs there were


@dataclass(frozen=True)
class Taken:
    """A job that was taken up, whether by this process, and whether it is done, or kept as ended."""

    job: Job
    done: bool
    own: bool = False


class Peers(Protocol):
    """The other processes on the same database; all methods that ask it raise StoreDown."""

    @property
    def shared(self) -> bool:
        """Whether there may be other processes, which know of a run under way only what is kept of it."""
        ...

    @property
    def takeovers(self) -> int:
        """How often this process had taken over what one left that was gone."""
        ...

    @property
    def lock_losses(self) -> int:
        """How many processes this one has found that ended without a goodbye, killed or cut off from the database."""
        ...

    def watching(self, take_over: TakeOver) -> AbstractAsyncContextManager[None]:
        """Hear what is rung, and have taken over what processes left that are gone, while this is open."""
        ...

    async def taken(self, run_id: str = "", since: float | None = None) -> list[Taken]:
        """What was taken up and is not done yet, about one run or all; with all that was since a moment.

        The moment is in seconds since the epoch.
        """
        ...

    def hold(self, name: str, seconds: float) -> AbstractAsyncContextManager[None]:
        """Have something of this name to oneself, as soon as nobody else has it, within so many seconds."""
        ...

    async def mark(self, name: str, value: str = "") -> bool:
        """Leave a mark that every process finds; False where one of this name was left before, which stays."""
        ...

    async def marked(self, name: str) -> str | None:
        """The value of a mark, None without one."""
        ...

    def heed(self, heard: Heard) -> None:
        """Be told each name that is rung, by this process too."""
        ...

    async def ring(self, name: str) -> None:
        """Let every process know that something about this, as a rule the id of a run, has changed."""
        ...

    async def rung(self, name: str, seconds: float) -> None:
        """Wait until this is rung, so many seconds at most."""
        ...


class Alone:
    """A process that has its database to itself."""

    shared, takeovers, lock_losses = False, 0, 0

    @asynccontextmanager
    async def watching(self, take_over: TakeOver) -> AsyncIterator[None]:
        """Nobody rings, and nobody leaves anything."""
        yield

    async def taken(self, run_id: str = "", since: float | None = None) -> list[Taken]:
        """What this process takes up it knows."""
        return []

    @asynccontextmanager
    async def hold(self, name: str, seconds: float) -> AsyncIterator[None]:
        """What must not happen twice at once in this process is seen to where it happens."""
        yield

    async def mark(self, name: str, value: str = "") -> bool:
        """What this process has decided it remembers itself."""
        return True

    async def marked(self, name: str) -> str | None:
        """Nobody else leaves marks."""
        return None

    def heed(self, heard: Heard) -> None:
        """Nobody rings."""

    async def ring(self, name: str) -> None:
        """Nobody hears it."""

    async def rung(self, name: str, seconds: float) -> None:
        """Nothing changes elsewhere."""


def runs(taken: list[Taken]) -> list[RunJob]:
    """The attempts at runs among these that have no end."""
    return [each.job for each in taken if isinstance(each.job, RunJob) and not each.done]


def replies(taken: list[Taken]) -> list[ReplyJob]:
    """The replies among these that others have not answered."""
    return [each.job for each in taken if isinstance(each.job, ReplyJob) and not (each.done or each.own)]


def asked(job: RunJob) -> Question:
    """The question as asked by whoever wanted this attempt."""
    return job.question.asked_by(job.by)
