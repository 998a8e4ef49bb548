"""The markers of a text as people see them: the numbers of pages, which may lead to the very passage. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.research.model import Passage, Source
from bot.text.fragments import at_passages
from bot.text.segments import segments

# Code in a line of prose, or markers beside one another with the blank before them.
_MARKERS = re.compile(r"`[^`\n]*+`|(?P<blank> ?)(?P<ids>(?:\[[0-9]{1,4}[a-z]{1,2}\])+)")
_ID = re.compile(r"\[([0-9]+)([a-z]+)\]")

# Shows the number of a page and the address of what it is cited for, "" where that is no link.
Show = Callable[[int, str], str]


def linked(number: int, address: str) -> str:
    """A number in Markdown."""
    return f"[[{number}]]({address})" if address else f"[{number}]"


def unlinked(number: int, address: str) -> str:
    """A number by itself."""
    return f"[{number}]"


def uncited(text: str, sources: Sequence[Source]) -> str:
    """The text without the markers that cite a page."""
    return Citations(sources).shown(text, lambda number, address: "")


def numbered(text: str, sources: Sequence[Source]) -> str:
    """The text with the numbers of pages and no addresses."""
    return Citations(sources).shown(text, unlinked)


@dataclass(frozen=True)
class Citations:
    """The pages that texts may cite, by their numbers; with none of them a text stays as it is."""

    sources: Sequence[Source] = ()

    def shown(self, text: str, show: Show) -> str:
        """The text with each page's number in place of the markers that cite it; what cites nothing goes."""
        if not self.sources:
            return text
        stretches = (
            "\n".join(lines) if code else self._prose("\n".join(lines), show) for code, lines in segments(text)
        )
        return "\n".join(stretches)

    def cited(self, text: str) -> list[Source]:
        """The pages that a text cites."""
        numbers: set[int] = set()

        def note(number: int, address: str) -> str:
            numbers.add(number)
            return ""

        self.shown(text, note)
        return [source for source in self.sources if source.number in numbers]

    def _prose(self, text: str, show: Show) -> str:
        return _MARKERS.sub(lambda found: self._markers(found, show), text)

    def _markers(self, found: re.Match[str], show: Show) -> str:
        if not found["ids"]:
            return found[0]
        pages = {source.number: source for source in self.sources}
        ids = [(int(number), letter) for number, letter in _ID.findall(found["ids"]) if int(number) in pages]
        shown = (
            show(number, _address(pages[number], [letter for _, letter in letters]))
            for number, letters in groupby(ids, key=lambda each: each[0])
        )
        said = "".join(shown)
        return f"{found['blank']}{said}" if said else ""


def _address(source: Source, letters: Iterable[str]) -> str:
    """Where these passages of a page stand."""
    known = {each.letter: each for each in source.passages}
    passages: list[Passage] = [known[letter] for letter in dict.fromkeys(letters) if letter in known]
    return at_passages(source.url, [each.text for each in passages], passages[0].sheet if passages else 0)
