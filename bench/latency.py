"""How long a model takes: first token log-normal (median 0.6 s, sigma 0.5), then 60 tokens a second.

With a tail one first token in twenty takes eight times as long. Luck is dealt evenly: of a hundred topics of one name
each has another place among a step's first tokens, from the quickest to the slowest, and five are late. Where it is
left to chance, one hundred has so much more of it than another that a p95 moves by a twentieth.
"""

from __future__ import annotations

import json
import math
import random
import re
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist

from bot.playground.model import Request

FIRST_TOKEN_MEDIAN, FIRST_TOKEN_SIGMA = 0.6, 0.5  # seconds; log-normal's mu is the logarithm of the median
TAIL, TAIL_FACTOR = 0.05, 8
DEALT = 100
TOKENS_PER_SECOND, TOKENS_PER_WORD = 60, 4 / 3
ANGLE_WORDS, REPORT_WORDS, PART_WORDS, FOLLOW_UP_WORDS = 200, 400, 100, 20  # a report is as long in four parts
PLAN_WORDS, ANSWER_WORDS, MERGE_WORDS = 45, 100, 230  # of an angle that is split
ORDINALS = ("first", "second", "third")  # its questions
SLUGS = ("historical", "technical", "societal")
STEPS = tuple(f"angle/{slug}" for slug in SLUGS)


def first_token(topic: str, step: str, tail: float = 0) -> float:
    """The same time for the same topic and step, whoever asks: so that two askers are compared on the same luck."""
    first = FIRST_TOKEN_MEDIAN * math.exp(FIRST_TOKEN_SIGMA * NormalDist().inv_cdf(_place(topic, step, "first token")))
    return first * TAIL_FACTOR if _place(topic, step, "late") < tail else first


def _place(topic: str, step: str, deal: str) -> float:
    """A topic's place, between 0 and 1, among the hundred of its name and of numbers beside its own."""
    name = topic.rstrip("0123456789")
    hundred, number = divmod(int(topic[len(name) :] or 0), DEALT)
    return (_places(f"{name}/{hundred}/{step}/{deal}")[number] + 0.5) / DEALT


@cache
def _places(deal: str) -> list[int]:
    return random.Random(deal).sample(range(DEALT), DEALT)


def seconds(topic: str, step: str, tail: float = 0) -> float:
    """The same for a whole answer."""
    return first_token(topic, step, tail) + words_of(step) * TOKENS_PER_WORD / TOKENS_PER_SECOND


def words_of(step: str, prompt: str = "") -> int:
    """How long an answer is; that of an angle is made of ``prompt``'s answers where it was split."""
    kind, *more = step.removesuffix("/hedge").split("/")
    if kind == "angle" and len(more) > 1:
        return PLAN_WORDS if more[1] == "plan" else ANSWER_WORDS
    if kind == "angle" and "<answer" in prompt:
        return MERGE_WORDS
    if kind == "report":
        return PART_WORDS if more else REPORT_WORDS
    return FOLLOW_UP_WORDS if kind == "follow-up" else ANGLE_WORDS


def ideal(topic: str) -> float:
    """Seconds that no program can undercut: the slowest worker, then the report."""
    return max(seconds(topic, step) for step in STEPS) + seconds(topic, "report")


def ideal_by_section(topic: str) -> float:
    """The same where each section is written as soon as its worker has ended, the synthesis after the last one."""
    sections = max(seconds(topic, f"angle/{slug}") + seconds(topic, f"report/{slug}") for slug in SLUGS)
    return max(sections, max(seconds(topic, step) for step in STEPS) + seconds(topic, "report/synthesis"))


def slowest_answer(topic: str) -> float:
    """Seconds of the slowest answer to a question of a run whose angles are split."""
    return max(seconds(topic, f"{step}/{number}") for step in STEPS for number, _ in enumerate(ORDINALS, 1))


def topic_of(request: Request) -> str:
    """The topic that a request is about."""
    found = re.search(r"topic \w+", request.prompt)
    return found[0] if found else ""


@dataclass(frozen=True)
class Pace:
    """What a model server waits before its answers; one in so many, ``tail``, begins late."""

    tail: float = 0

    def first(self, request: Request, text: str) -> float:
        """Seconds until the first token."""
        return first_token(topic_of(request), request.step, self.tail)

    def whole(self, request: Request, text: str) -> float:
        """Seconds until the last."""
        words = words_of(request.step, request.prompt)
        return self.first(request, text) + words * TOKENS_PER_WORD / TOKENS_PER_SECOND


def answer(request: Request) -> str:
    """An answer of the length that is asked for."""
    step = request.step.removesuffix("/hedge")
    length = words_of(step, request.prompt)
    if step.endswith("/plan"):
        return json.dumps([f"What is the {ordinal} question of {step}?" for ordinal in ORDINALS])
    if step == "report/synthesis":
        return f"One sentence. Another one.\n\n## Synthesis\n{_words(length)}"
    if step != "report":
        return _words(length)
    titles = ("Historical Overview", "Technical Mechanisms", "Societal Impact", "Synthesis")
    return "One sentence. Another one.\n\n" + "\n\n".join(f"## {title}\n{_words(length // 4)}" for title in titles)


def _words(length: int) -> str:
    return " ".join(["word"] * length) + "."
