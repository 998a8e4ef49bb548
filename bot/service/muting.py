"""Silence in a thread: offered to people who talk to each other, kept, and said where all can read it."""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary

from bot.research.ports import Journal
from bot.service.background import Background
from bot.service.jobs import REF, ReplyJob, Word
from bot.service.persist import surely
from bot.service.threads import Threads
from bot.service.transcript import ThreadState


class Muting:
    """Mutes threads and unmutes them, one change at a time in each."""

    def __init__(self, threads: Threads) -> None:
        self._desk, self._transcript = threads.desk, threads.transcript
        self._dialogue, self._pending = threads.dialogue, threads.pending
        self._changing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # by run
        self._background = Background()

    async def aside(self, reply: ReplyJob) -> None:
        """People talk to each other: after a while the bot offers to stay out of it, once."""
        if not await surely(lambda: self._desk.elsewhere.first(f"aside/{reply.id}")):
            return
        before = await surely(lambda: self._transcript.change(reply.run_id, ThreadState.aside))
        if before.offers:
            self._background.do(self._dialogue.offer_silence(reply))

    async def change(self, reply: ReplyJob, journal: Journal) -> None:
        """Mute a thread or unmute it, as the reply's word says. Raises NotPosted."""
        run, muted = await surely(lambda: self._desk.find(reply.run_id)), reply.word is Word.MUTE
        changing = self._changing.setdefault(reply.run_id, asyncio.Lock())
        async with changing, self._desk.elsewhere.muting(reply.run_id):
            state = await surely(lambda: self._transcript.state(reply.run_id))
            recovered = not self._pending.is_fresh(reply)
            if not run or (muted is bool(state.muted_by) and not recovered):
                return
            await self._keep(reply, muted_by=reply.asker if muted else "")
            stands = "" if muted else state.note
            ref = await journal.step("post", lambda: self._dialogue.muted(run, reply, stands, recovered), REF)
            await self._keep(reply, note=ref)

    async def _keep(self, reply: ReplyJob, **changes: str) -> None:
        await surely(lambda: self._transcript.change(reply.run_id, lambda state: state.model_copy(update=changes)))
