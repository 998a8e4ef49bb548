"""What a message says as HTML, how it begins for whoever hears it, and in which language."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot.playground.page import draw
from bot.playground.page.drawing.names import Names
from bot.playground.slack.messages import Payload
from bot.text.language import language_of


@dataclass(frozen=True)
class MessageText:
    """A text as people see it; ``begins`` is its first sentence in words, ``lang`` is "" where it cannot be told."""

    html: Markup
    begins: str
    lang: str


def message_text(text: str, blocks: list[Payload], names: Names) -> MessageText:
    """A text and its blocks as people see them."""
    html = draw.blocks(blocks, names) if blocks else draw.text(text, names)
    return MessageText(html, draw.first_sentence(text, names), language_of(text))
