"""What all that happens in the threads of runs works on, and what is settled about replies there."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.service.desk import Desk
from bot.service.ports import Dialogue, Transcript
from bot.service.quotas import NO_LIMITS, QuestionLimits
from bot.service.reply_queue import Pending
from bot.service.reply_rules import FollowUps


@dataclass(frozen=True)
class ReplySettings:
    """Which replies are answered, how many there may be, and how many seconds each answer gets."""

    follow_ups: FollowUps = "thread"
    limits: QuestionLimits = NO_LIMITS
    seconds: float = 360


@dataclass(frozen=True)
class Threads:
    """The threads of runs: the desk that knows the runs, what was said there, and what waits for its answer."""

    desk: Desk
    transcript: Transcript
    dialogue: Dialogue
    settings: ReplySettings = ReplySettings()
    pending: Pending = field(default_factory=Pending)
