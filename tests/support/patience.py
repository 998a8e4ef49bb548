"""What is otherwise in tests: generous time limits, for a busy machine exceeds them without any fault of the bot's.

What only costs time is left out: nobody cuts the power, each of hundreds of engines waits for its last look, and a
Slack that does not answer a start is told to answer at some moment.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from types import ModuleType

from bot.playground.slack.workspace import PATIENCE

Value = float | str

SLACKS = ("bot.playground.slack.delivery.ACK_SECONDS", "bot.playground.slack.triggers.SECONDS")
# Within these the bot gives up what takes too long, so that Slack has its answer within three seconds.
LIMITS = (
    "bot.adapters.database.PATIENCE",
    "bot.service.conversation.KEEPING_SECONDS",
    "bot.service.desk.OPENING_SECONDS",
    "bot.service.elsewhere.DECIDING_SECONDS",
    "bot.slack.listeners.command.TAKING_UP_SECONDS",
    "bot.slack.listeners.messages.HEARING_SECONDS",
    "bot.slack.listeners.channels.LOOK_SECONDS",
    "bot.slack.listeners.starts.TELL_SECONDS",
)
WAITS: dict[str, Value] = {
    "bot.adapters.engine_dbos.LISTEN_SECONDS": 0.05,
    "bot.adapters.seat_postgres.STILL_SECONDS": 1.0,
    "bot.adapters.sqlite_file.SYNCHRONOUS": "OFF",
    "bot.serve.SLACK_RETRY_SECONDS": 0.5,
}
OURS = (*LIMITS, *WAITS)


def apply(change: Callable[[ModuleType, str, Value], None]) -> None:
    """Change every value to that of a test."""
    for name, value in (dict.fromkeys((*SLACKS, *LIMITS), PATIENCE) | WAITS).items():
        change(*_place(name), value)


def ours() -> dict[str, Value]:
    """The bot's own values as they are in this process."""
    return {name: getattr(*_place(name)) for name in OURS}


def adopt(values: dict[str, Value]) -> None:
    """Be as another process is."""
    for name, value in values.items():
        setattr(*_place(name), value)


def _place(name: str) -> tuple[ModuleType, str]:
    module, _, constant = name.rpartition(".")
    return import_module(module), constant
