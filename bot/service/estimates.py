"""How long a run usually takes, and what a deep one usually costs, by the latest that ended with a report."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable
from decimal import Decimal
from statistics import median, quantiles
from typing import NamedTuple

from bot.research.model import Question, UsualCost
from bot.research.run_state import Phase, Run

LATEST, FEWEST = 50, 5  # runs that an estimate is made of: so many of the latest, and no fewer than that


class Took(NamedTuple):
    """What one run took from its start to its report; ``dollars`` is None where its price is not known."""

    seconds: float
    calls: int
    dollars: Decimal | None


def took(run: Run) -> Took | None:
    """What a run took, None for one that has no report, or was broken off or taken up again."""
    if run.phase not in (Phase.DONE, Phase.PARTIAL) or run.attempt > 1 or run.resumed_at:
        return None
    return Took(run.seconds, run.usage.calls, run.usage.price if run.usage.metered else None)


class Estimates:
    """Knows what the latest runs took, the deep ones apart from the others."""

    def __init__(self) -> None:
        self._latest: dict[bool, deque[Took]] = {deep: deque(maxlen=LATEST) for deep in (False, True)}

    def know(self, deep: bool, latest: Iterable[Took]) -> None:
        """Note what earlier runs took, the oldest first."""
        self._latest[deep].extend(latest)

    def learn(self, run: Run) -> None:
        """Note what a run took that has ended."""
        if what := took(run):
            self._latest[run.question.deep].append(what)

    def begun(self, question: Question) -> Run:
        """A run of this question in which nothing has happened yet, with what it is likely to take."""
        run = Run.of(question, self.seconds(question.deep))
        return run.model_copy(update={"usual_cost": self.cost()}) if question.deep else run

    def seconds(self, deep: bool) -> tuple[float, float] | None:
        """Between how many seconds the middle half of such runs took; None if they are too few to tell."""
        return _middle([each.seconds for each in self._latest[deep]])

    def cost(self) -> UsualCost | None:
        """How many calls the middle half of the deep runs made, and what one of them usually costs, as far as known."""
        calls = _middle([each.calls for each in self._latest[True]])
        if not calls:
            return None
        known = [each.dollars for each in self._latest[True] if each.dollars]
        dollars = median(known) if len(known) >= FEWEST else None
        return UsualCost(calls=(math.floor(calls[0]), math.ceil(calls[1])), dollars=dollars)


def _middle(numbers: list[float]) -> tuple[float, float] | None:
    if len(numbers) < FEWEST:
        return None
    low, _, high = quantiles(numbers, n=4, method="inclusive")
    return low, high
