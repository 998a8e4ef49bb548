"""Where angles say different numbers of the same thing. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, islice

from bot.research.model import Finding
from bot.research.words import not_verified
from bot.text.content_words import content_words
from bot.text.language import language_of
from bot.text.markers import markers, rewritten
from bot.text.numbers import Number, claimed, numbers, stands_in
from bot.text.sentences import sentences

ALIKE = 0.6  # of the content words of the shorter sentence, that both share
FEWEST_ALIKE = 3
MOST_SENTENCES = 40  # of a finding that are compared: a text has 200 words, and may have any number
MOST = 5  # conflicts of a run that are named


@dataclass(frozen=True)
class Conflict:
    """Two sentences of two angles, each with what it cites."""

    first: tuple[str, str]  # the angle's name and the sentence
    second: tuple[str, str]

    def named_in(self, text: str) -> bool:
        """Whether a text says both values."""
        there = numbers(text)
        own = (_Said(*self.first), _Said(*self.second))
        return all(any(stands_in(number, there) for number in each.numbers) for each in own)


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
        return [
            each for each in claimed(self.bare) if not each.year and each.unit not in ("decade", "century", "clock")
        ]

    @cached_property
    def words(self) -> frozenset[str]:
        return frozenset(word for word in content_words(self.bare) if not word.isdigit())


def conflicts(findings: Sequence[Finding]) -> list[Conflict]:
    """The conflicts between findings; only sentences that cite a page have any."""
    said = [list(islice(_said(finding), MOST_SENTENCES)) for finding in findings]
    found = (
        Conflict((mine.angle, mine.sentence), (its.angle, its.sentence))
        for first, second in combinations(said, 2)
        for mine in first
        for its in second
        if _conflict(mine, its)
    )
    return list(islice(found, MOST))


def _said(finding: Finding) -> Iterator[_Said]:
    mark = not_verified(language_of(finding.text))
    for place in sentences(finding.text):
        sentence = finding.text[place.start : place.end]
        if (
            mark not in sentence
            and markers(sentence)
            and (said := _Said(finding.angle.name, " ".join(sentence.split()))).numbers
        ):
            yield said


def _conflict(mine: _Said, its: _Said) -> bool:
    """Whether both say one number of the same thing, and not the same one."""
    if len(mine.numbers) != 1 or len(its.numbers) != 1 or mine.numbers[0].unit != its.numbers[0].unit:
        return False
    shared = len(mine.words & its.words)
    alike = shared >= FEWEST_ALIKE and shared >= ALIKE * min(len(mine.words), len(its.words))
    return alike and not stands_in(mine.numbers[0], its.numbers) and not stands_in(its.numbers[0], mine.numbers)
