"""Text for Slack: pings defused, Markdown said plainly, long text cut at its own seams. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

ZWSP = "\N{ZERO WIDTH SPACE}"
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_GROUP = re.compile(r"([@＠])(?=channel|here|everyone)", re.IGNORECASE)


def harmless(text: str) -> str:
    """Plain text that pings nobody and breaks no payload, otherwise as it is."""
    return _GROUP.sub(rf"\1{ZWSP}", re.sub(r"<(?=[!@#])", f"<{ZWSP}", _UNFIT.sub("", text)))


def escape(text: str) -> str:
    """Plain text for a mrkdwn or ``text`` field."""
    text = _GROUP.sub(rf"\1{ZWSP}", _UNFIT.sub("", text))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """What Slack sends, as it was typed."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def quoted(text: str) -> str:
    """Plain text that may stand within bold or code."""
    return re.sub(r"([*_~`])", rf"\1{ZWSP}", escape(text))


def plain(markdown: str) -> str:
    """Markdown as plain sentences."""
    text = re.sub(r"(?m)^#{1,6}\s+(.*?)\s*#*$", r"\1.", markdown)
    return re.sub(r"\*\*(.+?)\*\*|\*(.+?)\*", lambda m: m[1] or m[2], text)


def defuse(markdown: str) -> str:
    """Model text for a markdown block."""
    return harmless(markdown)


def split(markdown: str, limit: int, measure: Callable[[str], int] = len) -> list[str]:
    """Parts that each measure at most ``limit``."""
    parts: list[str] = []
    for paragraph in markdown.split("\n\n"):
        if parts and measure(f"{parts[-1]}\n\n{paragraph}") <= limit:
            parts[-1] += f"\n\n{paragraph}"
        else:
            parts.append(paragraph)
    return parts
