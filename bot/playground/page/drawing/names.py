"""What ids and addresses in a message mean to whoever reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo


@dataclass(frozen=True)
class Names:
    """What people and channels are called, by their ids, and in which zone the reader's clock is.

    ``within`` gives the page's own address for an address of this workspace, None for any other. ``now`` tells which
    day is today; without it every day is named by its date.
    """

    people: Mapping[str, str]
    channels: Mapping[str, str]
    zone: tzinfo
    within: Callable[[str], str | None]
    now: datetime | None = None

    def person(self, user: str) -> str:
        """What somebody is called; whoever is not known, by the id."""
        return self.people.get(user, user)

    def place(self, channel: str) -> str:
        """How a conversation stands in a list: a channel with its mark, a direct message by whom it is with."""
        name = self.channels.get(channel, channel)
        return name if channel.startswith("D") else f"#{name}"
