"""Taking what is kept from one database to another, for instance from a SQLite file to Postgres."""

from __future__ import annotations

import asyncio

from bot.adapters.database import Database
from bot.adapters.kept_jobs_dbos import KeptJobs
from bot.adapters.tables import copy
from bot.operations.forget import Nowhere
from bot.service.errors import StoreDown


class Unfinished(Exception):
    """Runs there have not ended; the text is how many."""


async def move(source_url: str, target_url: str) -> int:
    """Copy all that is kept of runs, in place of those of the same name; give how many.

    Raises Nowhere, Unfinished, FileInUse, StoreDown.
    """
    source, target = Database(source_url), Database(target_url)
    if not source.exists:
        raise Nowhere(source.told)
    try:
        for database in (source, target):
            await asyncio.to_thread(_open, database)
        if unfinished := await asyncio.to_thread(KeptJobs(source).unfinished):
            raise Unfinished(str(len(unfinished)))
        return await asyncio.to_thread(copy, source, target)
    finally:
        source.close()
        target.close()


def _open(database: Database) -> None:
    """Of two databases a failure says which one it is about."""
    try:
        database.own()
        database.migrate()
    except StoreDown as error:
        raise StoreDown(f"{database.told}: {error}", error.todo) from error
