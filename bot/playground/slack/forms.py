"""What people type into forms, and what becomes of a form by the app's answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.playground.slack.elements import FIELDS, TYPED, held, misfit, standing
from bot.playground.slack.triggers import Trigger
from bot.playground.slack.views import View, Views
from bot.playground.slack.workspace import Payload, Workspace

REQUIRED = "Please complete this required field."


def fill(view: View, values: dict[str, Any]) -> None:
    """Type or choose these, by action id; raises AssertionError where there is no such field, or no form any more."""
    if not view.is_open:
        raise AssertionError("this form is closed")
    fields = {element["action_id"]: (block, element) for block, element in standing(view.blocks)}
    for action_id, value in values.items():
        if action_id not in fields:
            raise AssertionError(f"no field {action_id!r} but {list(fields)}")
        block, element = fields[action_id]
        held(element, value)
        view.typed.setdefault(block["block_id"], {})[action_id] = value


def state(view: View) -> Payload:
    """The values of all fields of a view, as Slack gives them."""
    values: Payload = {}
    for block, element in standing(view.blocks):
        if element["type"] in FIELDS:
            values.setdefault(block["block_id"], {})[element["action_id"]] = _value(view, block, element)
    return values


def preset(view: View) -> Iterator[tuple[str, str, str]]:
    """The fields that hold the conversation from which the form was opened, until another is chosen: block, action id,
    conversation."""
    for block, element in standing(view.blocks):
        if element.get("default_to_current_conversation") and not element.get("initial_conversation") and view.channel:
            yield block["block_id"], element["action_id"], view.channel


def lacking(view: View, values: dict[str, Any]) -> dict[str, str]:
    """What Slack's own client says at the fields of a form that it does not send, by block id; empty if it sends it.

    ``values`` are about to be filled in, by action id; any other field holds what it holds.
    """
    wrong, holding = {}, state(view)
    for block, element in standing(view.blocks):
        if block["type"] != "input":
            continue
        place, name, kind = block["block_id"], element["action_id"], FIELDS[element["type"]]
        value = values.get(name, holding[place][name][kind.key])
        if not value and not block.get("optional"):
            wrong[place] = REQUIRED
        elif value and kind is TYPED and (said := misfit(element, str(value))):
            wrong[place] = said
    return wrong


def answered(workspace: Workspace, views: Views, view: View, answer: Payload) -> None:
    """Do with a form that was sent what the app's ack says; what Slack would not take is a violation."""
    action = answer.get("response_action")
    if action == "errors":
        _refuse(workspace, view, answer.get("errors") or {})
    elif action == "update":
        views.change(view, views.checked(answer["view"], "modal"))
    elif action == "push":
        trigger = Trigger(view.user, view.channel, view.id, 0)
        views.put(trigger, views.checked(answer["view"], "modal"), view)
    elif action == "clear":
        close(views, view.root)
    elif action is None:
        close(views, view)
    else:
        workspace.refused("response_action", [f"unknown: {action!r}"])
    workspace.changed()


def close(views: Views, view: View) -> None:
    """Close a form and whatever lies on it."""
    view.is_open = False
    for above in views.modals:
        if above.below is view and above.is_open:
            close(views, above)


def _refuse(workspace: Workspace, view: View, errors: dict[str, str]) -> None:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not errors or errors.keys() - inputs:
        workspace.refused("response_action", [f"errors for {sorted(errors)}, the input blocks are {sorted(inputs)}"])
    view.errors = errors


def _value(view: View, block: Payload, element: Payload) -> Payload:
    typed = view.typed.get(block["block_id"], {})
    if element["action_id"] in typed:
        return held(element, typed[element["action_id"]])
    kind = FIELDS[element["type"]]
    initial = element.get(kind.initial)
    if element.get("default_to_current_conversation") and not initial:
        initial = view.channel or None
    return {"type": element["type"], kind.key: initial if initial is not None or not kind.many else []}
