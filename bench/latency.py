"""How long a model takes: first token log-normal (median 0.6 s, sigma 0.5), then 60 tokens a second."""

from __future__ import annotations

import random
import re

from bot.playground.model import Request

FIRST_TOKEN_MEDIAN, FIRST_TOKEN_SIGMA = 0.6, 0.5  # seconds; log-normal's mu is the logarithm of the median
TOKENS_PER_SECOND, TOKENS_PER_WORD = 60, 4 / 3
ANGLE_WORDS, REPORT_WORDS, PART_WORDS, FOLLOW_UP_WORDS = 200, 400, 100, 20  # a report is as long in four parts
SLUGS = ("historical", "technical", "societal")
STEPS = tuple(f"angle/{slug}" for slug in SLUGS)


def seconds(topic: str, step: str) -> float:
    """The same time for the same topic and step, whoever asks: so that two askers are compared on the same luck."""
    luck = random.Random(f"{topic}/{step}")
    first = FIRST_TOKEN_MEDIAN * luck.lognormvariate(0, FIRST_TOKEN_SIGMA)
    return first + words_of(step) * TOKENS_PER_WORD / TOKENS_PER_SECOND


def words_of(step: str) -> int:
    """How long an answer is."""
    if step.startswith("report/"):
        return PART_WORDS
    return REPORT_WORDS if step == "report" else FOLLOW_UP_WORDS if step.startswith("follow-up") else ANGLE_WORDS


def ideal(topic: str) -> float:
    """Seconds that no program can undercut: the slowest worker, then the report."""
    return max(seconds(topic, step) for step in STEPS) + seconds(topic, "report")


def ideal_by_section(topic: str) -> float:
    """The same where each section is written as soon as its worker has ended, the synthesis after the last one."""
    sections = max(seconds(topic, f"angle/{slug}") + seconds(topic, f"report/{slug}") for slug in SLUGS)
    return max(sections, max(seconds(topic, step) for step in STEPS) + seconds(topic, "report/synthesis"))


def topic_of(request: Request) -> str:
    """The topic that a request is about."""
    found = re.search(r"topic \w+", request.prompt)
    return found[0] if found else ""


def delay(request: Request, text: str) -> float:
    """What the model server waits before it answers."""
    return seconds(topic_of(request), request.step)


def answer(request: Request) -> str:
    """An answer of the length that is asked for."""
    length = words_of(request.step)
    if request.step == "report/synthesis":
        return f"One sentence. Another one.\n\n## Synthesis\n{_words(length)}"
    if request.step != "report":
        return _words(length)
    titles = ("Historical Overview", "Technical Mechanisms", "Societal Impact", "Synthesis")
    return "One sentence. Another one.\n\n" + "\n\n".join(f"## {title}\n{_words(length // 4)}" for title in titles)


def _words(length: int) -> str:
    return " ".join(["word"] * length) + "."
