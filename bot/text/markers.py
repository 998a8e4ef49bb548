"""Markers that lead from a statement to its source, ``[2b]``, in every form in which models write them. Pure."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_RAISED_LETTERS = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ"
_ID = (
    rf"[\d{_RAISED}]{{1,3}}(?:[\s.-]?[a-zａ-ｚ{_RAISED_LETTERS}]|[a-zａ-ｚ{_RAISED_LETTERS}]{{2}})?"
    rf"(?![^\W\d{_RAISED}_])"
)
_LETTER = r"[a-z](?![^\W_])"
_BEFORE = r"(?:(?:passages?|sources?|ids?|refs?|cite|citations?|see|siehe|quellen?|vgl|fuentes?)\.?:?\s?)?#?"
_JOINED = r"\s?(?:,|;|/|&|\+|–|-|and\b|und\b)\s?"
# A link of Markdown may follow, whose address is the model's own.
_MARKER = re.compile(
    rf"(?P<space>[ \t]?)\\?(?:\[\\?\[|[\[【［〔])\s?\^?{_BEFORE}"
    rf"(?P<ids>{_ID}(?:{_JOINED}(?:{_BEFORE}{_ID}|{_LETTER})){{0,20}})"
    r"\s?(?:†[^\]】\[\n]{0,80})?\\?(?:\]\\?\]|[\]】］〕])(?:\([^()\s]{0,2000}\))?",
    re.IGNORECASE,
)
_OPENS = "[【［〔"
_EACH = re.compile(r"([–-]?)\s?(?:(\d{1,3})(?:[\s.-]?([a-z])|([a-z]{2}))?(?![^\W\d_])|(?<![^\W_])([a-z])(?![^\W_]))")
# What stands around a marker and goes with it.
_AROUND = (("(", ")"), ("**", "**"), ("<sup>", "</sup>"), ("_(", ")_"))
_CODE = re.compile(r"^[ \t]{0,3}(```|~~~).*?(?:^[ \t]{0,3}\1|\Z)|`[^`\n]+`", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Marker:
    """Where one stands, the space before it included, and the ids in it: "2b", or "2" for a page as a whole."""

    start: int
    end: int
    ids: tuple[str, ...]


def markers(text: str) -> list[Marker]:
    """All of a text, in their order, those in code left out."""
    if not any(bracket in text for bracket in _OPENS):
        return []
    code = [found.span() for found in _CODE.finditer(text)] if "`" in text or "~~~" in text else []
    found = (Marker(each.start(), each.end(), _ids(each["ids"])) for each in _MARKER.finditer(text))
    return [each for each in found if not within(code, each.start)]


def within(spans: Sequence[tuple[int, int]], at: int) -> bool:
    """Whether a place lies in one of the spans, which are in order and share nothing."""
    before = bisect_right(spans, at, key=lambda span: span[0])
    return before > 0 and at < spans[before - 1][1]


def rewritten(text: str, ids: Callable[[Marker], tuple[str, ...]]) -> str:
    """The text with the ids that are given for each marker, a pair of brackets each; without any it goes.

    The space before it goes along then, and brackets around it in which nothing else stands.
    """
    parts, at = [""], 0
    for marker in markers(text):
        space = " " if text[marker.start] in " \t" else ""
        if before := text[at : marker.start]:
            parts.append(before)
        at = marker.end
        if given := ids(marker):
            parts.append(space + "".join(f"[{each}]" for each in given))
            continue
        for opens, closes in _AROUND:
            if parts[-1].endswith(opens) and text.startswith(closes, at):
                parts[-1], at = parts[-1].removesuffix(opens).rstrip(" \t"), at + len(closes)
    return "".join([*parts, text[at:]])


def renamed(text: str, ids: Mapping[str, str]) -> str:
    """The text with other ids; a marker that has none of these, or only empty ones, goes."""
    return rewritten(text, lambda marker: once(ids.get(each, "") for each in marker.ids))


def once(ids: Iterable[str]) -> tuple[str, ...]:
    """Each id once, empty ones left out."""
    return tuple(dict.fromkeys(filter(None, ids)))


def _ids(listed: str) -> tuple[str, ...]:
    """The ids of one marker; "2b–d" and "2b, c, d" are three."""
    found: list[str] = []
    number = last = ""
    for joint, digits, *letters in _EACH.findall(unicodedata.normalize("NFKC", listed).casefold()):
        letter = "".join(letters)
        same = not digits or str(int(digits)) == number
        number = str(int(digits)) if digits else number
        if joint and same and len(last) == len(letter) == 1:
            found += [f"{number}{chr(each)}" for each in range(ord(last) + 1, ord(letter))]
        found.append(f"{number}{letter}")
        last = letter
    return once(found)
