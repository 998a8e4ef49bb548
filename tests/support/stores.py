"""Databases as a bot leaves them after its first start: making all tables takes longer than many a story does."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.adapters.database import opened
from bot.adapters.engine_dbos import DBOSEngine
from bot.playground.postgres import Postgres
from bot.research.ports import Journal

_started: list[bytes] = []  # once a process
_started_on: dict[str, str] = {}  # an address for each server's folder


async def started_once(path: Path) -> str:
    """Put there the file of a bot that has started once and done nothing; give its address."""
    if not _started:
        _started.append(await _first_start())
    await asyncio.to_thread(path.write_bytes, _started[0])
    return f"sqlite:///{path}"


async def started_once_on(server: Postgres) -> str:
    """Make there the database of a bot that has started once and done nothing; give its address."""
    if server.folder not in _started_on:
        url = server.fresh()
        await _start(url)
        _started_on[server.folder] = url
    return await asyncio.to_thread(server.fresh, like=_started_on[server.folder])


async def _first_start() -> bytes:
    with TemporaryDirectory() as folder:
        path = f"{folder}/research.sqlite"
        await _start(f"sqlite:///{path}")
        with closing(sqlite3.connect(path)) as connection:
            return connection.serialize()


async def _start(url: str) -> None:
    async with opened(url) as database, DBOSEngine(database).running(_nothing):
        pass


async def _nothing(job: Any, journal: Journal) -> None:
    """No job is given."""
