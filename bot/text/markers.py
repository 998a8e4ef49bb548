"""Markers that lead from a statement to its source, ``[2b]``, in every form in which models write them. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_ID = r"\d{1,3}\s?[a-zA-Zａ-ｚ]{0,2}"
_BEFORE = r"(?:(?:passages?|sources?|ids?|refs?|see|siehe|quellen?|vgl)\.?:?\s)?"
_JOINED = r"\s?(?:,|;|/|&|\+|–|-|and\b|und\b)\s?"
# A link of Markdown may follow, whose address is the model's own.
_MARKER = re.compile(
    rf"(?P<space>[ \t]?)\\?(?:\[\\?\[|[\[【［〔])\s?\^?{_BEFORE}(?P<ids>{_ID}(?:{_JOINED}{_BEFORE}{_ID}){{0,20}})"
    r"\s?(?:†[^\]】\[\n]{0,80})?\\?(?:\]\\?\]|[\]】］〕])(?:\([^()\s]{0,2000}\))?",
    re.IGNORECASE,
)
_OPENS = "[【［〔"
_EACH = re.compile(_ID)
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
    return [each for each in found if not any(start <= each.start < end for start, end in code)]


def rewritten(text: str, ids: Callable[[Marker], tuple[str, ...]]) -> str:
    """The text with the ids that are given for each marker, a pair of brackets each; without any it goes.

    The space before it goes along then.
    """
    parts, at = [], 0
    for marker in markers(text):
        space = " " if text[marker.start] in " \t" else ""
        given = ids(marker)
        parts += [text[at : marker.start], *([space] if given else []), *(f"[{each}]" for each in given)]
        at = marker.end
    return "".join([*parts, text[at:]])


def renamed(text: str, ids: Mapping[str, str]) -> str:
    """The text with other ids; a marker that has none of these, or only empty ones, goes."""
    return rewritten(text, lambda marker: once(ids.get(each, "") for each in marker.ids))


def once(ids: object) -> tuple[str, ...]:
    """Each id once, empty ones left out."""
    return tuple(dict.fromkeys(each for each in ids if each))  # type: ignore[attr-defined]


def _ids(listed: str) -> tuple[str, ...]:
    plain = (unicodedata.normalize("NFKC", each).casefold().replace(" ", "") for each in _EACH.findall(listed))
    return tuple(dict.fromkeys(str(int(re.match(r"\d+", each)[0])) + each.lstrip("0123456789") for each in plain))  # type: ignore[index]
