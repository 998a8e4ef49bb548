"""The Dialogue port, spoken in Slack: answers in the thread, a pair of eyes at a reply, words for one person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Any

import structlog

from bot.research.errors import NotPosted
from bot.research.model import Ref
from bot.research.run_state import Run
from bot.research.words import UNMUTED
from bot.service.errors import Refusal
from bot.service.jobs import ReplyJob, Word
from bot.service.transcript import Answer
from bot.slack.format.blocks import Block
from bot.slack.messages.answer import answer_messages, muted_message, offer, refusal
from bot.slack.ports.parts import Spot, Text
from bot.slack.ports.status import ThreadStatus
from bot.slack.transport.client import Workspace
from bot.slack.transport.outbox import Rank
from bot.slack.transport.posting import Poster, patiently
from bot.slack.transport.private import whisper

log = structlog.get_logger(__name__)

EYES = "eyes"
SEEN_ALREADY = {"already_reacted", "no_reaction", "message_not_found"}  # what was wanted is so, or does not matter


class SlackDialogue:
    """What the bot says beside runs, posted by ``poster`` in this workspace."""

    def __init__(self, poster: Poster, workspace: Workspace, signs: ThreadStatus) -> None:
        self._poster, self._workspace, self._signs = poster, workspace, signs

    async def answer(self, run: Run, ask: ReplyJob, answer: Answer, ref: Ref, recovered: bool) -> Ref:
        """Post an answer, in place of what ``ref`` refers to; refer to it. Raises NotPosted."""
        self._signs.answered(*_place(ask), ask.ts)
        shown = Text("answer", lambda limit: answer_messages(run, ask, answer, limit), len(answer.text))
        return await self._show(shown, ask, ref, recovered)

    async def muted(self, run: Run, ask: ReplyJob, ref: Ref, recovered: bool) -> Ref:
        """Post that the thread is silent, or edit that note: it no longer is. Raises NotPosted.

        The note may stand far above by then: whoever ends the silence is told so where they are.
        """
        silent = ask.word is Word.MUTE
        if not silent and not ref:
            return ""
        note = muted_message(run, ask, self._workspace.user, silent)
        shown = await self._show(Text(note.part, lambda limit: [note], 0), ask, ref, recovered)
        if not silent:
            await self._whisper(ask, UNMUTED, [])
        return shown

    async def seen(self, ask: ReplyJob, shown: bool) -> None:
        """Add a pair of eyes to a reply, or take it away."""
        channel, _ = _place(ask)
        react = self._workspace.client.reactions_add if shown else self._workspace.client.reactions_remove
        await self._quietly("eyes", lambda: react(channel=channel, timestamp=ask.ts, name=EYES))

    def answering(self, ask: ReplyJob) -> AbstractContextManager[None]:
        """Show in the thread that an answer is being written."""
        return self._signs.answering(*_place(ask), ask.ts)

    async def offer_silence(self, ask: ReplyJob) -> None:
        """Ask the writer of a reply whether the bot shall stay silent."""
        text, blocks = offer(ask.run_id)
        await self._whisper(ask, text, blocks)

    async def refuse(self, ask: ReplyJob, refused: Refusal) -> None:
        """Tell the writer of a reply why there is no answer."""
        await self._whisper(ask, refusal(refused), [])

    async def _show(self, text: Text, ask: ReplyJob, ref: Ref, recovered: bool) -> Ref:
        channel, thread_ts = _place(ask)
        since = ask.asked_at if recovered else None
        spot = Spot(self._poster, channel, thread_ts, Rank.FIRST, since)
        return (await spot.show(text, (ref,)))[0]

    async def _whisper(self, ask: ReplyJob, text: str, blocks: list[Block]) -> None:
        channel, thread_ts = _place(ask)
        to: dict[str, Any] = {"channel": channel, "user": ask.asker, "thread_ts": thread_ts}
        post = self._workspace.client.chat_postEphemeral
        said = {"text": text, "blocks": blocks}
        await self._quietly("whisper", lambda: whisper(said, lambda form: post(**to, **form)))

    async def _quietly(self, what: str, call: Callable[[], Awaitable[Any]]) -> None:
        """Make a call whose failure costs nobody anything."""
        try:
            await patiently(what, call)
        except NotPosted as error:
            if str(error) not in SEEN_ALREADY:
                log.warning("message.unsent", part=what, cause=str(error))


def _place(ask: ReplyJob) -> tuple[str, str]:
    """The channel and the ts of the thread that a reply stands in."""
    channel, _, thread_ts = ask.thread.partition("/")
    return channel, thread_ts
