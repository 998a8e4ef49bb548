"""Deleting what is kept of one run, from the command line; the bot may be serving meanwhile."""

from __future__ import annotations

import asyncio

from bot.adapters.database import Database
from bot.adapters.engine_dbos import forget_orders
from bot.adapters.runs_sql import SqlRuns


async def forget(run_id: str, database_url: str) -> bool:
    """Delete a run, the engine's part of it too; False if nothing is kept of it. Raises StoreDown."""
    database = Database(database_url)
    try:
        await asyncio.to_thread(database.migrate)
        runs = SqlRuns(database)
        known = await runs.find(run_id) is not None
        orders = await asyncio.to_thread(forget_orders, database, [run_id])
        await runs.forget([run_id])
    finally:
        database.close()
    return known or bool(orders)
