"""What can go wrong with a team's runs, beside what can go wrong in one of them.

ResearchError
├── NotPosted
│   └── NoCanvas           the workspace has no pages of its own for an export
└── Refusal                why something that somebody wants is not done
    ├── Closed             the bot is stopping and takes no more questions
    ├── StoreDown          what must be kept cannot be kept now
    ├── LimitReached       as many runs as there may be
    ├── AskedTooOften      as many questions as there may be
    ├── UnderWay           the run is being worked on
    ├── TooLate            the run, or the answer, has come to an end that leaves nothing to do
    ├── NoReport           the run has ended without a report
    ├── Forgotten          what was found was deleted
    ├── UserOff            this person may neither start research nor ask
    ├── ChannelOff         nobody may in this channel
    └── Broken             something went wrong on our side

A Refusal says what it is; people are told in one place what that means for what they wanted.
"""

from __future__ import annotations

from bot.research.errors import NotPosted, ResearchError
from bot.research.model import Question


class NoCanvas(NotPosted):
    """The workspace has no pages of its own for an export."""


class Refusal(ResearchError):
    """Why something that somebody wants is not done."""


class StoreDown(Refusal):
    """What must be kept cannot be kept now; ``todo`` is what an operator can do about it, without a full stop."""

    def __init__(self, cause: str = "", todo: str = "") -> None:
        super().__init__(cause)
        self.todo = todo


class Closed(Refusal):
    """The bot is stopping and takes no more questions."""

    def __init__(self) -> None:
        super().__init__("the bot takes no questions now")


class LimitReached(Refusal):
    """As many runs as there may be: ``most`` of them ``per`` "user", "workspace", "user_day" or "workspace_day".

    With ``per`` "budget_month" it is as many as this month's dollars are enough for.
    ``running`` are the asker's own questions that are being researched; ``topic`` is that of the question that is not,
    "" for another attempt at a run.
    """

    def __init__(self, per: str, most: int = 0, running: tuple[Question, ...] = ()) -> None:
        super().__init__(f"{most} per {per}")
        self.per, self.most, self.running, self.topic = per, most, running, ""


class AskedTooOften(Refusal):
    """As many questions as there may be: ``most`` of them ``per`` "user" an hour or "thread" a day.

    ``next_at`` is when the next is possible, in seconds since the epoch.
    """

    def __init__(self, per: str, most: int, next_at: float) -> None:
        super().__init__(f"{most} per {per}")
        self.per, self.most, self.next_at = per, most, next_at


class UnderWay(Refusal):
    """The run is being worked on."""


class TooLate(Refusal):
    """The run, or the answer, has come to an end that leaves nothing to do."""


class NoReport(Refusal):
    """The run has ended without a report."""


class Forgotten(Refusal):
    """What was found was deleted."""


class UserOff(Refusal):
    """This person may not start research, or not ask."""

    name = "user_off"


class ChannelOff(Refusal):
    """Nobody may start research or ask in this channel."""

    name = "channel_off"


class Broken(Refusal):
    """Something went wrong on our side."""
