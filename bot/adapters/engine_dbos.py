"""The Engine and Journal ports on DBOS: an order is kept before it is begun, and begun again until it is done."""

from __future__ import annotations

import asyncio
import logging
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from itertools import chain, repeat
from typing import TypeVar

import sqlalchemy as sa
import structlog
from dbos import DBOS, DBOSClient, DBOSConfig, SetWorkflowID
from dbos._serialization import DBOSPortableJSONSerializer
from pydantic import TypeAdapter
from sqlalchemy.exc import SQLAlchemyError

from bot.adapters.database import PATIENCE, Database
from bot.research.errors import StoreDown
from bot.research.model import Order
from bot.research.ports import Journal

log = structlog.get_logger(__name__)

T = TypeVar("T")
Work = Callable[[Order, Journal], Awaitable[None]]

NAME, VERSION, EXECUTOR = "research", "1", "research"  # fixed: the next release goes on with what this one accepted
THREADS = 8  # for the engine's own statements: the most that SQLite gained from, in measurements
LISTEN_SECONDS = 0.5  # between looks for messages, of which we send none; closing waits for the last look
LAST_SECONDS = 5.0  # for the engine's last notes before it is closed
PAUSES = (1, 2, 5)  # seconds between tries to store a step that is made; the last one again and again
WORKFLOW = "research.attempt"


class DBOSEngine:
    """Orders as workflows named by their ids; one engine a process, for DBOS has but one."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._refused: set[str] = set()
        self._tasks: set[asyncio.Task[object]] = set()

    @asynccontextmanager
    async def running(self, work: Work) -> AsyncIterator[DBOSEngine]:
        """Begin with what an earlier process left, on this loop, and take orders. Raises StoreDown."""

        async def attempt(kept: str) -> None:
            self._own(asyncio.current_task())
            order = Order.model_validate_json(kept)
            if order.id not in self._refused:
                await work(order, DBOSJournal())

        DBOS(config=_config(self._database))
        its_log = logging.getLogger("dbos")
        its_log.handlers, its_log.propagate = [], True  # what it says goes where everything goes
        self._workflow = DBOS.workflow(name=WORKFLOW)(attempt)
        try:
            DBOS.launch()
        except SQLAlchemyError as error:
            raise StoreDown(type(error).__name__) from error
        try:
            yield self
        finally:
            if self._tasks:  # the engine still has to note that they are done
                await asyncio.wait(self._tasks, timeout=LAST_SECONDS)
            await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
            # The engine made its own threads the loop's, and has closed them: whoever comes after needs others.
            asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())

    async def start(self, order: Order) -> bool:
        """Keep the order, then begin with it; False if it was given before. Raises StoreDown."""
        await self._answering()
        self._refused.discard(order.id)
        try:
            async with asyncio.timeout(PATIENCE):
                with SetWorkflowID(order.id):
                    handle = await DBOS.start_workflow_async(self._workflow, order.model_dump_json())
        except (SQLAlchemyError, TimeoutError) as error:
            self._refused.add(order.id)  # it may have been kept all the same: then nothing shall come of it
            raise StoreDown(type(error).__name__) from error
        return hasattr(handle, "task")

    async def forget(self, run_ids: Sequence[str]) -> None:
        """Delete all attempts at these runs."""
        await asyncio.to_thread(forget_orders, self._database, run_ids)

    def _own(self, task: asyncio.Task[object] | None) -> None:
        if task:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answering(self) -> None:
        """Ask a Postgres whether it is there: the engine itself would wait for it without end."""
        if not self._database.is_file:
            await self._database.run(lambda connection: connection.execute(sa.text("SELECT 1")))


def forget_orders(database: Database, run_ids: Sequence[str]) -> int:
    """Delete all attempts at these runs, whether an engine runs here or not; give how many there were."""
    address = database.url.render_as_string(hide_password=False)
    try:
        client = DBOSClient(
            system_database_url=address, system_database_engine=database.engine, retry_connection_errors=False
        )
        try:
            attempts = [attempt for run_id in run_ids for attempt in _attempts(client, run_id)]
            client.delete_workflows(attempts, delete_children=True)
        finally:
            client.destroy()
    except SQLAlchemyError as error:
        raise StoreDown(type(error).__name__) from error
    return len(attempts)


def _attempts(client: DBOSClient, run_id: str) -> list[str]:
    kept = client.list_workflows(workflow_id_prefix=run_id, load_input=False, load_output=False)
    return [each.workflow_id for each in kept if each.workflow_id.partition(".")[0] == run_id]


class _NotMade(BaseException):
    """Carries a step's own error past the engine, which would store it as the step's result."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


class DBOSJournal:
    """The steps of one workflow, told apart by their names.

    The engine numbers steps in the order in which they are called, which differs from run to run where branches go on
    side by side. Here a step's number comes from its name instead, so that branches need no fixed order and may branch.
    """

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix

    def branch(self, name: str) -> DBOSJournal:
        """A journal whose names begin with this one."""
        return DBOSJournal(f"{self._prefix}{name}/")

    async def step(self, name: str, make: Callable[[], Awaitable[T]], kind: TypeAdapter[T]) -> T:
        """Give the step's stored result, or make it and store it; what was made is kept until it can be stored."""
        full, made = self._prefix + name, ""

        async def once() -> str:
            nonlocal made
            try:
                made = made or kind.dump_json(await make()).decode()
            except Exception as error:
                raise _NotMade(error) from error
            return made

        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            reservation = DBOS.reserve_step()
            reservation._step_ctx.function_id = _number(full)  # noqa: SLF001  there is no public way to choose it
            try:
                return kind.validate_json(await reservation.run_async({"name": full}, once))
            except _NotMade as failed:
                raise failed.error from None
            except SQLAlchemyError as error:
                log.error("step.unstored", step=full, cause=type(error).__name__)
                await asyncio.sleep(pause)
        raise AssertionError("the pauses never end")


def _number(name: str) -> int:
    """A positive 31-bit number for a step's name."""
    return zlib.crc32(name.encode()) >> 1


def _config(database: Database) -> DBOSConfig:
    return DBOSConfig(
        name=NAME,
        system_database_url=database.url.render_as_string(hide_password=False),
        system_database_engine=database.engine,
        application_version=VERSION,
        executor_id=EXECUTOR,
        serializer=DBOSPortableJSONSerializer(),
        max_executor_threads=THREADS,
        use_listen_notify=False,
        notification_listener_polling_interval_sec=LISTEN_SECONDS,
        enable_otlp=False,
        log_level="ERROR",
    )
