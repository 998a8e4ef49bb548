"""The headings of a text as models write them: with signs, underlined, bold, in front of their text, as HTML. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

LONGEST = 120  # characters of a line that may be a heading

_HTML = re.compile(r"<(?P<end>/?)h(?P<level>[1-6])(?:\s[^<>]*)?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_BOLD_TAG = re.compile(r"</?(?:b|strong)\s?>", re.IGNORECASE)
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_MARKER = re.compile(r"(?:[-*+•]|\d{1,2}[.)])\s+")
_UNDERLINE = re.compile(r"\s{0,3}(?:=+|-{2,})[ \t]*")
_JOINTS = (":", "：", "–", "—", "-")  # what stands between a heading and its text on one line


@dataclass(frozen=True)
class Heading:
    """A line that may be a heading: where it stands, what it says, what stands behind it on its line.

    ``form`` says how it is marked: "#" to "######", "bold" on a line of its own, "run-in" before its text; these are
    meant as headings. "bare" and "start" are lines and beginnings that only their words can make headings. A ``marked``
    one is the item of a list, behind the ``first`` one is all that the text says.
    """

    line: int
    title: str
    form: str
    text: str = ""
    lines: int = 1
    marked: bool = False
    first: bool = False

    @property
    def weakness(self) -> int:
        """How much else such a line may be: a line with signs is a heading, the beginning of a sentence hardly ever."""
        return ("bold", "run-in", "bare", "start").index(self.form) + 1 if self.form[0] != "#" else 0

    @property
    def meant(self) -> bool:
        """Whether whoever wrote it meant a heading."""
        return self.form not in ("bare", "start")


def spread(text: str) -> str:
    """The text with each heading of HTML outside code on a line of its own, with signs before it."""
    if "<h" not in text and "<H" not in text:
        return text
    pieces: list[str] = []
    in_code = False
    for line in text.splitlines(keepends=True):
        in_code ^= bool(_FENCE.match(line))
        pieces.append(line if in_code else _HTML.sub(_sign, line))
    return "".join(pieces)


def _sign(tag: re.Match[str]) -> str:
    return "\n\n" if tag["end"] else f"\n\n{'#' * int(tag['level'])} "


def headings(lines: list[str]) -> Iterator[Heading]:
    """Every line outside code that may be a heading, in order; one line may be a heading in one way only."""
    in_code, first = False, next((number for number, line in enumerate(lines) if line.strip()), 0)
    for number, line in enumerate(lines):
        in_code ^= bool(_FENCE.match(line))
        if in_code or not line.strip() or _FENCE.match(line):
            continue
        if heading := _underlined(lines, number) or _heading(number, line):
            yield replace(heading, first=True) if number == first else heading


def _underlined(lines: list[str], number: int) -> Heading | None:
    line, alone = lines[number].strip(), number == 0 or not lines[number - 1].strip()
    if not alone or len(line) > LONGEST or number + 1 == len(lines) or not _UNDERLINE.fullmatch(lines[number + 1]):
        return None
    form = "#" if "=" in lines[number + 1] else "##"
    return Heading(number, line, form, lines=2) if line.strip("-=#") and not line.startswith("|") else None


def _heading(number: int, line: str) -> Heading | None:
    stripped = line.strip()
    if stripped.startswith("#"):
        return _signed(number, stripped)
    marker = _MARKER.match(stripped)
    body = _BOLD_TAG.sub("**", stripped[marker.end() if marker else 0 :]) if "<" in stripped else stripped
    body = body if "<" in stripped or not marker else stripped[marker.end() :]
    if body.startswith(("**", "__")):
        return _bold(number, body, bool(marker))
    before, joint, text = _joined(body)
    if joint and text:
        return Heading(number, before, "start", text, marked=bool(marker))
    return Heading(number, stripped, "bare", marked=bool(marker)) if len(stripped) <= LONGEST else None


def _signed(number: int, line: str) -> Heading | None:
    title = line.lstrip("#")
    level = len(line) - len(title)
    without = title.rstrip("#")
    title = without if without.endswith((" ", "\t")) else title  # "C#" keeps its sign
    if level > 6 or not title.strip():
        return None
    return Heading(number, _TAG.sub("", title).strip(), "#" * level if title[0].isspace() else "bare")


def _bold(number: int, body: str, marked: bool) -> Heading | None:
    end = body.find(body[:2], 2, LONGEST)
    if end < 0:
        return None
    title, behind = body[2:end].strip(), body[end + 2 :].strip()
    joint = next((sign for sign in _JOINTS if behind.startswith(sign)), "")
    text = behind.removeprefix(joint).strip()
    if not text:
        return Heading(number, title, "bold", marked=marked)
    run_in = joint or title.endswith((":", "：", "."))
    return Heading(number, title, "run-in" if run_in else "start", text, marked=marked)


def _joined(body: str) -> tuple[str, str, str]:
    """What stands before and behind the first joint of a line; a dash counts with blanks around it."""
    beginning = body[:LONGEST]
    places = [(beginning.find(joint if joint in ":：" else f" {joint} "), joint) for joint in _JOINTS]
    at, joint = min(((place, joint) for place, joint in places if place > 0), default=(0, ""))
    return body[:at], joint, body[at:].strip().removeprefix(joint).strip()
