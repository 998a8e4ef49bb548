"""Words in, a topic and its angles out: the one grammar of the command, of mentions, messages and the terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from bot.research.angles import DEFAULT, SHOWN, own_angles
from bot.research.errors import Misasked
from bot.research.model import LONGEST_TOPIC, SHORTEST_TOPIC, Angle
from bot.research.presets import AUTO, Presets, packaged
from bot.text.typed import visible

_DASH = "-‐‑‒–—―⁃−➖⸺⸻ーｰ﹘﹣－"  # what clients and keyboards make of a dash, in any width
_LONG = "–—―⸺⸻﹘"  # clients make one of these of two dashes


def _named(name: str) -> str:
    """What finds an option of this name."""
    wide = "".join(f"[{letter}{chr(ord(letter) + 0xFEE0)}]" for letter in name)  # Asian keyboards' letters too
    return rf"(?<!\S)(?:[{_DASH}]{{2,4}}+|[{_LONG}]){wide}(?!\w)"


_NAME = _named("angles")
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
_DEEP = re.compile(
    rf"{_named('deep')}(?:(?P<value>\s*+[=＝:：])|[.,;!。，、；！]?(?!\S))",
    re.IGNORECASE,
)
_OPTION = re.compile(rf"[{_DASH}]{{2}}[a-zａ-ｚ]", re.IGNORECASE)  # a dash between words, or two, is part of a topic
_COMMA = re.compile("[,;，、；]")


@dataclass(frozen=True)
class Topic:
    """What somebody wants to know, from which angles (without any a planner chooses them), and whether ``deep``."""

    text: str
    angles: tuple[Angle, ...] = DEFAULT
    deep: bool = False


def parse(words: str, listed: str = "", presets: Presets | None = None) -> Topic:
    """The topic in these words, its angles named by ``--angles "legal, cost"`` or in ``listed``, as ``chosen`` reads.

    ``--deep`` is a word that may stand anywhere and takes no value. Raises Misasked.
    """
    lists = [listed] if listed else []
    words, deep = _DEEP.subn(_without_value, visible(words))

    def take(found: re.Match[str]) -> str:
        if found["unclosed"] is not None or found["without"]:
            raise Misasked("angles_unquoted", "angles")
        lists.append(found["double"] or found["single"] or found["bare"] or "")
        return " "

    rest = _ANGLES.sub(take, words)
    if option := next((word for word in rest.split() if _OPTION.match(word)), ""):
        raise Misasked("unknown_option", said=option[:SHOWN])
    names = [name for each in lists for name in _COMMA.split(each)]
    return Topic(topic(rest), chosen(names, presets or packaged()) if lists else DEFAULT, bool(deep))


def _without_value(found: re.Match[str]) -> str:
    """What stands in place of ``--deep``."""
    if found["value"]:
        raise Misasked("deep_value")
    return " "


def chosen(names: Iterable[str], presets: Presets) -> tuple[Angle, ...]:
    """The angles that these names mean: those of a list after an @, none for ``auto``, else one of their own each.

    Raises Misasked.
    """
    names = list(names)
    words = [word for name in names if (word := _word(name))]
    special = [word for word in words if word == AUTO or (word[0] == "@" and (word[1:] in presets or len(words) == 1))]
    if not special:
        return own_angles(names)
    if len(words) > 1:
        raise Misasked("angles_mixed", "angles", said=special[0])
    if special[0] == AUTO:
        return ()
    if angles := presets.get(special[0][1:]):
        return angles
    raise Misasked("preset_unknown", "angles", said=special[0][:SHOWN], known=(f"@{name}" for name in presets))


def _word(name: str) -> str:
    """A name as it is compared: in letters of one width and size, its words joined."""
    return "-".join(unicodedata.normalize("NFKC", visible(name)).casefold().split())


def topic(text: str) -> str:
    """The topic with its blanks folded and nothing unseen in it; raises Misasked where it is too short or too long."""
    text = " ".join(visible(text).split())
    if SHORTEST_TOPIC <= len(text) <= LONGEST_TOPIC:
        return text
    raise Misasked("topic_short" if len(text) < SHORTEST_TOPIC else "topic_long", number=len(text))
