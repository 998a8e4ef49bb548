"""The threads of runs: which replies are answered, one at a time in each thread, and what is kept of them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import Coroutine
from contextlib import AbstractContextManager, suppress
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

import structlog
from pydantic import TypeAdapter
from structlog.contextvars import bound_contextvars

from bot.research.errors import NotPosted, Refused
from bot.research.model import Ref
from bot.research.model_call import TimeLimit
from bot.research.ports import Journal, Model
from bot.research.run_state import Run
from bot.research.words.en import sentence
from bot.service.active_runs import EXPECTING_SECONDS
from bot.service.answer import follow_up
from bot.service.desk import Desk
from bot.service.errors import AskedTooOften, Closed, Forgotten, TooLate
from bot.service.jobs import Kind, ReplyJob, Word, read_id
from bot.service.permissions import Deed, may
from bot.service.persist import surely
from bot.service.ports import Engine, Talk, Transcript
from bot.service.quotas import NO_LIMITS, QUESTION_LIMITS, QuestionLimits
from bot.service.reply_queue import Lines
from bot.service.reply_rules import Call, FollowUps, judge
from bot.service.transcript import Answer, Entry, ThreadState, Verdict

log = structlog.get_logger(__name__)

HOUR, DAY = 3_600, 86_400  # seconds
KEEPING_SECONDS = 1.5  # for an answer to be kept once it is shown: whoever presses a button there waits
REMEMBERED = 10_000  # replies of which this process knows that it has decided

# What a stored step is read back as.
ANSWER, REF = TypeAdapter(Answer), TypeAdapter(Ref)


class Conversation:
    """Hears replies in the threads of runs and answers those that ask something.

    ``verdicts`` are how many replies ended in which way since this process began, ``refusals`` how many questions were
    one too many, by limit.
    """

    def __init__(
        self,
        engine: Engine,
        desk: Desk,
        transcript: Transcript,
        model: Model,
        talk: Talk,
        follow_ups: FollowUps = "thread",
        limits: QuestionLimits = NO_LIMITS,
        seconds: float = 360,
    ) -> None:
        self._desk, self._transcript, self._model, self._talk = desk, transcript, model, talk
        self._follow_ups, self._limits, self._seconds = follow_ups, limits, seconds
        self.verdicts: Counter[str] = Counter(dict.fromkeys(Verdict, 0))
        self.refusals = Counter(dict.fromkeys(QUESTION_LIMITS, 0))
        self._engine = engine
        self._lines = Lines()
        self._asks: dict[str, ReplyJob] = {}  # replies whose answers are not kept yet
        self._deciding: dict[str, asyncio.Future[None]] = {}
        self._heard: OrderedDict[str, None] = OrderedDict()  # what this process has decided on, the newest last
        self._left: frozenset[str] = frozenset()  # what an earlier process took up: the engine begins with it
        self._fresh: set[str] = set()  # what this process took up itself: no earlier one can have answered it
        self._hushing: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()  # one mute at a time, by run
        self._beside: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Take replies from now on, behind those that an earlier process left. Raises StoreDown."""
        self._left = frozenset(await self._engine.unfinished())
        for left in map(read_id, self._left):
            if left.kind is Kind.REPLY:
                self._lines.join(left.run_id, left.reply)
        asyncio.get_running_loop().call_later(EXPECTING_SECONDS, self._expect_no_more)

    def _expect_no_more(self) -> None:
        """Whatever an earlier process left and nobody has taken up cannot be read: nobody shall wait for it."""
        self._background(self._lines.keep_only({(ask.run_id, ask.ts) for ask in self._asks.values()}))

    async def hear(self, ask: ReplyJob, active_at: float) -> None:
        """Take a reply up if it is for the bot: it is kept then. Raises Closed, StoreDown.

        ``active_at`` is when the run of this thread ended, or was at work, in seconds since the epoch.
        """
        if self._desk.closed:
            raise Closed
        if ask.id in self._heard:  # two events bring each mention
            return
        if ask.id not in self._deciding:
            self._deciding[ask.id] = asyncio.ensure_future(self._decide(ask, active_at))
        await asyncio.shield(self._deciding[ask.id])

    async def _decide(self, ask: ReplyJob, active_at: float) -> None:
        """Take a reply up or leave it; whoever hears it meanwhile waits for the same outcome."""
        new = self._lines.join(ask.run_id, ask.ts)
        begun = False
        try:
            self._asks.setdefault(ask.id, ask)
            with _named(ask):
                begun = await self._take(ask, active_at)
            self._remember(ask.id)
        finally:
            del self._deciding[ask.id]
            if new and not begun:
                await self._leave(ask)

    def _remember(self, name: str) -> None:
        self._heard[name] = None
        while len(self._heard) > REMEMBERED:
            self._heard.popitem(last=False)

    def forgotten(self, ask: ReplyJob) -> None:
        """Tell somebody who asks in a thread of ours whose run is not kept any more."""
        if f"{ask.thread}/{ask.ts}" not in self._heard:
            self._remember(f"{ask.thread}/{ask.ts}")
            self._background(self._talk.refuse(ask, Forgotten()))

    async def again(self, run_id: str, ts: str, by: str) -> None:
        """Answer a question anew that could not be answered, for whoever asked it.

        Raises TooLate if there is none, Closed, StoreDown.
        """
        said = {(entry.ts, entry.ours): entry for entry in await self._said(run_id, ts)}
        asked, answer, run = said.get((ts, False)), said.get((ts, True)), await self._desk.find(run_id)
        if not run or not asked or not answer or answer.verdict is not Verdict.FAILED:
            raise TooLate
        if not may(Deed.ANSWER_AGAIN, by, asked.author):
            raise TooLate
        ask = ReplyJob(run_id=run_id, thread=run.thread, ts=ts, asker=by, text=asked.text, asked_at=asked.at)
        tries = {"addressed": True, "attempt": max(asked.tries, answer.tries) + 1}
        if not await self._start(ask.model_copy(update=tries | {"team": run.question.place.team})):
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
        if run and may(Deed.MUTE, by, run.question.asker):
            now = time.time()
            ask = ReplyJob(
                run_id=run_id, thread=run.thread, ts=f"{now:.6f}", asker=by, text=word, asked_at=now, word=word
            )
            await self._start(ask.model_copy(update={"team": run.question.place.team}))

    async def work(self, ask: ReplyJob, journal: Journal) -> None:
        """Do what a reply calls for: the engine calls this, in this process or in a later one."""
        await self._desk.turn(ask.id)
        with _named(ask), self._desk.roster.busy():
            try:
                await (self._hush(ask, journal) if ask.word else self._answer(ask, journal))
            except NotPosted as error:
                log.warning("answer.unposted", cause=str(error))
            finally:
                await self._leave(ask)

    async def _said(self, run_id: str, ts: str) -> list[Entry]:
        """All that was said in a thread; who sees a button may press it, though its answer may not be kept yet."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._lines.gone(run_id, ts), KEEPING_SECONDS)
        return await self._transcript.of(run_id)

    async def _take(self, ask: ReplyJob, active_at: float) -> bool:
        """Keep what a reply asks for; False if there is nothing to be done, or it was kept before."""
        state = await self._transcript.state(ask.run_id)
        taken = (each.asked_at for each in self._asks.values() if each.run_id == ask.run_id and each.id in self._fresh)
        active_at = max(active_at, *taken, 0)  # what was taken up is kept once it is answered
        match judge(ask, state, self._follow_ups, self._desk.roster.is_under_way(ask.run_id), active_at):
            case Call.STOP:
                with suppress(TooLate):
                    await self._desk.stop(ask.run_id, ask.asker)
            case Call.ASIDE:
                await self._aside(ask)
            case Call.ASK if ask.word or not await self._too_often(ask):
                return await self._start(ask)
        return False

    async def _start(self, ask: ReplyJob) -> bool:
        """Raises Closed, StoreDown."""
        if self._desk.closed:
            raise Closed
        if self._desk.draining:
            self._desk.put_off(ask.id)
        if ask.id in self._left:
            return False
        known = ask.id in self._fresh
        self._fresh.add(ask.id)
        begun = False
        try:
            begun = await self._engine.start(ask)
        finally:
            if not begun and not known:
                self._fresh.discard(ask.id)
        return begun

    async def _answer(self, ask: ReplyJob, journal: Journal) -> None:
        behind = self._lines.has_before(ask.run_id, ask.ts) or self._desk.roster.is_under_way(ask.run_id)
        waits = behind or ask.id not in self._fresh
        self._lines.join(ask.run_id, ask.ts)
        self._asks[ask.id] = ask
        self._desk.roster.wish(ask)
        seeing = asyncio.create_task(self._talk.seen(ask, shown=True)) if waits or ask.addressed else None
        await self._desk.settled(ask.run_id)
        await self._lines.first(ask.run_id, ask.ts)
        try:
            with self._talk.answering(ask):
                await self._say(ask, journal)
        except Exception:
            log.exception("answer.broken")
            self.verdicts[Verdict.FAILED] += 1
        await self._leave(ask)
        if seeing:
            await seeing
            await self._talk.seen(ask, shown=False)

    async def _say(self, ask: ReplyJob, journal: Journal) -> None:
        """Answer and keep both; whoever asks about what was deleted is told so."""
        run = await self._desk.settled(ask.run_id)
        if not run:
            await self._talk.refuse(ask, Forgotten())
            return
        said = await surely(lambda: self._transcript.of(ask.run_id))
        before = [entry for entry in said if entry.ts < ask.ts and entry.verdict is not Verdict.IGNORED]
        stands = next((entry.link for entry in said if entry.ts == ask.ts and entry.ours), "")
        limit = TimeLimit(self._seconds)
        answer = await journal.step("answer", lambda: follow_up(self._model, run, before, ask, limit), ANSWER)
        ref = ""
        if answer.verdict is not Verdict.IGNORED:
            answer, ref = await self._show(run, ask, answer, stands, journal)
        failed = {"cause": answer.cause} if answer.verdict is Verdict.FAILED else {}
        tell = log.warning if failed else log.info
        tell("question.answered", verdict=answer.verdict, seconds=round(answer.seconds, 1), **failed)
        await self._keep(ask, answer, ref)
        if answer.verdict is Verdict.IGNORED:
            await self._aside(ask)

    async def _show(self, run: Run, ask: ReplyJob, answer: Answer, stands: Ref, journal: Journal) -> tuple[Answer, Ref]:
        """Post an answer and give its reference; one that cannot be shown has failed, which is said where it can be."""
        recovered = ask.id not in self._fresh
        try:
            try:
                say = partial(self._talk.answer, run, ask, answer, stands, recovered)
                return answer, await journal.step("post", say, REF)
            except Refused as refused:
                log.error("answer.refused", cause=str(refused))
                failure = refused.failure
                changes = {"verdict": Verdict.FAILED, "text": sentence(failure), "angles": (), "cause": failure.cause}
                answer, stands = answer.model_copy(update=changes), next(iter(refused.refs), stands)
                say = partial(self._talk.answer, run, ask, answer, stands, recovered)
                return answer, await journal.step("post/failed", say, REF)
        except NotPosted as error:
            log.warning("answer.unposted", cause=str(error))
            return answer.model_copy(update={"verdict": Verdict.FAILED, "cause": str(error)}), ""

    async def _keep(self, ask: ReplyJob, answer: Answer, ref: Ref) -> None:
        """Keep a reply and what came of it."""
        asked = Entry(run_id=ask.run_id, ts=ask.ts, author=ask.asker, text=ask.text, at=ask.asked_at)
        asked = asked.model_copy(update={"verdict": answer.verdict, "tries": ask.attempt})
        entries = [asked]
        if ref:
            ours = {"author": "", "text": answer.text, "ours": True, "link": ref, "usage": answer.usage}
            entries.append(asked.model_copy(update=ours))
        await surely(lambda: self._transcript.add(entries))
        self.verdicts[answer.verdict] += 1

    async def _aside(self, ask: ReplyJob) -> None:
        """People talk to each other: after a while the bot offers to stay out of it, once."""
        before = await surely(lambda: self._transcript.change(ask.run_id, ThreadState.aside))
        if before.offers:
            self._background(self._talk.offer_silence(ask))

    async def _hush(self, ask: ReplyJob, journal: Journal) -> None:
        """Mute a thread or unmute it, and say so where all can read it."""
        run, muted = await surely(lambda: self._desk.find(ask.run_id)), ask.word is Word.MUTE
        async with self._hushing.setdefault(ask.run_id, asyncio.Lock()):
            state = await surely(lambda: self._transcript.state(ask.run_id))
            recovered = ask.id not in self._fresh
            if not run or (muted is bool(state.muted_by) and not recovered):
                return
            await self._change(ask, muted_by=ask.asker if muted else "")
            stands = "" if muted else state.note
            ref = await journal.step("post", lambda: self._talk.muted(run, ask, stands, recovered), REF)
            await self._change(ask, note=ref)

    async def _change(self, ask: ReplyJob, **changes: str) -> None:
        await surely(lambda: self._transcript.change(ask.run_id, lambda state: state.model_copy(update=changes)))

    async def _too_often(self, ask: ReplyJob) -> bool:
        """Whether there are as many questions as there may be; the asker is told."""
        for per, most, seconds in (
            ("user", self._limits.per_user_hour, HOUR),
            ("thread", self._limits.per_thread_day, DAY),
        ):
            who = {"author": ask.asker} if per == "user" else {"run_id": ask.run_id}
            asked = await self._asked(ask, ask.asked_at - seconds, who) if most else []
            if most and len(asked) >= most:
                self.refusals["user_hour" if per == "user" else "thread_day"] += 1
                self._background(self._talk.refuse(ask, AskedTooOften(per, most, asked[-most] + seconds)))
                return True
        return False

    async def _asked(self, ask: ReplyJob, since: float, who: dict[str, str]) -> list[float]:
        """When questions were asked by the same person or in the same thread, answered or not, oldest first."""
        earlier = [each for each in self._asks.values() if since <= each.asked_at < ask.asked_at]
        own = {a.asked_at for a in earlier if (a.asker == ask.asker if "author" in who else a.run_id == ask.run_id)}
        return sorted(own.union(await self._transcript.asked(since, **who)))

    def _background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def _leave(self, ask: ReplyJob) -> None:
        self._asks.pop(ask.id, None)
        self._fresh.discard(ask.id)
        await self._lines.leave(ask.run_id, ask.ts)


def _named(ask: ReplyJob) -> AbstractContextManager[None]:
    """Let each line that is logged meanwhile name the run, and where its thread is."""
    return bound_contextvars(run=ask.run_id, team=ask.team, channel=ask.thread.partition("/")[0])
