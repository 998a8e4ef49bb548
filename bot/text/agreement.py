"""A number as it is said, and whether two of them are the same: rounded, in other units, or as a bound. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.text.units import same_money

CLOSE = 0.05  # a rounded number is at most so far from what it stands for
EXACTLY = 1e-9  # of a value, by which the same one may differ as it is reckoned
TIMES = frozenset({"decade", "century", "clock", "calendar"})  # units that agree with their own kind only


@dataclass(frozen=True)
class Number:
    """A number as it is said: the values that it may be, as "1.200" may be two, each with its last digit's worth.

    ``unit`` is "%", a currency as in "usd", what is measured as in "metre", "decade", "century", "calendar" (a month)
    or "clock", "" for all else; where it is measured, values are in that unit, and ``factor`` is how much of it one is.
    Nothing that is claimed needs a source for an ``exempt`` one. ``bound`` is 1 where it is the least of what is meant
    ("more than"), -1 where it is the most.
    """

    said: str
    values: tuple[tuple[float, float], ...]
    unit: str = ""
    exempt: bool = False
    year: bool = False
    factor: float = 1.0
    bound: int = 0


def stands_in(claim: Number, sources: Sequence[Number]) -> bool:
    """Whether any of these numbers is what is claimed."""
    return any(agrees(claim, each) for each in sources)


def agrees(claim: Number, source: Number) -> bool:
    """Whether what is claimed is what the source says, or that rounded."""
    if claim.unit == "decade":
        first = claim.values[0][0]
        return source.unit in ("decade", "") and any(first <= value < first + 10 for value, _ in source.values)
    if claim.unit == "century":
        return _of_century(claim, source)
    if claim.unit != source.unit and {claim.unit, source.unit} & TIMES:
        return False
    return any(_same(claim, source, mine, its) for mine in claim.values for its in source.values)


def _of_century(claim: Number, source: Number) -> bool:
    last = claim.values[0][0] * 100
    if source.unit == "century":
        return claim.values == source.values
    return (source.year or source.unit == "decade") and any(last - 100 < value <= last for value, _ in source.values)


def _same(claim: Number, source: Number, mine: tuple[float, float], its: tuple[float, float]) -> bool:
    (value, worth), (said, _) = mine, its
    if claim.unit != source.unit and not same_money(claim.unit, source.unit):
        if claim.unit and source.unit:
            return False
        if "%" in (claim.unit, source.unit):
            return _same_share(claim, source, mine, said)
        value, worth, said = value / claim.factor, worth / claim.factor, said / source.factor
    if claim.year or source.year:
        return value == said
    return _close(value, worth, said, claim.bound)


def _same_share(claim: Number, source: Number, mine: tuple[float, float], said: float) -> bool:
    """Whether a share of one is the same in percent."""
    if claim.year or source.year or not 0 < (said if claim.unit else mine[0]) <= 1:
        return False
    return _close(*mine, said * 100 if claim.unit else said / 100, claim.bound)


def _close(value: float, worth: float, said: float, bound: int) -> bool:
    """Whether a value is what is said, rounded to its ``worth``; as a bound it may be cut there, but not beyond it."""
    apart = said - value
    if abs(apart) <= EXACTLY * max(abs(said), 1):
        return True
    if bound:
        return 0 < apart * bound < worth
    return abs(apart) <= worth / 2 * (1 + EXACTLY) and abs(apart) <= CLOSE * abs(said)
