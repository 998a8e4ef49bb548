"""Slack's mrkdwn, drawn as Slack draws it, in one pass whose time grows with the length only. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from markupsafe import Markup

from bot.playground.page.drawing import emoji, links, references
from bot.playground.page.drawing.names import Names
from bot.playground.page.drawing.references import unescaped
from bot.playground.page.drawing.tags import BREAK, closed, element, opened

FENCE = "```"
QUOTE, REST = "&gt;", "&gt;&gt;&gt;"
MARKS = {"*": "strong", "_": "em", "~": "s"}
ZWSP = "\N{ZERO WIDTH SPACE}"
_PIECE = re.compile(
    rf"(?P<reference>{references.MENTION}|{references.LINK})|(?P<code>`[^`\n]++`)|(?P<emoji>{emoji.PATTERN})"
    rf"|(?P<address>{links.BARE})|(?P<mark>[*_~])"
)


def drawn(text: str, names: Names) -> Markup:
    """A text in mrkdwn, escaped as Slack wants it: ``&amp; &lt; &gt;``."""
    parts = text.split(FENCE)
    if len(parts) % 2 == 0:  # the last fence has no end, so it is no fence
        parts[-2:] = [FENCE.join(parts[-2:])]
    pieces = []
    for number, part in enumerate(parts):
        if number % 2 == 0:
            pieces.append(_prose(_trimmed(part, number > 0, number < len(parts) - 1), names))
        elif part.strip():
            pieces.append(element("pre", element("code", unescaped(part.strip("\n")))))
        else:
            pieces.append(Markup.escape(f"{FENCE}{part}{FENCE}"))
    return Markup("").join(pieces)


def _trimmed(prose: str, after: bool, before: bool) -> str:
    """Prose without the line breaks that only part it from code."""
    prose = prose.removeprefix("\n") if after else prose
    return prose.removesuffix("\n") if before else prose


def _prose(text: str, names: Names) -> Markup:
    pieces = []
    for quoted, group in groupby(_quotable(text.split("\n")), lambda line: line[0]):
        said = BREAK.join(_Line(line, names).drawn() for _, line in group)
        pieces.append(element("blockquote", said) if quoted else said)
    return Markup("").join(pieces)


def _quotable(texts: list[str]) -> Iterator[tuple[bool, str]]:
    """Each line without its mark, and whether it is quoted."""
    to_the_end = False
    for text in texts:
        to_the_end = to_the_end or text.startswith(REST)
        mark = REST if text.startswith(REST) else QUOTE if text.startswith(QUOTE) else ""
        rest = text.removeprefix(mark)
        yield bool(mark) or to_the_end, rest.removeprefix(" ") if mark else rest


class _Line:
    """A line with its marks: each begins something, ends it, or stands for itself."""

    def __init__(self, text: str, names: Names) -> None:
        self._text, self._names = text, names
        self._pieces: list[str] = []
        self._begun: dict[str, int] = {}  # where a mark stands that may begin something

    def drawn(self) -> Markup:
        """The line as HTML."""
        at = 0
        for found in _PIECE.finditer(self._text):
            self._pieces.append(unescaped(self._text[at : found.start()]))
            self._piece(str(found.lastgroup), found[0], found.start())
            at = found.end()
        return Markup("").join([*self._pieces, unescaped(self._text[at:])])

    def _piece(self, kind: str, text: str, at: int) -> None:
        if kind == "mark":
            self._mark(text, self._text[at - 1 : at] if at else "", self._text[at + 1 : at + 2])
        elif kind == "code":
            self._pieces.append(element("code", unescaped(text[1:-1])))
        elif kind == "emoji":
            self._pieces.append(emoji.drawn(text[1:-1]))
        elif kind == "address":
            self._pieces.append(links.link(unescaped(text), unescaped(text), self._names))
        else:
            self._pieces.append(references.drawn(f"<{unescaped(text[1:-1])}>", self._names))

    def _mark(self, mark: str, before: str, after: str) -> None:
        alone = mark not in (before, after)
        if alone and mark in self._begun and not _blank(before) and not after.isalnum():
            start = self._begun.pop(mark)
            self._begun = {each: place for each, place in self._begun.items() if place < start}
            self._pieces[start] = opened(MARKS[mark])
            self._pieces.append(closed(MARKS[mark]))
            return
        if alone and mark not in self._begun and not before.isalnum() and not _blank(after):
            self._begun[mark] = len(self._pieces)
        self._pieces.append(mark)


def _blank(character: str) -> bool:
    """Whether nothing is to be seen there; a zero-width space is put beside marks that shall mean nothing."""
    return not character or character.isspace() or character == ZWSP
