"""Messages that reach Slack once, whatever becomes of the answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from bot.playground.slack import Playground
from bot.playground.slack.workspace import BOT_USER, Channel, Version
from bot.playground.slack.workspace import Message as Shown
from bot.research.errors import NotPosted
from bot.slack.messages.notes import note
from bot.slack.transport.client import web_client
from bot.slack.transport.outbox import Outbox, Rank
from bot.slack.transport.posting import Poster

MESSAGE = note("r_1", "test", "Hello")


@dataclass
class Desk:
    slack: Playground
    poster: Poster
    channel: Channel

    async def post(self, thread_ts: str = "") -> str:
        return await self.poster.post(self.channel.id, MESSAGE, Rank.ANGLE, thread_ts)

    @property
    def shown(self) -> int:
        return sum(message.metadata == MESSAGE.metadata for message in self.channel.messages)


@asynccontextmanager
async def desk(patience: float = 5) -> AsyncIterator[Desk]:
    timeout = aiohttp.ClientTimeout(total=patience)
    async with Playground() as slack, aiohttp.ClientSession(timeout=timeout) as session, Outbox(0) as outbox:
        client = web_client(slack.bot_token, slack.api_url, session, lambda method, outcome: None)
        yield Desk(slack, Poster(client, outbox), slack.workspace.add("energy"))


LOST: list[dict[str, Any]] = [
    {"dropped": True},
    {"hang": True},
    {"hang": True, "done": True},
    {"status": 500},
    {"status": 503, "done": True},
    {"error": "internal_error"},
    {"error": "fatal_error", "done": True},
]


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("in_thread", [False, True])
async def test_a_message_whose_answer_was_lost_stands_once(fault: dict[str, Any], in_thread: bool) -> None:
    """Nobody can tell from here whether Slack kept it: so the bot looks."""
    async with desk(patience=0.2) as at:
        root = await at.poster.post(at.channel.id, note("r_1", "root", "Root"), Rank.FIRST) if in_thread else ""
        at.slack.fault("chat.postMessage", **fault)
        ts = await at.post(root)
        assert at.shown == 1
        assert at.channel.find(ts)


async def test_a_busy_channel_is_looked_through_to_the_end() -> None:
    """Two hundred messages later it is still our message."""
    async with desk() as at:
        at.slack.fault("chat.postMessage", dropped=True)
        posting = asyncio.ensure_future(at.post())
        await at.slack.until(lambda: at.shown)
        for number in range(450):
            version = Version(0, f"chatter {number}", [])
            at.channel.messages.append(
                Shown(at.channel.id, at.slack.workspace.next_ts(), "U0OTHER", None, None, [version])
            )
        assert await posting
        assert at.shown == 1
        assert sum(call.method == "conversations.history" for call in at.slack.calls) == 3


async def test_another_message_is_not_taken_for_ours() -> None:
    """The same part of another run is another message."""
    async with desk() as at:
        await at.poster.post(at.channel.id, note("r_2", "test", "Hello"), Rank.ANGLE)
        at.slack.fault("chat.postMessage", status=500)
        await at.post()
        assert at.shown == 1
        assert len(at.channel.messages) == 2


async def test_a_refused_message_is_not_tried_again() -> None:
    """Asking again would not make the channel less archived."""
    async with desk() as at:
        at.channel.archived = True
        with pytest.raises(NotPosted, match="is_archived"):
            await at.post()
        assert len(at.slack.calls) == 1


async def test_a_look_that_slack_does_not_answer_is_repeated() -> None:
    """Not knowing is no reason to post twice."""
    async with desk() as at:
        at.slack.fault("chat.postMessage", dropped=True)
        at.slack.fault("conversations.history", error="internal_error")
        await at.post()
        assert at.shown == 1


async def test_direct_messages_are_opened_once_a_person() -> None:
    """Every call counts against a limit."""
    async with desk() as at:
        assert await at.poster.direct("U1") == await at.poster.direct("U1")
        assert len(at.slack.calls) == 1
        assert at.slack.workspace.channels[await at.poster.direct("U1")].members == {BOT_USER, "U1"}
