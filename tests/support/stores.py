"""Files as a bot leaves them after its first start: making all tables takes longer than many a story does."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.adapters.database import opened
from bot.adapters.engine_dbos import DBOSEngine
from bot.research.ports import Journal

_started: list[bytes] = []  # once a process


async def started_once(path: Path) -> str:
    """Put there the file of a bot that has started once and done nothing; give its address."""
    if not _started:
        _started.append(await _first_start())
    await asyncio.to_thread(path.write_bytes, _started[0])
    return f"sqlite:///{path}"


async def _first_start() -> bytes:
    with TemporaryDirectory() as folder:
        path = f"{folder}/research.sqlite"
        async with opened(f"sqlite:///{path}") as database, DBOSEngine(database).running(_nothing):
            pass
        with closing(sqlite3.connect(path)) as connection:
            return connection.serialize()


async def _nothing(job: Any, journal: Journal) -> None:
    """No job is given."""
