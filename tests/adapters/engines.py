"""Engines of every kind behind one door: "a restart" is another engine on the same store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from bot.adapters.database import opened
from bot.adapters.engine_dbos import DBOSEngine
from bot.playground.slack.workspace import PATIENCE
from bot.research.ports import Journal
from bot.service.jobs import RunJob
from bot.service.ports import Engine
from tests.support.fakes import Work, question

Running = Callable[[Work], AbstractAsyncContextManager[Engine]]
Steps = Callable[[Journal], Awaitable[None]]


@asynccontextmanager
async def durable(url: str, work: Work) -> AsyncIterator[DBOSEngine]:
    """An engine on this database, as a process has it from its start to its end."""
    async with opened(url) as database, DBOSEngine(database).running(work) as engine:
        yield engine


def job(key: str = "1337.42", attempt: int = 1) -> RunJob:
    return RunJob(question=question(key=key), attempt=attempt)


class Worker:
    """Does with each job what it was told to, and writes down what was begun and what is over."""

    def __init__(self, does: Work | None = None) -> None:
        self._does = does
        self.begun: list[RunJob] = []
        self.over: list[str] = []
        self.loops: set[asyncio.AbstractEventLoop] = set()
        self.tasks: dict[str, asyncio.Task[object]] = {}
        self._changed = asyncio.Condition()

    async def __call__(self, job: RunJob, journal: Journal) -> None:
        self.loops.add(asyncio.get_running_loop())
        task = asyncio.current_task()
        assert task
        self.tasks[job.id] = task
        await self._tell(self.begun, job)
        try:
            if self._does:
                await self._does(job, journal)
        finally:
            await self._tell(self.over, job.id)

    @property
    def ids(self) -> list[str]:
        """What was begun, in order."""
        return [job.id for job in self.begun]

    async def until_begun(self, *ids: str) -> None:
        await self._until(lambda: set(ids) <= set(self.ids))

    async def until_over(self, *ids: str) -> None:
        await self._until(lambda: set(ids) <= set(self.over))

    async def cut(self, *ids: str) -> None:
        """Let go of these, as a process that ends does."""
        for each in ids:
            self.tasks[each].cancel()
        await self.until_over(*ids)

    async def _until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE), self._changed:
            await self._changed.wait_for(true)

    async def _tell(self, kept: list[RunJob] | list[str], what: RunJob | str) -> None:
        async with self._changed:
            kept.append(what)  # type: ignore[arg-type]
            self._changed.notify_all()


async def forever(job: RunJob, journal: Journal) -> None:
    """Work that does not end by itself."""
    await asyncio.Event().wait()


async def attempt(running: Running, steps: Steps) -> None:
    """What one process does for the one job of a test: all its steps, or those before it is cut off.

    Steps that cut themselves off raise CancelledError; any other error is the test's own.
    """
    failed: list[Exception] = []

    async def does(job: RunJob, journal: Journal) -> None:
        try:
            await steps(journal)
        except Exception as error:
            failed.append(error)
            raise

    worker = Worker(does)
    async with running(worker) as engine:
        await engine.start(job())
        await worker.until_over(job().id)
    if failed:
        raise failed[0]
