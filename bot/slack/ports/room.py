"""The Room port, spoken in Slack: where a run's thread is opened, and found again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.research.cancel_scope import CancelScope
from bot.research.errors import NotPosted, ThreadLost
from bot.research.model import Question, Ref
from bot.research.run_state import Run
from bot.slack.format.blocks import Message
from bot.slack.messages import ephemeral, notes
from bot.slack.messages.root import root_message
from bot.slack.ports.location import Venue
from bot.slack.ports.thread import SlackThread
from bot.slack.transport.outbox import Rank
from bot.slack.transport.posting import patiently

log = structlog.get_logger(__name__)


class SlackRoom:
    """Opens threads in a workspace, or takes the one that a place names.

    ``answer`` sends private answers.
    """

    def __init__(self, venue: Venue, answer: ephemeral.Answer) -> None:
        self._venue, self._poster, self._answer = venue, venue.poster, answer

    async def open(self, run: Run, recovered: bool) -> Ref:
        """Post the root message; give "channel/ts". Where Slack refuses it, the asker is told privately why."""
        question, place = run.question, run.question.place
        try:
            channel = place.channel or await self._poster.direct(question.asker)
            return await self._open(run, channel, question.asked_at if recovered else None)
        except NotPosted as error:
            hint = ephemeral.not_posted(str(error), question)
            if place.private:
                await self._answer(place.private, hint)
            else:
                await self._tell(question, notes.refused(question, hint))
            raise

    async def _open(self, run: Run, channel: str, posted_since: float | None) -> Ref:
        root = root_message(run, self._venue.workspace.url)
        thread_ts = run.question.place.thread
        try:
            ts = await self._poster.post(channel, root, Rank.FIRST, thread_ts, posted_since)
        except NotPosted as error:
            if str(error) != "not_in_channel":
                raise
            await patiently("join", lambda: self._venue.workspace.client.conversations_join(channel=channel))
            ts = await self._poster.post(channel, root, Rank.FIRST, thread_ts)
        return f"{channel}/{ts}"

    @asynccontextmanager
    async def thread(self, question: Question, ref: Ref, recovered: bool) -> AsyncIterator[SlackThread]:
        """The thread under the root message with this reference; raises ThreadLost when it can be shown no more."""
        scope = CancelScope()
        thread = SlackThread(self._venue, question, ref, scope, recovered)
        try:
            async with scope:
                yield thread
        except ThreadLost as lost:
            if lost.for_good:
                await self._tell(question, notes.deleted(question))
                await thread.abandoned()
            raise
        finally:
            await thread.settled()

    async def _tell(self, question: Question, note: Message) -> None:
        """One direct message to the asker; if that cannot be sent either, there is nobody to tell."""
        try:
            await self._poster.post(await self._poster.direct(question.asker), note, Rank.FIRST)
        except NotPosted as error:
            log.warning("asker.untold", cause=str(error))
