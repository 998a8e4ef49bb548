"""Deleting what is kept of one run, from the command line; the bot may be serving meanwhile."""

from __future__ import annotations

import asyncio

from bot.adapters.database import Database
from bot.adapters.kept_jobs_dbos import KeptJobs
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
        jobs, runs = KeptJobs(database), SqlRuns(database)
        if run_id in [read_id(job_id).run_id for job_id in await asyncio.to_thread(jobs.unfinished)]:
            raise Unfinished
        known = await runs.find(run_id) is not None
        forgotten = await asyncio.to_thread(jobs.forget, [run_id])
        await runs.forget([run_id])
    finally:
        database.close()
    return known or bool(forgotten)
