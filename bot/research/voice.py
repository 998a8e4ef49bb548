"""How a run speaks with its model: how angles are chosen, what a worker asks for, how a report comes of it all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from bot.research import sections
from bot.research.deep_calls import FINDING_WORDS, Calls
from bot.research.evidence.gather import MOST_PAGES
from bot.research.evidence.grounds import Grounds
from bot.research.evidence.numbering import BLOCK
from bot.research.evidence.shelf import Shelf, longest_shelf
from bot.research.investigate import investigate, opening
from bot.research.model import Angle, Draft, Finding, Gap, Node, Plan, Question, Report, Synthesis, Unwritten
from bot.research.model_call import LETTERS_PER_TOKEN, TOKENS_PER_WORD, TimeLimit
from bot.research.plan import plan
from bot.research.ports import Call, Model, Upcoming
from bot.research.run_state import Branch, Run
from bot.research.synthesize import WISHES_BUDGET, closing, synthesize


@dataclass(frozen=True)
class Voice:
    """One way to choose angles, to research one, and to make the report; these defaults write it in one call.

    ``synthesize`` takes, after the run and its time limit, the seconds that it gets however late the run is. With a
    ``section`` each section is written by that as soon as its finding is in, and ``synthesize`` gives the rest.
    ``splits`` says that its model can split an angle into questions. ``opening`` is an angle's own call, ``closing``
    gives those that make a report of a run's findings.
    """

    plan: Callable[[Model, Question, TimeLimit, Plan | None], Awaitable[Plan]] = plan
    investigate: Callable[[Model, Question, Angle, TimeLimit, Grounds | None], Awaitable[Finding | Gap]] = investigate
    synthesize: Callable[[Model, Run, TimeLimit, float], Awaitable[Report | Synthesis | Unwritten]] = synthesize
    section: Callable[[Model, Run, Finding, TimeLimit, float], Awaitable[Draft | Unwritten]] | None = None
    opening: Callable[[Question, Angle, Shelf | None], Call] = opening
    closing: Callable[[Run], list[Upcoming]] = closing
    splits: bool = True

    def to_come(self, run: Run, searches: bool = False) -> list[Upcoming]:
        """The calls that bring a run to its end from where it stands: those of open angles first, the report's last.

        What is not there yet has the most words that it can have; with ``searches`` it has pages as well.
        """
        before = [branch for branch in run.branches if not branch.result]
        for branch in before:  # a section that there is may rest on less than what is found now
            found = longest(branch.angle, run.question.deep, searches)
            run = run.with_branch(branch.angle.slug, result=found, draft=None)
        run = run.model_copy(update={"wishes": ("." * WISHES_BUDGET,)})
        own = [call for branch in before for call in self._own(run.question, branch, searches)]
        return [*own, *self.closing(run)]

    def _own(self, question: Question, branch: Branch, searches: bool) -> list[Upcoming]:
        angle = branch.angle
        if question.deep and self.splits:
            return Calls(question, angle, searches).merges(branch.tree or Node())
        return [Upcoming(f"angle/{angle.slug}", partial(self._opening, question, angle, searches))]

    def _opening(self, question: Question, angle: Angle, searches: bool) -> Call:
        return self.opening(question, angle, longest_shelf(MOST_PAGES) if searches else None)


def longest(angle: Angle, deep: bool, searches: bool) -> Finding:
    """A finding with as many letters as a model may write about an angle, and as many sources as it may have."""
    words = FINDING_WORDS[1] if deep else angle.words[1]
    sources = longest_shelf(BLOCK if deep else MOST_PAGES).sources if searches else ()
    return Finding(angle=angle, text="." * (LETTERS_PER_TOKEN * words * TOKENS_PER_WORD), sources=sources)


WHOLE = Voice()
SECTIONS = Voice(synthesize=sections.write_synthesis, section=sections.write_section, closing=sections.closing)
VOICES = {"whole": WHOLE, "sections": SECTIONS}
