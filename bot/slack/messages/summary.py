"""How a run is summed up in a line: what is there, what is missing and why, what it cost. Pure."""

from __future__ import annotations

from bot.research import words
from bot.research.model import Gap
from bot.research.run_state import Run
from bot.research.words import capital, cost, duration, sentence, short
from bot.slack.messages.advice import BY_ADMIN, BY_ASKER


def ready(run: Run) -> str:
    """How many angles there are: "2 of 3 angles"."""
    return words.ready(len(run.findings), len(run.branches))


def spent(run: Run) -> list[str]:
    """How long the run took and what it cost, phrase by phrase."""
    return [duration(run.seconds), *cost(run.usage)]


def names(gaps: tuple[Gap, ...]) -> str:
    """The missing angles as a subject: "the technical angle", "the historical and technical angles"."""
    return words.those_angles([gap.angle.name for gap in gaps])


def causes(gaps: tuple[Gap, ...]) -> str:
    """Why angles are missing: in one sentence if it is the same for all, else a sentence an angle."""
    if len({short(gap) for gap in gaps}) == 1:
        return f"{capital(short(gaps[0]))}."
    return " ".join(f"{gap.angle.title}: {short(gap)}." for gap in gaps)


def causes_in_full(gaps: tuple[Gap, ...]) -> str:
    """The same with all numbers, but without advice: that follows."""
    why = {gap.angle.title: (short if gap.cause in (*BY_ADMIN, *BY_ASKER) else sentence)(gap) for gap in gaps}
    if len(set(why.values())) == 1:
        return f"{capital(why[gaps[0].angle.title])}."
    return " ".join(f"{title}: {told}." for title, told in why.items())
