"""The Runs port on the database: one row a run, its document whole, its columns for looking it up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from bot.adapters.database import Database, upsert
from bot.adapters.transcript_sql import ENTRIES, THREADS
from bot.research.errors import StoreDown
from bot.research.model import Run

ONE_GO = 500  # runs that are read together
_TEXTS = ("team", "channel", "asker", "phase", "thread", "document")
_RUNS = sa.Table(
    "runs",
    sa.MetaData(),
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("asked_at", sa.Float),
    sa.Column("public", sa.Boolean),
    *(sa.Column(name, sa.Text) for name in _TEXTS),
)


class SqlRuns:
    """Runs in a table; every method raises StoreDown where the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, run: Run) -> None:
        """Keep a run as it stands, in place of how it stood before."""
        await self._database.run(lambda connection: upsert(connection, _RUNS, _row(run)))

    async def find(self, run_id: str) -> Run | None:
        """The run as it was saved last."""
        found = await self._read(sa.select(_RUNS.c.document).where(_RUNS.c.id == run_id))
        return found[0] if found else None

    async def in_thread(self, thread: str) -> Run | None:
        """The newest run whose thread this is, as Run.thread has it."""
        here = sa.select(_RUNS.c.document).where(_RUNS.c.thread == thread)
        found = await self._read(here.order_by(_RUNS.c.asked_at.desc()).limit(1))
        return found[0] if found else None

    async def latest(self, team: str, channel: str, most: int) -> list[Run]:
        """Runs that were asked for in a channel, the newest first."""
        here = sa.select(_RUNS.c.document).where(_RUNS.c.team == team, _RUNS.c.channel == channel)
        return await self._read(here.order_by(_RUNS.c.asked_at.desc()).limit(most))

    async def by_asker(self, team: str, asker: str, most: int) -> tuple[list[Run], int]:
        """Runs that somebody asked for, the newest first, and how many there are in all."""
        return await self._newest(sa.and_(_RUNS.c.team == team, _RUNS.c.asker == asker), most)

    async def public(self, team: str, most: int) -> tuple[list[Run], int]:
        """The same of runs that everybody in a workspace is known to be able to read."""
        return await self._newest(sa.and_(_RUNS.c.team == team, _RUNS.c.public), most)

    async def since(self, moment: float) -> list[Run]:
        """Runs that were asked for since then, in seconds since the epoch."""
        return await self._read(sa.select(_RUNS.c.document).where(_RUNS.c.asked_at >= moment))

    async def older(self, moment: float) -> list[str]:
        """The ids of runs that were asked for before then."""
        query = sa.select(_RUNS.c.id).where(_RUNS.c.asked_at < moment)
        return await self._database.run(lambda connection: list(connection.scalars(query)))

    async def forget(self, run_ids: Sequence[str]) -> None:
        """Delete all that is kept of these runs, their threads too."""

        def delete(connection: sa.Connection) -> None:
            connection.execute(sa.delete(_RUNS).where(_RUNS.c.id.in_(run_ids)))
            for table in (ENTRIES, THREADS):
                connection.execute(sa.delete(table).where(table.c.run_id.in_(run_ids)))

        await self._database.run(delete)

    async def _newest(self, wanted: sa.ColumnElement[bool], most: int) -> tuple[list[Run], int]:
        counted = sa.select(sa.func.count()).select_from(_RUNS).where(wanted)
        total = await self._database.run(lambda connection: connection.scalar(counted))
        query = sa.select(_RUNS.c.document).where(wanted).order_by(_RUNS.c.asked_at.desc()).limit(most)
        return await self._read(query), total or 0

    async def _read(self, query: sa.Select[Any]) -> list[Run]:
        documents = await self._database.run(lambda connection: list(connection.scalars(query)))
        return [Run.model_validate_json(document) for document in documents]


def copy_runs(source: Database, target: Database) -> int:
    """Copy all runs from one database to another, in place of those of the same name; give how many there are."""
    copied = 0
    try:
        with source.engine.connect() as one, target.engine.begin() as other:
            for table in (ENTRIES, THREADS, _RUNS):
                copied = _copy(table, one, other)
    except SQLAlchemyError as error:
        raise StoreDown(type(error).__name__) from error
    return copied


def _copy(table: sa.Table, source: sa.Connection, target: sa.Connection) -> int:
    copied = 0
    for rows in source.execution_options(yield_per=ONE_GO).execute(sa.select(table)).mappings().partitions():
        for row in rows:
            upsert(target, table, dict(row))
        copied += len(rows)
    return copied


def _row(run: Run) -> dict[str, object]:
    question = run.question
    return {
        "id": run.id,
        "team": question.place.team,
        "channel": question.place.channel,
        "asker": question.asker,
        "asked_at": question.asked_at,
        "public": question.place.public,
        "phase": run.phase.value,
        "thread": run.thread,
        "document": run.model_dump_json(),
    }
