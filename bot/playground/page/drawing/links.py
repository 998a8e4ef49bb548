"""Where links may lead: into the page itself, or by http and https to elsewhere. Pure."""

from __future__ import annotations

import re

from markupsafe import Markup

from bot.playground.page.drawing.names import Names
from bot.playground.page.drawing.tags import Value, element

# No blank, no control and none of the marks that turn a line around: what is read is where it leads.
_ELSEWHERE = re.compile(r"https?://[^\s\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069<>\"]++", re.IGNORECASE)
# An address that somebody typed as it is; the full stop behind it belongs to the sentence.
BARE = r"https?://[^\s<>|`*~\"]*[^\s<>|`*~\".,;:!?)\]'_]"


def leading(address: str, names: Names) -> dict[str, Value]:
    """The attributes of a link to there; empty if nothing may lead there."""
    if inside := names.within(address):
        return {"href": inside, "data_within": True}
    if _ELSEWHERE.fullmatch(address):
        return {"href": address, "target": "_blank", "rel": "noopener noreferrer"}
    return {}


def link(address: str, content: str, names: Names) -> Markup:
    """A link, or only its words where nothing may lead there."""
    attributes = leading(address, names)
    return element("a" if attributes else "bdi", content, **attributes)
