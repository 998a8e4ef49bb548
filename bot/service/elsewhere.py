"""Runs that other processes work on: counted, stopped, waited for; and what others shall know of those of this one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from weakref import WeakSet

from bot.research.active_run import ActiveRun
from bot.research.model import Question
from bot.research.run_state import Run
from bot.service.active_runs import ActiveRuns
from bot.service.background import Background
from bot.service.counting import DECIDING_SECONDS, Turn, taken_today
from bot.service.errors import Refusal, TooLate
from bot.service.jobs import ReplyJob, RunJob
from bot.service.peers import Peers, Taken, asked, replies, runs
from bot.service.persist import in_order, surely
from bot.service.ports import Runs

STOPPING_SECONDS = 1.5  # for another process to stop a run: whoever asked for that waits
OPENING_SECONDS = 1.5  # for another process to have its thread known: whoever wrote there waits
LOOK_SECONDS = 0.3  # between looks at what nobody rings for, as when a process is gone
MOST_HERE = 50  # runs of a channel among which those under way are looked for
HOLDING_SECONDS = 60.0  # after which it is tried again, so that a store that is down shows in the log
SHOW_SECONDS = 1.0  # between states of a run that others can see

Counted = tuple[list[Question], Mapping[str, Question]]


class Elsewhere:
    """What the runs of this process and those of its ``peers`` have to do with each other."""

    def __init__(self, peers: Peers, kept: Runs, active_runs: ActiveRuns) -> None:
        self._peers, self.kept, self._active_runs = peers, kept, active_runs
        self._background = Background()
        self._turn: Turn | None = None
        self._heeded: WeakSet[ActiveRun] = WeakSet()  # what others wanted stopped, and this process has seen to
        self._stop: Callable[[str, str], Awaitable[None]]

    def watch(self, stop: Callable[[str, str], Awaitable[None]]) -> None:
        """Heed from now on what other processes let this one know of its runs; ``stop`` stops one for somebody."""
        self._stop = stop
        self._peers.heed(self._heard)

    async def has(self, run_id: str) -> bool:
        """Whether another process works on a run."""
        return bool(await self._runs(run_id))

    async def _runs(self, run_id: str = "") -> list[RunJob]:
        """The attempts that have no end and are not known here."""
        return [job for job in runs(await self._peers.taken(run_id)) if not self._active_runs.get(job.run_id)]

    async def counted(self) -> Counted:
        """The questions that others research now, and those of their jobs of today (UTC), by the jobs' ids."""
        return self._count(await taken_today(self._peers))

    def _count(self, taken: list[Taken]) -> Counted:
        every = {each.job.id: asked(each.job) for each in taken if isinstance(each.job, RunJob) and not each.own}
        return [asked(job) for job in runs(taken) if not self._active_runs.get(job.run_id)], every

    @asynccontextmanager
    async def counting(self, needed: bool, alone: bool = False) -> AsyncIterator[Counted]:
        """The same, while no other process lets a run begin; nothing where nothing needs to be counted.

        Several have it at once, as whatever one of them lets begin the others see in this process; unless ``alone``.
        """
        if not (needed and self._peers.shared):
            yield [], {}
            return
        if alone or not self._turn or not self._turn.open:
            self._turn = Turn(self._peers, self._turn)
        async with self._turn.joined() as taken:
            yield self._count(taken)

    async def here(self, team: str, channel: str) -> list[Run]:
        """The runs in a channel that others work on, as far as their threads are known."""
        ids = {job.run_id for job in await self._runs()}
        return [run for run in await self.kept.latest(team, channel, MOST_HERE) if run.id in ids] if ids else []

    async def replies(self, run_id: str = "") -> list[ReplyJob]:
        """The replies that others have not answered yet, in the thread of a run or in all."""
        return replies(await self._peers.taken(run_id))

    async def answered(self, run_id: str, ts: str) -> None:
        """Wait until others have answered a reply of a thread."""
        while any(other.ts == ts for other in await self.replies(run_id)):
            await self._peers.rung(run_id, LOOK_SECONDS)

    async def has_before(self, reply: ReplyJob) -> bool:
        """Whether others have not answered an earlier reply of its thread yet."""
        return any(other.ts < reply.ts for other in await self.replies(reply.run_id))

    async def _answered_before(self, reply: ReplyJob) -> None:
        while await self.has_before(reply):
            await self._peers.rung(reply.run_id, LOOK_SECONDS)

    @asynccontextmanager
    async def turn(self, reply: ReplyJob) -> AsyncIterator[None]:
        """Have a thread to oneself for an answer, once others have given those to earlier replies."""
        await surely(lambda: self._answered_before(reply))
        async with self._held(f"thread/{reply.run_id}"):
            yield

    @asynccontextmanager
    async def muting(self, run_id: str) -> AsyncIterator[None]:
        """Have a thread's silence to oneself."""
        async with self._held(f"mute/{run_id}"):
            yield

    @asynccontextmanager
    async def _held(self, name: str) -> AsyncIterator[None]:
        """Hold something however long others have it."""
        async with AsyncExitStack() as stack:
            await surely(lambda: stack.enter_async_context(self._peers.hold(name, HOLDING_SECONDS)))
            yield

    def asking(self) -> AbstractAsyncContextManager[None]:
        """Count questions while no other process does."""
        return self._peers.hold("questions", DECIDING_SECONDS)

    async def first(self, name: str) -> bool:
        """Whether no other process has decided on this; from now on this one has."""
        return await self._peers.mark(name)

    async def call(self, run_id: str) -> None:
        """Let whoever works on a run hear that something was said in its thread."""
        with suppress(Refusal):
            await self._peers.ring(run_id)

    async def opening(self, channel: str) -> bool:
        """Whether another process has a run whose thread may be in this channel and is not known in time."""
        until = time.monotonic() + OPENING_SECONDS
        ids = self._active_runs.channels.same(channel)
        while unknown := [job for job in await self._runs() if job.question.place.channel in ("", *ids)]:
            kept = [await self.kept.find(job.run_id) for job in unknown]
            if all(run and run.ref for run in kept):
                return False
            if time.monotonic() >= until:
                return True
            await asyncio.sleep(LOOK_SECONDS / 3)
        return False

    async def settled(self, run_id: str) -> None:
        """Wait until no other process works on a run."""
        while await self.has(run_id):
            await self._peers.rung(run_id, LOOK_SECONDS)

    async def stop(self, run_id: str, by: str) -> bool:
        """Let another process stop a run for somebody; False if none works on it. Raises TooLate, StoreDown."""
        jobs = await self._runs(run_id)
        for job in jobs:
            await self._peers.mark(_name("stop", run_id, job.attempt), by)
            await self._peers.ring(run_id)
            await self._stopped(run_id, job.attempt)
        return bool(jobs)

    async def _stopped(self, run_id: str, attempt: int) -> None:
        """Wait a moment for a run to be stopped; what nobody heard in time whoever takes it up finds."""
        until = time.monotonic() + STOPPING_SECONDS
        while time.monotonic() < until:
            run = await self.kept.find(run_id)
            ended = run if run and run.attempt == attempt and run.ended else None
            if ended and ended.stopped_by:
                return
            if ended or await self._peers.marked(_name("late", run_id, attempt)) is not None:
                raise TooLate
            await self._peers.rung(run_id, LOOK_SECONDS)

    @asynccontextmanager
    async def shown(self, live: ActiveRun) -> AsyncIterator[None]:
        """Let others see how a run stands, from when its thread is known, and this process hear what they want of it.

        What is being kept when this is left is waited for: it must not come after what the run's end keeps.
        """
        if not self._peers.shared:
            yield
            return
        over = asyncio.Event()
        showing = asyncio.create_task(self._show(live, over))
        try:
            if live.recovered:
                await self.wanted(live)
            yield
        finally:
            over.set()
            await asyncio.wait([showing])

    async def _show(self, live: ActiveRun, over: asyncio.Event) -> None:
        shown: Run | None = None
        ways = [asyncio.ensure_future(event.wait()) for event in (live.opened, over)]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        while not over.is_set():
            if live.state is not shown and live.run.ref:
                state = live.state
                with suppress(Refusal):
                    await in_order(self.kept, live)
                    shown = state
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), SHOW_SECONDS)
        ways[0].cancel()

    async def ended(self, live: ActiveRun) -> None:
        """Let others know that a run is kept as it ended."""
        with suppress(Refusal):
            await self._peers.ring(live.run.id)

    async def wanted(self, live: ActiveRun) -> None:
        """Do what others want of a run of this process: stop it, or let its report know what was said."""
        with suppress(Refusal):
            for reply in replies(await self._peers.taken(live.run.id)):
                self._active_runs.wish(reply)
            await self._heed_stop(live)

    async def _heed_stop(self, live: ActiveRun) -> None:
        """Stop an attempt if somebody has asked another process for that, once."""
        run_id, attempt = live.run.id, live.run.attempt
        by = await self._peers.marked(_name("stop", run_id, attempt))
        if not by or live in self._heeded or self._active_runs.get(run_id) is not live:
            return
        self._heeded.add(live)
        try:
            await self._stop(run_id, by)
        except TooLate:
            await self._peers.mark(_name("late", run_id, attempt))
        await self._peers.ring(run_id)

    def _heard(self, name: str) -> None:
        if live := self._active_runs.get(name):
            self._background.do(self.wanted(live))


def _name(what: str, run_id: str, attempt: int) -> str:
    """What a mark about an attempt at a run is called."""
    return f"{what}/{run_id}/{attempt}"
