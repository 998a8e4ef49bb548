"""Words in, a topic and its angles out: the one grammar of the command, of mentions, messages and the terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import count

from bot.research.angles import DEFAULT
from bot.research.errors import Misasked
from bot.research.model import LONGEST_ANGLE, LONGEST_TOPIC, MOST_ANGLES, OWN_ANGLE, SHORTEST_TOPIC, Angle
from bot.research.words import SYNTHESIS
from bot.text.typed import visible

LONGEST_SLUG = 40
SHOWN = 40  # characters of what was refused that are said back


_DASH = "-‐‑‒–—―⁃−➖⸺⸻ーｰ﹘﹣－"  # what clients and keyboards make of a dash, in any width
_LONG = "–—―⸺⸻﹘"  # clients make one of these of two dashes
_WIDE = "".join(f"[{letter}{chr(ord(letter) + 0xFEE0)}]" for letter in "angles")  # Asian keyboards' letters too
_NAME = rf"(?<!\S)(?:[{_DASH}]{{2,4}}+|[{_LONG}]){_WIDE}(?!\w)"
_OPEN, _CLOSE = '"＂“”„‟«»「『〝❝', '"＂“”‟»«」』〞〟❞'
_OPEN_ONE, _CLOSE_ONE = "'＇‘‚‛‹", "'＇’‘›"
_ANGLES = re.compile(
    rf"{_NAME}(?:\s*+[=＝:：]\s*+|\s++|(?=[{_OPEN}{_OPEN_ONE}]))"
    rf"(?:[{_OPEN}](?P<double>[^{_OPEN}{_CLOSE}]*+)[{_CLOSE}]"
    rf"|[{_OPEN_ONE}](?P<single>[^{_CLOSE_ONE}]*+(?:[{_CLOSE_ONE}](?=\S)[^{_CLOSE_ONE}]*+)*+)[{_CLOSE_ONE}]"
    rf"|(?P<unclosed>[{_OPEN}{_OPEN_ONE}].*+)"
    r"|(?P<bare>\S++(?:(?<=[,，、;；])\s++\S++)*+))"
    rf"|(?P<without>{_NAME})",
    re.IGNORECASE | re.DOTALL,
)
_OPTION = re.compile(rf"[{_DASH}]{{2}}[a-zａ-ｚ]", re.IGNORECASE)  # a dash between words, or two, is part of a topic
_COMMA = re.compile("[,;，、；]")
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True)
class Topic:
    """What somebody wants to know, and from which angles."""

    text: str
    angles: tuple[Angle, ...] = DEFAULT


def parse(words: str, listed: str = "") -> Topic:
    """The topic in these words, its own angles named by ``--angles "legal, cost"`` or in ``listed``.

    Raises Misasked.
    """
    lists = [listed] if listed else []

    def take(found: re.Match[str]) -> str:
        if found["unclosed"] is not None or found["without"]:
            raise Misasked("angles_unquoted", "angles")
        lists.append(found["double"] or found["single"] or found["bare"] or "")
        return " "

    rest = _ANGLES.sub(take, visible(words))
    if option := next((word for word in rest.split() if _OPTION.match(word)), ""):
        raise Misasked("unknown_option", said=option[:SHOWN])
    names = [name for each in lists for name in _COMMA.split(each)]
    return Topic(topic(rest), own_angles(names) if lists else DEFAULT)


def topic(text: str) -> str:
    """The topic with its blanks folded and nothing unseen in it; raises Misasked where it is too short or too long."""
    text = " ".join(visible(text).split())
    if SHORTEST_TOPIC <= len(text) <= LONGEST_TOPIC:
        return text
    raise Misasked("topic_short" if len(text) < SHORTEST_TOPIC else "topic_long", number=len(text))


def own_angles(names: Iterable[str]) -> tuple[Angle, ...]:
    """The angles of these names, empty ones left out; raises Misasked where there are too many, or one cannot be."""
    titles = [_title(name) for name in map(visible, names) if name.strip()]
    if not titles:
        raise Misasked("angles_missing", "angles")
    if len(titles) > MOST_ANGLES:
        raise Misasked("angles_many", "angles", len(titles))
    angles: list[Angle] = []
    for title in titles:
        if cause := _refused(title, [angle.title.casefold() for angle in angles]):
            raise Misasked(cause, "angles", len(title), title if len(title) <= LONGEST_ANGLE else title[:SHOWN])
        slug = _slug(title, [angle.slug for angle in angles])
        angles.append(Angle(slug=slug, title=title, section=title, prompt=OWN_ANGLE))
    return tuple(angles)


def _title(name: str) -> str:
    """A name as it stands in headings: with a capital, unless its first word is spelled in a way of its own."""
    name = " ".join(name.split())
    return name[:1].upper() + name[1:] if name.split()[0].islower() else name


def _refused(title: str, before: Collection[str]) -> str:
    """Why an angle cannot have this name beside those before it, as a code; "" if it can."""
    if len(title) > LONGEST_ANGLE:
        return "angle_long"
    if title.casefold() in before:
        return "angle_twice"
    return "angle_taken" if title.casefold() == SYNTHESIS.casefold() else ""


def _slug(title: str, taken: Collection[str]) -> str:
    """The name in a few plain letters, for steps and ids; numbered where it has none, or they are taken."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = _NOT_PLAIN.sub("-", plain)[:LONGEST_SLUG].strip("-")
    if slug and slug not in taken:
        return slug
    numbered = (f"angle-{number}" for number in count(len(taken) + 1))
    return next(name for name in numbered if name not in taken)
