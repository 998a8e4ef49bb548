"""What happens at night: runs that were kept long enough are deleted, the engine's part of them too."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.service.errors import StoreDown
from bot.service.jobs import read_id
from bot.service.ports import Engine, Runs

log = structlog.get_logger(__name__)

DAY = 86_400  # seconds
NIGHT = 3 * 3_600  # seconds after midnight, UTC: few people wait for anything then
ONE_GO = 500  # runs that are deleted together


@asynccontextmanager
async def housekeeping(runs: Runs, engine: Engine, keep_days: int) -> AsyncIterator[None]:
    """Keep house every night while this is open; nothing is ever deleted with 0 days."""
    nights = asyncio.create_task(_nights(runs, engine, keep_days)) if keep_days else None
    try:
        yield
    finally:
        if nights:
            nights.cancel()
            await asyncio.wait([nights])


async def _nights(runs: Runs, engine: Engine, keep_days: int) -> None:
    while True:
        await asyncio.sleep((NIGHT - time.time()) % DAY)
        try:
            gone = await forget_older(runs, engine, time.time() - keep_days * DAY)
            log.info("runs.expired", runs=gone)
        except StoreDown as error:
            log.error("runs.unexpired", cause=str(error))
        await asyncio.sleep(1)  # past the moment, so that this night is over


async def forget_older(runs: Runs, engine: Engine, moment: float) -> int:
    """Delete the runs that were asked for before a moment (seconds since the epoch); give how many.

    The engine may know of runs that are not kept for people: those that found no place to be shown.
    """
    at_work = {read_id(job_id).run_id for job_id in await engine.unfinished()}
    ids = sorted({*await runs.older(moment), *await engine.older(moment)} - at_work)
    for start in range(0, len(ids), ONE_GO):
        some = ids[start : start + ONE_GO]
        await engine.forget(some)
        await runs.forget(some)
    return len(ids)
