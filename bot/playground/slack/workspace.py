"""What a workspace remembers: people, channels and what was said there, private answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from time import time  # Slack's own clock: whoever changes the bot's does not change this one
from typing import Any, Literal

from bot.playground.slack.answers import PrivateAnswer
from bot.playground.slack.messages import APP, BOT_ID, BOT_USER, TEAM, Message, Payload, Reaction, Version, as_sent

__all__ = [
    "APP",
    "BOT_ID",
    "BOT_USER",
    "TEAM",
    "Channel",
    "Message",
    "Payload",
    "Person",
    "PrivateAnswer",
    "Reaction",
    "SlackError",
    "Version",
    "Workspace",
    "as_sent",
]

PATIENCE = 60  # seconds for what takes a moment, on a machine that has much else to do

Kind = Literal["public", "private", "im", "mpim"]


class SlackError(Exception):
    """Slack's refusal; ``code`` is what its answer holds under ``error``."""

    def __init__(self, code: str, details: list[str] | None = None) -> None:
        super().__init__(code)
        self.code, self.details = code, details or []


@dataclass(frozen=True)
class Person:
    """Somebody in the workspace, or of another one (``team``); ``tz_offset`` in seconds east of Greenwich.

    ``enterprise`` is the organization that they are in. A guest is restricted, one of a single channel ultra too.
    """

    id: str
    name: str = "asker"
    real_name: str = "Ada Asker"
    locale: str = "en-US"
    tz: str = "Europe/London"
    tz_offset: int = 0
    is_bot: bool = False
    team: str = TEAM
    enterprise: str = ""
    is_restricted: bool = False
    is_ultra_restricted: bool = False


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

    def replies(self, ts: str) -> list[Message]:
        """The replies to the message with this ts."""
        return [message for message in self.messages if message.thread_ts == ts and not message.deleted]

    def as_sent(self, message: Message, with_metadata: bool = True) -> Payload:
        """A message as Slack gives it: a root that has replies names its thread."""
        sent = as_sent(message, with_metadata)
        if replies := self.replies(message.ts):
            users = list(dict.fromkeys(reply.user for reply in replies))
            sent |= {"thread_ts": message.ts, "reply_count": len(replies), "reply_users": users}
            sent |= {"reply_users_count": len(users), "latest_reply": replies[-1].ts}
        return sent


class Workspace:
    """The state of the playground; whoever waits for a change is woken by each.

    ``enterprise`` is the organization that it belongs to, "" for none.
    """

    url = "https://acme.slack.com/"
    enterprise = ""

    def __init__(self) -> None:
        self.channels: dict[str, Channel] = {}
        self.people: dict[str, Person] = {BOT_USER: Person(BOT_USER, "research", "Research", is_bot=True)}
        self.answers: list[PrivateAnswer] = []
        self.violations: list[str] = []
        self._statuses: dict[tuple[str, str], tuple[str, float]] = {}
        self._last_ts = 0
        self._ahead = 0.0
        self._waiting: set[asyncio.Future[None]] = set()
        self.changes = 0  # so far; whoever looks at it before and after misses none

    def add(self, name: str, kind: Kind = "public", members: set[str] | None = None, **rules: Any) -> Channel:
        """Make a channel; the bot is a member unless ``members`` says otherwise."""
        letter = {"im": "D", "mpim": "G"}.get(kind, "C")
        who = {BOT_USER} if members is None else members
        channel = Channel(f"{letter}{len(self.channels) + 1:09}", name, kind, who, **rules)
        self.channels[channel.id] = channel
        return channel

    def renumber(self, channel: Channel) -> str:
        """Give a channel another id, under which all of it stands from now on; give the one that it had."""
        former, channel.id = channel.id, f"C9{self.next_ts().replace('.', '')[-8:]}"
        self.channels[channel.id] = self.channels.pop(former)
        for message in channel.messages:
            message.channel = channel.id
        self.answers[:] = [
            replace(each, channel=channel.id) if each.channel == former else each for each in self.answers
        ]
        statuses = {thread: shown for (at, thread), shown in self._statuses.items() if at == former}
        self._statuses |= {(channel.id, thread): shown for thread, shown in statuses.items()}
        self.changed()
        return former

    def person(self, user: str, **traits: Any) -> Person:
        """Somebody, as described here or known already; whoever is new gets the usual traits."""
        if traits or user not in self.people:
            self.people[user] = Person(user, **traits)
        return self.people[user]

    def is_external(self, user: str) -> bool:
        """Whether this person is of another company: of another workspace, and not of our organization."""
        person = self.people.get(user, Person(user))
        return person.team != TEAM and not (self.enterprise and person.enterprise == self.enterprise)

    def is_shared(self, channel: str) -> bool:
        """Whether people of another company are in this channel."""
        at = self.channels.get(channel)
        return at is not None and any(map(self.is_external, at.members))

    def enter(self, user: str, channel: str) -> None:
        """Whoever acts in a place is a person in the workspace and a member there."""
        self.person(user)
        self.channels[channel].members.add(user)

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
        self._last_ts = max(self._last_ts + 1, int((time() + self._ahead) * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06}"

    def show(self, channel: str, thread_ts: str, status: str, seconds: float) -> None:
        """Let a thread have a status for so long."""
        self._statuses[channel, thread_ts] = status, time() + self._ahead + seconds

    def posted(self, channel: str, thread_ts: str) -> None:
        """A message of the bot takes the status of its thread away."""
        self._statuses.pop((channel, thread_ts), None)

    def status(self, channel: str, thread_ts: str) -> str:
        """What people see beside the bot's name in a thread, "" if nothing."""
        status, until = self._statuses.get((channel, thread_ts), ("", 0.0))
        return status if time() + self._ahead < until else ""

    def later(self, seconds: float) -> None:
        """Let so much time go by on Slack's clock."""
        self._ahead += seconds

    def changed(self) -> None:
        """Wake whoever waits for a change."""
        self.changes += 1
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)
        self._waiting.clear()

    async def change(self) -> None:
        """Wait for the next change."""
        waiter = asyncio.get_running_loop().create_future()
        self._waiting.add(waiter)
        await waiter

    def refused(self, code: str, why: list[str]) -> SlackError:
        """Keep why Slack would not take something; give its refusal."""
        self.violations += [f"{code}: {each}" for each in why]
        return SlackError(code, why)

    async def until(self, holds: Callable[[], Any], seconds: float, told: Callable[[], str]) -> None:
        """Wait until this holds; raises AssertionError with what ``told`` tells if it does not within the seconds."""
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    await self.change()
        except TimeoutError:
            raise AssertionError(f"it did not come to that in {seconds} s:\n{told()}") from None
