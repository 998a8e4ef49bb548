"""What is counted of runs: those of this day, for the limits, and how long the latest took."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection
from statistics import quantiles

from bot.research.errors import LimitReached
from bot.research.limits import RUN_LIMITS, Allowance, Limits, day
from bot.research.model import Question
from bot.research.state import Phase, Run

LATEST, FEWEST = 50, 5  # runs that tell how long one usually takes: so many of the latest, and no fewer than that


class Tally:
    """Counts orders by their day (UTC) and the seconds that runs took from their workers to their report.

    ``refusals`` are how many were one too many, by limit, since this process began.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.refusals = Counter(dict.fromkeys(RUN_LIMITS, 0))
        self._day = ""
        self._today: dict[str, Question] = {}
        self._seconds: deque[float] = deque(maxlen=LATEST)

    def __contains__(self, order_id: str) -> bool:
        """Whether the order was counted today."""
        return order_id in self._today

    def add(self, order_id: str, question: Question) -> None:
        """Count an order as asked by whoever the question names; what was counted on earlier days is forgotten."""
        if day(question) > self._day:
            self._day = day(question)
            self._today.clear()
        self._today.setdefault(order_id, question)

    def drop(self, order_id: str) -> None:
        """The order came to nothing: it does not count."""
        self._today.pop(order_id, None)

    def admit(self, question: Question, running: Collection[Question]) -> None:
        """Raise LimitReached if this question would be one too many beside those that are being researched."""
        try:
            self._limits.admit(question, running, self._today.values())
        except LimitReached as limit:
            self.refusals[limit.per] += 1
            raise

    def allowance(self, team: str, person: str, running: Collection[Question]) -> Allowance:
        """How many runs somebody has of how many that they may have."""
        return self._limits.allowance(team, person, running, self._today.values())

    def learn(self, run: Run) -> None:
        """Note how long a run took that went from its start to its report without a break."""
        if run.phase in (Phase.DONE, Phase.PARTIAL) and run.attempt == 1 and not run.resumed_at:
            self._seconds.append(run.seconds)

    @property
    def usual(self) -> tuple[float, float] | None:
        """Between how many seconds the middle half of the latest runs took; None if they are too few to tell."""
        if len(self._seconds) < FEWEST:
            return None
        low, _, high = quantiles(self._seconds, n=4, method="inclusive")
        return low, high
