"""Where angles say different numbers of the same thing. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations, islice
from string import ascii_lowercase

from bot.research.model import Finding
from bot.research.words import not_verified
from bot.text.agreement import TIMES, Number, stands_in
from bot.text.bounds import bounded
from bot.text.content_words import STEM, content_words
from bot.text.language import language_of
from bot.text.markers import markers, rewritten
from bot.text.numbers import claimed, numbers
from bot.text.sentences import sentences

ALIKE = 0.6  # of the content words of the shorter sentence, that both share
FEWEST_ALIKE = 3
MOST_SENTENCES = 40  # of a finding that are compared: a text has 200 words, and may have any number
MOST = 5  # conflicts of a run that are named

_WORD = re.compile(r"\w++")


@dataclass(frozen=True)
class Conflict:
    """Two sentences of two angles, each with what it cites."""

    first: tuple[str, str]  # the angle's name and the sentence
    second: tuple[str, str]

    def named_in(self, text: str) -> bool:
        """Whether a text says both values and cites a page of each."""
        there, pages = numbers(rewritten(text, lambda marker: ())), _pages(text)
        own = (_Said(*self.first), _Said(*self.second))
        return all(stands_in(each.numbers[0], there) and pages & _pages(each.sentence) for each in own)


@dataclass(frozen=True)
class _Said:
    angle: str
    sentence: str

    @cached_property
    def bare(self) -> str:
        return rewritten(self.sentence, lambda marker: ())

    @cached_property
    def numbers(self) -> list[Number]:
        """Its amounts: two years of the same thing are mostly two things."""
        return [each for each in claimed(self.bare) if not _is_time(each)]

    @cached_property
    def times(self) -> list[Number]:
        """When it is said to be so."""
        return [each for each in claimed(self.bare) if _is_time(each)]

    @cached_property
    def thing(self) -> str:
        """What it counts, as far as one word says it."""
        behind = _WORD.search(self.bare.partition(self.numbers[0].said)[2])
        return behind[0].casefold()[:STEM] if behind else ""

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(word for word in content_words(self.bare) if not word.isdigit())


def conflicts(findings: Sequence[Finding]) -> list[Conflict]:
    """The conflicts between findings; only sentences that cite a page have any."""
    return list(_conflicts(tuple((finding.angle.name, finding.text) for finding in findings)))


@lru_cache(maxsize=64)  # asked for a few times by each synthesis
def _conflicts(texts: tuple[tuple[str, str], ...]) -> tuple[Conflict, ...]:
    said = [list(islice(_said(angle, text), MOST_SENTENCES)) for angle, text in texts]
    found = (
        Conflict((mine.angle, mine.sentence), (its.angle, its.sentence))
        for first, second in combinations(said, 2)
        for mine in first
        for its in second
        if _conflict(mine, its)
    )
    return tuple(islice(found, MOST))


def _said(angle: str, text: str) -> Iterator[_Said]:
    if not markers(text):
        return
    mark = not_verified(language_of(text))
    for place in sentences(text):
        sentence = text[place.start : place.end]
        said = _Said(angle, " ".join(sentence.split()))
        one = len(said.numbers) == 1 and not bounded(said.bare)  # what is more or less than a number contradicts none
        if one and mark not in sentence and markers(sentence):
            yield said


def _pages(text: str) -> frozenset[str]:
    return frozenset(name.rstrip(ascii_lowercase) for marker in markers(text) for name in marker.ids)


def _is_time(number: Number) -> bool:
    return number.year or number.unit in TIMES


def _conflict(mine: _Said, its: _Said) -> bool:
    """Whether both say one number of the same thing at the same time, and not the same one."""
    unit = mine.numbers[0].unit
    if unit != its.numbers[0].unit or (not unit and mine.thing != its.thing):
        return False
    if mine.times and its.times and not any(stands_in(each, its.times) for each in mine.times):
        return False
    shared = len(mine.words & its.words)
    alike = shared >= FEWEST_ALIKE and shared >= ALIKE * min(len(mine.words), len(its.words))
    return alike and not stands_in(mine.numbers[0], its.numbers) and not stands_in(its.numbers[0], mine.numbers)
