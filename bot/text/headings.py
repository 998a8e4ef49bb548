"""The headings of a text as models write them: with signs, underlined, bold, in front of their text, as HTML. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

LONGEST = 120  # characters of a line that may be a heading

_HTML = re.compile(r"<(?P<end>/?)h(?P<level>[1-6])(?:\s[^<>]*)?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
_BOLD_TAG = re.compile(r"</?(?:b|strong|u|big|font|summary)(?:\s[^<>]*)?>", re.IGNORECASE)
_AROUND = re.compile(r"</?(?:p|br|div|center|section|details)(?:\s[^<>]*|/)?>", re.IGNORECASE)
_SECTION = re.compile(r"\s{0,3}\\(?:sub){0,2}section\*?\{([^{}\n]*)\}")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_MARKER = re.compile(r"(?:[-*+•]|\d{1,2}[.)])\s+")
_ORNAMENT = r"[\u2190-\u21ff\u2300-\u2bff\U0001f000-\U0001faff]"  # arrows, shapes, emoji
_ADORNED = re.compile(rf"(?:{_ORNAMENT}|\d\ufe0f?\u20e3)\ufe0f?\s*(?=\S)")
_FRAMES = ("[【「『=—–", "]】」』=—–")
_ITALIC = re.compile(r"([*_])[^\s*_][^*_]*\1")
_LABEL = re.compile(r"[\[【]([^\[\]【】]{1,60})[\]】][:：]?\s*(?![(:：\s])(.+)")
_ENDS = tuple(".!?…,;。！？；，")
_UNDERLINE = re.compile(r"\s{0,3}(?:=+|-{2,})[ \t]*")
_WEAKER = ("bold", "hash", "run-in", "adorned", "italic", "numbered", "bare", "start")
_JOINTS = (":", "：", "–", "—", "-")  # what stands between a heading and its text on one line
_JOINT = re.compile("[:：]| [–—-] ")  # as it must stand there; most lines have none


class Heading(NamedTuple):
    """A line that may be a heading: where it stands, what it says, what stands behind it on its line.

    ``form`` says how it is marked: "#" to "######", "bold" on a line of its own, "run-in" before its text; these are
    meant as headings, as are "hash" (signs without a blank), "adorned" (an emoji before it, a frame around it) and
    "italic", unless there are more of them. "numbered", "bare" and "start" are lines and beginnings that only their
    words, or their order, can make headings. A ``marked`` one is the item of a list, behind the ``first`` one is all
    that the text says.
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
        return _WEAKER.index(self.form) + 1 if self.form[0] != "#" else 0

    @property
    def meant(self) -> bool:
        """Whether whoever wrote it meant a heading."""
        return self.form not in ("numbered", "bare", "start")


def spread(text: str) -> str:
    """The text with each heading of HTML outside code on a line of its own, with signs before it."""
    if "<h" not in text and "<H" not in text and "section" not in text:
        return text
    pieces: list[str] = []
    in_code = False
    for line in text.splitlines(keepends=True):
        in_code ^= bool(_FENCE.match(line))
        pieces.append(line if in_code else _HTML.sub(_sign, _SECTION.sub(r"## \1\n", line)))
    return "".join(pieces)


def lowered(text: str) -> str:
    """The text with each heading that has signs as a bold line: it stands under a heading of its own already."""
    lines = spread(text).split("\n")
    for heading in headings(lines):
        if heading.form[0] == "#" or heading.form == "hash":
            lines[heading.line : heading.line + heading.lines] = [f"**{heading.title}**", *[""] * (heading.lines - 1)]
    return "\n".join(lines)


def _sign(tag: re.Match[str]) -> str:
    return "\n\n" if tag["end"] else f"\n\n{'#' * int(tag['level'])} "


def headings(lines: list[str]) -> Iterator[Heading]:
    """Every line outside code that may be a heading, in order; one line may be a heading in one way only."""
    in_code, first = False, next((number for number, line in enumerate(lines) if line.strip()), 0)
    for number, line in enumerate(lines):
        fence = _FENCE.match(line) is not None
        in_code ^= fence
        if in_code or fence or not line.strip():
            continue
        if heading := _underlined(lines, number) or _heading(number, line):
            yield heading._replace(first=True) if number == first else heading


def _underlined(lines: list[str], number: int) -> Heading | None:
    if number + 1 == len(lines) or not _UNDERLINE.fullmatch(lines[number + 1]):
        return None
    line, alone = lines[number].strip(), number == 0 or not lines[number - 1].strip()
    if not alone or len(line) > LONGEST:
        return None
    form = "#" if "=" in lines[number + 1] else "##"
    return Heading(number, line, form, lines=2) if line.strip("-=#") and not line.startswith("|") else None


def _heading(number: int, line: str) -> Heading | None:
    body = line.strip().lstrip("> \\").strip() or line.strip()
    if body.startswith(("#", "＃")):
        return _signed(number, body)
    marker = _MARKER.match(body)
    whole, body = body, body[marker.end() :] if marker else body
    if marker and body.startswith("#"):
        signed = _signed(number, body)
        return signed._replace(marked=True) if signed else None
    if "<" in body:
        body = _BOLD_TAG.sub("**", _AROUND.sub("", body).strip()) or body
    adorned = _ADORNED.match(body)
    unadorned = body[adorned.end() :] if adorned else body
    if unadorned.startswith(("**", "__")):
        return _bold(number, unadorned, bool(marker))
    return _alone(number, whole, body, marker) or _begun(number, body, bool(marker)) or _bare(number, whole, marker)


def _alone(number: int, whole: str, body: str, marker: re.Match[str] | None) -> Heading | None:
    """A line that is marked in a way that other lines may be too."""
    if not body or len(body) > LONGEST or body.endswith(_ENDS):
        return None
    if not marker and _ITALIC.fullmatch(body):
        return Heading(number, body, "italic")
    _, joint, text = _joined(body.strip("—–"))
    if joint and text:
        return None
    framed = body[0] in _FRAMES[0] and body[-1] in _FRAMES[1] and len(body) > 2
    if not marker and (framed or _ADORNED.match(body)):
        return Heading(number, whole, "adorned")
    return Heading(number, whole, "numbered", marked=True) if marker and whole[0].isdigit() else None


def _begun(number: int, body: str, marked: bool) -> Heading | None:
    """A line with words before a joint, or between brackets, that may be a heading for those behind it."""
    if label := _LABEL.fullmatch(body):
        return Heading(number, label[1], "start", label[2], marked=marked)
    before, joint, text = _joined(body)
    return Heading(number, before, "start", text, marked=marked) if joint and text else None


def _bare(number: int, whole: str, marker: re.Match[str] | None) -> Heading | None:
    return Heading(number, whole, "bare", marked=bool(marker)) if len(whole) <= LONGEST else None


def _signed(number: int, line: str) -> Heading | None:
    title = line.lstrip("#＃")
    level = len(line) - len(title)
    without = title.rstrip("#")
    title = without if without.endswith((" ", "\t")) else title  # "C#" keeps its sign
    if level > 6 or not title.strip():
        return None
    return Heading(number, _TAG.sub("", title).strip(), "#" * level if title[0].isspace() else "hash")


def _bold(number: int, body: str, marked: bool) -> Heading | None:
    mark = body[:3] if body.startswith(("***", "___")) else body[:2]
    end = body.find(mark, len(mark), LONGEST)
    if end < 0:
        return None
    title, behind = body[len(mark) : end].strip(), body[end + len(mark) :].strip()
    joint = next((sign for sign in _JOINTS if behind.startswith(sign)), "")
    text = behind.removeprefix(joint).strip()
    if not text:
        return Heading(number, title, "bold", marked=marked)
    run_in = joint or title.endswith((":", "：", "."))
    return Heading(number, title, "run-in" if run_in else "start", text, marked=marked)


def _joined(body: str) -> tuple[str, str, str]:
    """What stands before and behind the first joint of a line; a dash counts with blanks around it."""
    if not _JOINT.search(body, 1, LONGEST):
        return "", "", ""
    beginning = body[:LONGEST]
    places = [(beginning.find(joint if joint in ":：" else f" {joint} "), joint) for joint in _JOINTS]
    at, joint = min(((place, joint) for place, joint in places if place > 0), default=(0, ""))
    return body[:at], joint, body[at:].strip().removeprefix(joint).strip()
