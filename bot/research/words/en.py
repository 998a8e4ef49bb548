"""How numbers, times and first sentences are said: the same in Slack and in the terminal."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal

from bot.research.model import Usage

NBSP = "\N{NO-BREAK SPACE}"  # keeps a number and its unit on one line
SUMMARY_LIMIT = 450  # characters: what a channel reader takes in without opening the thread

# A sentence ends at its mark and the closing quotes behind it; the marks of Chinese, Japanese and Hindi need no space.
_SENTENCE_END = re.compile(r"[.!?…]++[\"'”’»)\]]*+(?=\s|$)|[。！？।]++[”’」』）]*+|$")


def duration(seconds: float) -> str:
    """Seconds as "under 1 s", "41 s", "1 min 48 s", "6 min" or "1 h 5 min", each number bound to its unit."""
    if seconds < 1:
        return f"under 1{NBSP}s"
    whole = int(seconds + 0.5)
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    parts = [(hours, "h"), (minutes, "min"), (0 if hours else rest, "s")]
    return " ".join(f"{number}{NBSP}{unit}" for number, unit in parts if number)


def patience(seconds: float) -> str:
    """A limit or a wait as it was set: "90 s" and not "1 min 30 s", "6 min" from two minutes on."""
    return duration(seconds) if seconds < 1 or seconds > 120 else f"{seconds:.0f}{NBSP}s"


def usually(low: float, high: float) -> str:
    """How long something mostly takes, from ``low`` to ``high`` seconds: "usually 20–40 s", "usually 1–2 min"."""
    size, unit = (60, "min") if high > 60 else (10, "s")
    least, most = int(low // size), math.ceil(high / size) or 1
    factor = 1 if unit == "min" else size
    if not least:
        return f"usually under {most * factor}{NBSP}{unit}"
    numbers = f"{least * factor}" if least == most else f"{least * factor}–{most * factor}"
    return f"usually {numbers}{NBSP}{unit}"


def newest(texts: Sequence[str], budget: int) -> list[str]:
    """The last of some texts, in their order, as many as there are characters for; a text is never cut."""
    kept: list[str] = []
    for text in reversed(texts):
        budget -= len(text)
        if budget < 0:
            break
        kept.insert(0, text)
    return kept


def count(number: int, noun: str, joint: str = " ") -> str:
    """A number and its noun, the noun in the plural where it must be: "1 model call", "2 attempts"."""
    return f"{number:,}{joint}{noun}{'' if number == 1 else 's'}"


def angles(number: int) -> str:
    """ "3 angles", which never breaks."""
    return count(number, "angle", NBSP)


def tokens(number: int) -> str:
    """ "9,840 tokens", which never breaks."""
    return count(number, "token", NBSP)


def price(dollars: Decimal) -> str:
    """Dollars as "about $0.03"; under one cent with three decimals, under a tenth of one "under $0.001"."""
    if dollars < Decimal("0.0005"):
        return "under $0.001"
    return f"about ${dollars:.3f}" if dollars < Decimal("0.01") else f"about ${dollars:.2f}"


def cost(usage: Usage) -> list[str]:
    """The phrases that say what a run cost: calls, tokens if they are known, dollars if they are known."""
    said = [] if usage.tokens is None else [tokens(usage.tokens)]
    return [count(usage.calls, "model call"), *said, *paid(usage)]


def paid(usage: Usage) -> list[str]:
    """The phrase that says what a run cost in dollars; none where that is not known."""
    if usage.local:
        return ["no cost (local model)"]
    if usage.tokens == 0:
        return ["no cost"]
    return [price(usage.price)] if usage.price is not None and usage.metered else []


def capital(sentence: str) -> str:
    """The sentence with a capital first letter."""
    return sentence[:1].upper() + sentence[1:]


def listed(names: list[str]) -> str:
    """Names as a sentence holds them: "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def first_sentences(text: str, limit: int = SUMMARY_LIMIT) -> str:
    """The longest beginning of the text that ends with a sentence and has at most ``limit`` characters, else ""."""
    text = " ".join(text.split())[: limit + 1]
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    return text[: max((end for end in ends if end <= limit), default=0)].strip()
