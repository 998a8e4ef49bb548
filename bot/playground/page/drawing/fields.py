"""What is typed and chosen: fields of forms, and menus in messages. Pure.

A field of a form carries ``data-field`` and ``data-block``; one that tells of each change ``data-action`` as well, as
do the menus that stand elsewhere. Boxes and circles lie in a fieldset that carries them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from bot.playground.page.drawing.names import Names
from bot.playground.page.drawing.tags import Value, element, opened
from bot.playground.page.drawing.text_objects import Payload, bare, drawn

INPUTS = {
    "plain_text_input": "text",
    "email_text_input": "email",
    "url_text_input": "url",
    "number_input": "text",
    "datepicker": "date",
    "timepicker": "time",
}
CHOICES = {"radio_buttons": "radio", "checkboxes": "checkbox"}
SELECTS = ("static_select", "external_select", "users_select", "channels_select", "conversations_select")
ROWS = 3


@dataclass(frozen=True)
class Field:
    """Something to fill in: its element, what it holds, and the attributes that say what and where it is."""

    it: Payload
    names: Names
    about: dict[str, Value]
    held: Any = None
    place: str = ""  # what its ids begin with

    @property
    def values(self) -> list[str]:
        """What it holds: a text, an id, the value of an option, or several."""
        held = self.held
        if held is None:
            held = next((self.it[key] for key in self.it if key.startswith("initial_")), None)
        each_held = held if isinstance(held, list | tuple) else [held]
        return [_value(each) for each in each_held if each is not None]


def drawn_field(field: Field) -> Markup:
    """A field without its label; raises KeyError for a type that is none."""
    kind = field.it["type"]
    if kind in CHOICES:
        return element("div", _choices(field, CHOICES[kind]), class_="choices")
    if kind in INPUTS:
        return _typed(field, INPUTS[kind])
    if kind.removeprefix("multi_") not in SELECTS:
        raise KeyError(kind)
    return element("select", _offered(field), multiple=kind.startswith("multi_"), **field.about)


def _typed(field: Field, kind: str) -> Markup:
    it, value = field.it, "".join(field.values)
    about: dict[str, Value] = field.about | {"placeholder": bare(it.get("placeholder"), field.names) or None}
    about |= {"minlength": it.get("min_length"), "maxlength": it.get("max_length"), "dir": "auto"}
    if it.get("multiline"):
        return element("textarea", f"\n{value}", rows=ROWS, **about)  # the first line break is not part of the text
    about |= {"inputmode": "decimal"} if it["type"] == "number_input" else {}
    return opened("input", type=kind, value=value, **about)


def _choices(field: Field, kind: str) -> Iterator[Markup]:
    for number, option in enumerate(field.it["options"]):
        name, value = f"{field.place}-{number}", str(option["value"])
        box = opened("input", type=kind, name=field.place, id=name, value=value, checked=value in field.values)
        words = [element("span", drawn(option["text"], field.names), dir="auto")]
        if option.get("description"):
            words.append(element("span", drawn(option["description"], field.names), class_="description", dir="auto"))
        yield element("div", [box, element("label", words, for_=name)], class_="choice")


def _offered(field: Field) -> Iterator[Markup]:
    """The options of a menu, at first that nothing is chosen."""
    chosen = set(field.values)
    if not chosen and not field.it["type"].startswith("multi_"):
        yield element("option", bare(field.it.get("placeholder"), field.names), value="")
    for group in field.it.get("option_groups", []):
        options = (_option(each, chosen, field.names) for each in group["options"])
        yield element("optgroup", options, label=bare(group["label"], field.names))
    yield from (_option(each, chosen, field.names) for each in _all(field, chosen))


def _all(field: Field, chosen: set[str]) -> list[Payload]:
    """What a menu offers by itself: the workspace's people or conversations."""
    kind, names = field.it["type"], field.names
    if kind.endswith("users_select"):
        return [_plain_option(each, names.person(each)) for each in dict.fromkeys([*names.people, *sorted(chosen)])]
    if kind.endswith(("channels_select", "conversations_select")):
        places = [each for each in names.channels if kind.endswith("conversations_select") or not each.startswith("D")]
        return [_plain_option(each, names.place(each)) for each in dict.fromkeys([*places, *sorted(chosen)])]
    return list(field.it.get("options", []))


def _plain_option(value: str, words: str) -> Payload:
    return {"value": value, "text": {"type": "plain_text", "text": words}}


def _option(option: Payload, chosen: set[str], names: Names) -> Markup:
    value = str(option["value"])
    return element("option", bare(option["text"], names), value=value, selected=value in chosen)


def _value(held: Any) -> str:
    return str(held["value"] if isinstance(held, dict) else held)
