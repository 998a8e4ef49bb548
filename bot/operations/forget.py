"""Deleting what is kept of one run, from the command line; the bot may be serving meanwhile."""

from __future__ import annotations

import asyncio

from bot.adapters.database import Database
from bot.adapters.engine_dbos import forget_jobs, unfinished_jobs
from bot.adapters.runs_sql import SqlRuns
from bot.service.jobs import read_id


class Nowhere(Exception):
    """There is no such file; the text is its address."""


class Unfinished(Exception):
    """The run is still under way, so that deleting it now would not last."""


async def forget(run_id: str, database_url: str) -> bool:
    """Delete a run, the engine's part of it too; False if nothing is kept of it.

    Raises Nowhere, Unfinished, StoreDown.
    """
    database = Database(database_url)
    if not database.exists:
        raise Nowhere(database.told)
    try:
        await asyncio.to_thread(database.migrate)
        if run_id in [read_id(job_id).run_id for job_id in await asyncio.to_thread(unfinished_jobs, database)]:
            raise Unfinished
        runs = SqlRuns(database)
        known = await runs.find(run_id) is not None
        jobs = await asyncio.to_thread(forget_jobs, database, [run_id])
        await runs.forget([run_id])
    finally:
        database.close()
    return known or bool(jobs)
