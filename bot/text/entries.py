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
# What JSON would have in place of other quotation marks, and of names without any.
_OPENS = re.compile(r"(?<=[\[{,:])(\s*+)['“”„‘’](?=\S)")
_CLOSES = re.compile(r"['“”‘’](?=\s*+[,:\]}])")
_NAME = re.compile(r"(?<=[{,])(\s*+)([A-Za-z_]{1,30}+)(?=\s*+:)")
_COUNT = r"\d{1,3}[.):]|\d\ufe0f?\u20e3|[a-hA-H]\)|[IVX]{1,4}[.)]"
_WORDS = "angle|perspective|aspect|question|winkel|blickwinkel|perspektive|aspekt|frage|ángulo|aspecto|pregunta"
_NUMBERED = re.compile(
    rf"[ \t]*+(?:[*_#]++[ \t]*+)?+(?:{_COUNT}|(?i:{_WORDS})[ \t]\d{{1,3}}+[ \t]*+(?:[.):–—-]))[ \t]*+(?=\S)"
)
_MARKED = re.compile(r"(?:[-*+•–]|#{1,6}+)[ \t]++(?=\S)|(?=\*\*)")
_BULLET = re.compile(r"\s*+(?:[-*+•–]\s++)?+")
_TITLE = "title|name|angle|question|titel|titre|título|frage"
_LABEL = re.compile(
    rf"\A[\s*_\"“]*+(?:{_TITLE}|brief|description|focus|beschreibung|auftrag|fokus|descripción)[\s*_\"”]*+[:：][\s*_]*+",
    re.IGNORECASE,
)
_TITLED = re.compile(rf"[ \t]*+(?:[-*+•–][ \t]++)?+(?=[*_]*+(?:{_TITLE})[*_]*+[:：])", re.IGNORECASE)
_CELLS = re.compile(r"\s*+\|(.*\S)")
_RULE = re.compile(r"[\s|:-]++\Z")
_PARTED = re.compile(r"[:：]|\s[-–—]{1,2}\s|—")
_TITLES, _BRIEFS = ("title", "name", "angle", "question"), ("brief", "description")


def entries(text: str) -> list[Entry]:
    """The titled entries of a text, in their order; none where it has no list of any kind."""
    return _listed(text, _parted)


def sentences(text: str) -> list[str]:
    """The same for a list of sentences, each of them whole."""
    return [title for title, _ in _listed(text, _whole)]


def _listed(text: str, read: Reading) -> list[Entry]:
    text = _LAST_COMMA.sub("", text)
    lines = text.splitlines()
    return (
        list(_of_json(text, read)) or list(_of_json(_as_json(text), read)) or _of_table(lines) or _of_lines(lines, read)
    )


def _as_json(text: str) -> str:
    """What was meant as JSON, with its quotation marks."""
    return _NAME.sub(r'\1"\2"', _CLOSES.sub('"', _OPENS.sub(r'\1"', text)))


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
    elif isinstance(value, dict) and not _holds_entries(value) and (titled := _titled(value)):
        yield from titled
    elif isinstance(value, (dict, list)) and depth:
        for each in value.values() if isinstance(value, dict) else value:
            if isinstance(each, (dict, list)) or isinstance(value, list):
                yield from _within(each, depth - 1, read)


def _holds_entries(value: dict[str, Any]) -> bool:
    return any(isinstance(each, list) and each and isinstance(each[0], dict) for each in value.values())


def _titled(value: dict[str, Any]) -> list[Entry]:
    """The entry that an object is: by its names, else its first text and the longest other one.

    An object whose names are titles is an entry for each of them.
    """
    fields = {name.strip(): said for name, said in value.items() if isinstance(said, str)}
    titled = all(name[:1].isupper() and " " in said for name, said in fields.items())
    if titled and (len(fields) == 1 or " " in "".join(fields)):
        return [(_bare(name), said.strip()) for name, said in fields.items()]
    fields = {name.casefold(): said for name, said in fields.items()}
    title, brief = (next((name for name in names if name in fields), None) for names in (_TITLES, _BRIEFS))
    if title is None and len(fields) > 1:
        title = next(iter(fields))
    if title is None:
        return []
    rest = max((said for name, said in fields.items() if name != title), key=len, default="")
    return [(_bare(fields[title]), (fields[brief] if brief else rest).strip())]


def _of_table(lines: list[str]) -> list[Entry]:
    """The entries of a table: a row each, its number left out."""
    rows = [found[1].strip("|").split("|") for line in lines if (found := _CELLS.match(line))]
    head = next((number for number, row in enumerate(rows) if _RULE.match("|".join(row))), len(rows))
    cells = [[cell.strip() for cell in row if not cell.strip(" .)#").isdecimal()] for row in rows[head + 1 :]]
    return [(_bare(row[0]), row[1].strip("*_")) for row in cells if len(row) > 1]


def _of_lines(lines: list[str], read: Reading) -> list[Entry]:
    """The entries of a list that is written out: each with a number, else with "Title:", else with a mark."""
    for begins in (_NUMBERED, _TITLED, _MARKED):
        starts = [number for number, line in enumerate(lines) if begins.match(line)]
        if len(starts) > 2 and _level(lines[starts[0]]) < _level(lines[starts[1]]):
            starts = starts[1:]  # the heading of all
        if len(starts) > 1:
            spans = zip(starts, [*starts[1:], len(lines)], strict=True)
            return [_written(begins.sub("", lines[s], count=1), lines[s + 1 : e], read) for s, e in spans]
    return []


def _written(first: str, more: list[str], read: Reading) -> Entry:
    """An entry of a list: what follows its title, in its line or in the next one that says something."""
    title, brief = read(_LABEL.sub("", first, count=1))
    below = next((line for line in more if line.strip()), "")
    brief = brief or _LABEL.sub("", _BULLET.sub("", below, count=1), count=1).strip(" \t*_")
    return title, brief[1:-1] if brief[:1] == brief[-1:] == '"' else brief


def _level(line: str) -> int:
    """How deep a heading is; other lines are deeper than any."""
    signs = len(line) - len(line.lstrip("#"))
    return signs or 7


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
