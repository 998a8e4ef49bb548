"""How a run speaks with its model: how angles are chosen, what a worker asks for, how a report comes of it all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.research.investigate import investigate
from bot.research.model import Angle, Draft, Finding, Gap, Plan, Question, Report, Synthesis, Unwritten
from bot.research.model_call import TimeLimit
from bot.research.plan import plan
from bot.research.ports import Model
from bot.research.run_state import Run
from bot.research.sections import write_section, write_synthesis
from bot.research.synthesize import synthesize


@dataclass(frozen=True)
class Voice:
    """One way to choose angles, to research one, and to make the report; these defaults write it in one call.

    ``synthesize`` takes, after the run and its time limit, the seconds that it gets however late the run is. With a
    ``section`` each section is written by that as soon as its finding is in, and ``synthesize`` gives the rest.
    """

    plan: Callable[[Model, Question, TimeLimit, Plan | None], Awaitable[Plan]] = plan
    investigate: Callable[[Model, Question, Angle, TimeLimit], Awaitable[Finding | Gap]] = investigate
    synthesize: Callable[[Model, Run, TimeLimit, float], Awaitable[Report | Synthesis | Unwritten]] = synthesize
    section: Callable[[Model, Run, Finding, TimeLimit, float], Awaitable[Draft | Unwritten]] | None = None


WHOLE = Voice()
SECTIONS = Voice(synthesize=write_synthesis, section=write_section)
VOICES = {"whole": WHOLE, "sections": SECTIONS}
