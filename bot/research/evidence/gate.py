"""The gate: every sentence of a text held against the passages that it cites, before anybody reads it. Pure.

What can be checked is that a number stands in a cited passage and that the two speak of the same thing. Whether a
sentence says of it what the passage says, code cannot see.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from bot.research.evidence.shelf import Shelf
from bot.research.model import Checks, Passage, Source
from bot.research.words import not_verified
from bot.text.addresses import unlinked
from bot.text.agreement import Number, stands_in
from bot.text.content_words import content_words
from bot.text.language import language_of
from bot.text.markers import markers, once, rewritten
from bot.text.numbers import claimed, numbers
from bot.text.readable import readable
from bot.text.sentences import sentences

ALIKE = 0.25  # of the content words of a sentence that its passages share with it, at least
FEWEST_ALIKE = 2  # of them, where it has so many
LOOKED_AT = 6  # passages that a sentence without a fitting one is held against, those first that share most words
SPACED = 3  # times as long as a sentence that one in its place may be

_ENDS, _CLOSES = ".!?…。！？", "\"'”’»)*_"


@dataclass(frozen=True)
class Fault:
    """A sentence that did not pass: ``why`` is "number", "unlike" or "unmarked"; ``numbers`` are those that fail."""

    sentence: str
    why: str
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gated:
    """A text whose markers all lead somewhere; where its faulty sentences stand, and how much was checked."""

    text: str
    faults: tuple[Fault, ...] = ()
    places: tuple[tuple[int, int], ...] = ()
    checks: Checks = field(default_factory=Checks)


@dataclass(frozen=True)
class Rests:
    """What a text may rest on: a shelf, and texts whose numbers need no source, or have one, as ``gate`` takes them."""

    shelf: Shelf = field(default_factory=Shelf)
    known: Sequence[str] = ()
    held: Sequence[str] = ()

    def gate(self, text: str) -> Gated:
        """Hold a text against it."""
        return gate(text, self.shelf, self.known, self.held)

    def mended(self, gated: Gated, written: Mapping[int, str]) -> Gated:
        """The text with sentences that were written anew, as far as these pass."""
        return mended(gated, written, self.shelf, self.known, self.held)

    def size(self, text: str) -> int:
        """How many characters are read to hold a text against it."""
        return self.shelf.size + len(text)


def gate(text: str, shelf: Shelf, known: Sequence[str] = (), held: Sequence[str] = ()) -> Gated:
    """Hold a text against a shelf; without sources only what leads nowhere is taken out.

    The numbers of ``known`` texts, as of the topic, need no source; those of texts that were ``held`` before have one.
    """
    text = unlinked(text)
    pages = _Pages(shelf)
    text = rewritten(text, lambda marker: once(each for name in marker.ids for each in pages.known(name)))
    if not shelf:
        return Gated(text)
    return _Gate(pages, _all(known), _all(map(_verified, held))).through(text)


def mended(
    gated: Gated, written: Mapping[int, str], shelf: Shelf, known: Sequence[str] = (), held: Sequence[str] = ()
) -> Gated:
    """The text with sentences that were written anew, by their numbers from 1, as far as these pass."""
    parts, at = [], 0
    for number, (fault, (start, end)) in enumerate(zip(gated.faults, gated.places, strict=True), 1):
        new = gate(" ".join(written.get(number, "").split()), shelf, known, held)
        right = new.text and not new.faults and len(new.text) <= SPACED * len(fault.sentence)
        parts += [gated.text[at:start], new.text if right else gated.text[start:end]]
        at = end
    return gate("".join([*parts, gated.text[at:]]), shelf, known, held)


def marked(gated: Gated) -> str:
    """The text with a mark behind each sentence that did not pass, in its language."""
    mark, parts, at = not_verified(language_of(gated.text)), [], 0
    for start, end in gated.places:
        sentence = gated.text[start:end]
        stop = start + _stop(sentence)
        parts += [gated.text[at:stop], "" if mark in sentence else f" {mark}"]
        at = stop
    return "".join([*parts, gated.text[at:]])


def cited(text: str, shelf: Shelf) -> tuple[Source, ...]:
    """The sources that a text cites, each with those of its passages that it does."""
    ids = {name for marker in markers(text) for name in marker.ids}
    found = []
    for source in shelf.sources:
        of_page = (*source.passages, *shelf.beyond.get(source.number, ()))
        if passages := tuple(each for each in of_page if f"{source.number}{each.letter}" in ids):
            found.append(source.model_copy(update={"passages": passages}))
    return tuple(found)


def renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """The text with other numbers for its pages; a marker of a page that has none goes."""
    return rewritten(text, lambda marker: once(_other(name, numbers) for name in marker.ids))


def _other(name: str, numbers: Mapping[int, int]) -> str:
    digits = re.match(r"\d+", name)
    number = numbers.get(int(digits[0])) if digits else None
    return f"{number}{name[digits.end() :]}" if digits and number else ""


def _all(texts: Iterable[str]) -> list[Number]:
    return [number for text in texts for number in numbers(text)]


def _verified(text: str) -> str:
    """What of a text was not marked as not verified."""
    mark = not_verified(language_of(text))
    pieces = (text[each.start : each.end] for each in sentences(text)) if mark in text else (text,)
    return "\n".join(piece for piece in pieces if mark not in piece)


def _stop(sentence: str) -> int:
    """Where a mark stands in a sentence: before its full stop, behind its last marker."""
    last = markers(sentence)
    if last and not sentence[last[-1].end :].strip(f" {_ENDS}{_CLOSES}"):
        return last[-1].end
    whole = sentence.rstrip()
    if whole.startswith("|") and whole.endswith("|") and len(whole) > 1:  # a row of a table: within its last cell
        return len(whole[:-1].rstrip())
    open_end = whole.rstrip(_CLOSES)
    bare = open_end.rstrip(_ENDS)
    return len(bare) if len(bare) < len(open_end) else len(whole)


class _Text:
    """A passage with what is looked for in it, worked out once."""

    def __init__(self, name: str, passage: Passage, source: Source) -> None:
        self.name, self.text, self.source = name, passage.text, source

    @cached_property
    def numbers(self) -> tuple[Number, ...]:
        return numbers(self.text, self.language)

    @property
    def words(self) -> frozenset[str]:
        return _words(self.text)

    @cached_property
    def language(self) -> str:
        return language_of(self.text)

    def named(self, words: frozenset[str]) -> list[Number]:
        """The numbers of who publishes it and when, where a sentence with these words names that."""
        name = self.source.name
        return [*numbers(name), *numbers(self.source.date)] if words & _words(name) else []


@lru_cache(maxsize=4_096)  # a text goes through the gate once more for each sentence that was written anew
def _words(text: str) -> frozenset[str]:
    return frozenset(content_words(text))


class _Pages:
    """All passages of a shelf, by their ids and by their pages."""

    def __init__(self, shelf: Shelf) -> None:
        self.given = [_Text(name, passage, source) for name, source, passage in shelf.passages()]
        self.of: dict[str, list[_Text]] = {}
        for source in shelf.sources:
            of_page = (*source.passages, *shelf.beyond.get(source.number, ()))
            self.of[str(source.number)] = [_Text(f"{source.number}{each.letter}", each, source) for each in of_page]
        self.by_id = {each.name: each for page in self.of.values() for each in page}

    def known(self, name: str) -> tuple[str, ...]:
        """The name, if it is one; for a whole page that of its first passage."""
        if name in self.by_id:
            return (name,)
        return (self.of[name][0].name,) if self.of.get(name) else ()


class _Gate:
    """Holds sentences against passages."""

    def __init__(self, pages: _Pages, known: Sequence[Number], held: Sequence[Number]) -> None:
        self._pages, self._known, self._held = pages, known, held

    def through(self, text: str) -> Gated:
        """The text with its markers where they belong, and what is wrong with it."""
        parts: list[str] = []
        faults: list[Fault] = []
        places: list[tuple[int, int]] = []
        at = written = statements = 0
        language = language_of(text)
        for place in sentences(text):
            before, sentence = text[at : place.start], text[place.start : place.end]
            is_one, sentence, fault = self._sentence(sentence, language)
            start = written + len(before)
            written = start + len(sentence)
            parts += [before, sentence]
            at = place.end
            statements += is_one
            if fault:
                faults.append(fault)
                places.append((start, written))
        checks = Checks(statements=statements, checked=statements - len(faults))
        return Gated("".join([*parts, text[at:]]), tuple(faults), tuple(places), checks)

    def _sentence(self, sentence: str, language: str) -> tuple[bool, str, Fault | None]:
        """Whether a sentence is a statement, how it reads now, and what is wrong with it."""
        found = markers(sentence)
        bare = readable(rewritten(sentence, lambda marker: ()))
        said = [each for each in claimed(bare, language) if not stands_in(each, self._known)]
        if not found and not said:
            return False, sentence, None
        if not_verified(language) in sentence:
            return True, sentence, Fault(sentence, "number", tuple(each.said for each in said))
        open_numbers = [each for each in said if not stands_in(each, self._held)]
        words = frozenset(content_words(bare))
        ids = once(name for marker in found for name in marker.ids)
        if not ids:
            return True, *self._unmarked(sentence, said, open_numbers, words)
        passages = [self._pages.by_id[name] for name in ids]
        named = [number for each in passages for number in each.named(words)]
        open_numbers = [each for each in open_numbers if not stands_in(each, named)]
        lacking = [each for each in open_numbers if not stands_in(each, _numbers(passages))]
        alike = self._alike(words, passages, language)
        if not lacking and alike:
            return True, sentence, None
        if other := self._elsewhere(open_numbers, lacking, words, passages, language):
            return True, _with(sentence, other), None
        why = "number" if lacking else "unlike"
        return True, sentence, Fault(sentence, why, tuple(each.said for each in lacking))

    def _unmarked(
        self, sentence: str, said: list[Number], open_numbers: list[Number], words: frozenset[str]
    ) -> tuple[str, Fault | None]:
        """A sentence without a marker, with that of the passage in which all its numbers stand."""
        wanted = min(FEWEST_ALIKE, len(words)) or 1
        for each in _nearest(self._pages.by_id.values(), words) if said else ():
            if len(each.words & words) >= wanted and _holds(each, said):
                stop = _stop(sentence)
                return f"{sentence[:stop]} [{each.name}]{sentence[stop:]}", None
        if not open_numbers:
            return sentence, None
        return sentence, Fault(sentence, "unmarked", tuple(each.said for each in open_numbers))

    def _elsewhere(
        self,
        open_numbers: list[Number],
        lacking: list[Number],
        words: frozenset[str],
        passages: list[_Text],
        language: str,
    ) -> tuple[str, ...]:
        """The ids on the same pages that a sentence should have; none where nothing there holds it."""
        pages = dict.fromkeys(re.match(r"\d+", each.name)[0] for each in passages)  # type: ignore[index]
        near = _nearest((each for page in pages for each in self._pages.of[page]), words)
        for each in near:
            if self._alike(words, [each], language) and _holds(each, open_numbers):
                return (each.name,)
        there = _all_words(passages)
        own = [each for each in near if any(not word[0].isdigit() for word in words & each.words - there)]
        more = {each.name: each for lack in lacking for each in own if stands_in(lack, each.numbers)}
        both = [*passages, *more.values()]
        whole = lacking and all(stands_in(each, _numbers(both)) for each in open_numbers)
        return once(each.name for each in both) if whole and self._alike(words, both, language) else ()

    def _alike(self, words: frozenset[str], passages: Sequence[_Text], language: str) -> bool:
        """Whether a sentence and its passages speak of the same thing, as far as one language tells."""
        there = _all_words(passages).union(*(_words(each.source.name) for each in passages))
        spoken = {each.language for each in passages}
        if language and spoken and language not in spoken and "" not in spoken:
            return True
        shared = len(words & there)
        enough = shared >= min(FEWEST_ALIKE, (len(words) + 1) // 2) and shared >= ALIKE * len(words)
        return enough or len(words) < FEWEST_ALIKE  # one word says nothing of what a sentence is about


def _holds(passage: _Text, said: Sequence[Number]) -> bool:
    """Whether all these numbers stand in a passage."""
    return all(stands_in(each, passage.numbers) for each in said)


def _all_words(passages: Iterable[_Text]) -> frozenset[str]:
    return frozenset[str]().union(*(each.words for each in passages))


def _numbers(passages: Iterable[_Text]) -> list[Number]:
    return [number for each in passages for number in each.numbers]


def _nearest(passages: Iterable[_Text], words: frozenset[str]) -> list[_Text]:
    """The passages that share most words with a sentence."""
    shared = [(len(each.words & words), each) for each in passages]
    best = sorted((pair for pair in shared if pair[0]), key=lambda pair: -pair[0])[:LOOKED_AT]
    return [each for _, each in best]


def _with(sentence: str, ids: tuple[str, ...]) -> str:
    """A sentence with these markers in place of its own."""
    first = markers(sentence)[0].start
    return rewritten(sentence, lambda marker: ids if marker.start == first else ())
