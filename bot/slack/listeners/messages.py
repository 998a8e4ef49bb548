"""What people write: replies in the threads of runs, mentions, direct messages; each message is heard once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_bolt.response import BoltResponse

from bot.network import network_cause
from bot.service.conversation import Conversation
from bot.service.desk import Desk
from bot.service.errors import Refusal
from bot.service.jobs import ReplyJob, Word
from bot.service.reply_rules import word_of
from bot.slack.format.escape import mention, readable, unescape, unmentioned
from bot.slack.listeners.contents import brought, said, to_others
from bot.slack.listeners.names import Names
from bot.slack.listeners.starts import MessageStarts, key
from bot.slack.transport.client import Workspace
from bot.text.typed import fit, visible

log = structlog.get_logger(__name__)

WRITTEN = {None, "", "thread_broadcast", "file_share", "message_share"}  # subtypes of messages that people write
SLACKBOT = "USLACKBOT"  # Slack itself, which writes as people do
HEARING_SECONDS = 2.5  # an event must be answered within three
UNAVAILABLE = 503  # not taken: Slack delivers it again

Next = Callable[[], Awaitable[BoltResponse]]


class MessageEvents:
    """Hears messages before they are acknowledged; ``starts`` begins research on those that are topics."""

    def __init__(
        self, desk: Desk, conversation: Conversation, workspace: Workspace, starts: MessageStarts, names: Names
    ) -> None:
        self._desk, self._conversation, self._workspace = desk, conversation, workspace
        self._starts, self._names = starts, names

    async def heard(self, body: dict[str, Any], next: Next) -> BoltResponse:  # noqa: A002  Bolt's own name
        """Take a message up, then let Bolt acknowledge it; what cannot be kept now is delivered again."""
        try:
            async with asyncio.timeout(HEARING_SECONDS):
                await self._hear(body["event"])
        except (Refusal, TimeoutError) as error:
            log.warning("event.refused", cause=str(error) or network_cause(error))
            return BoltResponse(status=UNAVAILABLE)
        return await next()

    async def _hear(self, event: dict[str, Any]) -> None:
        user, channel, ts = (str(event.get(name) or "") for name in ("user", "channel", "ts"))
        if event.get("subtype") not in WRITTEN or event.get("bot_id") or user in ("", SLACKBOT, self._workspace.user):
            return
        thread_ts, direct = str(event.get("thread_ts") or ""), channel.startswith("D")
        own = visible(said(event))
        addressed = direct or mention(own, self._workspace.user) is not None
        replied = thread_ts and thread_ts != ts
        run = await self._desk.in_thread(f"{channel}/{thread_ts}") if replied else None
        if self._starts.took(channel, ts) or (run and run.question.key == key(channel, ts)):
            return  # the other event about a mention that began this very run
        if run:
            text = unmentioned(own, self._workspace.user) or brought(event, files=addressed)
            ask = await self._ask(run.id, run.thread, user, ts, text)
            place = {"team": run.question.place.team, "addressed": addressed}
            await self._conversation.hear(ask.model_copy(update=place), run.active_at)
        elif addressed and replied and event.get("parent_user_id") == self._workspace.user:
            self._conversation.forgotten(await self._ask("", f"{channel}/{thread_ts}", user, ts, ""))
        elif addressed:
            thread_ts = thread_ts if replied else ""
            text = self._topic(own) or brought(event)
            begun = await self._starts.from_message(
                channel=channel, user=user, ts=ts, thread_ts=thread_ts, text=text, direct=direct
            )
            if begun and self._desk.draining:
                await self._starts.put_off(begun, thread_ts)

    def _topic(self, text: str) -> str:
        """The words after our mention; where there are none, those before it."""
        first = mention(text, self._workspace.user)
        if not first:
            return text.strip()
        return unmentioned(text[first.end() :], self._workspace.user) or text[: first.start()].rstrip(" \n,:")

    async def _ask(self, run_id: str, thread: str, user: str, ts: str, marked: str) -> ReplyJob:
        """A reply in words; whoever it is for and what it calls for shows in ``marked``, as Slack tells it."""
        word, aside = word_of(unescape(marked)), to_others(marked)
        text = visible(fit(readable(marked) if aside or word else await self._names.read(marked)))
        ask = ReplyJob(run_id=run_id, thread=thread, ts=ts, asker=user, text=text, asked_at=float(ts), aside=aside)
        return ask.model_copy(update={"word": word}) if isinstance(word, Word) else ask
