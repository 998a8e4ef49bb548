"""Channels that got a new id: what was kept under an earlier one stays as it is, and all ids of a channel are one."""

from __future__ import annotations

import asyncio
import re

from bot.research.model import Value


class ChannelChange(Value):
    """A channel that was ``former`` is ``current`` since a moment in seconds since the epoch."""

    former: str
    current: str
    at: float


def channel_of(thread: str) -> str:
    """The channel of a thread, as Run.thread has it: nothing else in the service takes its name apart."""
    return thread.partition("/")[0]


class ChannelIds:
    """Knows which ids mean the same channel, and which of them the room takes now."""

    def __init__(self) -> None:
        self._changes: dict[str, ChannelChange] = {}
        self._former = re.compile(r"(?!)")
        self._learned = asyncio.Event()

    @property
    def unchanged(self) -> bool:
        """Whether no channel got a new id so far."""
        return not self._changes

    def learn(self, change: ChannelChange) -> None:
        """Know of a change from now on; the same one may be told again, and in any order."""
        self._changes[change.former] = change
        self._former = re.compile(rf"\b(?:{'|'.join(map(re.escape, self._changes))})\b")
        self._learned.set()
        self._learned = asyncio.Event()

    def same(self, channel: str) -> tuple[str, ...]:
        """All ids that this channel has or had, this one first."""
        known = [channel]
        for each in known:  # it grows on the way
            linked = [change for change in self._changes.values() if each in (change.former, change.current)]
            known += {one for change in linked for one in (change.former, change.current)} - set(known)
        return tuple(known)

    def threads(self, thread: str) -> tuple[str, ...]:
        """The ways in which a thread, as Run.thread has it, may have been kept."""
        channel = channel_of(thread)
        return tuple(each + thread.removeprefix(channel) for each in self.same(channel))

    def current(self, channel: str) -> str:
        """The id that the room takes for this channel now: that of the latest change."""
        changes = [self._changes[each] for each in self.same(channel) if each in self._changes]
        return max(changes, key=lambda change: change.at).current if changes else channel

    def renewed(self, text: str) -> str:
        """A text in which channels have the ids that the room takes now, be it an id alone, a link or a list."""
        return self._former.sub(lambda found: self.current(found.group()), text)

    async def changed(self, channel: str) -> None:
        """Wait until the room takes another id for this channel."""
        while self.current(channel) == channel:
            await self._learned.wait()
