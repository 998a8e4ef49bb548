"""Print what a hundred kills on each database come to, and what several bots do; exit code 1 if a figure does not hold.

Takes half an hour.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from tempfile import TemporaryDirectory

from bench.figures import Figure, table
from bench.kills import kills
from bench.replicas import figures as replicas
from bot.playground.postgres import served

KILLS = 100


async def figures() -> AsyncIterator[Figure]:
    """Measure all of them."""
    with TemporaryDirectory() as folder:
        async for figure in kills("SQLite", f"sqlite:///{folder}/research.sqlite", KILLS):
            yield figure
    with served() as postgres:
        async for figure in kills("Postgres", postgres.fresh(), KILLS):
            yield figure
    async for figure in replicas():
        yield figure


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(table(figures())) else 1)
