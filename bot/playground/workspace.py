"""What a workspace remembers: channels, messages with all their versions, private answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from time import time  # Slack's own clock: whoever changes the bot's does not change this one
from typing import Any, Literal

Payload = dict[str, Any]
Kind = Literal["public", "private", "im", "mpim"]

BOT_USER = "U0BOT"
BOT_ID = "B0BOT"
TEAM = "T0ACME"


class SlackError(Exception):
    """Slack's refusal; ``code`` is what its answer holds under ``error``."""

    def __init__(self, code: str, details: list[str] | None = None) -> None:
        super().__init__(code)
        self.code, self.details = code, details or []


@dataclass(frozen=True)
class Version:
    """What a message showed from ``at`` (seconds of time.monotonic) on."""

    at: float
    text: str
    blocks: list[Payload]


@dataclass
class Message:
    """A message as it stands, with all that it showed before."""

    channel: str
    ts: str
    user: str
    thread_ts: str | None
    metadata: Payload | None
    versions: list[Version]
    deleted: bool = False

    @property
    def text(self) -> str:
        """What a screen reader says now."""
        return self.versions[-1].text

    @property
    def blocks(self) -> list[Payload]:
        """What people see now."""
        return self.versions[-1].blocks

    @property
    def part(self) -> str:
        """Which part of its run it says that it is, for instance ``angle/technical``."""
        return str((self.metadata or {}).get("event_payload", {}).get("part", ""))

    @property
    def title(self) -> str:
        """The text of its header, "" without one."""
        return next((block["text"]["text"] for block in self.blocks if block["type"] == "header"), "")


@dataclass
class Channel:
    """A place to talk in; the bot sees it only as far as Slack would let it."""

    id: str
    name: str
    kind: Kind
    members: set[str]
    archived: bool = False
    read_only: bool = False
    thread_only: bool = False
    messages: list[Message] = field(default_factory=list)

    def find(self, ts: str) -> Message | None:
        """The message with this ts, unless it was deleted."""
        return next((message for message in self.messages if message.ts == ts and not message.deleted), None)


@dataclass(frozen=True)
class PrivateAnswer:
    """What only one person saw: the body of an ack, or what came through a response_url."""

    user: str
    channel: str
    payload: Payload

    @property
    def text(self) -> str:
        """Its text."""
        return str(self.payload.get("text", ""))


class Workspace:
    """The state of the playground; whoever waits for a change is woken by each."""

    url = "https://acme.slack.com/"

    def __init__(self) -> None:
        self.channels: dict[str, Channel] = {}
        self.answers: list[PrivateAnswer] = []
        self._last_ts = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def add(self, name: str, kind: Kind = "public", members: set[str] | None = None, **rules: Any) -> Channel:
        """Make a channel; the bot is a member unless ``members`` says otherwise."""
        letter = {"im": "D", "mpim": "G"}.get(kind, "C")
        who = {BOT_USER} if members is None else members
        channel = Channel(f"{letter}{len(self.channels) + 1:09}", name, kind, who, **rules)
        self.channels[channel.id] = channel
        return channel

    def direct(self, user: str) -> Channel:
        """The direct messages of the bot with this person."""
        members = {BOT_USER, user}
        known = (channel for channel in self.channels.values() if channel.kind == "im" and channel.members == members)
        return next(known, None) or self.add("directmessage", "im", members)

    def visible(self, name: str) -> Channel:
        """The channel, as far as the bot may know of it; raises SlackError."""
        channel = self.channels.get(name)
        if not channel or (channel.kind != "public" and BOT_USER not in channel.members):
            raise SlackError("channel_not_found")
        return channel

    def next_ts(self) -> str:
        """A ts that no message has: seconds and microseconds, always growing."""
        self._last_ts = max(self._last_ts + 1, int(time() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06}"

    def changed(self) -> None:
        """Wake whoever waits for a change."""
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()

    async def until(self, holds: Callable[[], Any], seconds: float, told: Callable[[], str]) -> None:
        """Wait until this holds; raises AssertionError with what ``told`` tells if it does not within the seconds."""
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    waiter = asyncio.get_running_loop().create_future()
                    self._waiting.add(waiter)
                    await waiter
        except TimeoutError:
            raise AssertionError(f"it did not come to that in {seconds} s:\n{told()}") from None


def as_sent(message: Message, with_metadata: bool = True) -> Payload:
    """A message as the Web API and events give it."""
    sent: Payload = {"type": "message", "ts": message.ts, "user": message.user, "text": message.text}
    if message.user == BOT_USER:
        sent |= {"bot_id": BOT_ID, "blocks": message.blocks}
    if message.thread_ts:
        sent["thread_ts"] = message.thread_ts
    if message.metadata and with_metadata:
        sent["metadata"] = message.metadata
    return sent
