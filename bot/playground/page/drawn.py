"""What messages say as HTML, each drawn once as long as it stands as it is."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from bot.playground.page import draw
from bot.playground.page.names import Names
from bot.playground.slack.messages import Message, Payload
from bot.text.language import language_of


@dataclass(frozen=True)
class Drawn:
    """A text as people see it; ``said`` is how it begins, in words; ``lang`` is "" where it cannot be told."""

    html: Markup
    said: str
    lang: str


class Drawings:
    """Draws messages and keeps what it drew, until people or channels are called otherwise or a day is over."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, int], Drawn] = {}
        self._names: Names | None = None

    def message(self, message: Message, names: Names) -> Drawn:
        """A message as it stands."""
        if self._names != names:
            self._kept, self._names = {}, names
        key = (message.channel, message.ts, len(message.versions))
        if key not in self._kept:
            self._kept[key] = drawn(message.text, message.blocks, names)
        return self._kept[key]


def drawn(text: str, blocks: list[Payload], names: Names) -> Drawn:
    """A text and its blocks as HTML."""
    html = draw.blocks(blocks, names) if blocks else draw.text(text, names)
    return Drawn(html, draw.first_sentence(text, names), language_of(text))
