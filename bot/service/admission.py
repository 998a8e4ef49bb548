"""Lets people start research and ask on where that is set so: asked wherever a question is accepted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from bot.service.access import Access, Standing
from bot.service.channels import ChannelIds
from bot.service.errors import ChannelOff, UserOff
from bot.service.ports import People

log = structlog.get_logger(__name__)


class Admission:
    """Lets people in; ``refusals`` are how many it did not, by what is off, since this process began.

    ``people`` tells where they belong, if there is anybody to tell; ``channels`` knows which ids mean the same channel.
    """

    def __init__(self, access: Access, people: People | None, channels: ChannelIds) -> None:
        self._access, self._channels = access, channels
        self._people = people if access.needs_standing else None
        self.refusals = Counter({UserOff.name: 0, ChannelOff.name: 0})

    def expect(self, person: str) -> None:
        """Begin to find out what counts for somebody who is about to start research."""
        if self._people:
            self._people.expect(person)

    async def start(self, person: str, channel: str) -> None:
        """Let somebody start research in a channel, or go on with it; raises UserOff, ChannelOff."""
        self.ask(person, channel)
        standing = await self._people.standing(person) if self._people else Standing.MEMBER
        if standing is Standing.UNKNOWN:
            log.warning("standing.unknown", counts_as=Standing.MEMBER)
        with self._counted():
            self._access.start(standing)

    def ask(self, person: str, channel: str) -> None:
        """Let somebody ask about what was found; raises UserOff, ChannelOff."""
        with self._counted():
            self._access.ask(person, self._channels.same(channel))

    @contextmanager
    def _counted(self) -> Iterator[None]:
        try:
            yield
        except (UserOff, ChannelOff) as off:
            self.refusals[off.name] += 1
            raise
