"""Time limits that a busy machine exceeds without any fault of the bot's: in tests all of them are generous."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType

from bot.playground.slack.workspace import PATIENCE

SLACKS = ("bot.playground.slack.delivery.ACK_SECONDS", "bot.playground.slack.triggers.SECONDS")
# Within these the bot gives up what takes too long, so that Slack has its answer within three seconds.
OURS = (
    "bot.adapters.database.PATIENCE",
    "bot.service.conversation.KEEPING_SECONDS",
    "bot.service.desk.OPENING_SECONDS",
    "bot.slack.listeners.command.TAKING_UP_SECONDS",
    "bot.slack.listeners.messages.HEARING_SECONDS",
    "bot.slack.listeners.channels.LOOK_SECONDS",
    "bot.slack.listeners.starts.TELL_SECONDS",
)


def generous(change: Callable[[ModuleType, str, float], None]) -> None:
    """Change every limit to that of a test."""
    for name in (*SLACKS, *OURS):
        change(*_place(name), PATIENCE)


def ours() -> dict[str, float]:
    """The bot's own limits as they are in this process."""
    return {name: getattr(*_place(name)) for name in OURS}


def adopt(limits: dict[str, float]) -> None:
    """Be as patient as another process."""
    for name, seconds in limits.items():
        setattr(*_place(name), seconds)


def _place(name: str) -> tuple[ModuleType, str]:
    module, _, constant = name.rpartition(".")
    return import_module(module), constant
