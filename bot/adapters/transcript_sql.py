"""The Transcript port on the database: a row for each thing said, a row for each thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from bot.adapters.costs_sql import SqlCosts
from bot.adapters.database import Database
from bot.adapters.tables import ENTRIES, THREADS, insert, upsert
from bot.service.transcript import Entry, ThreadState, Verdict


class SqlTranscript:
    """What was said in threads; every method raises StoreDown where the database does not answer."""

    def __init__(self, database: Database, costs: SqlCosts | None = None) -> None:
        self._database, self._costs = database, costs or SqlCosts(database)
        self._changing = asyncio.Lock()  # SQLite would let two read the same state before either writes

    async def add(self, entries: Sequence[Entry]) -> None:
        """Keep what was said, in place of what was kept of it before; an answer ends a row of asides."""

        def keep(connection: sa.Connection) -> None:
            for entry in entries:
                upsert(connection, ENTRIES, _row(entry))
                self._costs.book(connection, entry.run_id, f"{entry.ts}/{entry.tries}", entry.usage)
            _change(connection, entries[0].run_id, lambda state: state.after(entries))

        async with self._changing:
            await self._database.run(keep)

    async def of(self, run_id: str) -> list[Entry]:
        """All that was said in a run's thread, the oldest first."""
        here = sa.select(ENTRIES.c.document).where(ENTRIES.c.run_id == run_id).order_by(ENTRIES.c.ts, ENTRIES.c.ours)
        documents = await self._database.run(lambda connection: list(connection.scalars(here)))
        return [Entry.model_validate_json(document) for document in documents]

    async def state(self, run_id: str) -> ThreadState:
        """How a thread stands."""
        return await self._database.run(lambda connection: _state(connection, run_id))

    async def change(self, run_id: str, how: Callable[[ThreadState], ThreadState]) -> ThreadState:
        """Let a thread stand otherwise, with nothing changed in between; give how it stood before."""
        async with self._changing:
            return await self._database.run(lambda connection: _change(connection, run_id, how))

    async def asked(self, since: float, author: str = "", run_id: str = "") -> list[float]:
        """When one person asked, or all in one thread, since a moment (seconds since the epoch), oldest first."""
        wanted = [ENTRIES.c.at >= since, ENTRIES.c.ours.is_(False), ENTRIES.c.verdict != Verdict.IGNORED.value]
        wanted += [ENTRIES.c.author == author] if author else []
        wanted += [ENTRIES.c.run_id == run_id] if run_id else []
        moments = sa.select(ENTRIES.c.at).where(*wanted).order_by(ENTRIES.c.at)
        return await self._database.run(lambda connection: list(connection.scalars(moments)))


def _state(connection: sa.Connection, run_id: str, held: bool = False) -> ThreadState:
    query = sa.select(THREADS.c.document).where(THREADS.c.run_id == run_id)
    document = connection.scalar(query.with_for_update() if held else query)
    return ThreadState.model_validate_json(document) if document else ThreadState(run_id=run_id)


def _change(connection: sa.Connection, run_id: str, how: Callable[[ThreadState], ThreadState]) -> ThreadState:
    insert(connection, THREADS, {"run_id": run_id, "document": ThreadState(run_id=run_id).model_dump_json()})
    before = _state(connection, run_id, held=True)
    upsert(connection, THREADS, {"run_id": run_id, "document": how(before).model_dump_json()})
    return before


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "run_id": entry.run_id,
        "ts": entry.ts,
        "ours": entry.ours,
        "author": entry.author,
        "at": entry.at,
        "verdict": entry.verdict.value,
        "document": entry.model_dump_json(),
    }
