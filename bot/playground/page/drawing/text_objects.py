"""The texts in blocks: plain or in mrkdwn, as Slack's text objects say. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from bot.playground.page.drawing import emoji, mrkdwn
from bot.playground.page.drawing.names import Names
from bot.playground.page.drawing.tags import BREAK

Payload = Mapping[str, Any]


def drawn(said: Payload, names: Names) -> Markup:
    """A text object as people see it."""
    if said["type"] == "mrkdwn":
        return mrkdwn.drawn(said["text"], names)
    show = Markup.escape if said.get("emoji") is False else emoji.within
    return BREAK.join(show(line) for line in said["text"].split("\n"))


def bare(said: Payload | None, names: Names) -> str:
    """A text object in words only, for titles, options and whatever else takes no HTML; "" if there is none."""
    return mrkdwn.drawn(said["text"], names).striptags() if said and said["type"] == "mrkdwn" else _plain(said)


def _plain(said: Payload | None) -> str:
    return str(said["text"]) if said else ""
