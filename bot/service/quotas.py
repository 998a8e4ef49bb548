"""How many runs there may be: at once and a day, by one person and in all."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot.research.model import Question
from bot.service.errors import LimitReached


@dataclass(frozen=True)
class Allowance:
    """What somebody has used: runs at once and runs today, each with the most that there may be, 0 for no limit."""

    running: int
    most_running: int
    today: int
    most_today: int


DAY = 86_400.0  # seconds
RUN_LIMITS = ("user", "workspace", "user_day", "workspace_day", "budget_month")
QUESTION_LIMITS = ("user_hour", "thread_day")


@dataclass(frozen=True)
class Limits:
    """Runs at once and runs a day (UTC), for one person and for a workspace; 0 means as many as there are.

    ``month_budget`` is how many dollars may be spent a month (UTC) before no new run begins, 0 for no end.
    """

    per_user: int = 0
    per_workspace: int = 0
    per_user_day: int = 0
    per_workspace_day: int = 0
    month_budget: Decimal = Decimal(0)

    @property
    def any(self) -> bool:
        """Whether runs have to be counted at all."""
        return any((self.per_user, self.per_workspace, self.per_user_day, self.per_workspace_day))

    def admit(self, question: Question, running: Collection[Question], today: Collection[Question]) -> None:
        """Raise LimitReached if this question would be one too many.

        ``running`` are the questions that are being researched, ``today`` all that were accepted on this day.
        """
        if not self.any:
            return
        team, this_day = question.place.team, day(question)
        running = [other for other in running if other.place.team == team]
        today = [other for other in today if other.place.team == team and day(other) == this_day]
        own = tuple(other for other in running if other.asker == question.asker)
        for per, most, number in (
            ("user", self.per_user, len(own)),
            ("workspace", self.per_workspace, len(running)),
            ("user_day", self.per_user_day, sum(other.asker == question.asker for other in today)),
            ("workspace_day", self.per_workspace_day, len(today)),
        ):
            if most and number >= most:
                raise LimitReached(per, most, own)

    def allowance(
        self, team: str, person: str, running: Collection[Question], today: Collection[Question]
    ) -> Allowance:
        """What a person in a workspace has used; ``running`` and ``today`` as for admit."""
        own = [question for question in running if (question.place.team, question.asker) == (team, person)]
        this_day = time.time() // DAY
        asked = [question for question in today if (question.place.team, question.asker) == (team, person)]
        count = sum(day(question) == this_day for question in asked)
        return Allowance(len(own), self.per_user, count, self.per_user_day)


@dataclass(frozen=True)
class QuestionLimits:
    """Questions an hour by one person, and a day in one thread; 0 means as many as there are."""

    per_user_hour: int = 0
    per_thread_day: int = 0


NOWHERE: Mapping[str, Question] = {}
UNLIMITED, NO_LIMITS = Limits(), QuestionLimits()


def day(question: Question) -> float:
    """The day on which it was asked, by UTC, in days since the epoch."""
    return question.asked_at // DAY


class Quotas:
    """Counts jobs by their day (UTC).

    ``refusals`` are how many were one too many, by limit, since this process began.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.refusals = Counter(dict.fromkeys(RUN_LIMITS, 0))
        self._day = 0.0
        self._today: dict[str, Question] = {}

    def __contains__(self, job_id: str) -> bool:
        """Whether the job was counted today."""
        return job_id in self._today

    def add(self, job_id: str, question: Question) -> None:
        """Count a job as asked by whoever the question names; what was counted on earlier days is forgotten."""
        if day(question) > self._day:
            self._day = day(question)
            self._today.clear()
        self._today.setdefault(job_id, question)

    def drop(self, job_id: str) -> None:
        """The job came to nothing: it does not count."""
        self._today.pop(job_id, None)

    def admit(
        self, question: Question, running: Collection[Question], elsewhere: Mapping[str, Question] = NOWHERE
    ) -> None:
        """Raise LimitReached if this question would be one too many beside those that are being researched.

        ``elsewhere`` are the jobs of other processes, by their ids, as asked by whoever wanted them.
        """
        try:
            self.limits.admit(question, running, (dict(elsewhere) | self._today).values())
        except LimitReached as limit:
            self.refusals[limit.per] += 1
            raise

    def afford(self, spent: Decimal) -> None:
        """Raise LimitReached if that many dollars are all that may be spent this month."""
        if self.limits.month_budget and spent >= self.limits.month_budget:
            self.refusals["budget_month"] += 1
            raise LimitReached("budget_month")

    def allowance(
        self, team: str, person: str, running: Collection[Question], elsewhere: Mapping[str, Question] = NOWHERE
    ) -> Allowance:
        """How many runs somebody has of how many that they may have; ``elsewhere`` as for admit."""
        return self.limits.allowance(team, person, running, (dict(elsewhere) | self._today).values())
