"""Runs that begin with a message: a mention of the bot, a topic in its direct messages."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from functools import partial
from typing import Any

import structlog

from bot.research import words
from bot.research.errors import Refused
from bot.research.model import Place, Question
from bot.service.peers import Peers
from bot.slack.listeners.command import RESERVED, ResearchCommand
from bot.slack.messages import ephemeral
from bot.slack.messages.ephemeral import Payload
from bot.slack.transport.client import SLACK_ERRORS, Workspace, cause
from bot.slack.transport.private import whisper
from bot.text.typed import bare

log = structlog.get_logger(__name__)

REMEMBERED = 1_000  # messages whose answer is not given twice: Slack may tell of one as two events, and again
TELL_SECONDS = 2.0  # for an answer: the event must be acknowledged within three


class MessageStarts:
    """Takes what is said to the bot in messages as the command takes what is typed behind it."""

    def __init__(self, command: ResearchCommand, workspace: Workspace, peers: Peers) -> None:
        self._command, self._workspace, self._peers = command, workspace, peers
        self._heard: OrderedDict[str, asyncio.Future[Question | None]] = OrderedDict()

    async def from_message(
        self, *, channel: str, user: str, ts: str, thread_ts: str, text: str, direct: bool
    ) -> Question | None:
        """Accept the topic of a message, whose ``text`` is as Slack tells it without our own mention.

        In a channel the run stands in the message's thread (``thread_ts``, or "" where it has none yet), in direct
        messages it begins a thread of its own. The same message told twice is one run. Gives the question, None where
        there is none: then the writer is told why.
        """
        thread = thread_ts or ("" if direct else ts)
        at = Place(team=self._workspace.team, channel=channel, direct=direct, thread=thread)
        name = key(channel, ts)
        if name not in self._heard:  # words such as stop act at once, so they must be heard once
            self._heard[name] = asyncio.ensure_future(self._take(text, name, user, at, thread_ts))
            while len(self._heard) > REMEMBERED:
                self._heard.popitem(last=False)
        return await asyncio.shield(self._heard[name])  # who hears of it again waits for the same outcome

    async def put_off(self, question: Question, thread_ts: str) -> None:
        """Tell whoever wrote a topic that it begins with the next process: no message shows yet that it was heard."""
        await self._tell(ephemeral.kept(question), question.place, question.asker, thread_ts)

    def took(self, channel: str, ts: str) -> bool:
        """Whether this process has taken up a message already."""
        heard = self._heard.get(key(channel, ts))
        return bool(heard and heard.done())

    async def _take(self, text: str, name: str, user: str, at: Place, thread_ts: str) -> Question | None:
        if bare(text) in RESERVED and not await self._peers.mark(f"word/{name}"):
            return None
        heard = await self._command.heard(text, name, user, at)
        if isinstance(heard, Question):
            if self._command.shallower(heard):
                await self._tell(ephemeral.private(words.DEPTH_OFF), at, user, thread_ts)
            return heard
        if await self._peers.mark(f"told/{name}"):
            await self._tell(heard, at, user, thread_ts)
        return None

    async def _tell(self, answer: Payload, at: Place, user: str, thread_ts: str) -> None:
        """Answer privately: in a channel with a message that only the writer sees."""
        client = self._workspace.client
        said = {name: value for name, value in answer.items() if name in ("text", "blocks")}
        where: dict[str, Any] = {"channel": at.channel, "thread_ts": thread_ts or None}
        if at.direct:
            show = partial(client.chat_postMessage, **where, unfurl_links=False, unfurl_media=False)
        else:
            show = partial(client.chat_postEphemeral, **where, user=user)
        try:
            async with asyncio.timeout(TELL_SECONDS):
                await whisper(said, lambda form: show(**form))
        except (*SLACK_ERRORS, Refused) as error:
            log.warning("answer.unsent", cause=cause(error))


def key(channel: str, ts: str) -> str:
    """What a message is called as the origin of a run, whichever events tell of it."""
    return f"{channel}/{ts}"
