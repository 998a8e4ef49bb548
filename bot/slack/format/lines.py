"""Markdown read line by line: what each line is, in one pass whose time grows with the length only. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache


class Kind(Enum):
    """What a line is to the block that it belongs to."""

    BLANK = auto()
    TEXT = auto()  # the first line of a paragraph
    MORE = auto()  # a further line of it
    HEADING = auto()
    TITLE = auto()  # a line that is underlined
    UNDERLINE = auto()
    RULE = auto()
    OPEN = auto()  # of a fence
    CODE = auto()
    CLOSE = auto()
    HEAD = auto()  # of a table
    DASHES = auto()
    ROW = auto()


@dataclass(slots=True)
class Line:
    """A line: its text without the newline, the marks of quotations and lists before it, what kind it is.

    ``item`` says that an item of a list begins here. A hostile text has thousands of lines: what is asked of a line
    again and again is kept in it.
    """

    text: str
    prefix: str
    kind: Kind
    item: bool = False

    @property
    def body(self) -> str:
        """What stands behind the marks."""
        return self.text[len(self.prefix) :] if self.prefix else self.text


_PREFIX = re.compile(r"(?:[ \t]{0,12}(?:>|[-*+](?=[ \t]|$)|\d{1,9}[.)](?=[ \t]|$)))*+[ \t]*+")
MARKS = frozenset(" \t>-*+")  # what stands before a line's own text begins with one of these, or with a digit
FENCES = ("```", "~~~")
_HEADING = re.compile(r"#{1,6}(?=[ \t]|$)")
_FENCE = re.compile(r"(?P<mark>`{3,}+(?=[^`]*$)|~{3,}+)")
_RULE = re.compile(r"[ \t]{0,3}(?:(?:-[ \t]*+){3,}+|(?:\*[ \t]*+){3,}+|(?:_[ \t]*+){3,}+)")
_UNDERLINE = re.compile(r"(?:=++|-++)[ \t]*+")
_PIPE = re.compile(r"(?<!\\)\|")


@lru_cache(maxsize=8)  # a part is said and shown, and both read its lines
def scan(text: str) -> tuple[Line, ...]:
    """The lines of a text, read once from the first to the last."""
    return tuple(_Scanner(text.split("\n")).lines())


def cells(row: str) -> list[str]:
    """The cells of a table's row."""
    inner = row.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    return [cell.strip() for cell in _PIPE.split(inner)]


class _Scanner:
    """Knows what the line before was; a line is looked at once, and once more as the one that follows."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts
        self._found: list[Line] = []
        self._before = Kind.BLANK  # what the line before is
        self._fence, self._quoted = "", False
        self._listed = False  # an indented line may belong to an item

    def lines(self) -> Iterator[Line]:
        """Every line with its kind."""
        for number, text in enumerate(self._texts):
            line = (self._fenced(text) if self._fence else None) or self._read(number, text)
            self._found.append(line)
            self._before = line.kind
        yield from self._found

    def _fenced(self, text: str) -> Line | None:
        """A line within a fence; a fence that stands in a quotation ends with it."""
        if self._quoted and not text.lstrip(" \t").startswith(">"):
            self._fence = ""
            return None
        prefix = text[: len(text) - len(text.lstrip(" \t>"))] if self._quoted else ""
        rest = text.strip(" \t>") if self._quoted else text.strip()
        closes = rest.startswith(self._fence) and not rest.strip(self._fence[0])
        self._fence = "" if closes else self._fence
        return Line(text, prefix, Kind.CLOSE if closes else Kind.CODE)

    def _read(self, number: int, text: str) -> Line:
        bare = text.strip()
        if not bare:
            return Line(text, "", Kind.BLANK)
        indented = text.startswith(("    ", "\t")) and not self._listed
        if indented and self._before in (Kind.BLANK, Kind.CODE):
            return Line(text, "", Kind.CODE)
        if bare[0] in "=-*_" and (ruled := self._ruled(text, bare)):
            return ruled
        found = _PREFIX.match(text) if text[0] in MARKS or text[0].isdecimal() else None
        prefix = found[0] if found else ""
        line = Line(text, prefix, Kind.TEXT, bool(prefix and prefix.strip(" \t>")))
        line.kind = self._kind(number, line)
        self._listed = line.item or (self._listed and (text[0] in " \t" or line.kind is Kind.MORE))
        return line

    def _ruled(self, text: str, bare: str) -> Line | None:
        """A line that consists of one sign, which underlines what is before it or divides."""
        if self._before in (Kind.TEXT, Kind.MORE) and _UNDERLINE.fullmatch(bare) and self._underlines(text):
            return self._underline(text)
        if len(bare) < 3 or not _RULE.fullmatch(text):
            return None
        self._listed = False
        return Line(text, "", Kind.RULE)

    def _underlines(self, text: str) -> bool:
        """Whether such a line ends the paragraph before it; dashes under an item are a rule."""
        return not self._found[-1].prefix.strip() and not text.startswith("    ") and not self._found[-1].item

    def _underline(self, text: str) -> Line:
        for line in reversed(self._found):
            was, line.kind = line.kind, Kind.TITLE
            if was is Kind.TEXT:
                break
        return Line(text, "", Kind.UNDERLINE)

    def _kind(self, number: int, line: Line) -> Kind:
        body, prefix, before = line.body, line.prefix, self._before
        if body[:3] in FENCES and (fence := _FENCE.match(body)):
            self._fence, self._quoted = fence["mark"], ">" in prefix
            return Kind.OPEN
        if body[:1] == "#" and _HEADING.match(body):
            return Kind.HEADING
        if before in (Kind.HEAD, Kind.DASHES, Kind.ROW) and not prefix.strip():
            return Kind.DASHES if before is Kind.HEAD else Kind.ROW
        if "|" in body and number + 1 < len(self._texts) and _divides(self._texts[number + 1], body):
            return Kind.HEAD if not prefix.strip() else Kind.TEXT
        if line.item or before not in (Kind.TEXT, Kind.MORE):
            return Kind.TEXT
        return Kind.TEXT if prefix and prefix.count(">") > self._found[-1].prefix.count(">") else Kind.MORE


def _divides(dashes: str, head: str) -> bool:
    """Whether this is the line of dashes under a table's head."""
    is_line = "-" in dashes and "|" in dashes and not dashes.strip("|-: \t")
    return (
        is_line
        and all(cell.strip(":-") == "" and "-" in cell for cell in cells(dashes))
        and len(cells(dashes)) == len(cells(head))
    )
