"""The engine's table of steps, written as many at a time as wait: one commit costs as much for a hundred as for one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextvars import Context
from dataclasses import dataclass, field

from dbos import DBOS
from dbos._context import assert_current_dbos_context, current_owner_xid
from dbos._error import DBOSBaseException, DBOSException
from dbos._sys_db import OperationResultInternal, SystemDatabase
from sqlalchemy.exc import DataError, IntegrityError

MOST = 100  # steps of one transaction, so that nobody waits long for a later one
OF_ONE = (DBOSException, DBOSBaseException, DataError, IntegrityError)  # what says nothing of the steps beside it


def _now() -> int:
    return int(time.time() * 1000)


@dataclass(frozen=True)
class Step:
    """A step that is made: its workflow, its number there, its name, and what came of it as the engine stores it.

    ``ended`` is in milliseconds since the epoch; it tells the engine that a row it finds is this very one. ``owner`` is
    the engine's token of whose the workflow is.
    """

    workflow_id: str
    number: int
    name: str
    output: str
    serialization: str
    owner: str | None
    ended: int = field(default_factory=_now)

    @property
    def row(self) -> OperationResultInternal:
        """What the engine calls it."""
        return {
            "workflow_uuid": self.workflow_id,
            "function_id": self.number,
            "function_name": self.name,
            "output": self.output,
            "error": None,
            "serialization": self.serialization,
            "started_at_epoch_ms": self.ended,
            "child_workflow_id": None,
        }


def step_of_workflow(number: int, name: str, output: str, serialization: str) -> Step:
    """A step of the workflow that this is called in."""
    context = assert_current_dbos_context()
    owner = current_owner_xid(context.workflow_id, context)
    return Step(context.workflow_id, number, name, output, serialization, owner)


class StepWriter:
    """Stores steps in the order in which they come; what comes while others are being stored goes with the next ones.

    The engine's own way takes two transactions a step, each in a turn of its own on a thread.
    """

    def __init__(self, engine: DBOS) -> None:
        self._engine = engine
        self._waiting: list[tuple[Step, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def store(self, step: Step) -> None:
        """Store it; raises what the database or the engine raises."""
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((step, stored))
        if not self._writing:  # in a context of its own, which is nobody's workflow
            self._writing = asyncio.create_task(self._write(), context=Context())
        await stored

    async def settled(self) -> None:
        """Wait until nothing waits to be stored."""
        if self._writing:
            await asyncio.shield(self._writing)

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
            await self._commit(batch)
        self._writing = None

    async def _commit(self, batch: list[tuple[Step, asyncio.Future[None]]]) -> None:
        insert = asyncio.to_thread(_insert, self._engine._sys_db, [step for step, _ in batch])  # noqa: SLF001
        [error] = await asyncio.gather(insert, return_exceptions=True)
        if isinstance(error, OF_ONE) and len(batch) > 1:
            for each in batch:
                await self._commit([each])
            return
        for _, stored in batch:
            if not stored.done():
                stored.set_exception(error) if error else stored.set_result(None)


def _insert(engine: SystemDatabase, steps: Sequence[Step]) -> None:
    with engine.engine.begin() as connection:
        for step in steps:
            engine._record_operation_result_txn(step.row, step.ended, connection, owner_xid=step.owner)  # noqa: SLF001
