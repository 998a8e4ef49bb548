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

LENGTH = 4_000  # characters, what a message in Slack may have
MOST_SECONDS = 0.3  # of its own time that this process spends on one text before it gives up


class TooLong(Exception):
    """An expression does not come to an end."""


def worst(pattern: str, flags: int, texts: list[tuple[str, str, str]]) -> float:
    """The seconds that the worst text took, MOST_SECONDS if it did not come to an end."""
    expression = re.compile(pattern, flags)
    longest = 0.0
    for before, piece, breaker in texts:
        text = before + piece * (LENGTH // len(piece)) + breaker
        signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
        begun = time.process_time()
        try:
            expression.fullmatch(text)
            expression.sub("", text)
        except TooLong:
            return MOST_SECONDS
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        longest = max(longest, time.process_time() - begun)
    return longest


def _give_up(*_: Any) -> None:
    raise TooLong


if __name__ == "__main__":
    signal.signal(signal.SIGVTALRM, _give_up)
    for line in sys.stdin:
        sys.stdout.write(f"{worst(*json.loads(line))}\n")
        sys.stdout.flush()
