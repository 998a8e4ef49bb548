"""The square beside a name: a person's initials on a colour of their own, the bot's mark. Pure."""

from __future__ import annotations

from zlib import crc32

from markupsafe import Markup

from bot.playground.page.drawing.tags import element

TINTS = 8
PEAKS = "M10 24.5 16.2 11.8 20 18.4 22 16 26 24.5"


def avatar(name: str, bot: bool = False) -> Markup:
    """A square that says nothing to whoever hears the page, for the name stands beside it."""
    if bot:
        peaks = element("path", d=PEAKS, fill="none", stroke="currentColor", stroke_width=2, stroke_linejoin="round")
        mark = element("svg", peaks, viewBox="0 0 36 36", width=36, height=36)
        return element("span", mark, class_="avatar bot", aria_hidden="true")
    words = [word for word in name.split() if word[0].isalnum()]
    letters = "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()
    return element("span", letters or "?", class_=f"avatar tint-{tint(name)}", aria_hidden="true")


def tint(name: str) -> int:
    """Which of the colours is a name's, the same in every process."""
    return crc32(name.encode(errors="replace")) % TINTS
