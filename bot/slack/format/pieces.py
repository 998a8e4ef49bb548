"""Markdown in the pieces that it may be cut into, each with how good the seam before it is. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import IntEnum
from typing import NamedTuple

from bot.slack.format.lines import Kind, Line, scan
from bot.text.typed import belongs, characters


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


class Piece(NamedTuple):
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

# Looked for where such signs begin: from each of thousands in a row, all behind it would be read again.
_SENTENCE_END = re.compile(
    r"(?<![.!?…])[.!?…]++(?:[\"'”’»)\]*_]|\[[0-9]{1,4}[a-z]{1,2}\])*+\s++"
    r"|[。！？।]++(?:[”’」』）]|\[[0-9]{1,4}[a-z]{1,2}\])*+"
)
_SPACE = re.compile(r"\s++")
_MARK = re.compile(r"`+|!?\[|\](?:\([^()\s]*+(?:\([^()\s]*+\)[^()\s]*+)*+(?:\s++\"[^\"]*+\")?+\))?|\*\*|__|~~|\*|_")
_CITED = re.compile(r"(\[[0-9]{1,4}[a-z]{1,2}\])")
_NUMBER = re.compile(r"\d{1,9}(?=[.)])")


def pieces(text: str) -> list[Piece]:
    """The text line by line; what a line begins decides about the seam before it."""
    found = list(_Cutter().pieces(scan(text)))
    found[-1] = found[-1]._replace(text=found[-1].text[:-1])  # the text need not end with a newline
    return found


class _Cutter:
    def __init__(self) -> None:
        self._tables = 0
        self._numbers: dict[tuple[int, int], int] = {}

    def pieces(self, lines: Sequence[Line]) -> Iterator[Piece]:
        """A piece for each group of lines that stay together."""
        before: Piece | None = None
        headed, blank = False, True
        for group in _together(lines):
            before = self._piece(group, before, blank, headed)
            yield before
            last = group[-1].kind
            blank = last is Kind.BLANK
            if blank and len(group) > 1:
                last = next((line.kind for line in reversed(group) if line.kind is not Kind.BLANK), last)
            headed = last is Kind.HEADING or last is Kind.UNDERLINE

    def _piece(self, group: list[Line], before: Piece | None, blank: bool, headed: bool) -> Piece:
        first = group[0]
        text = f"{self._numbered(first)}\n"
        if len(group) > 1:
            text += "".join([f"{line.text}\n" for line in group[1:]])
        quoted = f"{'>' * min(first.prefix.count('>'), DEEPEST)} " if ">" in first.prefix else ""
        seam = Seam.HEADED if headed else self._seam(first, blank)
        return Piece(text, seam, *self._frame(group, before), quoted)

    def _frame(self, group: list[Line], before: Piece | None) -> tuple[str, str, int]:
        """What frames the parts of a fence or a table, above and below, and the table's number."""
        first = group[0]
        if first.kind is Kind.OPEN and len(first.text) < LONGEST_FRAME:
            mark = first.body[: len(first.body) - len(first.body.lstrip(first.body[0]))]
            indent = "".join(sign if sign == ">" else " " for sign in first.prefix)
            return f"{indent}{first.body}\n", f"{indent}{mark}", 0
        if first.kind is Kind.HEAD:
            self._tables += 1
            head = f"{first.text}\n{group[1].text}\n" if len(group) > 1 else ""
            return head if len(head) <= LONGEST_FRAME else "", "", self._tables
        if before and first.kind in (Kind.CODE, Kind.ROW):
            return before.above, before.below, before.table
        return "", "", 0

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
        if not line.item:
            if self._numbers and line.kind is Kind.TEXT and line.text[0] not in " \t>":
                self._numbers.clear()
            return line.text
        found, indent = _NUMBER.search(line.prefix), len(line.text) - len(line.text.lstrip(" \t>"))
        key = (line.prefix.count(">"), indent)
        self._numbers = {at: last for at, last in self._numbers.items() if at[1] <= indent}
        if not found:
            self._numbers.pop(key, None)
            return line.text
        number = self._numbers[key] = self._numbers[key] + 1 if key in self._numbers else int(found[0])
        return f"{line.prefix[: found.start()]}{number}{line.prefix[found.end() :]}{line.body}"


def _together(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines in groups: blank lines and what closes a block stay with the line before."""
    group: list[Line] = []
    for line in lines:
        if group and not _joins(line, group[-1].kind):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _joins(line: Line, before: Kind) -> bool:
    """Whether a line stays with the one before: the first of a fence or a table, the further ones of a title."""
    match line.kind:
        case Kind.TEXT | Kind.MORE:  # nearly all lines
            return False
        case Kind.BLANK | Kind.CLOSE | Kind.UNDERLINE | Kind.DASHES:
            return True
    return (line.kind, before) in ((Kind.TITLE, Kind.TITLE), (Kind.CODE, Kind.OPEN), (Kind.ROW, Kind.DASHES))


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
    letters = [each for stretch in _CITED.split(piece.text) for each in _letters(stretch)]
    step = max(1, len(letters) // 64)  # a word of a whole text's length is cut coarsely first
    letters = ["".join(letters[at : at + step]) for at in range(0, len(letters), step)]
    middle = len(piece.text) // 2  # of a letter with more accents than a message holds
    return _with(piece, letters if len(letters) > 1 else [piece.text[:middle], piece.text[middle:]], Seam.CHARACTER)


def _letters(text: str) -> list[str]:
    """The text in characters; what cites a passage stays whole."""
    return [text] if _CITED.fullmatch(text) else characters(text)


def _with(piece: Piece, texts: list[str], seam: Seam) -> list[Piece]:
    first, *rest = texts
    return [piece._replace(text=first), *(piece._replace(text=text, seam=seam) for text in rest)]


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
