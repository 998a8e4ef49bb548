"""How a run is summed up in a line: what is there, what is missing and why, what it cost. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.research import words
from bot.research.evidence.provenance import provenance, unsearched
from bot.research.model import Failure, Gap
from bot.research.run_state import Run
from bot.research.words import SYNTHESIS, capital, cost, duration, sentence, short
from bot.slack.format.escape import escape
from bot.slack.messages.advice import BY_ADMIN, BY_ASKER


def ready(run: Run) -> str:
    """How many angles there are, and whether they were split: "2 of 3 angles", "2 of 3 angles, deep"."""
    return words.ready(len(run.findings), len(run.branches), run.question.deep)


def depth(run: Run) -> list[str]:
    """That its angles are split into questions, where they are."""
    return [words.DEEP] if run.question.deep else []


def spent(run: Run) -> list[str]:
    """How long the run took and what it cost, phrase by phrase."""
    return [duration(run.seconds), *cost(run.usage)]


def rests_on(run: Run) -> list[str]:
    """How the report came about, phrase by phrase; none where nothing at all has a source. Escaped."""
    return [escape(phrase) for phrase in provenance(run)]


def search_failed(run: Run) -> list[str]:
    """Why angles have no sources that should have some, a sentence a cause. Escaped."""
    return [escape(sentence) for sentence in unsearched(run)]


def not_split(run: Run) -> str:
    """Which angles a limit kept from being split, as a clause; "" where none. Escaped."""
    return escape(words.not_split(run.plain, len(run.findings))) if run.plain else ""


def lacking(run: Run) -> str:
    """What is missing as a subject: "the technical angle", "the historical and technical angles", "the synthesis"."""
    some = [(found.angle.name, len(found.missing)) for found in run.findings if found.missing]
    return words.lacking([gap.angle.name for gap in run.gaps], some, run.unmerged is not None)


def failures(run: Run) -> list[tuple[str, Failure]]:
    """What is missing and why, each by its title."""
    return [*of_angles(run), *of_questions(run), *([(SYNTHESIS, run.unmerged)] if run.unmerged else [])]


def of_angles(run: Run) -> list[tuple[str, Failure]]:
    """Which angles are missing and why, each by its title."""
    return [(gap.angle.title, gap) for gap in run.gaps]


def of_questions(run: Run) -> list[tuple[str, Failure]]:
    """Why the first question that is missing of an angle is so, each by the angle's title."""
    first = [(branch.angle.title, branch.missing[0].failure) for branch in run.branches if branch.missing]
    return [(title, failure) for title, failure in first if failure]


def causes(failed: Sequence[tuple[str, Failure]]) -> str:
    """Why parts are missing: in one sentence if it is the same for all, else a sentence a part."""
    if len({short(failure) for _, failure in failed}) == 1:
        return f"{capital(short(failed[0][1]))}."
    return " ".join(f"{title}: {short(failure)}." for title, failure in failed)


def causes_in_full(gaps: tuple[Gap, ...]) -> str:
    """The same with all numbers, but without advice: that follows."""
    why = {gap.angle.title: (short if gap.cause in (*BY_ADMIN, *BY_ASKER) else sentence)(gap) for gap in gaps}
    if len(set(why.values())) == 1:
        return f"{capital(why[gaps[0].angle.title])}."
    return " ".join(f"{title}: {told}." for title, told in why.items())
