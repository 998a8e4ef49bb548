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
    ("more than"), -1 where it is the most. A ``bare`` one says not of what it is: "from 40 percent
    in 2019 to 52 in 2020".
    """

    said: str
    values: tuple[tuple[float, float], ...]
    unit: str = ""
    exempt: bool = False
    year: bool = False
    factor: float = 1.0
    bound: int = 0
    bare: bool = False


def plain(said: str, value: float, unit: str = "", exempt: bool = False) -> Number:
    """A whole number, as it stands."""
    return Number(said, ((value, 1.0),), unit, exempt)


def worth_of(reading: str) -> float:
    """What the last digit that says something is worth: 100 in "1200", 0.01 in "1.25"."""
    reading = reading.replace(",", ".")
    if "." in reading:
        return 10.0 ** -len(reading.partition(".")[2])
    zeros = len(reading) - len(reading.rstrip("0"))
    return float(10**zeros) if zeros < len(reading) else 1.0


def stands_in(claim: Number, sources: Sequence[Number]) -> bool:
    """Whether any of these numbers is what is claimed."""
    return any(agrees(claim, each) for each in sources)


def agrees(claim: Number, source: Number) -> bool:
    """Whether what is claimed is what the source says, or that rounded."""
    if claim.unit == "decade":
        first, years = _decade(claim)
        if source.unit == "century":
            return years == 100 and source.values[0][0] * years == first + years
        return source.unit in ("decade", "") and any(first <= value < first + years for value, _ in source.values)
    if claim.unit == "century":
        return _of_century(claim, source)
    if claim.unit != source.unit and {claim.unit, source.unit} & TIMES:
        return False
    return any(_same(claim, source, mine, its) for mine in claim.values for its in source.values)


def _of_century(claim: Number, source: Number) -> bool:
    last = claim.values[0][0] * 100
    if source.unit == "century":
        return claim.values == source.values
    if source.unit == "decade":
        return last - 100 <= source.values[0][0] < last
    return source.year and any(last - 100 < value <= last for value, _ in source.values)


def _decade(number: Number) -> tuple[float, int]:
    """The first year of a decade and how many it has: "the 1800s" may be all of the century."""
    first = number.values[0][0]
    return first, 10 if first % 100 else 100


def _same(claim: Number, source: Number, mine: tuple[float, float], its: tuple[float, float]) -> bool:
    (value, worth), (said, _) = mine, its
    if claim.unit != source.unit and not same_money(claim.unit, source.unit):
        if claim.unit and source.unit:
            return False
        if "%" in (claim.unit, source.unit) and not (claim.bare or source.bare):
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
