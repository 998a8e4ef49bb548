"""Texts on their way into a thread."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, field
from typing import Any, cast

from bot.slack.format.blocks import Message
from bot.slack.ports.parts import Spot, Text
from bot.slack.transport.outbox import Rank


@dataclass(frozen=True)
class Wall(Spot):
    """A thread that takes everything."""

    shown: list[Message] = field(default_factory=list)

    async def put(self, messages: list[Message], refs: tuple[str, ...]) -> tuple[str, ...]:
        self.shown.extend(messages)
        return tuple(message.part for message in messages)


async def test_cutting_a_text_lets_the_bot_go_on_with_everything_else() -> None:
    """Texts come from models: one that takes long to cut may not keep commands waiting."""
    went_on = threading.Event()

    def cut(limit: int) -> list[Message]:
        assert went_on.wait(timeout=60)
        return [Message("report", "r_1", "report", "text", ())]

    nobody = cast("Any", None)
    wall = Wall(nobody, "C1", "1.0", Rank.REPORT)
    showing = asyncio.create_task(wall.show(Text("report", cut, 40_000)))
    asyncio.get_running_loop().call_later(0.01, went_on.set)
    assert await showing == ("report",)
