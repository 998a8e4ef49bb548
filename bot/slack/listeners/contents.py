"""What a message says, however it says it: in its text, its blocks, its attachments, its files. Pure.

All of it is given as Slack writes ``text``: three characters escaped, references in angle brackets.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from bot.text.typed import visible

Payload = dict[str, Any]

# What Slack puts into ``text`` where an app gave none: it says nothing of what is seen.
PLACEHOLDERS = {
    "this content can't be displayed.",
    "this message contains interactive elements.",
    "this message can't be displayed.",
    "[no preview available]",
}
DEEPEST = 30  # blocks within blocks, messages within messages: Slack's own go a few levels down
# Where blocks, old and new, have their words; a block of a kind that nobody knows yet has them there too.
PARTS = (
    *("rich_text_title", "title", "subtitle", "caption", "text", "body", "description", "details", "output"),
    *("fields", "elements", "rows", "tasks", "blocks", "child_blocks"),
)
PRESSED = {"actions", "context_actions", "input", "button", "overflow", "feedback_buttons", "icon_button"}
_BARE = re.compile("&(?!(?:amp|lt|gt);)")
# Somebody else, a group, everybody: as Slack writes them where a reply begins, after a greeting or a sign at most.
_OTHERS = re.compile(
    r"\A(?::[\w+'-]++:|&gt;|[^\w<]|_|(?:hi|hey|hello|hallo|moin|hola|salut|bonjour|ciao|cc|fyi|dear|thanks|thx|ok|okay)\b)*+"
    r"<(?:@\w|!(?:subteam\^|here\b|channel\b|group\b|everyone\b))",
    re.IGNORECASE,
)
# The pieces of a line that somebody types.
INLINE: dict[str, Callable[[Payload], str]] = {
    "user": lambda piece: f"<@{piece.get('user_id') or ''}>",
    "channel": lambda piece: f"<#{piece.get('channel_id') or ''}>",
    "usergroup": lambda piece: f"<!subteam^{piece.get('usergroup_id') or ''}>",
    "broadcast": lambda piece: f"<!{piece.get('range') or 'here'}>",
    "emoji": lambda piece: f":{piece.get('name') or ''}:",
    "date": lambda piece: _escaped(piece.get("fallback")),
    "color": lambda piece: _escaped(piece.get("value")),
    "link": lambda piece: _link(piece),
}
LINES = {"rich_text_section", "rich_text_quote", "rich_text_preformatted"}  # what is typed in one go


def said(message: Payload) -> str:
    """What its writer says in it: its text, or its blocks where that is empty or stands for them only."""
    text = _string(message.get("text"))
    if visible(text).strip() and not _stands_for_blocks(message, text):
        return "" if _links_only_to(message, text) else text
    blocks = _words(_dicts(message.get("blocks")))
    return blocks if blocks.strip() or text.strip().casefold() in PLACEHOLDERS else text


def to_others(text: str) -> bool:
    """Whether a reply begins with a mention of people, of a group or of everybody: then it is for them."""
    return bool(_OTHERS.match(visible(text)))


def brought(message: Payload, files: bool = True) -> str:
    """What comes with it: messages that are forwarded, what apps attach, else with ``files`` what those are called."""
    attached = [_attached(each, DEEPEST) for each in _dicts(message.get("attachments"))]
    return "\n".join(filter(None, attached)) or (_files(message) if files else "")


def _stands_for_blocks(message: Payload, text: str) -> bool:
    """Whether people see the blocks and not this text: apps write both, and who types a text sees it."""
    if text.strip().casefold() in PLACEHOLDERS:
        return True
    by_app = message.get("bot_id") or message.get("subtype") == "bot_message"
    return bool(by_app and _words(_dicts(message.get("blocks"))).strip())


def _links_only_to(message: Payload, text: str) -> bool:
    """Whether it is nothing but a link to another message, which Slack shows with it."""
    target = _address(text.strip().removeprefix("<").removesuffix(">").partition("|")[0])
    shown = [each for each in _dicts(message.get("attachments")) if each.get("is_msg_unfurl") or each.get("is_share")]
    return any(target in (_address(each.get("from_url")), _address(each.get("original_url"))) for each in shown)


def _attached(attachment: Payload, depth: int) -> str:
    """The words of an attachment: those of the message that is shared in it, or those that an app put together."""
    if not depth:
        return ""
    blocks = [_words(_dicts(attachment.get("blocks")), depth), *_shared(attachment, depth)]
    shown = "\n".join(filter(None, blocks)) or _string(attachment.get("text"))  # which may stand for blocks here too
    parts = [_string(attachment.get("pretext")), _string(attachment.get("title")), shown]
    words = [part for part in parts if part.strip() and part.strip().casefold() not in PLACEHOLDERS]
    words += [f"{_string(field.get('title'))}: {_string(field.get('value'))}" for field in _fields(attachment)]
    words += [_attached(each, depth - 1) for each in _dicts(attachment.get("attachments"))]
    return "\n".join(filter(None, words)) or _files(attachment) or _fallback(attachment)


def _fields(attachment: Payload) -> Iterator[Payload]:
    return (field for field in _dicts(attachment.get("fields")) if _string(field.get("value")).strip())


def _shared(attachment: Payload, depth: int) -> Iterator[str]:
    """The words of messages that are shared in an attachment."""
    for each in _dicts(attachment.get("message_blocks")):
        message = each.get("message")
        if isinstance(message, dict):
            yield _words(_dicts(message.get("blocks")), depth) or _string(message.get("text"))


def _fallback(attachment: Payload) -> str:
    text = _string(attachment.get("fallback"))
    return "" if text.strip().casefold() in PLACEHOLDERS else text


def _files(message: Payload) -> str:
    """The names of files."""
    names = (_string(each.get("name")) or _string(each.get("title")) for each in _dicts(message.get("files")))
    return "\n".join(_escaped(name) for name in names if name.strip())


def _words(node: Any, depth: int = DEEPEST) -> str:
    """The words of a block, of a list of them, of a part of one."""
    if not depth or isinstance(node, str):
        return _escaped(node) if depth else ""
    if isinstance(node, list):
        return "\n".join(filter(None, (_row(each, depth - 1) for each in node)))
    kind = _string(node.get("type")) if isinstance(node, dict) else "button"
    if kind in PRESSED:
        return ""
    if kind in INLINE:
        return INLINE[kind](node)
    if kind in LINES:
        return "".join(_words(piece, depth - 1) for piece in _dicts(node.get("elements")))
    if isinstance(node.get("text"), str):
        return str(node["text"]) if kind == "mrkdwn" else _escaped(node["text"])
    return "\n".join(filter(None, (_words(node.get(part), depth - 1) for part in PARTS)))


def _row(node: Any, depth: int) -> str:
    """A list within a list is a row of a table: its cells stand side by side."""
    if isinstance(node, list):
        return " | ".join(filter(None, (_words(cell, depth) for cell in node)))
    return _words(node, depth)


def _address(url: Any) -> str:
    """An address that Slack escapes in one place and leaves as it is in another, as it is."""
    return _string(url).replace("&amp;", "&")


def _link(piece: Payload) -> str:
    url, label = _escaped(piece.get("url")), _escaped(piece.get("text"))
    return f"<{url}|{label}>" if label else f"<{url}>"


def _escaped(text: Any) -> str:
    """Text that Slack escapes in one place and leaves as it is in another, escaped."""
    return _BARE.sub("&amp;", _string(text)).replace("<", "&lt;").replace(">", "&gt;")


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _dicts(value: Any) -> list[Payload]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
