"""What a form lacks before Slack's client sends it, a sentence at each field."""

from __future__ import annotations

from typing import Any

from bot.playground.slack import forms
from bot.playground.slack.elements import FIELDS, TYPED, standing
from bot.playground.slack.views import View
from bot.playground.slack.workspace import Payload

REQUIRED = "Please complete this required field."
LONGEST = 3_000  # characters of a field that says nothing else


def known(view: View, filled: dict[str, Any]) -> dict[str, Any]:
    """Of what was filled in, what there are fields for; an empty text is none."""
    fields = {element["action_id"]: element for _, element in standing(view.blocks) if element["type"] in FIELDS}
    return {name: value or (None if value == "" else value) for name, value in filled.items() if name in fields}


def fitting(view: View, filled: dict[str, Any]) -> dict[str, Any]:
    """Of what is filled in so far, what a form would take: the rest is still being typed."""
    taken = known(view, filled)
    wrong = missing(view, taken)
    blocks = {element["action_id"]: block["block_id"] for block, element in standing(view.blocks)}
    return {name: value for name, value in taken.items() if blocks[name] not in wrong}


def missing(view: View, filled: dict[str, Any]) -> dict[str, str]:
    """What is wrong with these values by block id, empty if the form can be sent."""
    wrong = {}
    initial = forms.state(view)
    for block, element in standing(view.blocks):
        if block["type"] != "input" or element["type"] not in FIELDS:
            continue
        kind = FIELDS[element["type"]]
        value = filled.get(element["action_id"], initial[block["block_id"]][element["action_id"]][kind.key])
        if not value and not block.get("optional"):
            wrong[block["block_id"]] = REQUIRED
        elif value and kind is TYPED and (said := _length(element, str(value))):
            wrong[block["block_id"]] = said
    return wrong


def _length(element: Payload, text: str) -> str:
    fewest, most = element.get("min_length") or 0, element.get("max_length") or LONGEST
    if len(text) < fewest:
        return f"Type at least {fewest} characters."
    return f"Type at most {most:,} characters; these are {len(text):,}." if len(text) > most else ""
