"""Where sentences begin and end, by rules of our own: none that we know leaves a marker with its statement. Pure.

Two sentences are parted rather too seldom than too often: what belongs together is then checked together.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile, zip_longest

from bot.text.language import language_of
from bot.text.markers import Marker, markers, within

_ABBREVIATIONS_TEXT = """
    e.g i.e etc approx ca cf vs no nr vol fig ed eds al dr mr mrs ms prof st jr sr inc ltd co corp dept est gen
    gov lt jan feb mar mär apr jun jul aug sep sept oct okt nov dec dez janv févr avr juil déc ene abr ago dic
    p pp ch sec art u.s u.k u.n a.m p.m d.c z.b d.h u.a
    bzw usw vgl ggf evtl inkl zzgl sog bspw jh jhdt chr v.chr n.chr u.s.w s.o s.u abs bd mio mrd tsd str tel geb gest
    mind max min rd env av ej sra dra núm pág mme mlle mt ft hon rev capt pres sen rep univ ave hrsg ehem d.i v.a z.t
"""
_ABBREVIATIONS = frozenset(_ABBREVIATIONS_TEXT.split())
# Those of them behind which a sentence may well end.
_LAST_TEXT = "inc ltd co corp etc usw jr sr mio mrd bd u.s u.k u.n a.m p.m d.c jh jhdt chr v.chr n.chr al u.a u.ä h str"
_MAY_BE_LAST = frozenset(_LAST_TEXT.split())
_ORDINAL_TEXT = """
    januar februar märz april mai juni juli august september oktober november dezember jan feb mär apr jun jul aug
    sep okt nov dez jahrhundert jahrhunderts jahrhunderten jh jhdt weltkrieg auflage kapitel jahrestag stock
    bezirk platz
"""
_ORDINAL = frozenset(_ORDINAL_TEXT.split())
# Words that begin a sentence far more often than they follow an ordinal number or an abbreviation.
_STARTERS_TEXT = """
    der die das es er sie ein eine in im am an auf mit für zu zum zur bei dies diese dieser dieses seit nach vor
    wie wenn da so doch aber und auch nur heute damit dabei dazu daher dort hier jedoch insgesamt außerdem zudem
    the this that these those it he she they we its his her their there but however and then in at on by for from since
    after before while when as most some many all both each another today
"""
_STARTERS = frozenset(_STARTERS_TEXT.split())
AHEAD = 200  # characters that are looked at behind a full stop
_END = re.compile(r"(?:[.!?…]+|[。！？｡])[\"'”’»«)\]*_）」』]*")
_NEXT = re.compile(r"\s*[\"'“‘„«»¿¡(*_\[]*(\w*)")
_BEGINS = re.compile(r"^[ \t]*(?:[-*+•–][ \t]+|\d{1,3}[.)][ \t]+|>[ \t]?)+", re.MULTILINE)
_FENCE = re.compile(r"^[ \t]{0,3}(```|~~~)")
_HEADING = re.compile(r"^[ \t]{0,3}#{1,6}(?:[ \t]|$)|^[ \t]*\*\*[^*\n]+\*\*:?[ \t]*$")
_RULE = re.compile(r"[|:\-=_* \t]++$")


@dataclass(frozen=True)
class Sentence:
    """Where a sentence stands in its text, its markers included, the space around it not."""

    start: int
    end: int


def sentences(text: str) -> list[Sentence]:
    """The sentences of a Markdown text; headings, code, rules and heads of tables have none. Each row is one."""
    known, german = markers(text), language_of(text) == "de"
    return [each for start, end in _blocks(text) for each in _within(text, start, end, known, german)]


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Paragraphs, items of lists and rows of tables."""
    start: int | None = None
    at, fence = 0, ""
    lines = text.splitlines(keepends=True)
    for line, below in zip_longest(lines, lines[1:], fillvalue=""):
        body, where = line.rstrip(), at
        at += len(line)
        mark = _FENCE.match(body)
        if fence or mark:
            if start is not None:
                yield start, where
                start = None
            fence = "" if fence and mark and mark[1] == fence else fence or (mark[1] if mark else "")
            continue
        row, begins = body.lstrip().startswith("|"), _BEGINS.match(body)
        silent = not body or _HEADING.match(body) or _RULE.match(body) or (row and _RULE.match(below.rstrip()))
        if (silent or row or begins) and start is not None:
            yield start, where
            start = None
        if row and not silent:
            yield where, where + len(body)
        elif not silent and start is None:
            start = where + (begins.end() if begins else 0)
    if start is not None:
        yield start, len(text)


def _within(text: str, start: int, end: int, known: list[Marker], german: bool) -> Iterator[Sentence]:
    if text[start:end].lstrip().startswith("|"):
        yield from _stripped(text, start, end)
        return
    first, last = (bisect_left(known, place, key=lambda marker: marker.start) for place in (start, end))
    behind = {marker.start: marker for marker in known[first:last]}
    spans = [(marker.start, marker.end) for marker in known[first:last]]
    at = start
    for found in _END.finditer(text, start, end):
        if found.start() < at or within(spans, found.start()):
            continue
        stop = _with_markers(text, found.end(), behind)
        if _is_end(text, at, found, stop, end, german):
            yield from _stripped(text, at, stop)
            at = stop
    yield from _stripped(text, at, end)


def _with_markers(text: str, at: int, behind: dict[int, Marker]) -> int:
    """Where the markers end that follow a full stop; those that begin the next sentence belong to this one too."""
    while marker := behind.get(at):
        at = marker.end
    return at


def _is_end(text: str, at: int, found: re.Match[str], stop: int, end: int, german: bool) -> bool:
    """Whether a sentence ends with these signs, those behind them looked at as well."""
    signs, after = found[0], text[stop : min(end, stop + AHEAD)]
    if not after.strip() or signs[0] in "。！？｡":
        return True
    if not after[0].isspace() and stop == found.end():
        return False
    if signs[0] != ".":
        return True
    following = _NEXT.match(after)
    word = following[1] if following else ""
    if word and word[0].islower() and not word[1:2].isupper():  # "iPhone" begins one
        return False
    if stop > found.end():  # a marker stands between them
        return True
    before = text[max(at, found.start() - 20) : found.start()]
    last = "".join(takewhile(lambda sign: sign.isalnum() or sign in "._", reversed(before)))[::-1]
    return signs != "." or not _goes_on(last, word, german)


def _goes_on(last: str, following: str, german: bool) -> bool:
    """Whether a full stop after the one word and before the other ends no sentence."""
    plain, following = last.casefold().strip("."), following.casefold()
    initial = len(plain) == 1 and plain.isalpha()
    if plain in _ABBREVIATIONS or initial:
        return not ((initial or plain in _MAY_BE_LAST) and following in _STARTERS)
    if plain.isdigit() and len(plain) <= 2:
        return following in _ORDINAL or (german and following not in _STARTERS)
    return False


def _stripped(text: str, start: int, end: int) -> Iterator[Sentence]:
    piece = text[start:end]
    kept = piece.strip()
    if kept:
        start += len(piece) - len(piece.lstrip())
        yield Sentence(start, start + len(kept))
