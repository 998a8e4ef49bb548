"""Who may start research and ask on, and in which channels: the one place that says so. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from bot.service.errors import ChannelOff, UserOff

DIRECT = "D"  # how the ids of direct messages begin: no list of channels is about them


class Standing(StrEnum):
    """Where somebody belongs."""

    MEMBER = "member"
    GUEST = "guest"
    EXTERNAL = "external"  # of another company, met in a channel that is shared with it
    UNKNOWN = "unknown"  # it cannot be told now: members are not to suffer for that


@dataclass(frozen=True)
class Access:
    """Who may start research and ask on, and in which channels, by ids: deny wins, an empty allow list allows all.

    Guests and external people may ask on; they may start research where that is set, or ``allow_users`` names them.
    """

    allow_users: frozenset[str] = frozenset()
    deny_users: frozenset[str] = frozenset()
    allow_channels: frozenset[str] = frozenset()
    deny_channels: frozenset[str] = frozenset()
    guests: bool = True
    external: bool = True

    @property
    def needs_standing(self) -> bool:
        """Whether it matters where somebody belongs."""
        return not self.allow_users and not (self.guests and self.external)

    def ask(self, person: str, channel: Collection[str]) -> None:
        """Raise UserOff, ChannelOff where a list says so; ``channel`` are all ids that the channel has or had."""
        if _off({person}, self.allow_users, self.deny_users):
            raise UserOff
        listed = [each for each in channel if each and not each.startswith(DIRECT)]
        if listed and _off(listed, self.allow_channels, self.deny_channels):
            raise ChannelOff

    def start(self, standing: Standing) -> None:
        """Raise UserOff where nobody who belongs there may start research."""
        if (standing is Standing.GUEST and not self.guests) or (standing is Standing.EXTERNAL and not self.external):
            raise UserOff


def _off(ids: Collection[str], allowed: frozenset[str], denied: frozenset[str]) -> bool:
    return not denied.isdisjoint(ids) or bool(allowed and allowed.isdisjoint(ids))
