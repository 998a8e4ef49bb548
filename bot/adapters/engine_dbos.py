"""The Engine and Journal ports on DBOS: a job is kept before it is begun, and begun again until it is done."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSConfig, SetWorkflowID, WorkflowHandleAsync
from sqlalchemy.exc import SQLAlchemyError

from bot.adapters.causes import cause, down
from bot.adapters.database import Database
from bot.adapters.journal_dbos import DBOSJournal, Json, Read
from bot.adapters.kept_jobs_dbos import KeptJobs
from bot.adapters.steps_dbos import StepWriter
from bot.research.ports import Journal
from bot.service.errors import StoreDown
from bot.service.jobs import JOBS, Job

log = structlog.get_logger(__name__)

T = TypeVar("T")
Work = Callable[[Any, Journal], Awaitable[None]]  # of any order that the engine is given

NAME, VERSION = "research", "1"  # fixed: the next release goes on with what this one accepted
ONLY = "research"  # the one process of a file; on a server each has a name of its own
THREADS = 4  # for the engine's own statements: more of them gain nothing on a file and delay the event loop
LISTEN_SECONDS = 0.5  # between looks for messages, of which we send none; closing waits for the last look
LAST_SECONDS = 5.0  # for the engine's last notes before it is closed
WORKFLOW = "research.attempt"
_NEW: ContextVar[str] = ContextVar("new", default="")  # the job that is begun as it is kept: no step of it is stored


class DBOSEngine:
    """Jobs as workflows named by their ids; one engine a process, for DBOS has but one.

    ``process`` is the name of this one, among those that share the database; ``patience`` is how many seconds a job may
    take to be kept, None for the database's own.
    """

    def __init__(self, database: Database, process: str = ONLY, patience: float | None = None) -> None:
        self._database, self.patience = database, database.patience if patience is None else patience
        self._kept, self.process = KeptJobs(database), process
        self._refused: set[str] = set()
        self._tasks: set[asyncio.Task[object]] = set()

    @asynccontextmanager
    async def running(self, work: Work) -> AsyncIterator[DBOSEngine]:
        """Begin with what an earlier process left, on this loop, and take jobs. Raises StoreDown."""

        async def attempt(kept: str) -> None:
            self._own(asyncio.current_task())
            job = JOBS.validate_json(kept)
            if job.id in self._refused:
                return
            try:
                stored = _none() if _NEW.get() == job.id else _once(partial(self._kept.steps, job.id))
                await work(job, DBOSJournal(steps, self._database.failed, stored))
            except Exception:
                log.exception("job.broken", job=job.id)  # it is not begun again: it would only break again
                raise

        engine = DBOS(config=_config(self._database, self.process))
        # No job has a delay or a deadline: looking for these every second is half of what an idle bot would do.
        engine._background_jobs_stop_event.set()  # noqa: SLF001
        steps = StepWriter(engine)
        its_log = logging.getLogger("dbos")
        its_log.handlers, its_log.propagate = [], True  # what it says goes where everything goes
        self._workflow = DBOS.workflow(name=WORKFLOW)(attempt)
        with self._database.failing():
            DBOS.launch()
        try:
            yield self
        finally:
            await self._settle()
            await steps.settled()
            await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
            # The engine had put its own threads in place of the loop's: whatever is closed after it still needs some.
            asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())

    async def start(self, job: Job) -> bool:
        """Keep the job, then begin with it; False if it was given before. Raises StoreDown."""
        await self._answering()
        if job.id in self._refused:  # it is being taken back
            raise StoreDown("a late job")
        keeping = asyncio.ensure_future(self._keep(job))
        await asyncio.wait([keeping], timeout=self.patience)
        if not keeping.done():
            self._refused.add(job.id)
            self._own(asyncio.ensure_future(self._take_back(job.id, keeping)))
            self._database.failed()
            raise down(TimeoutError())
        with self._database.failing():
            handle = keeping.result()
        return _begun(handle)

    async def take_over(self, process: str) -> int:
        """Let what a process that is gone left undone be done, by whichever comes first; give how much that is.

        Raises StoreDown.
        """
        with self._database.failing():
            return len(await asyncio.to_thread(DBOS._recover_pending_workflows, [process]))  # noqa: SLF001

    async def left(self) -> list[str]:
        """The ids of the jobs that this process will begin with, as it goes on with another's. Raises StoreDown."""
        return await self.unfinished() if self.process == ONLY else []

    async def find(self, job_id: str) -> Job | None:
        """A job as it was given, done or not; None where it is not known any more. Raises StoreDown."""
        return await asyncio.to_thread(self._kept.find, job_id)

    async def unfinished(self) -> list[str]:
        """The ids of the jobs that are not done yet. Raises StoreDown."""
        return await asyncio.to_thread(self._kept.unfinished)

    async def older(self, moment: float) -> list[str]:
        """The ids of the runs that jobs before a moment (seconds since the epoch) were about. Raises StoreDown."""
        return await asyncio.to_thread(self._kept.older, moment)

    async def forget(self, run_ids: Sequence[str]) -> None:
        """Delete all jobs about these runs."""
        await asyncio.to_thread(self._kept.forget, run_ids)

    async def _keep(self, job: Job) -> WorkflowHandleAsync[None]:
        _NEW.set(job.id)
        with SetWorkflowID(job.id):
            return await DBOS.start_workflow_async(self._workflow, job.model_dump_json())

    async def _take_back(self, job_id: str, keeping: asyncio.Future[WorkflowHandleAsync[None]]) -> None:
        """Should a job be kept after all, late: whoever gave it was told that nothing will come of it."""
        try:
            handle = await keeping
            if _begun(handle):  # with nothing, as it was refused
                await handle.get_result()
                await DBOS.delete_workflow_async(job_id)
        except SQLAlchemyError as error:
            log.error("job.kept", job=job_id, cause=cause(error))
        finally:
            self._refused.discard(job_id)

    async def _settle(self) -> None:
        """Let the engine note what is done; what takes longer is left to the next process."""
        if not self._tasks:
            return
        _, left = await asyncio.wait(self._tasks, timeout=LAST_SECONDS)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left, timeout=LAST_SECONDS)

    def _own(self, task: asyncio.Task[object] | None) -> None:
        if task:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answering(self) -> None:
        """Ask a Postgres whether it is there: the engine itself would wait for it without end."""
        if not self._database.is_file:
            await self._database.run(lambda connection: connection.execute(sa.text("SELECT 1")))


def _begun(handle: WorkflowHandleAsync[None]) -> bool:
    """Whether the job was new."""
    return hasattr(handle, "task")


def _once(read: Callable[[], T]) -> Callable[[], Awaitable[T]]:
    """Read something beside the loop when it is first wanted, and once; what fails is read again."""
    found: list[T] = []

    async def known() -> T:
        if not found:
            found.append(await asyncio.to_thread(read))
        return found[0]

    return known


def _none() -> Read:
    """Of a job that is new nothing is stored."""
    stored: dict[int, str] = {}

    async def known() -> dict[int, str]:
        return stored

    return known


def _config(database: Database, process: str) -> DBOSConfig:
    return DBOSConfig(
        name=NAME,
        system_database_url=database.url.render_as_string(hide_password=False),
        system_database_engine=database.engine,
        application_version=VERSION,
        executor_id=process,
        serializer=Json(),
        max_executor_threads=THREADS,
        use_listen_notify=False,
        notification_listener_polling_interval_sec=LISTEN_SECONDS,
        enable_otlp=False,
        log_level="ERROR",
    )
