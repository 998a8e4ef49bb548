"""The Exports port on the database: a row for each state of a run in each form."""

from __future__ import annotations

import sqlalchemy as sa

from bot.adapters.database import Database
from bot.adapters.tables import EXPORTS, upsert
from bot.service.jobs import Exported, ExportFormat


class SqlExports:
    """Exports in a table; every method raises StoreDown where the database does not answer."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, exported: Exported) -> None:
        """Keep what became of an export, in place of what was kept of it before."""
        row = exported.model_dump(mode="json")
        row["kind"] = row.pop("form")
        await self._database.run(lambda connection: upsert(connection, EXPORTS, row))

    async def find(self, run_id: str, form: ExportFormat, attempt: int) -> Exported | None:
        """What became of the export of a run as it stood after an attempt."""
        key = {"run_id": run_id, "kind": form.value, "attempt": attempt}
        query = sa.select(EXPORTS).filter_by(**key)
        row = await self._database.run(lambda connection: connection.execute(query).mappings().first())
        return Exported.model_validate(dict(row) | {"form": row["kind"]}) if row else None
