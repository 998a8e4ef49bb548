"""A field of a form with its label, what is wrong with it, and its hint. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from bot.playground.page.drawing.block_elements import Around
from bot.playground.page.drawing.fields import CHOICES, drawn_field
from bot.playground.page.drawing.tags import Value, element
from bot.playground.page.drawing.text_objects import Payload, drawn

OPTIONAL = "(optional)"


def drawn_input(it: Payload, around: Around) -> Markup:
    """An input block; its error stands before its hint. Raises KeyError for an unknown type of field."""
    block, wrong = it.get("block_id", ""), around.errors.get(it.get("block_id", ""), "")
    fit = it["element"]
    name = around.id(block, fit.get("action_id", ""))
    use: dict[str, Value] = {"data_field": fit.get("action_id"), "data_block": block}
    use |= {"data_action": fit.get("action_id")} if it.get("dispatch_action") else {}
    use |= {"aria_describedby": _described(it, name, wrong), "aria_invalid": "true" if wrong else None}
    notes = list(_notes(it, around, name, wrong))
    label = list(_label(it, around))
    if fit["type"] in CHOICES:
        inside = [element("legend", label, dir="auto"), drawn_field(around.field(fit, block, {})), *notes]
        return element("fieldset", inside, class_="field", **use)
    use |= {"id": name, "required": not it.get("optional"), "autofocus": bool(fit.get("focus_on_load"))}
    inside = [element("label", label, for_=name, dir="auto"), drawn_field(around.field(fit, block, use)), *notes]
    return element("div", inside, class_="field")


def _label(it: Payload, around: Around) -> Iterator[Markup]:
    yield drawn(it["label"], around.names)
    if it.get("optional"):
        yield Markup(" ") + element("span", OPTIONAL, class_="optional")


def _notes(it: Payload, around: Around, name: str, wrong: str) -> Iterator[Markup]:
    if wrong:
        mark = element("span", "✕ ", aria_hidden="true")
        yield element("p", [mark, Markup.escape(wrong)], class_="error", id=f"{name}-error", dir="auto")
    if it.get("hint"):
        yield element("p", drawn(it["hint"], around.names), class_="hint", id=f"{name}-hint", dir="auto")


def _described(it: Payload, name: str, wrong: str) -> str | None:
    ids = [*[f"{name}-error"] * bool(wrong), *[f"{name}-hint"] * bool(it.get("hint"))]
    return " ".join(ids) or None
