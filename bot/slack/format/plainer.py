"""What becomes of a message whose content Slack refuses: the same words in plainer forms. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.slack.format.blocks import SECTION_LIMIT, Block, Message, actions, plain_text
from bot.slack.format.escape import unescape

# Words in Slack's codes for what is wrong with the message itself. Its pages list some of the codes and not all that
# people report, such as msg_too_large: whatever Slack says of blocks or lengths, a plainer message may be taken.
OF_CONTENT = {
    *("arg", "args", "arguments", "attachment", "attachments", "block", "blocks", "cards", "charset", "form"),
    *("json", "large", "long", "markdown", "metadata", "payload", "table", "text"),
}
TOO_LARGE = {"http_400", "http_413"}  # what stands before Slack's own servers says
BRIEF_LIMIT = 250  # characters of a text that is shortened because Slack takes nothing longer
ROW_LIMIT = 5  # buttons in a row
DATE = re.compile(r"<!date\^[^>|]*\|([^>]*)>")
PERSON = re.compile(r"(?:,? ?\b(?:for|by) )?<@[^>]*>:?", re.IGNORECASE)
LINK = re.compile(r"<[^<>|]*\|([^<>]*)>")


def of_content(code: str) -> bool:
    """Whether Slack's code says that it would not take the message itself, wherever it was to be shown."""
    return code in TOO_LARGE or not OF_CONTENT.isdisjoint(code.split("_"))


def forms(message: Message) -> Iterator[Message]:
    """A message as it is, in plain sections with its buttons, as its text alone, and short if it may be."""
    yield message
    if message.blocks:
        yield replace(message, blocks=tuple(_sections(message)))
        yield replace(message, blocks=())
    if not message.whole and len(message.text) > BRIEF_LIMIT:
        yield replace(message, text=_brief(message.text), blocks=())


def _sections(message: Message) -> list[Block]:
    text = unescape(LINK.sub(r"\1", PERSON.sub("", DATE.sub(r"\1", message.text)))).lstrip()
    starts = range(0, len(text), SECTION_LIMIT)
    parts = [part for start in starts if (part := text[start : start + SECTION_LIMIT]).strip()]
    shown = [_plain(f"research.{message.kind}.plain.{number}", part) for number, part in enumerate(parts, 1)]
    buttons = list(_buttons(message.blocks))[:ROW_LIMIT]
    return [*shown, *([actions(f"research.{message.kind}.actions", buttons)] if buttons else [])]


def _plain(block_id: str, text: str) -> Block:
    return {"type": "section", "block_id": block_id, "text": plain_text(text), "expand": True}


def _buttons(blocks: tuple[Block, ...]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        if block["type"] == "actions":
            yield from block["elements"]
        elif "accessory" in block:
            yield block["accessory"]


def _brief(text: str) -> str:
    """The beginning of a text up to a whole word, with no mention or date cut in two."""
    start = text[:BRIEF_LIMIT].rpartition(" ")[0] or text[:BRIEF_LIMIT].partition("&")[0]
    whole = start if start.rfind("<") <= start.rfind(">") else start[: start.rfind("<")]
    return f"{whole.rstrip()}…"
