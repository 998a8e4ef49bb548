"""The pages that a message cites: links in its text, a line under it. Pure."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from bot.research import words
from bot.research.evidence.citations import Citations, linked, numbered
from bot.research.model import Source
from bot.research.words import NBSP
from bot.slack.format.blocks import SECTION_LIMIT, Block
from bot.slack.format.escape import escape, quoted
from bot.slack.format.markdown import defuse, plain
from bot.text.fragments import at_top
from bot.text.typed import visible

NAME_LIMIT = 40  # characters of a publisher's name
ELEMENT_SOURCES, BLOCK_ELEMENTS = 5, 10  # sources an element, elements a block: Slack takes ten
LEFT_TO_RIGHT = "\N{LEFT-TO-RIGHT MARK}"  # keeps what follows an Arabic or Hebrew name behind it
_FROM_THE_RIGHT = ("R", "AL")


class Cited:
    """A text that is cut into messages: how each part is shown, how it is spoken, which line stands under it."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources, self._citations = sources, Citations(sources)

    def body(self, message: str, markdown: str) -> Block:
        """A part as it is shown, each marker a link to its passage."""
        return {"type": "markdown", "block_id": f"research.{message}.body", "text": self._linked(markdown)}

    def spoken(self, markdown: str) -> str:
        """A part as it is read aloud, without addresses."""
        return escape(plain(numbered(markdown, self._sources)))

    def line(self, message: str, markdown: str) -> list[Block]:
        """The pages that a part cites, each by its publisher; no block where it cites none."""
        if elements := list(_elements(self._cited(markdown))):
            return [{"type": "context", "block_id": f"research.{message}.sources", "elements": elements}]
        return []

    def spoken_line(self, markdown: str) -> str:
        """The same as it is read aloud, a line of its own below the part."""
        named = [escape(_named(source)) for source in self._cited(markdown)]
        return f"\n{words.SOURCES}: {', '.join(named)}." if named else ""

    def size(self, markdown: str) -> tuple[int, int]:
        """How many characters a part takes where it is spoken, and where it is shown, its line included."""
        shown = sum(len(element["text"]) for block in self.line("", markdown) for element in block["elements"])
        return len(self.spoken(markdown)) + len(self.spoken_line(markdown)), len(self._linked(markdown)) + shown

    def _linked(self, markdown: str) -> str:
        return self._citations.shown(defuse(markdown), linked)

    def _cited(self, markdown: str) -> list[Source]:
        return self._citations.cited(markdown)[: ELEMENT_SOURCES * BLOCK_ELEMENTS]


def _elements(sources: Sequence[Source]) -> Iterator[Block]:
    """The sources, five an element: fewer would not all find room, more may be too long for one."""
    for at in range(0, len(sources), ELEMENT_SOURCES):
        named = " · ".join(map(_linked, sources[at : at + ELEMENT_SOURCES]))
        assert len(named) < SECTION_LIMIT  # noqa: S101
        yield {"type": "mrkdwn", "text": named if at else f"{words.SOURCES}: {named}"}


def _linked(source: Source) -> str:
    """A page's number and publisher, linked to the page; in mrkdwn a bar or a bracket would end the link."""
    name, address = quoted(_named(source).replace("|", "/")), escape(at_top(source.url))
    return f"<{address}|{name}>" if address else name


def _named(source: Source) -> str:
    """ "[3] Publisher", in one line and cut where the name is long; what follows stands behind it."""
    name = " ".join(visible(source.name).split())
    name = name if len(name) <= NAME_LIMIT else f"{name[: NAME_LIMIT - 1].rstrip()}…"
    turned = any(unicodedata.bidirectional(letter) in _FROM_THE_RIGHT for letter in name)
    return f"[{source.number}]{NBSP}{name}{LEFT_TO_RIGHT * turned}".rstrip()
