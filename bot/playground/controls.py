"""What can be made to go wrong at hand, and the bot as a process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True)
class FaultChoice:
    """One thing that can go wrong: ``told`` says what will be seen of it."""

    name: str
    title: str
    told: str
    apply: Callable[[], Awaitable[None] | None]


class BotProcess(Protocol):
    """The bot, which is a process of its own."""

    state: Literal["starting", "running", "stopped"]

    async def restart(self) -> None:
        """Kill it and start it again."""


@dataclass(frozen=True)
class Controls:
    """What the panel offers; ``notes`` are sentences on the model."""

    faults: Sequence[FaultChoice]
    bot: BotProcess
    notes: Sequence[str]
