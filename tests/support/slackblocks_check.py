"""A second opinion on our payloads: slackblocks' own models."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import slackblocks


def second_opinion(message: dict[str, Any]) -> list[str]:
    """What slackblocks would not build, a sentence each."""
    return [error for block in message.get("blocks") or [] if (error := _error(json.dumps(block)))]


@lru_cache(maxsize=2_000)
def _error(block: str) -> str:
    """What it says of a block, as JSON; an edit shows most of the blocks that stood there before."""
    try:
        _built(json.loads(block))
    except Exception as error:  # noqa: BLE001  whatever it raises is its opinion
        return f"slackblocks: {error}"
    return ""


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
