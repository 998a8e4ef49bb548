"""What a model lists, whatever it makes of a list of titled entries: JSON in any wrapping, lines with numbers. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

Entry = tuple[str, str]  # a title and what is said of it, "" where there is nothing
Reading = Callable[[str], Entry]  # of a line, or of a string in a list

TRIES = 20  # brackets that begin no JSON before the rest is taken for prose: keeps the time linear
DEEPEST = 4  # lists and objects around an entry
LONGEST_TITLE = 200  # characters before what parts a title from its text

_BEGINS = re.compile(r"[\[{](?=\s*+[\[{\"])")
_LAST_COMMA = re.compile(r",(?=\s*+[\]}])")
_NUMBERED = re.compile(r"[ \t]*+(?:[*_#]++[ \t]*+)?+\d{1,3}[.):][ \t]*+(?=\S)")
_MARKED = re.compile(r"(?:[-*+•–]|#{1,6}+)[ \t]++(?=\S)|(?=\*\*)")
_BULLET = re.compile(r"\s*+(?:[-*+•–]\s++)?+")
_LABEL = re.compile(
    r"\A[\s*_\"“]*+(?:title|brief|name|angle|question|description)[\s*_\"”]*+[:：][\s*_]*+", re.IGNORECASE
)
_PARTED = re.compile(r"[:：]|\s[-–—]{1,2}\s|—")
_TITLES, _BRIEFS = ("title", "name", "angle", "question"), ("brief", "description")


def entries(text: str) -> list[Entry]:
    """The titled entries of a text, in their order; none where it has no list of any kind."""
    return _listed(text, _parted)


def sentences(text: str) -> list[str]:
    """The same for a list of sentences, each of them whole."""
    return [title for title, _ in _listed(text, _whole)]


def _listed(text: str, read: Reading) -> list[Entry]:
    return list(_of_json(_LAST_COMMA.sub("", text), read)) or _of_lines(text.splitlines(), read)


def _of_json(text: str, read: Reading) -> Iterator[Entry]:
    """The entries of all JSON in a text, whatever stands before, between and behind it."""
    decoder, at, tries = json.JSONDecoder(strict=False), 0, TRIES
    while tries and (begins := _BEGINS.search(text, at)):
        try:
            value, at = decoder.raw_decode(text, begins.start())
        except (ValueError, RecursionError):
            at, tries = begins.start() + 1, tries - 1
        else:
            yield from _within(value, DEEPEST, read)


def _within(value: Any, depth: int, read: Reading) -> Iterator[Entry]:
    """The entries in a value: objects with a title, strings in a list."""
    if isinstance(value, str):
        yield read(value)
    elif isinstance(value, dict) and (titled := _titled(value)):
        yield titled
    elif isinstance(value, (dict, list)) and depth:
        for each in value.values() if isinstance(value, dict) else value:
            if isinstance(each, (dict, list)) or isinstance(value, list):
                yield from _within(each, depth - 1, read)


def _titled(value: dict[str, Any]) -> Entry | None:
    fields = {name.strip().casefold(): said for name, said in value.items() if isinstance(said, str)}
    title, brief = (next((fields[name] for name in names if name in fields), None) for names in (_TITLES, _BRIEFS))
    return None if title is None else (_bare(title), (brief or "").strip())


def _of_lines(lines: list[str], read: Reading) -> list[Entry]:
    """The entries of a list that is written out: each with a number, else each with a mark."""
    for begins in (_NUMBERED, _MARKED):
        starts = [number for number, line in enumerate(lines) if begins.match(line)]
        if len(starts) > 1:
            spans = zip(starts, [*starts[1:], len(lines)], strict=True)
            return [_written(begins.sub("", lines[s], count=1), lines[s + 1 : e], read) for s, e in spans]
    return []


def _written(first: str, more: list[str], read: Reading) -> Entry:
    """An entry of a list: what follows its title, in its line or in the next one that says something."""
    title, brief = read(_LABEL.sub("", first, count=1))
    below = next((line for line in more if line.strip()), "")
    return title, brief or _LABEL.sub("", _BULLET.sub("", below, count=1), count=1).strip(" \t*_")


def _parted(line: str) -> Entry:
    """A line at what parts its title from the rest."""
    parts = _PARTED.search(line, 0, LONGEST_TITLE)
    title, brief = (line[: parts.start()], line[parts.end() :]) if parts else (line, "")
    return _bare(title), brief.strip(" \t*_")


def _whole(line: str) -> Entry:
    return _bare(line), ""


def _bare(title: str) -> str:
    """A title without markup and quotation marks around it."""
    return title.strip(" \t\n*_#`\"“”'.:：")
