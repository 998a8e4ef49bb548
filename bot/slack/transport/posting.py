"""Messages to Slack, effectively once: after a lost answer the bot looks for its own message before it posts again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import structlog
from slack_sdk.errors import SlackApiError

from bot.research.errors import NotPosted, Refused
from bot.slack.format.blocks import Message
from bot.slack.format.plainer import forms, of_content
from bot.slack.transport.client import SLACK_ERRORS, Client, cause, pause_wanted, unanswered
from bot.slack.transport.outbox import Held, Lane, Later, Outbox, Rank, Sending

log = structlog.get_logger(__name__)

T = TypeVar("T")

# Seconds before each further try of a call that got no answer, three minutes in all: a Slack that is down for a moment
# must not cost a thread its angles.
PAUSES = (0.5, 1, 2, 4, 8, 15, 30, 30, 30, 30, 30)
CLOCKS_APART = 86_400  # seconds by which Slack's clock and ours may differ, for ours may have been wrong for a while
PAGE = 200  # messages that one look into a channel or a thread brings; Slack's own advice


@dataclass
class Tries:
    """How often a call went unanswered, and what an error of it means."""

    part: str
    spent: int = 0

    def judge(self, error: BaseException) -> Exception:
        """Held if Slack wants a pause, Later if nobody knows what became of the call, NotPosted if it was refused."""
        if pause := pause_wanted(error):
            return Held(pause)
        log.warning("message.unsent", part=self.part, cause=cause(error), tries=self.spent + 1)
        if unanswered(error) and self.spent < len(PAUSES):
            self.spent += 1
            return Later(PAUSES[self.spent - 1])
        return NotPosted(cause(error))


class Poster:
    """Posts and edits messages through the outbox; ``posted(channel, thread_ts)`` is told of each that stands there."""

    def __init__(self, client: Client, outbox: Outbox, posted: Callable[[str, str], None] | None = None) -> None:
        self._client, self._outbox, self._posted = client, outbox, posted
        self._directs: dict[str, str] = {}

    @property
    def edits(self) -> Lane:
        """The lane of all edits."""
        return self._outbox.edits

    def post(
        self, channel: str, message: Message, rank: Rank, thread_ts: str = "", posted_since: float | None = None
    ) -> Sending[str]:
        """Queue a new message; the future gives its ts or raises NotPosted with Slack's code or the error's kind.

        What Slack refuses for its content goes in a plainer form; Refused if it takes none.

        ``posted_since`` (seconds since the epoch) says that it may stand since then: the bot looks before it posts.
        """
        unsure = posted_since is not None
        post = _Post(
            self._client, channel, message, thread_ts, Tries(message.part), posted_since or time.time(), unsure
        )
        sending = self._outbox.posts(channel).add(rank, message.run_id, post.send)
        sending.add_done_callback(lambda sent: self._stands(channel, thread_ts, sent))
        return sending

    def _stands(self, channel: str, thread_ts: str, sent: asyncio.Future[str]) -> None:
        if thread_ts and self._posted and not sent.cancelled() and not sent.exception():
            self._posted(channel, thread_ts)

    def replace(self, channel: str, ts: str, message: Message, rank: Rank) -> Sending[None]:
        """Queue an edit that no later state replaces; the future raises NotPosted."""
        return self._outbox.edits.add(rank, ts, partial(self.edit, channel, ts, message, Tries(message.part)))

    def correct(self, channel: str, message: Message, rank: Rank, thread_ts: str, since: float) -> Sending[None]:
        """Queue, behind what is on its way, an edit of a message that may stand since then; else as for replace."""
        post = _Post(self._client, channel, message, thread_ts, Tries(message.part), since, unsure=True)
        return self._outbox.posts(channel).add(rank, message.run_id, post.correct)

    async def direct(self, user: str) -> str:
        """The channel of our direct messages with this person; raises NotPosted."""
        if user not in self._directs:
            opened = await patiently("direct", lambda: self._client.conversations_open(users=user))
            self._directs[user] = str(opened["channel"]["id"])
        return self._directs[user]

    async def edit(self, channel: str, ts: str, message: Message, tries: Tries) -> None:
        """Let a message show this; raises Held, Later or NotPosted. An edit is harmless twice."""
        try:
            await update(self._client, channel, ts, message)
        except SLACK_ERRORS as error:
            raise tries.judge(error) from error


async def update(client: Client, channel: str, ts: str, message: Message) -> None:
    """Let a message show this in the first form that Slack takes; raises one of SLACK_ERRORS, Refused."""
    await accepted(
        message,
        lambda form: client.chat_update(
            channel=channel,
            ts=ts,
            text=form.text,
            blocks=list(form.blocks),  # an empty list takes away the blocks that stood there
            metadata=form.metadata,
            parse="none",
            link_names=False,
        ),
    )


async def patiently(part: str, call: Callable[[], Awaitable[T]]) -> T:
    """Make a call that may be repeated until Slack answers it; raises NotPosted where it refuses."""
    tries = Tries(part)
    while True:
        try:
            return await call()
        except SLACK_ERRORS as error:
            judged = tries.judge(error)
            if not isinstance(judged, Later):
                raise judged from error
            await asyncio.sleep(judged.seconds)


@dataclass
class _Post:
    """A new message on its way."""

    client: Client
    channel: str
    message: Message
    thread_ts: str
    tries: Tries
    since: float
    unsure: bool

    async def send(self) -> str:
        """Post unless it stands already; give its ts. Raises Held, Later or NotPosted."""
        try:
            found = await self._standing() if self.unsure else None
            return await (self._take_over(found) if found else accepted(self.message, self._post))
        except SLACK_ERRORS as error:
            self.unsure |= unanswered(error)
            raise self.tries.judge(error) from error

    async def correct(self) -> None:
        """Edit what stands; nothing if nothing does. Raises Held, Later or NotPosted."""
        try:
            if found := await self._standing():
                await self._take_over(found)
        except SLACK_ERRORS as error:
            raise self.tries.judge(error) from error

    async def _post(self, form: Message) -> str:
        response = await self.client.chat_postMessage(
            channel=self.channel,
            thread_ts=self.thread_ts or None,
            text=form.text,
            blocks=list(form.blocks),
            metadata=form.metadata,
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(response["ts"])

    async def _take_over(self, found: dict[str, Any]) -> str:
        """Let what stands say what this message says: an earlier attempt may have had other words."""
        log.info("message.found", part=self.message.part)
        ts = str(found["ts"])
        if found.get("text") != self.message.text:
            await update(self.client, self.channel, ts, self.message)
        return ts

    async def _standing(self) -> dict[str, Any] | None:
        """This very message if it was posted before."""
        async for message in shown(self.client, self.channel, self.thread_ts, self.since):
            if message.get("metadata", {}) == self.message.metadata:
                return message
        return None


async def shown(client: Client, channel: str, thread_ts: str, since: float) -> AsyncIterator[dict[str, Any]]:
    """What stands in a thread, or in the channel since then (seconds since the epoch); raises one of SLACK_ERRORS."""
    where: dict[str, Any] = {"channel": channel, "include_all_metadata": True, "limit": PAGE}
    if thread_ts:
        look, where["ts"] = client.conversations_replies, thread_ts
    else:
        look, where["oldest"] = client.conversations_history, str(max(since - CLOCKS_APART, 0))
    cursor = ""
    while True:
        page = await look(**where, cursor=cursor or None)
        for message in page["messages"]:
            yield message
        cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return


async def accepted(message: Message, show: Callable[[Message], Awaitable[T]]) -> T:
    """Show a message in the first form that Slack takes.

    Raises Refused with Slack's code where it takes none, and whatever else ``show`` raises.
    """
    for form in forms(message):
        try:
            return await show(form)
        except SlackApiError as error:
            code = cause(error)
            if pause_wanted(error) or unanswered(error) or not of_content(code):
                raise
            log.warning("message.refused", part=message.part, cause=code, blocks=len(form.blocks))
    raise Refused(code)
