"""What the app asks of Slack, as its manifest has it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parent.parent.parent / "manifest.yml"


def scopes() -> set[str] | None:
    """The scopes of the bot token; None, for all, where there is no manifest beside the package."""
    read = _read()
    return set(read["oauth_config"]["scopes"]["bot"]) if read else None


def subscribed() -> set[str] | None:
    """The events that Slack tells the app of; None, for all, where there is no manifest beside the package."""
    read = _read()
    return set(read["settings"]["event_subscriptions"]["bot_events"]) if read else None


@lru_cache
def _read() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8")) if FILE.is_file() else {}
    return read
