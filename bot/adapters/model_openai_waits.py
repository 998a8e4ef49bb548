"""How long a provider wants us to wait, wherever it says so."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime

from bot.adapters.model_openai_said import Said

PIECE = re.compile(
    r"(\d{1,9}(?:\.\d{1,9})?) ?(ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)(?![a-z])"
)
UNITS = {"m": 60.0, "s": 1.0, "h": 3_600.0, "d": 86_400.0}
ASKS = re.compile(r"\b(?:again|retry|retrying|wait|reset|resets) (?:(?:in|after|for|at least) )?([0-9a-z. ]{1,40})")
# What is left, and when there is more of it, as OpenAI and others, and as Anthropic name them.
LIMITS = (
    ("x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"),
    ("x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"),
    ("anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"),
    ("anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"),
    ("anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset"),
    ("anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset"),
)
EPOCH, EPOCH_MS = 1e9, 1e12  # larger numbers are points in time


def wait(response: Said) -> float | None:
    """Seconds that the provider asks us to wait, by headers, by its body's fields or words; None if it does not say."""
    ways: tuple[Callable[[], float | None], ...] = (
        lambda: _milliseconds(response.headers.get("retry-after-ms", "")),
        lambda: moment(response.headers.get("retry-after", "")),
        lambda: moment(response.word("retrydelay")),
        lambda: response.number("retry_after", "retry_after_seconds", "estimated_time"),
        lambda: _asked(response.text),
        lambda: _until_more(response.headers),
        lambda: moment(response.word("x-ratelimit-reset")),
    )
    for way in ways:
        seconds = way()
        if seconds is not None and math.isfinite(seconds):
            return max(seconds, 0)
    return None


def moment(text: str) -> float | None:
    """Seconds until what a text names: a number, a duration such as "1m2.5s", a date, or a point in time."""
    text = text.strip().lower()
    if re.fullmatch(r"\d{1,15}(?:\.\d{1,9})?", text):
        number = float(text)
        if number >= EPOCH_MS:
            return number / 1_000 - time.time()
        return number - time.time() if number >= EPOCH else number
    return _duration(text) if PIECE.match(text) else _date(text)


def _milliseconds(text: str) -> float | None:
    try:
        return float(text) / 1_000
    except ValueError:
        return None


def _duration(text: str) -> float | None:
    """Seconds of the pieces that a text begins with: "6m0s", "1 minute 2 seconds", "340ms"."""
    total, at = 0.0, 0
    while piece := PIECE.match(text.lower(), at):
        number, unit = float(piece[1]), piece[2]
        total += number / 1_000 if unit.startswith(("ms", "milli")) else number * UNITS[unit[0]]
        at = piece.end()
        while text[at : at + 1] == " ":
            at += 1
    return total if at else None


def _date(text: str) -> float | None:
    readers: tuple[Callable[[str], datetime], ...] = (parsedate_to_datetime, datetime.fromisoformat)
    for read in readers:
        try:
            return read(text.upper()).timestamp() - time.time()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _asked(text: str) -> float | None:
    """What words ask for: "please try again in 7m12.5s", "retry after 26 seconds"."""
    found = ASKS.search(text)
    return _duration(found[1]) if found else None


def _until_more(headers: Mapping[str, str]) -> float | None:
    """The longest time until there is more of what has run out."""
    waits = [moment(headers.get(reset, "")) for left, reset in LIMITS if headers.get(left, "").strip() == "0"]
    named = [seconds for seconds in waits if seconds is not None]
    if named:
        return max(named)
    return next((moment(headers[name]) for name in ("x-ratelimit-reset", "ratelimit-reset") if name in headers), None)
