"""Regular expressions on hostile texts: a program that is told them on its standard input and may be killed.

A line each, in JSON: the expression, its flags and the texts, each as its beginning, the piece that is repeated in it
and its end. It answers with a line for each: the seconds of this process's own time that its worst text took,
however busy the machine is.
"""

from __future__ import annotations

import json
import re
import signal
import sys
import time
from typing import Any

LENGTHS = (1_000, 2_000, 4_000)  # characters; the last is what a message in Slack may have
QUICK = 0.25  # seconds for the longest: what would take less even with cubic growth is not tried at more length
MOST_SECONDS = 0.3  # of its own time that this process spends on one text before it gives up


class TooLong(Exception):
    """An expression does not come to an end."""


def worst(pattern: str, flags: int, texts: list[tuple[str, str, str]]) -> float:
    """The seconds that the worst text took, MOST_SECONDS if it did not come to an end."""
    expression = re.compile(pattern, flags)
    longest = 0.0
    for text in texts:
        longest = max(longest, _seconds(expression, text))
        if longest >= MOST_SECONDS:
            break
    return longest


def _seconds(expression: re.Pattern[str], text: tuple[str, str, str]) -> float:
    """The seconds for a text at the first length that shows enough; most show it when they are short."""
    for length in LENGTHS:
        taken = _taken(expression, text, length)
        if taken * (LENGTHS[-1] / length) ** 3 < QUICK or taken >= MOST_SECONDS:
            break
    return taken


def _taken(expression: re.Pattern[str], text: tuple[str, str, str], length: int) -> float:
    before, piece, breaker = text
    whole = before + piece * (length // len(piece)) + breaker
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    begun = time.process_time()
    try:
        expression.fullmatch(whole)
        expression.sub("", whole)
    except TooLong:
        return MOST_SECONDS
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - begun


def _give_up(*_: Any) -> None:
    raise TooLong


if __name__ == "__main__":
    signal.signal(signal.SIGVTALRM, _give_up)
    for line in sys.stdin:
        sys.stdout.write(f"{worst(*json.loads(line))}\n")
        sys.stdout.flush()
