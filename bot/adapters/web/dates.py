"""Dates however they are written, in one form."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?![\d-])")
MONTH_FIRST = re.compile(r"\b([^\W\d_]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b")
DAY_FIRST = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\.? ([^\W\d_]{3,9})\.?,? (\d{4})\b")
MONTH_ONLY = re.compile(r"\b([^\W\d_]{3,9})\.?,? (\d{4})\b")
NUMBERS = re.compile(r"\b(\d{1,2})([./])(\d{1,2})[./](\d{4})\b")
AGO = re.compile(r"\b(\d{1,3}|an?) (minute|hour|day|week|month|year)s? ago\b")
DAYS = {"minute": 0.0, "hour": 1 / 24, "day": 1, "week": 7, "month": 30.4, "year": 365.25}
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ELSEWHERE = {"mär": 3, "mai": 5, "okt": 10, "dez": 12}  # how German months begin, where otherwise than in English
LONGEST = 100  # characters of what may be a date


def plain_date(written: str, now: datetime | None = None) -> str:
    """ "2024-05-01", "2024-05" or "2024", as far as it is said; "" if it is none, or not over yet."""
    words, today = " ".join(written[:LONGEST].casefold().split()), now or datetime.now(UTC)
    year, month, day = _absolute(words) or _relative(words, today) or (0, 0, 0)
    if not 1000 <= year <= today.year + 1 or month > 12:
        return ""
    if not month:
        return str(year)
    try:
        whole = date(year, month, day or 1)
    except ValueError:
        return str(year)
    if whole > today.date() + timedelta(days=1):  # somewhere it is tomorrow already
        return ""
    return whole.isoformat() if day else f"{year}-{month:02}"


def _absolute(words: str) -> tuple[int, int, int] | None:
    if found := ISO.match(words):
        return int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if found := DAY_FIRST.search(words):
        return int(found[3]), _month(found[2]), int(found[1])
    if found := MONTH_FIRST.search(words):
        return int(found[3]), _month(found[1]), int(found[2])
    if found := NUMBERS.search(words):
        return _numbers(int(found[1]), int(found[3]), int(found[4]), found[2] == ".")
    if found := MONTH_ONLY.search(words):
        return int(found[2]), _month(found[1]), 0
    return None


def _numbers(first: int, second: int, year: int, day_first: bool) -> tuple[int, int, int]:
    """Which is the day: with dots the first one, with slashes it is known only if one of them can be no month."""
    if day_first or first > 12:
        return year, second, first
    return (year, first, second) if second > 12 else (year, 0, 0)


def _relative(words: str, now: datetime) -> tuple[int, int, int] | None:
    days = {"today": 0.0, "yesterday": 1.0}.get(words)
    if found := AGO.search(words):
        number = int(found[1]) if found[1].isdecimal() else 1
        days = number * DAYS[found[2]]
    if days is None:
        return None
    then = now - timedelta(days=days)
    exact = days < 60  # "3 months ago" is no day
    return then.year, then.month if days < 700 else 0, then.day if exact else 0


def _month(word: str) -> int:
    """A month's number by how its name begins, 0 if it is none."""
    begins = word[:3]
    return MONTHS.index(begins) + 1 if begins in MONTHS else ELSEWHERE.get(begins, 0)
