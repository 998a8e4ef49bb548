"""Slack's blocks and texts as HTML: whoever adds a block to a message finds here how people see it. Pure.

Its parts stand in drawing/; everything is escaped as it is put in (drawing/tags.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from bot.playground.page.drawing import block_elements, links, markdown, mrkdwn, rich_text, tables, text_objects
from bot.playground.page.drawing.avatars import avatar
from bot.playground.page.drawing.block_elements import Around
from bot.playground.page.drawing.input_block import drawn_input
from bot.playground.page.drawing.names import Names
from bot.playground.page.drawing.tags import element, opened
from bot.playground.page.drawing.text_objects import Payload

__all__ = ["Names", "avatar", "blocks", "first_sentence", "text"]

_HALF = re.compile("[\ud800-\udfff]")
NOTHING: Mapping[str, Any] = {}
MALFORMED = (AttributeError, IndexError, KeyError, TypeError, ValueError)


def blocks(
    blocks: Sequence[Payload],
    names: Names,
    state: Mapping[str, Mapping[str, Any]] | None = None,
    errors: Mapping[str, str] | None = None,
    place: str = "field",
) -> Markup:
    """The blocks of a message, a home or a form, one below the other.

    ``state`` holds what was typed and chosen, by block id and action id, ``errors`` what is wrong, by block id;
    ``place`` begins the ids of fields, for a page that shows two forms at once.
    """
    around = Around(names, state or NOTHING, errors or NOTHING, place)
    return _sound(Markup("\n").join(_block(each, around) for each in blocks))


def text(message_text: str, names: Names) -> Markup:
    """A message without blocks, in mrkdwn."""
    return _sound(element("div", _said(mrkdwn.drawn(message_text, names)), class_="section"))


def first_sentence(message_text: str, names: Names) -> str:
    """How a message's text begins, for whoever only hears that it came."""
    said = mrkdwn.drawn(message_text.partition("\n")[0], names).striptags()
    sentence, stop, _ = said.partition(". ")
    return f"{sentence}." if stop else sentence


def _block(it: Payload, around: Around) -> Markup:
    """A block; one that is not known or not as Slack describes it is named, for apps send what they like."""
    try:
        return BLOCKS[it["type"]](it, around)
    except MALFORMED:
        kind = it.get("type") if isinstance(it, Mapping) else it
        return element("p", f"This kind of block is not drawn here: {kind}", class_="unknown", dir="auto")


def _header(it: Payload, around: Around) -> Markup:
    return element("h3", text_objects.drawn(it["text"], around.names), class_="header", dir="auto")


def _section(it: Payload, around: Around) -> Markup:
    words = [_worded(it["text"], around)] if it.get("text") else []
    if it.get("fields"):
        words.append(element("div", [_worded(each, around) for each in it["fields"]], class_="fields"))
    if not (beside := it.get("accessory")):
        return element("div", words, class_="section")
    label = text_objects.bare(it.get("text"), around.names)
    used = element("div", _used(beside, it, around, label), class_="accessory")
    return element("div", [element("div", words, class_="words"), used], class_="section")


def _context(it: Payload, around: Around) -> Markup:
    said = (element("span", _in_context(each, around), dir="auto") for each in it["elements"])
    return element("div", Markup(" ").join(said), class_="context")


def _in_context(it: Payload, around: Around) -> Markup:
    return _picture(it, around) if it["type"] == "image" else text_objects.drawn(it, around.names)


def _actions(it: Payload, around: Around) -> Markup:
    return element("div", [_used(each, it, around) for each in it["elements"]], class_="actions")


def _divider(_it: Payload, _around: Around) -> Markup:
    return opened("hr")


def _markdown(it: Payload, around: Around) -> Markup:
    return element("div", markdown.drawn(it["text"], around.names), class_="markdown")


def _table(it: Payload, around: Around) -> Markup:
    return tables.drawn(it, around.names)


def _rich_text(it: Payload, around: Around) -> Markup:
    return rich_text.drawn(it, around.names)


def _image(it: Payload, around: Around) -> Markup:
    title = text_objects.bare(it.get("title"), around.names)
    words = _said(Markup(" ").join([_picture(it, around), *([title] if title else [])]))
    return element("div", words, class_="section")


def _picture(it: Payload, around: Around) -> Markup:
    """A link to a picture by what it shows, for nothing is loaded from elsewhere."""
    return links.link(it.get("image_url", ""), it["alt_text"], around.names)


def _used(it: Payload, block: Payload, around: Around, label: str = "") -> Markup:
    if it["type"] == "image":
        return _picture(it, around)
    return block_elements.drawn(it, block.get("block_id", ""), around, label)


def _worded(it: Payload, around: Around) -> Markup:
    return _said(text_objects.drawn(it, around.names))


def _said(words: Markup) -> Markup:
    return element("div", words, dir="auto")


def _sound(drawn: Markup) -> Markup:
    """HTML that can be sent: half a character, which JSON can hold and UTF-8 cannot, is replaced."""
    for half in set(_HALF.findall(drawn)):
        drawn = drawn.replace(half, "\N{REPLACEMENT CHARACTER}")
    return drawn


BLOCKS: Mapping[str, Callable[[Payload, Around], Markup]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "actions": _actions,
    "context_actions": _actions,
    "divider": _divider,
    "markdown": _markdown,
    "table": _table,
    "rich_text": _rich_text,
    "image": _image,
    "input": drawn_input,
}
