"""Markdown in the pieces that it may be cut into, each with how good the seam before it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum

from bot.research.typed import belongs, characters
from bot.slack.lines import Kind, Line, scan


class Seam(IntEnum):
    """Where a piece begins, the best place to cut first; never cut there unless nothing else fits."""

    SECTION = 0
    BLOCK = 1
    ITEM = 2  # and the items within items behind it
    LINE = 10
    SENTENCE = 11
    WORD = 12
    WITHIN = 13  # within a mark
    CHARACTER = 14
    HEADED = 15  # behind a heading


@dataclass(frozen=True)
class Piece:
    """A stretch of text that stays whole while it fits.

    ``above`` and ``below`` frame every part that holds some of a fence or a table; ``table`` numbers the tables.
    """

    text: str
    seam: int
    above: str = ""
    below: str = ""
    table: int = 0
    quoted: str = ""


LONGEST_MARK = 1_000  # characters of code, a link or emphasis that are kept whole
DEEPEST = 5  # quotations within quotations that the rest of a cut line is shown in
LONGEST_FRAME = 400  # characters of a frame that is repeated

_SENTENCE_END = re.compile(r"[.!?…]++[\"'”’»)\]*_]*+\s++|[。！？।]++[”’」』）]*+")
_SPACE = re.compile(r"\s++")
_MARK = re.compile(r"`+|!?\[|\](?:\([^()\s]*+(?:\([^()\s]*+\)[^()\s]*+)*+(?:\s++\"[^\"]*+\")?+\))?|\*\*|__|~~|\*|_")
_NUMBER = re.compile(r"\d{1,9}(?=[.)])")


def pieces(text: str) -> list[Piece]:
    """The text line by line; what a line begins decides about the seam before it."""
    return list(_Cutter().pieces(scan(text)))


class _Cutter:
    def __init__(self) -> None:
        self._tables = 0
        self._numbers: dict[tuple[int, int], int] = {}

    def pieces(self, lines: list[Line]) -> Iterator[Piece]:
        """A piece for each line; blank lines and what closes a block stay with the line before."""
        held: Piece | None = None
        headed, blank = False, True
        for number, line in enumerate(lines):
            newline = "\n" if number + 1 < len(lines) else ""
            if held and (
                line.kind in (Kind.BLANK, Kind.CLOSE, Kind.UNDERLINE, Kind.DASHES) or self._joins(lines, number)
            ):
                held = self._joined(held, line, newline)
            else:
                if held:
                    yield held
                held = self._piece(line, newline, held, blank)
                held = replace(held, seam=Seam.HEADED) if headed else held
            headed = line.kind in (Kind.HEADING, Kind.UNDERLINE) or (headed and line.kind is Kind.BLANK)
            blank = line.kind is Kind.BLANK
        if held:
            yield held

    def _joins(self, lines: list[Line], number: int) -> bool:
        """Whether a line stays with the one before: the first of a fence or a table, the further ones of a title."""
        line, before = lines[number], lines[number - 1].kind
        if line.kind is Kind.TITLE:
            return before is Kind.TITLE
        return (line.kind is Kind.CODE and before is Kind.OPEN) or (line.kind is Kind.ROW and before is Kind.DASHES)

    def _joined(self, held: Piece, line: Line, newline: str) -> Piece:
        held = replace(held, text=f"{held.text}{line.text}{newline}")
        if line.kind is Kind.DASHES and len(held.text) <= LONGEST_FRAME:
            return replace(held, above=held.text)
        return held

    def _piece(self, line: Line, newline: str, before: Piece | None, blank: bool) -> Piece:
        text, quoted = f"{self._numbered(line)}{newline}", ">" * min(line.prefix.count(">"), DEEPEST)
        piece = Piece(text, self._seam(line, blank), quoted=quoted and f"{quoted} ")
        if line.kind is Kind.OPEN and len(text) <= LONGEST_FRAME:
            mark = line.body[: len(line.body) - len(line.body.lstrip(line.body[0]))]
            indent = "".join(sign if sign == ">" else " " for sign in line.prefix)
            return replace(piece, above=f"{indent}{line.body}\n", below=f"{indent}{mark}")
        if line.kind is Kind.HEAD:
            self._tables += 1
            return replace(piece, table=self._tables)
        if before and line.kind in (Kind.CODE, Kind.ROW) and (before.above or before.table):
            return replace(piece, above=before.above, below=before.below, table=before.table)
        return piece

    def _seam(self, line: Line, blank: bool) -> int:
        if line.kind in (Kind.HEADING, Kind.TITLE):
            return Seam.SECTION
        if line.item:
            depth = len(line.text) - len(line.text.lstrip(" \t>"))
            return min(Seam.ITEM + depth // 2, Seam.LINE - 1) if depth or not blank else Seam.ITEM
        starts = line.kind in (Kind.OPEN, Kind.HEAD, Kind.RULE) or (blank and line.kind is Kind.TEXT)
        return Seam.BLOCK if starts and not line.text.startswith((" ", "\t")) else Seam.LINE

    def _numbered(self, line: Line) -> str:
        """The line, its number the one that it has in its list, for in a part of its own it would begin anew."""
        found = _NUMBER.search(line.prefix) if line.item else None
        indent = len(line.text) - len(line.text.lstrip(" \t>"))
        if not line.item:
            if line.kind is Kind.TEXT and not indent:
                self._numbers.clear()
            return line.text
        key = (line.prefix.count(">"), indent)
        self._numbers = {at: last for at, last in self._numbers.items() if at[1] <= indent}
        if not found:
            self._numbers.pop(key, None)
            return line.text
        number = self._numbers[key] = self._numbers[key] + 1 if key in self._numbers else int(found[0])
        return f"{line.prefix[: found.start()]}{number}{line.prefix[found.end() :]}{line.body}"


def finer(piece: Piece) -> list[Piece]:
    """The piece in smaller ones: sentences, else words, else words within marks, else characters."""
    if piece.seam != Seam.CHARACTER and not piece.above:
        for seam, pattern, whole in (
            (Seam.SENTENCE, _SENTENCE_END, True),
            (Seam.WORD, _SPACE, True),
            (Seam.WITHIN, _SPACE, False),
        ):
            if (piece.seam < seam or piece.seam == Seam.HEADED) and len(cut := _cut(piece.text, pattern, whole)) > 1:
                return _with(piece, cut, seam)
    elif piece.above and len(cut := _cut(piece.text, _SPACE, False)) > 1:
        return _with(piece, cut, Seam.WORD)
    letters = characters(piece.text)
    step = max(1, len(letters) // 64)  # a word of a whole text's length is cut coarsely first
    letters = ["".join(letters[at : at + step]) for at in range(0, len(letters), step)]
    middle = len(piece.text) // 2  # of a letter with more accents than a message holds
    return _with(piece, letters if len(letters) > 1 else [piece.text[:middle], piece.text[middle:]], Seam.CHARACTER)


def _with(piece: Piece, texts: list[str], seam: Seam) -> list[Piece]:
    first, *rest = texts
    return [replace(piece, text=first), *(replace(piece, text=text, seam=seam) for text in rest)]


def _cut(text: str, pattern: re.Pattern[str], whole: bool) -> list[str]:
    """The text cut behind each seam, except, if they are to stay ``whole``, within marks."""
    marks = _marks(text) if whole else []
    texts, start, at = [], 0, 0
    for found in pattern.finditer(text):
        while at < len(marks) and marks[at][1] < found.end():
            at += 1
        within = at < len(marks) and marks[at][0] < found.end() - 1 and found.end() <= marks[at][1] - 1
        if not within and text[start : found.end()].strip():
            texts.append(text[start : found.end()])
            start = found.end()
    return _whole_characters([*texts, text[start:]] if text[start:] else texts)


def _whole_characters(texts: list[str]) -> list[str]:
    """The texts, none of which begins with a mark that belongs to the end of the one before it."""
    whole: list[list[str]] = []
    for text in texts:
        if whole and belongs(text[0], whole[-1][-1][-1]):
            whole[-1].append(text)
        else:
            whole.append([text])
    return ["".join(each) for each in whole]


def _marks(text: str) -> list[tuple[int, int]]:
    """Where code, links and emphasis stand, in order and none within another; each mark is looked at once."""
    spans: list[tuple[int, int]] = []
    opened: dict[str, int] = {}
    for found in _MARK.finditer(text):
        sign = found[0].removeprefix("!")
        kind = "[" if sign[0] in "[]" else sign
        start = opened.pop(kind, None) if sign[0] != "[" else None
        if start is not None and found.end() - start <= LONGEST_MARK:
            while spans and spans[-1][0] >= start:
                spans.pop()
            spans.append((start, found.end()))
        elif sign[0] != "]" and not text[found.end() : found.end() + 1].isspace():
            opened[kind] = found.start()
    return spans
