"""Questions in the threads of runs, answered one at a time in each thread, and what is kept of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import suppress
from functools import partial

import structlog
from pydantic import TypeAdapter

from bot.research.errors import NotPosted, Refused
from bot.research.model import Ref
from bot.research.model_call import TimeLimit
from bot.research.ports import Journal, Model
from bot.research.run_state import Run
from bot.research.words import sentence
from bot.service.answer import follow_up
from bot.service.errors import Broken, Forgotten, StoreDown
from bot.service.jobs import REF, ReplyJob
from bot.service.muting import Muting
from bot.service.persist import surely
from bot.service.threads import Threads
from bot.service.transcript import Answer, Entry, Verdict

log = structlog.get_logger(__name__)

ANSWER = TypeAdapter(Answer)  # what a stored step is read back as


class Answering:
    """Answers replies; ``verdicts`` are how many ended in which way."""

    def __init__(self, threads: Threads, muting: Muting, model: Model) -> None:
        self._desk, self._transcript, self._dialogue = threads.desk, threads.transcript, threads.dialogue
        self._pending, self._seconds = threads.pending, threads.settings.seconds
        self._muting, self._model = muting, model
        self.verdicts: Counter[str] = Counter(dict.fromkeys(Verdict, 0))

    async def answer(self, reply: ReplyJob, journal: Journal) -> None:
        """Answer a reply when its turn has come; meanwhile it shows that it was seen. Raises NotPosted."""
        lines, waits = self._pending.lines, not self._pending.is_fresh(reply) or await self._waits(reply)
        self._pending.enter(reply)
        self._desk.active_runs.wish(reply)
        await self._desk.elsewhere.call(reply.run_id)
        seeing = asyncio.create_task(self._dialogue.seen(reply, shown=True)) if waits or reply.addressed else None
        await self._desk.settled(reply.run_id)
        await lines.first(reply.run_id, reply.ts)
        try:
            async with self._desk.elsewhere.turn(reply):
                with self._dialogue.answering(reply):
                    await self._answer(reply, journal)
        except Exception:
            log.exception("answer.broken")
            self.verdicts[Verdict.FAILED] += 1
            await self._dialogue.refuse(reply, Broken())
        await self._pending.leave(reply)
        if seeing:
            await seeing
            await self._dialogue.seen(reply, shown=False)

    async def _waits(self, reply: ReplyJob) -> bool:
        """Whether its run or an earlier reply comes first; what cannot be known now is no reason to wait."""
        run_id, elsewhere = reply.run_id, self._desk.elsewhere
        if self._pending.lines.has_before(run_id, reply.ts) or self._desk.active_runs.is_under_way(run_id):
            return True
        with suppress(StoreDown):
            return await elsewhere.has(run_id) or await elsewhere.has_before(reply)
        return False

    async def _answer(self, reply: ReplyJob, journal: Journal) -> None:
        """Answer and keep both; whoever asks about what was deleted is told so."""
        run = await self._desk.settled(reply.run_id)
        if not run:
            await self._dialogue.refuse(reply, Forgotten())
            return
        said = await surely(lambda: self._transcript.of(reply.run_id))
        before = [entry for entry in said if entry.ts < reply.ts and entry.verdict is not Verdict.IGNORED]
        stands = next((entry.link for entry in said if entry.ts == reply.ts and entry.ours), "")
        limit = TimeLimit(self._seconds)
        answer = await journal.step("answer", lambda: follow_up(self._model, run, before, reply, limit), ANSWER)
        ref = ""
        if answer.verdict is not Verdict.IGNORED:
            answer, ref = await self._show(run, reply, answer, stands, journal)
        failed = {"cause": answer.cause} if answer.verdict is Verdict.FAILED else {}
        tell = log.warning if failed else log.info
        tell("question.answered", verdict=answer.verdict, seconds=round(answer.seconds, 1), **failed)
        await self._keep(reply, answer, ref)
        if answer.verdict is Verdict.IGNORED:
            await self._muting.aside(reply)

    async def _show(
        self, run: Run, reply: ReplyJob, answer: Answer, stands: Ref, journal: Journal
    ) -> tuple[Answer, Ref]:
        """Post an answer and give its reference; one that cannot be shown has failed, which is said where it can be."""
        recovered = not self._pending.is_fresh(reply)
        try:
            try:
                say = partial(self._dialogue.answer, run, reply, answer, stands, recovered)
                return answer, await journal.step("post", say, REF)
            except Refused as refused:
                log.error("answer.refused", cause=str(refused))
                failure = refused.failure
                changes = {"verdict": Verdict.FAILED, "text": sentence(failure), "angles": (), "cause": failure.cause}
                answer, stands = answer.model_copy(update=changes), next(iter(refused.refs), stands)
                say = partial(self._dialogue.answer, run, reply, answer, stands, recovered)
                return answer, await journal.step("post/failed", say, REF)
        except NotPosted as error:
            log.warning("answer.unposted", cause=str(error))
            return answer.model_copy(update={"verdict": Verdict.FAILED, "cause": str(error)}), ""

    async def _keep(self, reply: ReplyJob, answer: Answer, ref: Ref) -> None:
        """Keep a reply and what came of it."""
        asked = Entry(run_id=reply.run_id, ts=reply.ts, author=reply.asker, text=reply.text, at=reply.asked_at)
        asked = asked.model_copy(update={"verdict": answer.verdict, "tries": reply.attempt, "usage": answer.usage})
        entries = [asked]
        if ref:
            entries.append(asked.model_copy(update={"author": "", "text": answer.text, "ours": True, "link": ref}))
        await surely(lambda: self._transcript.add(entries))
        self.verdicts[answer.verdict] += 1
