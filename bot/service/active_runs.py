"""The runs that are being worked on, with those that an earlier process left and this one has not taken up yet."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from decimal import Decimal

from bot.research.active_run import ActiveRun
from bot.research.model import Question
from bot.research.run_state import Run
from bot.service.channels import ChannelIds
from bot.service.jobs import ReplyJob

EXPECTING_SECONDS = 60.0  # for the engine to begin with what an earlier process left; as a rule it takes one


class ActiveRuns:
    """Knows which runs there are, where, and whether anybody works on anything; ``idle`` is set while nobody does."""

    def __init__(self, channels: ChannelIds) -> None:
        self.channels = channels
        self.idle = asyncio.Event()
        self.idle.set()
        self._live: dict[str, ActiveRun] = {}
        self._expected: dict[str, asyncio.Event] = {}
        self._wishes: dict[str, dict[str, str]] = {}  # what readers said during a run, by run and by the replies' ts
        self._busy: set[asyncio.Task[object]] = set()

    def __len__(self) -> int:
        """How many runs have begun and not ended."""
        return len(self._live)

    def __contains__(self, run_id: str) -> bool:
        """Whether the run is being worked on, or will be in a moment."""
        return run_id in self._live or run_id in self._expected

    def enter(self, live: ActiveRun) -> None:
        """Work on a run begins."""
        self._live[live.run.id] = live
        live.wishes = self._wishes.setdefault(live.run.id, {})
        self.idle.clear()
        if expected := self._expected.pop(live.run.id, None):
            expected.set()

    def leave(self, live: ActiveRun) -> None:
        """Work on a run has ended."""
        if self._live.get(live.run.id) is live:
            del self._live[live.run.id]
            self._wishes.pop(live.run.id, None)
            live.opened.set()
            live.left.set()
        self._rest()

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Work of the current task beside the runs."""
        task = asyncio.current_task()
        assert task  # noqa: S101  there is one wherever there is something to wait for
        self._busy.add(task)
        self.idle.clear()
        try:
            yield
        finally:
            self._busy.discard(task)
            self._rest()

    @property
    def tasks(self) -> list[asyncio.Task[object]]:
        """All that goes on."""
        return [*self._busy, *(live.task for live in self._live.values() if live.task)]

    def expect(self, run_ids: Collection[str]) -> None:
        """An earlier process left these runs: the engine will begin with them."""
        self._expected = {run_id: asyncio.Event() for run_id in run_ids}
        asyncio.get_running_loop().call_later(EXPECTING_SECONDS, self._expect_no_more)

    async def complete(self, seconds: float) -> bool:
        """Whether all that an earlier process left is taken up within so many seconds."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                for run_id in list(self._expected):
                    await self.taken_up(run_id)
        return not self._expected

    async def taken_up(self, run_id: str) -> None:
        """Wait until a run that an earlier process left is taken up."""
        if expected := self._expected.get(run_id):
            await expected.wait()

    def get(self, run_id: str) -> ActiveRun | None:
        """The run, if it is being worked on."""
        return self._live.get(run_id)

    def is_under_way(self, run_id: str) -> bool:
        """Whether a run has no end yet."""
        live = self._live.get(run_id)
        return run_id in self._expected or bool(live and not live.run.ended)

    @property
    def runs(self) -> list[Run]:
        """All that are being worked on."""
        return [live.run for live in self._live.values()]

    def running(self, team: str) -> list[Run]:
        """The runs of a workspace that have begun and may not be kept yet."""
        return [live.run for live in self._live.values() if live.run.question.place.team == team]

    @property
    def unkept(self) -> Decimal:
        """What the runs under way have cost beyond what is kept, in dollars, as far as that is known."""
        none = Decimal(0)
        return sum(((live.run.usage.price or none) - (live.kept.price or none) for live in self._live.values()), none)

    def questions(self) -> list[Question]:
        """The questions that are being researched, each as if asked by who asked for this attempt."""
        return [live.run.question.asked_by(live.run.again_by) for live in self._live.values()]

    def here(self, channel: str) -> list[Run]:
        """The runs that are being worked on in a channel, the newest first; some may have ended but not be kept yet."""
        ids = self.channels.same(channel)
        here = [live.run for live in self._live.values() if live.run.question.place.channel in ids]
        return sorted(here, key=lambda run: run.question.asked_at, reverse=True)

    def in_thread(self, thread: str) -> Run | None:
        """The newest run whose thread this is, as Run.thread has it."""
        threads = self.channels.threads(thread)
        here = [live.run for live in self._live.values() if live.run.thread in threads]
        return max(here, key=lambda run: run.question.asked_at, default=None)

    async def opened(self, channel: str) -> None:
        """Wait until the thread is known of each run that may be in this channel."""
        for live in list(self._live.values()):
            if not live.run.ref and live.run.question.place.channel in ("", *self.channels.same(channel)):
                await live.opened.wait()

    async def placed(self) -> None:
        """Wait until no run is moving."""
        for live in list(self._live.values()):
            await live.placed()

    def wish(self, ask: ReplyJob) -> None:
        """A reader said something during a run: its report shall know, also if a restart takes the run up later."""
        wishes = self._wishes.setdefault(ask.run_id, {}) if self.is_under_way(ask.run_id) else {}
        wishes[ask.ts] = ask.text

    def _expect_no_more(self) -> None:
        """Whatever an earlier process left and nobody has taken up cannot be read: nobody shall wait for it."""
        for expected in self._expected.values():
            expected.set()
        self._expected.clear()

    def _rest(self) -> None:
        if not self._live and not self._busy:
            self.idle.set()
