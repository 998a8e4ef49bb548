"""What is said in a run's thread, and what people think of its report, as frozen values."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal

from bot.research.model import Checks, Ref, Usage, Value

LONELY_ASIDES = 2  # replies in a row that were not for the bot, after which it offers to be silent


class Verdict(StrEnum):
    """What came of a reply."""

    ANSWERED = "answered"
    DECLINED = "declined"
    FAILED = "failed"
    IGNORED = "ignored"


class Answer(Value):
    """What the bot says to a reply: Markdown; of a failure the cause as a sentence without its full stop.

    ``angles`` are those that it names, ``cause`` is the code of a failure for the log, as a Failure's;
    ``checks`` say how much of it was held against the run's sources, None where there are none.
    """

    verdict: Verdict
    text: str = ""
    cause: str = ""
    usage: Usage = Usage()
    seconds: float = 0
    angles: tuple[str, ...] = ()
    checks: Checks | None = None


class Entry(Value):
    """One thing that was said in a run's thread, by a person or, with ``ours``, by the bot to the reply at ``ts``.

    ``verdict`` is what came of the reply, ``usage`` what that cost, ``link`` refers to what the bot said, ``tries`` is
    how often it tried, and ``at`` is when the reply was written, in seconds since the epoch.
    """

    run_id: str
    ts: str
    author: str = ""
    text: str
    at: float
    verdict: Verdict = Verdict.ANSWERED
    ours: bool = False
    link: Ref = ""
    usage: Usage = Usage()
    tries: int = 1


class ThreadState(Value):
    """How a thread stands beside its run.

    ``muted_by`` is who wants it silent, "" if nobody; ``note`` refers to the message that says so. ``asides`` are the
    replies in a row that were not for the bot; ``offered`` says that it offered to be silent. ``active_at`` is when
    something was last said, in seconds since the epoch.
    """

    run_id: str
    muted_by: str = ""
    note: Ref = ""
    asides: int = 0
    offered: bool = False
    active_at: float = 0

    @property
    def offers(self) -> bool:
        """Whether one more aside is reason enough to offer to be silent."""
        return self.asides + 1 >= LONELY_ASIDES and not self.offered and not self.muted_by

    def aside(self) -> ThreadState:
        """The thread after one more reply that was not for the bot."""
        return self.model_copy(update={"asides": self.asides + 1, "offered": self.offered or self.offers})

    def after(self, entries: Sequence[Entry]) -> ThreadState:
        """The thread after this was said; an answer ends a row of asides."""
        asides = 0 if any(entry.ours for entry in entries) else self.asides
        active_at = max(self.active_at, *(entry.at for entry in entries))
        return self.model_copy(update={"asides": asides, "active_at": active_at})


class Feedback(Value):
    """What somebody thinks of a report: ``verdict`` "up" or "down", ``at`` in seconds since the epoch."""

    run_id: str
    user: str
    verdict: Literal["up", "down"]
    reasons: tuple[str, ...] = ()
    comment: str = ""
    at: float
