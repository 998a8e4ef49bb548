"""What can be used in a block: buttons, menus and fields, wherever they stand. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from bot.playground.page.drawing import buttons
from bot.playground.page.drawing.fields import CHOICES, Field, drawn_field
from bot.playground.page.drawing.names import Names
from bot.playground.page.drawing.tags import Value, element
from bot.playground.page.drawing.text_objects import Payload, bare


@dataclass(frozen=True)
class Around:
    """What is known beside a block.

    ``state`` holds what was typed and chosen, by block id and action id: a text, an id, the value of an option or a
    list of those. ``errors`` are told by block id; ``place`` begins the ids of fields, so that they are unique.
    """

    names: Names
    state: Mapping[str, Mapping[str, Any]]
    errors: Mapping[str, str]
    place: str

    def field(self, it: Payload, block: str, about: dict[str, Value]) -> Field:
        """A field with what it holds."""
        action = str(it.get("action_id", ""))
        held = self.state.get(block, {}).get(action)
        return Field(it, self.names, about, held, self.id(block, action))

    def id(self, *parts: str) -> str:
        """An id that is unique within the page."""
        return "-".join("_".join(each.split()) for each in (self.place, *parts) if each)


def drawn(it: Payload, block: str, around: Around, label: str = "") -> Markup:
    """An element of a block; ``label`` names it where no words of its own do. Raises KeyError for an unknown type."""
    names, kind = around.names, it["type"]
    if kind in ("button", "workflow_button"):
        return buttons.button(it, block, names)
    if kind == "overflow":
        return buttons.overflow(it, block, names)
    if kind == "icon_button":
        return buttons.icon(it, block, names)
    if kind == "feedback_buttons":
        return buttons.feedback(it, block, names, around.state.get(block, {}).get(it.get("action_id", "")))
    return _menu(it, block, around, label or bare(it.get("placeholder"), names))


def _menu(it: Payload, block: str, around: Around, label: str) -> Markup:
    """A menu or boxes that tell of each choice."""
    use: dict[str, Value] = {"data_action": it.get("action_id"), "data_block": block, "aria_label": label or None}
    if it["type"] in CHOICES:
        return element("fieldset", drawn_field(around.field(it, block, {})), **use)
    return drawn_field(around.field(it, block, use))
