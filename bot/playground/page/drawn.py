"""What a message says as HTML, how it begins for whoever hears it, and in which language."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot.playground.page import draw
from bot.playground.page.names import Names
from bot.playground.slack.messages import Payload
from bot.text.language import language_of


@dataclass(frozen=True)
class Drawn:
    """A text as people see it; ``said`` is how it begins, in words; ``lang`` is "" where it cannot be told."""

    html: Markup
    said: str
    lang: str


def drawn(text: str, blocks: list[Payload], names: Names) -> Drawn:
    """A text and its blocks as HTML."""
    html = draw.blocks(blocks, names) if blocks else draw.text(text, names)
    return Drawn(html, draw.first_sentence(text, names), language_of(text))
