"""How a run speaks with its model: what a worker asks for, and how a report comes of the findings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.research.investigate import investigate
from bot.research.model import Angle, Finding, Gap, Question, Report, Unwritten
from bot.research.model_call import TimeLimit
from bot.research.ports import Model
from bot.research.run_state import Run
from bot.research.synthesize import synthesize


@dataclass(frozen=True)
class Voice:
    """One way to research an angle and one to make the report; these defaults suit every model that can follow rules.

    ``synthesize`` takes, after the run and its time limit, the seconds that it gets however late the run is.
    """

    investigate: Callable[[Model, Question, Angle, TimeLimit], Awaitable[Finding | Gap]] = investigate
    synthesize: Callable[[Model, Run, TimeLimit, float], Awaitable[Report | Unwritten]] = synthesize


FULL = Voice()
