"""What is said in a run's thread, and what people think of its report, as frozen values."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from bot.research.model import Usage, Value


class Verdict(StrEnum):
    """What came of a reply."""

    ANSWERED = "answered"
    DECLINED = "declined"
    FAILED = "failed"
    IGNORED = "ignored"


class Answer(Value):
    """What the bot says to a reply: Markdown; of a failure the cause as a sentence without its full stop.

    ``angles`` are those that it names.
    """

    verdict: Verdict
    text: str = ""
    usage: Usage = Usage()
    seconds: float = 0
    angles: tuple[str, ...] = ()


class Entry(Value):
    """One thing that was said in a run's thread, by a person or, with ``ours``, by the bot to the reply at ``ts``.

    ``verdict`` is what came of the reply, ``link`` leads to what the bot said, ``tries`` is how often it tried, and
    ``at`` is when the reply was written, in seconds since the epoch.
    """

    run_id: str
    ts: str
    author: str = ""
    text: str
    at: float
    verdict: Verdict = Verdict.ANSWERED
    ours: bool = False
    link: str = ""
    usage: Usage = Usage()
    tries: int = 1


class ThreadState(Value):
    """How a thread stands beside its run.

    ``muted_by`` is who wants it silent, "" if nobody; ``note`` leads to the message that says so. ``asides`` are the
    replies in a row that were not for the bot; ``offered`` says that it offered to be silent. ``active_at`` is when
    something was last said, in seconds since the epoch.
    """

    run_id: str
    muted_by: str = ""
    note: str = ""
    asides: int = 0
    offered: bool = False
    active_at: float = 0


class Feedback(Value):
    """What somebody thinks of a report: ``verdict`` "up" or "down", ``at`` in seconds since the epoch."""

    run_id: str
    user: str
    verdict: Literal["up", "down"]
    reasons: tuple[str, ...] = ()
    comment: str = ""
    at: float
