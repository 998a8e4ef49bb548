"""The threads of runs, put together: the inbox that decides, the muting, the answering, and what is pressed there."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress

import structlog

from bot.research.errors import NotPosted
from bot.research.ports import Journal, Model
from bot.service.active_runs import EXPECTING_SECONDS
from bot.service.answering import Answering
from bot.service.background import Background
from bot.service.channels import channel_of
from bot.service.errors import Forgotten, TooLate
from bot.service.inbox import Inbox
from bot.service.jobs import ReplyJob, Word
from bot.service.muting import Muting
from bot.service.permissions import Action, may
from bot.service.ports import Engine
from bot.service.threads import Threads
from bot.service.transcript import Entry, Verdict

log = structlog.get_logger(__name__)

KEEPING_SECONDS = 1.5  # for an answer to be kept once it is shown: whoever presses a button there waits


class Conversation:
    """Hears replies in the threads of runs and answers those that ask something."""

    def __init__(self, threads: Threads, model: Model, engine: Engine) -> None:
        self._engine, self._background = engine, Background()
        self._desk, self._transcript, self._pending = threads.desk, threads.transcript, threads.pending
        self._muting = Muting(threads)
        self._answering = Answering(threads, self._muting, model)
        self._inbox = Inbox(threads, self._muting, engine)
        self.hear, self.forgotten = self._inbox.hear, self._inbox.forgotten

    @property
    def verdicts(self) -> Mapping[str, int]:
        """How many replies ended in which way since this process began."""
        return self._answering.verdicts

    @property
    def refusals(self) -> Mapping[str, int]:
        """How many questions were one too many since then, by limit."""
        return self._inbox.refusals

    async def open(self) -> None:
        """Take replies from now on, behind those that an earlier process left. Raises StoreDown."""
        self._pending.expect(await self._engine.left())
        asyncio.get_running_loop().call_later(
            EXPECTING_SECONDS, lambda: self._background.do(self._pending.expect_no_more())
        )

    async def work(self, reply: ReplyJob, journal: Journal) -> None:
        """Do what a reply calls for: the engine calls this, in this process or in a later one."""
        await self._desk.intake.turn(reply.id)
        with reply.logged(), self._desk.active_runs.busy():
            try:
                await (self._muting.change if reply.word else self._answering.answer)(reply, journal)
            except NotPosted as error:
                log.warning("answer.unposted", cause=str(error))
            finally:
                await self._pending.leave(reply)

    async def answer_again(self, run_id: str, ts: str, by: str) -> None:
        """Answer a question anew that could not be answered, for whoever asked it.

        Raises TooLate if there is none, UserOff, ChannelOff, Closed, StoreDown.
        """
        said = {(entry.ts, entry.ours): entry for entry in await self._said(run_id, ts)}
        asked, answer, run = said.get((ts, False)), said.get((ts, True)), await self._desk.find(run_id)
        if not run or not asked or not answer or answer.verdict is not Verdict.FAILED:
            raise TooLate
        if not may(Action.ANSWER_AGAIN, by, asked.author):
            raise TooLate
        self._desk.admission.ask(by, channel_of(run.thread))
        reply = ReplyJob(run_id=run_id, thread=run.thread, ts=ts, asker=by, text=asked.text, asked_at=asked.at)
        tries = {"addressed": True, "attempt": max(asked.tries, answer.tries) + 1}
        if not await self._inbox.start(reply.model_copy(update=tries | {"team": run.question.place.team})):
            raise TooLate

    async def asked(self, run_id: str, ts: str) -> Entry:
        """What somebody asked in a thread. Raises Forgotten if it is not kept, StoreDown."""
        said = await self._said(run_id, ts)
        entry = next((entry for entry in said if entry.ts == ts and not entry.ours), None)
        if not entry:
            raise Forgotten
        return entry

    async def say(self, run_id: str, word: Word, by: str) -> None:
        """Say a word to the bot by a button. Raises StoreDown."""
        run = await self._desk.find(run_id)
        if run and may(Action.MUTE, by, run.question.asker):
            now = time.time()
            reply = ReplyJob(
                run_id=run_id, thread=run.thread, ts=f"{now:.6f}", asker=by, text=word, asked_at=now, word=word
            )
            await self._inbox.start(reply.model_copy(update={"team": run.question.place.team}))

    async def _said(self, run_id: str, ts: str) -> list[Entry]:
        """All that was said in a thread; who sees a button may press it, though its answer may not be kept yet."""
        with suppress(TimeoutError):
            async with asyncio.timeout(KEEPING_SECONDS):
                await self._pending.lines.gone(run_id, ts)
                await self._desk.elsewhere.answered(run_id, ts)
        return await self._transcript.of(run_id)
