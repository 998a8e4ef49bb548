"""Whether Slack would take a message: its blocks against slack_sdk's own models, its lengths, its ids. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

Payload = dict[str, Any]
Check = Callable[[Payload], list[str]]

BLOCKS_LIMIT = 50
MARKDOWN_LIMIT = 12_000  # characters of all markdown blocks of one message together
ONLY_IN_MESSAGES = {"markdown", "context_actions", "table"}


def problems(message: Payload) -> list[str]:
    """What is wrong with the arguments of a post or an edit, a sentence each; empty if nothing."""
    blocks: list[Payload] = message.get("blocks") or []
    found = [f"{place}: {why}" for place, block in enumerate(blocks) for why in _block_problems(block)]
    if len(blocks) > BLOCKS_LIMIT:
        found.append(f"{len(blocks)} blocks, the limit is {BLOCKS_LIMIT}")
    if blocks and not message.get("text"):
        found.append("blocks without text: nothing to read aloud and nothing to notify with")
    found += [f"block_id {each!r} twice" for each in _twice(block.get("block_id") for block in blocks)]
    found += [f"action_id {each!r} twice" for each in _twice(_values(blocks, "action_id"))]
    return found


def view_problems(view: Payload, kind: str) -> list[str]:
    """What is wrong with a form (kind ``modal``) or a home, a sentence each; empty if nothing."""
    blocks: list[Payload] = view.get("blocks") or []
    found = [f"{place}: {why}" for place, block in enumerate(blocks) for why in _block_problems(block)]
    kinds = {block.get("type", "") for block in blocks}
    if view.get("type") != kind:
        found.append(f"type {view.get('type')!r} where {kind!r} is wanted")
    elif not found:
        found += _frame_problems(view)
    if not blocks:
        found.append("no blocks")
    if kind == "modal" and not view.get("title"):
        found.append("no title")
    if kind == "modal" and "input" in kinds and not view.get("submit"):
        found.append("input blocks without submit")
    found += [f"{each} blocks are for messages only" for each in kinds & ONLY_IN_MESSAGES]
    found += [f"block_id {each!r} twice" for each in _twice(block.get("block_id") for block in blocks)]
    return found + [f"action_id {each!r} twice" for block in blocks for each in _twice(_values(block, "action_id"))]


def view_size(view: Payload) -> int:
    """Bytes of a view as it travels."""
    return len(json.dumps(view, ensure_ascii=False).encode())


def _frame_problems(view: Payload) -> list[str]:
    """What is wrong with a view around its blocks."""
    try:
        parsed = View(**view)
        parsed.validate_json()
    except SlackObjectFormationError as error:
        return [str(error)]
    return [f"{field}: Slack knows no such field" for field in view if field not in View.attributes]


def markdown_length(blocks: list[Payload]) -> int:
    """Characters of all markdown blocks."""
    return sum(len(block["text"]) for block in blocks if block.get("type") == "markdown")


def _block_problems(block: Payload) -> list[str]:
    return _problems_of(json.dumps(block))


@lru_cache(maxsize=2_000)
def _problems_of(text: str) -> list[str]:
    """What is wrong with a block, as JSON: an edit shows most of the blocks that stood there before."""
    block = json.loads(text)
    try:
        parsed = Block.parse(block)
        if parsed is None:
            return [f"unknown block type {block.get('type')!r}"]
        parsed.validate_json()
    except SlackObjectFormationError as error:
        return [str(error)]
    return [f"{path}: Slack knows no such field" for path in _lost(block, parsed.to_dict(), block["type"])]


def _lost(sent: Any, kept: Any, path: str) -> Iterator[str]:
    """Fields of what was sent that the SDK's model does not have."""
    if isinstance(sent, dict) and isinstance(kept, dict):
        for key, value in sent.items():
            if key not in kept:
                yield f"{path}.{key}"
            else:
                yield from _lost(value, kept[key], f"{path}.{key}")
    elif isinstance(sent, list) and isinstance(kept, list):
        for number, (one, other) in enumerate(zip(sent, kept, strict=False)):
            yield from _lost(one, other, f"{path}.{number}")


def _values(node: Any, key: str) -> Iterator[str]:
    if isinstance(node, dict):
        if key in node:
            yield node[key]
        for value in node.values():
            yield from _values(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from _values(value, key)


def _twice(ids: Any) -> list[str]:
    return [each for each, times in Counter(filter(None, ids)).items() if times > 1]
