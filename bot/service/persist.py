"""Keeping runs, also when the store is down: what was accepted is not given up because of that."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import chain, repeat
from typing import TypeVar

import structlog

from bot.research.active_run import ActiveRun
from bot.service.errors import StoreDown
from bot.service.ports import Runs

log = structlog.get_logger(__name__)

T = TypeVar("T")

STORE_PAUSES = (1, 2, 5, 10, 30)  # seconds between tries to reach the store; the last one again and again


async def surely(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask the store, however long it is down: an accepted run is not given up for it."""
    for pause in chain(STORE_PAUSES, repeat(STORE_PAUSES[-1])):
        try:
            return await ask()
        except StoreDown as error:
            log.error("store.down", cause=str(error))
            await asyncio.sleep(pause)
    raise AssertionError("the pauses never end")


async def in_order(runs: Runs, live: ActiveRun) -> None:
    """Keep a run as it stands, one state after the other, so that the last one stays. Raises StoreDown."""
    async with live.keeping:
        run = live.run
        await runs.save(run)
        live.kept = run.usage
