"""The elements in blocks that people use: where they stand, and what Slack tells of their use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.playground.slack.workspace import Payload


@dataclass(frozen=True)
class Kind:
    """How Slack tells what was chosen or typed: under which key, and what an element holds at first."""

    key: str
    initial: str
    many: bool = False


TYPED, OPTION = Kind("value", "initial_value"), Kind("selected_option", "initial_option")
OPTIONS = Kind("selected_options", "initial_options", many=True)
LONGEST = 3_000  # characters of a text field that says nothing else
FIELDS = {
    "plain_text_input": TYPED,
    "url_text_input": TYPED,
    "email_text_input": TYPED,
    "number_input": TYPED,
    "static_select": OPTION,
    "radio_buttons": OPTION,
    "checkboxes": OPTIONS,
    "multi_static_select": OPTIONS,
    "conversations_select": Kind("selected_conversation", "initial_conversation"),
    "channels_select": Kind("selected_channel", "initial_channel"),
    "users_select": Kind("selected_user", "initial_user"),
    "multi_conversations_select": Kind("selected_conversations", "initial_conversations", many=True),
    "multi_channels_select": Kind("selected_channels", "initial_channels", many=True),
    "multi_users_select": Kind("selected_users", "initial_users", many=True),
    "datepicker": Kind("selected_date", "initial_date"),
    "timepicker": Kind("selected_time", "initial_time"),
}


def standing(blocks: list[Payload]) -> Iterator[tuple[Payload, Payload]]:
    """Each element that can be used, with its block."""
    for block in blocks:
        held = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        yield from ((block, element) for element in held if element and "action_id" in element)


def find(blocks: list[Payload], action_id: str, block_id: str = "") -> tuple[Payload, Payload]:
    """The block and the element with this action id, the first if no block is named; raises AssertionError."""
    for block, element in standing(blocks):
        if element["action_id"] == action_id and block_id in ("", block.get("block_id")):
            return block, element
    raise AssertionError(f"nothing to use with {action_id!r}; there is {[e['action_id'] for _, e in standing(blocks)]}")


def held(element: Payload, value: Any) -> Payload:
    """What Slack tells of an element that holds this: text, the value of an option, an id, or a list of those.

    None is nothing. Raises AssertionError for what nobody could choose or type there.
    """
    kind = FIELDS[element["type"]]
    if kind is TYPED and value is not None and (wrong := misfit(element, value)):
        raise AssertionError(f"{element['action_id']}: {wrong}")
    if kind is OPTION and value is not None:
        value = _option(element, value)
    if kind is OPTIONS:
        value = [_option(element, each) for each in value or []]
    return {"type": element["type"], kind.key: value if value is not None or not kind.many else []}


def misfit(element: Payload, text: str) -> str:
    """What Slack's client says of a text that is too short or too long for its field, "" of one that fits."""
    fewest, most = element.get("min_length") or 0, element.get("max_length") or LONGEST
    if len(text) < fewest:
        return f"Type at least {fewest} characters."
    return f"Type at most {most:,} characters; these are {len(text):,}." if len(text) > most else ""


def used(block: Payload, element: Payload, option: str | None, action_ts: str) -> Payload:
    """The action that Slack tells of: ``option`` is the value that was chosen or typed, of a button not needed."""
    action = {"type": element["type"], "action_id": element["action_id"], "action_ts": action_ts}
    action["block_id"] = block.get("block_id", "b")
    if element["type"] == "feedback_buttons":
        pressed = [element["positive_button"], element["negative_button"]]
        chosen = next((each for each in pressed if each["value"] == option), None)
        if not chosen:
            raise AssertionError(f"no feedback button has the value {option!r}")
        return action | {"text": chosen["text"], "value": chosen["value"]}
    if element["type"] == "overflow":
        return action | {"selected_option": _option(element, option)}
    if element["type"] in FIELDS:
        return action | held(element, option)
    return action | {key: element[key] for key in ("text", "value", "style") if key in element}


def _option(element: Payload, value: Any) -> Payload:
    groups = [group["options"] for group in element.get("option_groups", [])]
    offered: list[Payload] = [*element.get("options", []), *(option for group in groups for option in group)]
    for option in offered:
        if option["value"] == value:
            return option
    raise AssertionError(f"{element['action_id']} does not offer {value!r} but {[o['value'] for o in offered]}")
