"""Words in, a topic and its angles out: the one grammar of the command, of mentions, messages and the terminal."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.research.angles import DEFAULT, SHOWN, own_angles
from bot.research.errors import Misasked
from bot.research.model import LONGEST_TOPIC, SHORTEST_TOPIC, Angle
from bot.text.typed import visible

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
