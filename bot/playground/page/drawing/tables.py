"""Tables: the first row is the head. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot.playground.page.drawing import rich_text
from bot.playground.page.drawing.names import Names
from bot.playground.page.drawing.tags import element, lines
from bot.playground.page.drawing.text_objects import Payload


def drawn(it: Payload, names: Names) -> Markup:
    """A table block, in a box that scrolls by itself."""
    sides = [(each or {}).get("align", "left") for each in it.get("column_settings") or []]
    rows = [_row(cells, "td" if number else "th", sides, names) for number, cells in enumerate(it["rows"])]
    body = [element("thead", rows[:1]), element("tbody", rows[1:])]
    return element("div", element("table", body), class_="table")


def _row(cells: Sequence[Payload], tag: str, sides: Sequence[str], names: Names) -> Markup:
    aligned = [*sides, *["left"] * len(cells)]
    drawn_cells = (_cell(cell, tag, side, names) for cell, side in zip(cells, aligned, strict=False))
    return element("tr", drawn_cells)


def _cell(it: Payload, tag: str, side: str, names: Names) -> Markup:
    words = rich_text.drawn(it, names) if it["type"] == "rich_text" else lines(str(it.get("text", it.get("value", ""))))
    return element(tag, words, class_=side if side in ("right", "center") else "", dir="auto")
