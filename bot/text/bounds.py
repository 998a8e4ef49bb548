"""Words before a number that make it a bound: "more than", "bis zu". Pure."""

from __future__ import annotations

import re

_LEAST = (
    "more than|greater than|at least|over|above|upwards of|no fewer than|no less than|mehr als|mindestens|über"
    "|plus de|au moins|más de|al menos"
)
_MOST = (
    "less than|fewer than|at most|up to|under|below|nearly|almost|close to|just short of|no more than|weniger als"
    "|höchstens|bis zu|unter|knapp|fast|moins de|au plus|jusqu'à|près des?|menos de|hasta|casi"
)
_BOUND = re.compile(rf"(?<!\w)(?:(?P<most>{_MOST})|(?P<least>{_LEAST}))(?!\w)", re.IGNORECASE)
# The bound stands right before its number, but for an article and the sign of a currency.
_BEFORE = re.compile(rf"{_BOUND.pattern} (?:an? |einer? |einem |eine[mn]? )?[$€£¥₹]?\Z", re.IGNORECASE)
_SIGN = re.compile(r"(?:(?<!\S)|(?<=[(|]))(?:(?P<most>[<≤])|[>≥])=? ?[$€£¥₹]?\Z")
LONGEST = 30  # characters before a number that are looked at


def bound(text: str, at: int) -> int:
    """Whether what begins there is the least (1) or the most (-1) of what is meant; 0 where it is that itself."""
    found = _BEFORE.search(text, max(at - LONGEST, 0), at) or _SIGN.search(text, max(at - LONGEST, 0), at)
    if not found:
        return 0
    return -1 if found["most"] else 1


def bounded(text: str) -> bool:
    """Whether a text says of anything that it is more or less than something."""
    return _BOUND.search(text) is not None
