"""What people and channels are called where Slack tells their ids only."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from bot.slack.format.escape import readable, unnamed
from bot.slack.ports.directory import Directory

MOST_NAMES = 20  # of a text that are asked for; it is a list of ids then, and no sentence


class Names:
    """Knows names; where Slack does not tell one, a text says "a teammate" or "a channel" instead."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory

    async def read(self, text: str) -> str:
        """What Slack tells of a message, as people read it: no id is left in it, no entity, no ping. Never raises."""
        return readable(text, await self.of(unnamed(text)[:MOST_NAMES]))

    async def of(self, ids: Sequence[str]) -> Mapping[str, str]:
        """The names of these people and channels, without those that are not to be had in time. Never raises."""
        wanted = [each for each in dict.fromkeys(ids) if not each.startswith("D")]
        names = await asyncio.gather(*map(self._directory.name, wanted))
        return {each: name for each, name in zip(wanted, names, strict=True) if name}
