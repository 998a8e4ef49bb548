"""What can go wrong with a team's runs, beside what can go wrong in one of them.

ResearchError
├── NotPosted
│   └── NoCanvas           the workspace has no pages of its own for an export
├── Closed                 the bot is stopping and takes no more questions
├── StoreDown              what must be kept cannot be kept now
├── LimitReached           as many runs as there may be
├── AskedTooOften          as many questions as there may be
└── Forgotten              what was found was deleted
"""

from __future__ import annotations

from bot.research.errors import NotPosted, ResearchError
from bot.research.model import Question


class NoCanvas(NotPosted):
    """The workspace has no pages of its own for an export."""


class StoreDown(ResearchError):
    """What must be kept cannot be kept now; ``todo`` is what an operator can do about it, without a full stop."""

    def __init__(self, cause: str = "", todo: str = "") -> None:
        super().__init__(cause)
        self.todo = todo


class Closed(ResearchError):
    """The bot is stopping and takes no more questions."""

    def __init__(self) -> None:
        super().__init__("the bot takes no questions now")


class LimitReached(ResearchError):
    """As many runs as there may be: ``most`` of them ``per`` "user", "workspace", "user_day" or "workspace_day".

    ``running`` are the asker's own questions that are being researched.
    """

    def __init__(self, per: str, most: int, running: tuple[Question, ...] = ()) -> None:
        super().__init__(f"{most} per {per}")
        self.per, self.most, self.running = per, most, running


class AskedTooOften(ResearchError):
    """As many questions as there may be: ``most`` of them ``per`` "user" an hour or "thread" a day.

    ``next_at`` is when the next is possible, in seconds since the epoch.
    """

    def __init__(self, per: str, most: int, next_at: float) -> None:
        super().__init__(f"{most} per {per}")
        self.per, self.most, self.next_at = per, most, next_at


class Forgotten(ResearchError):
    """What was found was deleted."""
