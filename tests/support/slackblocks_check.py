"""A second opinion on our payloads: slackblocks' own models."""

from __future__ import annotations

from typing import Any

import slackblocks


def second_opinion(message: dict[str, Any]) -> list[str]:
    """What slackblocks would not build, a sentence each."""
    return [f"slackblocks: {error}" for block in message.get("blocks") or [] if (error := _error(block))]


def _error(block: dict[str, Any]) -> Exception | None:
    try:
        _built(block)
    except Exception as error:  # noqa: BLE001  whatever it raises is its opinion
        return error
    return None


def _built(block: dict[str, Any]) -> object:
    match block["type"]:
        case "header":
            return slackblocks.HeaderBlock(block["text"]["text"], block_id=block["block_id"])
        case "section":
            accessory = _button(block["accessory"]) if "accessory" in block else None
            text = slackblocks.Text(block["text"]["text"])
            return slackblocks.SectionBlock(text, block_id=block["block_id"], accessory=accessory)
        case "context":
            texts: list[Any] = [slackblocks.Text(element["text"]) for element in block["elements"]]
            return slackblocks.ContextBlock(texts, block_id=block["block_id"])
        case "actions":
            buttons: list[Any] = [_element(element) for element in block["elements"]]
            return slackblocks.ActionsBlock(buttons, block_id=block["block_id"])
        case "context_actions":  # slackblocks does not know it: slack_sdk's models have their say on it
            return block
        case "markdown":
            return slackblocks.MarkdownBlock(block["text"], block_id=block["block_id"])
    raise ValueError(f"no such block: {block['type']}")


def _element(element: dict[str, Any]) -> object:
    if element["type"] == "overflow":
        options = [slackblocks.Option(each["text"]["text"], each["value"]) for each in element["options"]]
        return slackblocks.OverflowMenu(element["action_id"], options)
    return _button(element)


def _button(element: dict[str, Any]) -> slackblocks.Button:
    return slackblocks.Button(
        element["text"]["text"], action_id=element["action_id"], value=element["value"], url=element.get("url")
    )
