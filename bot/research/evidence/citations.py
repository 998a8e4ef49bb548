"""The markers of a text as people see them: the numbers of pages, which may lead to the very passage. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby

from bot.research.model import Source
from bot.text.fragments import at_passages
from bot.text.segments import segments

# Code in a line of prose, or markers beside one another with the blank before them.
_MARKERS = re.compile(r"`[^`\n]*+`|(?P<blank> ?)(?P<ids>(?:\[[0-9]{1,4}[a-z]{1,2}\])+)")
_ID = re.compile(r"\[([0-9]+)([a-z]+)\]")

# Shows a page in place of the letters of its passages that are cited.
Show = Callable[[Source, Sequence[str]], str]


def linked(source: Source, letters: Sequence[str]) -> str:
    """A page's number in Markdown, a link to its passages."""
    known = {each.letter: each for each in source.passages}
    passages = [known[letter] for letter in dict.fromkeys(letters) if letter in known]
    address = at_passages(source.url, tuple(each.text for each in passages), passages[0].sheet if passages else 0)
    return f"[[{source.number}]]({address})" if address else f"[{source.number}]"


def numbered(text: str, sources: Sequence[Source]) -> str:
    """The text with the numbers of pages and no addresses."""
    return Citations(sources).shown(text, lambda source, letters: f"[{source.number}]")


def uncited(text: str, sources: Sequence[Source]) -> str:
    """The text without the markers that cite a page."""
    return Citations(sources).shown(text, lambda source, letters: "")


class Citations:
    """The pages that texts may cite, by their numbers; with none of them a text stays as it is."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._pages = {source.number: source for source in sources}

    def shown(self, text: str, show: Show) -> str:
        """The text with each page as it is shown in place of the markers that cite it; what cites nothing goes."""
        if not self._pages:
            return text
        stretches = (
            "\n".join(lines) if code else _MARKERS.sub(lambda found: self._markers(found, show), "\n".join(lines))
            for code, lines in segments(text)
        )
        return "\n".join(stretches)

    def cited(self, text: str) -> list[Source]:
        """The pages that a text cites."""
        numbers: set[int] = set()

        def note(source: Source, letters: Sequence[str]) -> str:
            numbers.add(source.number)
            return ""

        self.shown(text, note)
        return [source for number, source in self._pages.items() if number in numbers]

    def _markers(self, found: re.Match[str], show: Show) -> str:
        if not found["ids"]:
            return found[0]
        ids = [(int(number), letter) for number, letter in _ID.findall(found["ids"]) if int(number) in self._pages]
        groups = groupby(ids, key=lambda each: each[0])
        said = "".join(show(self._pages[number], [letter for _, letter in group]) for number, group in groups)
        return f"{found['blank']}{said}" if said else ""
