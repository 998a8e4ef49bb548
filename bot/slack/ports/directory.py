"""Who people are and what channels are called, as far as Slack tells; the People port is among it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from bot.service.access import Standing
from bot.slack.transport.client import Workspace
from bot.slack.transport.lookup import Lookup

CHANNELS = ("C", "G")  # how the ids of public and of private channels begin


@dataclass(frozen=True)
class Profile:
    """What Slack tells of somebody; ``name`` is "" for who has none."""

    name: str = ""
    standing: Standing = Standing.UNKNOWN


class Directory:
    """Asks Slack about people and channels; leaving its context lets go of what is still asked."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._people, self._channels = Lookup(self._profile, Profile()), Lookup(self._channel, "")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self._people.close()
        await self._channels.close()

    def expect(self, person: str) -> None:
        """Begin to find out about somebody."""
        self._people.begin(person)

    async def standing(self, person: str) -> Standing:
        """Where somebody belongs. Never raises."""
        return (await self._people.get(person)).standing

    async def name(self, name: str) -> str:
        """What a person or a channel of this id is called, "" where Slack does not tell. Never raises."""
        if name.startswith(CHANNELS):
            return await self._channels.get(name)
        return (await self._people.get(name)).name

    async def _profile(self, person: str) -> Profile:
        told = (await self._workspace.client.users_info(user=person)).get("user") or {}
        profile = told.get("profile") or {}
        name = profile.get("display_name") or profile.get("real_name") or told.get("real_name") or ""
        return Profile(str(name).strip(), standing(told, self._workspace.team, self._workspace.enterprise))

    async def _channel(self, channel: str) -> str:
        """A public channel's name; what a private one is called is for its members to say."""
        told = (await self._workspace.client.conversations_info(channel=channel)).get("channel") or {}
        hidden = told.get("is_private") or told.get("is_im") or told.get("is_mpim")
        return "" if hidden else str(told.get("name") or "")


def standing(user: Mapping[str, Any], team: str, enterprise: str) -> Standing:
    """Where somebody belongs, by what users.info tells; ``enterprise`` is our workspace's organization, "" for none.

    Slack calls only those strangers who share no channel with us: everybody else of another company shows in nothing
    but a team that is neither ours nor of our organization. Who is in an organization may have no team at all.
    """
    home = user.get("team_id") or ""
    organization = (user.get("enterprise_user") or {}).get("enterprise_id") or ""
    ours = home == team or (organization == enterprise if organization else not home)
    if user.get("is_stranger") or not ours:
        return Standing.EXTERNAL
    return Standing.GUEST if user.get("is_restricted") or user.get("is_ultra_restricted") else Standing.MEMBER
