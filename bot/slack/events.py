"""What people write: replies in the threads of runs, mentions, direct messages; each message is heard once."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from slack_bolt.response import BoltResponse

from bot.research.conversation import Conversation
from bot.research.desk import Desk
from bot.research.errors import Closed, StoreDown
from bot.research.orders import Ask, Word
from bot.research.thread_rules import word_of
from bot.slack.client import Workspace
from bot.slack.mrkdwn import fit, unescape
from bot.slack.starts import Starts, key

log = structlog.get_logger(__name__)

WRITTEN = {None, "", "thread_broadcast", "file_share"}  # subtypes of messages that people write
SLACKBOT = "USLACKBOT"  # Slack itself, which writes as people do
HEARING_SECONDS = 2.5  # an event must be answered within three
UNAVAILABLE = 503  # not taken: Slack delivers it again

Next = Callable[[], Awaitable[BoltResponse]]


class Events:
    """Hears messages before they are acknowledged; ``starts`` begins research on those that are topics."""

    def __init__(self, desk: Desk, conversation: Conversation, workspace: Workspace, starts: Starts) -> None:
        self._desk, self._conversation, self._workspace, self._starts = desk, conversation, workspace, starts

    async def heard(self, body: dict[str, Any], next: Next) -> BoltResponse:  # noqa: A002  Bolt's own name
        """Take a message up, then let Bolt acknowledge it; what cannot be kept now is delivered again."""
        try:
            async with asyncio.timeout(HEARING_SECONDS):
                await self._hear(body["event"])
        except (StoreDown, Closed, TimeoutError) as error:
            log.warning("event.refused", cause=str(error) or type(error).__name__)
            return BoltResponse(status=UNAVAILABLE)
        return await next()

    async def _hear(self, event: dict[str, Any]) -> None:
        user, channel, ts = (str(event.get(name) or "") for name in ("user", "channel", "ts"))
        if event.get("subtype") not in WRITTEN or event.get("bot_id") or user in ("", SLACKBOT, self._workspace.user):
            return
        thread_ts, direct = str(event.get("thread_ts") or ""), channel.startswith("D")
        said = str(event.get("text") or "")
        mention, written = self._read(said)
        text = fit(unescape(written))
        addressed = mention or direct
        replied = thread_ts and thread_ts != ts
        run = await self._desk.in_thread(f"{channel}/{thread_ts}") if replied else None
        if self._starts.took(channel, ts) or (run and run.question.key == key(channel, ts)):
            return  # the other event about a mention that began this very run
        if run:
            await self._conversation.hear(_ask(run.id, run.thread, user, ts, text, addressed), run.active_at)
        elif addressed and replied and event.get("parent_user_id") == self._workspace.user:
            self._conversation.forgotten(_ask("", f"{channel}/{thread_ts}", user, ts, text, addressed))
        elif addressed:
            thread_ts = thread_ts if replied else ""
            await self._starts.from_message(
                channel=channel, user=user, ts=ts, thread_ts=thread_ts, text=self._topic(said), direct=direct
            )

    def _read(self, text: str) -> tuple[bool, str]:
        """Whether the bot is mentioned, and the text as Slack tells it without that mention."""
        return bool(self._own.search(text)), self._own.sub("", text).strip()

    def _topic(self, text: str) -> str:
        """The words after our mention; where there are none, those before it."""
        before, *after = self._own.split(text, maxsplit=1)
        return self._read(after[0])[1] or before.rstrip(" \n,:") if after else text

    @property
    def _own(self) -> re.Pattern[str]:
        return re.compile(rf"<@{re.escape(self._workspace.user)}(?:\|[^>]*)?>[\s,:]*")


def _ask(run_id: str, thread: str, user: str, ts: str, text: str, addressed: bool) -> Ask:
    word = word_of(text)
    ask = Ask(run_id=run_id, thread=thread, ts=ts, asker=user, text=text, asked_at=float(ts), addressed=addressed)
    return ask.model_copy(update={"word": word}) if isinstance(word, Word) else ask
