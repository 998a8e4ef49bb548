"""Texts that a regular expression almost matches, made from its own parts. Pure."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from re import _constants as kinds  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

EVERYDAY = ["a", "0", " ", "\n", "<", "|", ":", "-", "`", "*", ".", "&", "[", '"', "\u200b"]
ASSERTIONS = {kinds.ASSERT, kinds.ASSERT_NOT}
REPEATS = {kinds.MAX_REPEAT, kinds.MIN_REPEAT, kinds.POSSESSIVE_REPEAT}
SAMPLES = {
    kinds.CATEGORY_DIGIT: "07",
    kinds.CATEGORY_SPACE: " \n\t",
    kinds.CATEGORY_WORD: "a7é",
    kinds.CATEGORY_NOT_DIGIT: "a-",
    kinds.CATEGORY_NOT_SPACE: "a:",
    kinds.CATEGORY_NOT_WORD: " -:",
}


class Sampler:
    """Makes texts that an expression, or a part of it, matches."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._parsed = parser.parse(pattern, flags)
        self._dice = random.Random(0)  # the same texts every time
        self._groups: dict[int, str] = {}

    def whole(self) -> str:
        """A text that the whole expression may match."""
        return self._sample(self._parsed)

    def repeated(self) -> list[str]:
        """What the bodies of its repeats match, some of each."""
        bodies = list(self._bodies(self._parsed))
        return [self._sample(body) for body in bodies for _ in range(3)]

    def _bodies(self, parsed: Any) -> Iterator[Any]:
        for kind, value in parsed:
            if kind in REPEATS:
                yield value[2]
            for inner in _inner(kind, value):
                yield from self._bodies(inner)

    def _sample(self, parsed: Any) -> str:
        return "".join(self._one(kind, value) for kind, value in parsed)

    def _one(self, kind: Any, value: Any) -> str:
        if kind is kinds.LITERAL:
            return chr(value)
        if kind in (kinds.NOT_LITERAL, kinds.ANY):
            return self._dice.choice([each for each in "a-: " if value is None or ord(each) != value])
        if kind is kinds.IN:
            return self._in(value)
        if kind in REPEATS:
            least, most, body = value
            return "".join(self._sample(body) for _ in range(min(most, max(least, self._dice.choice([1, 2])))))
        if kind is kinds.GROUPREF:
            return self._groups.get(value, "")
        if kind is kinds.SUBPATTERN:
            self._groups[value[0]] = self._sample(value[3])
            return self._groups[value[0]]
        choices = [] if kind in ASSERTIONS else _inner(kind, value)
        return self._sample(self._dice.choice(choices)) if choices else ""

    def _in(self, choices: list[tuple[Any, Any]]) -> str:
        if choices[0][0] is kinds.NEGATE:
            unlike = "".join(self._member(choice) for choice in choices[1:])
            return self._dice.choice([each for each in "a-7: é" if each not in unlike] or ["\u2603"])
        return self._member(self._dice.choice(choices))

    def _member(self, choice: tuple[Any, Any]) -> str:
        kind, value = choice
        if kind is kinds.LITERAL:
            return chr(value)
        if kind is kinds.RANGE:
            return chr(self._dice.choice(value))
        return self._dice.choice(SAMPLES[value])


def _inner(kind: Any, value: Any) -> list[Any]:
    if kind in REPEATS:
        return [value[2]]
    if kind is kinds.BRANCH:
        return list(value[1])
    if kind is kinds.SUBPATTERN:
        return [value[3]]
    if kind is kinds.ATOMIC_GROUP:
        return [value]
    return [value[1]] if kind in ASSERTIONS else []


def hostile(pattern: str, flags: int) -> list[tuple[str, str, str]]:
    """What makes long texts that almost match: a beginning, a piece to be repeated, an end that fits nowhere."""
    sampler = Sampler(pattern, flags)
    wholes, repeated = [sampler.whole() for _ in range(4)], sampler.repeated()
    pairs = ["".join(pair) for pair in itertools.pairwise([*repeated, *repeated[::2]])]
    pieces = dict.fromkeys(each for each in [*repeated, *pairs, *wholes, *_cut(wholes), *EVERYDAY] if each)
    texts = []
    for number, piece in enumerate(pieces):
        before = wholes[number % len(wholes)][: number % 3]
        texts += [(before, piece, breaker) for breaker in ("\x00", "a?")]
    return texts


def _cut(wholes: list[str]) -> list[str]:
    """The beginnings and the ends of texts."""
    return [part for whole in wholes for at in range(1, min(len(whole), 6)) for part in (whole[:at], whole[-at:])]
