"""Names in place of ids: asked for once, in time, and never in the way."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack.listeners.names import MOST_NAMES, Names
from bot.slack.ports.directory import Directory
from bot.slack.transport.client import Workspace
from bot.slack.transport.lookup import KEEPING_SECONDS, LOOK_SECONDS
from tests.support.virtual_time import in_virtual_time, now

PEOPLE: dict[str, Any] = {
    "U1": {"profile": {"display_name": "Ada", "real_name": "Ada Lovelace"}},
    "U2": {"profile": {"display_name": "", "real_name": "Grace Hopper"}},
    "W3": {"real_name": "An <!here> app", "profile": {}},
    "U4": {},
}
CHANNELS: dict[str, Any] = {
    "C1": {"name": "energy", "is_private": False},
    "C2": {"name": "secret", "is_private": True},
    "G3": {"name": "mpdm-ada--grace-1", "is_mpim": True, "is_private": True},
    "D4": {"is_im": True, "user": "U1"},
}


class Slack:
    """Tells names; ``slow`` are the ids that it never answers for, ``refuses`` is its code for all."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.slow: set[str] = set()
        self.refuses = ""

    async def users_info(self, user: str) -> dict[str, Any]:
        return {"user": await self._known(PEOPLE, user, "user_not_found")}

    async def conversations_info(self, channel: str) -> dict[str, Any]:
        return {"channel": await self._known(CHANNELS, channel, "channel_not_found")}

    async def _known(self, known: dict[str, Any], name: str, otherwise: str) -> Any:
        self.asked[name] += 1
        if name in self.slow:
            await asyncio.Event().wait()
        if self.refuses or name not in known:
            raise SlackApiError("no", {"ok": False, "error": self.refuses or otherwise})  # type: ignore[no-untyped-call]
        return known[name]


def made() -> tuple[Slack, Names]:
    slack = Slack()
    return slack, Names(Directory(Workspace(slack)))  # type: ignore[arg-type]


@in_virtual_time
async def test_people_and_public_channels_are_called_by_their_names() -> None:
    """What a private channel is called is for its members to say; whoever has no name is somebody all the same."""
    _, names = made()
    text = "<@U1>, <@U2>, <@W3>, <@U4>, <@U9> &amp; <@U1|ada> in <#C1>, <#C2|>, <#G3>, <#D4>, <#C9>, <#C8|open>"
    assert await names.read(text) == (
        "@Ada, @Grace Hopper, @An <!here> app, a teammate, a teammate & @ada in "
        "#energy, a channel, a channel, a channel, a channel, #open"
    )


@in_virtual_time
async def test_each_name_is_asked_for_once_in_a_while() -> None:
    """Slack limits such calls, and a busy thread has the same people in it."""
    slack, names = made()
    for _ in range(3):
        assert await names.read("<@U1> <@U1> <@U9>") == "@Ada @Ada a teammate"
    assert slack.asked == {"U1": 1, "U9": 1}
    assert KEEPING_SECONDS > 60


@in_virtual_time
async def test_a_slack_that_does_not_tell_names_holds_nobody_up() -> None:
    """The event must be acknowledged within three seconds, whatever it holds."""
    slack, names = made()
    slack.slow = {"U1"}
    assert await names.read("<@U1> and <@U2>") == "a teammate and @Grace Hopper"
    assert now() == LOOK_SECONDS
    slack.slow, slack.refuses = set(), "missing_scope"
    assert await names.read("<@U1> in <#C1>") == "a teammate in a channel"


@in_virtual_time
async def test_a_list_of_hundreds_costs_no_hundreds_of_calls() -> None:
    """Nobody writes so but to do harm."""
    slack, names = made()
    text = " ".join(f"<@U{number}0>" for number in range(1, 300))
    assert await names.read(text) == " ".join(["a teammate"] * 299)
    assert len(slack.asked) == MOST_NAMES
