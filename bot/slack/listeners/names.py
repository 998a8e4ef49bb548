"""What people and channels are called where Slack tells their ids only: asked of it, and remembered for a while."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence

import structlog

from bot.slack.format.escape import readable, unnamed
from bot.slack.transport.client import SLACK_ERRORS, Client, cause

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0  # for the names in one text: whoever wrote it waits for an answer that Slack wants within three
MOST_NAMES = 20  # of a text that are asked for; it is a list of ids then, and no sentence
KEEPING_SECONDS = 3_600
CHANNELS = ("C", "G")  # how the ids of public and of private channels begin
REMEMBERED = 5_000  # names of people and channels


class Names:
    """Knows names; where Slack does not tell one, a text says "a teammate" or "a channel" instead."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: OrderedDict[str, tuple[str, float]] = OrderedDict()

    async def read(self, text: str) -> str:
        """What Slack tells of a message, as people read it: no id is left in it, no entity, no ping. Never raises."""
        return readable(text, await self.of(unnamed(text)[:MOST_NAMES]))

    async def of(self, ids: Sequence[str]) -> Mapping[str, str]:
        """The names of these people and channels, without those that are not to be had in time. Never raises."""
        now = time.monotonic()
        new = [each for each in ids if self._known.get(each, ("", 0))[1] <= now and not each.startswith("D")]
        if new:
            asked = [asyncio.create_task(self._ask(each)) for each in new]
            _, late = await asyncio.wait(asked, timeout=LOOK_SECONDS)
            for task in late:
                task.cancel()
        return {each: self._known[each][0] for each in ids if each in self._known and self._known[each][0]}

    async def _ask(self, name: str) -> None:
        try:
            called = await (self._channel(name) if name.startswith(CHANNELS) else self._person(name))
        except SLACK_ERRORS as error:
            log.info("name.unknown", cause=cause(error))
            called = ""
        self._known[name] = (called, time.monotonic() + KEEPING_SECONDS)
        self._known.move_to_end(name)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    async def _person(self, user: str) -> str:
        told = (await self._client.users_info(user=user)).get("user") or {}
        profile = told.get("profile") or {}
        return str(profile.get("display_name") or profile.get("real_name") or told.get("real_name") or "").strip()

    async def _channel(self, channel: str) -> str:
        """A public channel's name; what a private one is called is for its members to say."""
        told = (await self._client.conversations_info(channel=channel)).get("channel") or {}
        hidden = told.get("is_private") or told.get("is_im") or told.get("is_mpim")
        return "" if hidden else str(told.get("name") or "")
