"""All that stands in a database, our tables and the engine's."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from bot.adapters.database import opened

Rows = list[dict[str, Any]]


async def everything(url: str) -> dict[str, Rows]:
    """The rows of each table by its name."""
    async with opened(url) as database:
        return await database.run(rows, patience=30)  # to look at every table takes its time


def rows(connection: sa.Connection) -> dict[str, Rows]:
    """The same through a connection that is open."""
    tables = sa.MetaData()
    for schema in (None, *({"dbos"} & set(sa.inspect(connection).get_schema_names()))):
        tables.reflect(connection, schema=schema)
    return {
        table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
        for table in tables.tables.values()
    }


def texts(kept: dict[str, Rows], *columns: str) -> list[str]:
    """What stands in the columns of these names, wherever they are."""
    every = [row for rows in kept.values() for row in rows]
    return [row[name] for row in every for name in columns if row.get(name)]
