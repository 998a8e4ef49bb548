"""The emoji that are used by name here; every other stays as it was typed."""

from __future__ import annotations

import re

from markupsafe import Markup

from bot.playground.page.drawing.tags import element

NAMED = {
    "eyes": "👀",
    "+1": "👍",
    "thumbsup": "👍",
    "-1": "👎",
    "thumbsdown": "👎",
    "white_check_mark": "✅",
    "tada": "🎉",
    "pray": "🙏",
    "heart": "❤️",
    "raised_hands": "🙌",
    "thinking_face": "🤔",
    "joy": "😂",
    "smile": "😄",
}
PATTERN = r":[a-z0-9_+'-]++:"
_TYPED = re.compile(f"({PATTERN})")


def drawn(name: str) -> Markup:
    """An emoji with its name in words for whoever hears it."""
    if name not in NAMED:
        return Markup(":{}:").format(name)
    return element("span", NAMED[name], class_="emoji", role="img", aria_label=spoken(name), title=f":{name}:")


def spoken(name: str) -> str:
    """The name in words."""
    return {"+1": "thumbs up", "-1": "thumbs down"}.get(name, name.replace("_", " "))


def within(text: str) -> Markup:
    """Plain text with its emoji drawn."""
    pieces = _TYPED.split(text)
    return Markup("").join(drawn(each[1:-1]) if number % 2 else each for number, each in enumerate(pieces))
