"""The engine's table of steps, written as many at a time as wait: one commit costs as much for a hundred as for one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from contextvars import Context
from dataclasses import dataclass, field

from dbos import DBOS
from dbos._context import assert_current_dbos_context, current_owner_xid
from dbos._error import (
    DBOSBaseException,
    DBOSException,
    DBOSStepNondeterminismError,
    DBOSWorkflowConflictIDError,
)
from dbos._sys_db import SystemDatabase
from sqlalchemy import Connection, Executable, bindparam
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
        self._table: StepTable | None = None
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
        self._table = self._table or StepTable(self._engine._sys_db)  # noqa: SLF001  there is none before the launch
        insert = asyncio.to_thread(self._table.insert, [step for step, _ in batch])
        [error] = await asyncio.gather(insert, return_exceptions=True)
        if isinstance(error, OF_ONE) and len(batch) > 1:
            for each in batch:
                await self._commit([each])
            return
        for _, stored in batch:
            if not stored.done():
                stored.set_exception(error) if error else stored.set_result(None)


class StepTable:
    """The engine's own statements for a step, built once: it builds them for each, which takes most of the time."""

    def __init__(self, database: SystemDatabase) -> None:
        self._engine = database.engine
        asked = _Asked()
        database._record_operation_result_txn(  # noqa: SLF001
            {
                "workflow_uuid": bindparam("workflow"),  # type: ignore[typeddict-item]
                "function_id": bindparam("number"),  # type: ignore[typeddict-item]
                "function_name": bindparam("name"),  # type: ignore[typeddict-item]
                "output": bindparam("made"),  # type: ignore[typeddict-item]
                "error": None,
                "serialization": bindparam("written_as"),  # type: ignore[typeddict-item]
                "started_at_epoch_ms": bindparam("ended"),  # type: ignore[typeddict-item]
                "child_workflow_id": None,
            },
            bindparam("ended"),  # type: ignore[arg-type]
            asked,  # type: ignore[arg-type]
            owner_xid=_Asked.OWNER,
        )
        self._owner, self._insert = asked.statements

    def insert(self, steps: Sequence[Step]) -> None:
        """Insert them in one transaction.

        Raises what the engine raises where another process has the workflow now, or where a step was made already.
        """
        with self._engine.begin() as connection:
            for workflow_id, owner in dict.fromkeys((step.workflow_id, step.owner) for step in steps):
                if owner is not None and connection.execute(self._owner, {"workflow": workflow_id}).scalar() != owner:
                    raise DBOSWorkflowConflictIDError(workflow_id)
            for step in steps:
                self._insert_one(connection, step)

    def _insert_one(self, connection: Connection, step: Step) -> None:
        row = {
            "workflow": step.workflow_id,
            "number": step.number,
            "name": step.name,
            "made": step.output,
            "written_as": step.serialization,
            "ended": step.ended,
        }
        if any(ended != step.ended for (ended,) in connection.execute(self._insert, row)):
            raise DBOSStepNondeterminismError(step.workflow_id, step.number)


class _Asked:
    """Stands for a connection, and keeps what it is asked."""

    OWNER = "owner"

    def __init__(self) -> None:
        self.statements: list[Executable] = []

    def execute(self, statement: Executable) -> _Asked:
        self.statements.append(statement)
        return self

    def scalar(self) -> str:
        return self.OWNER

    def fetchall(self) -> list[tuple[int]]:
        return []
