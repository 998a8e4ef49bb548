"""The SQLite file of a bot: one process owns it, nobody else reads it, and its connections survive a power cut."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

import structlog

from bot.adapters.causes import cause
from bot.research.errors import StoreDown

log = structlog.get_logger(__name__)

BUSY_MILLISECONDS = 30_000  # how long a writer waits for another
NEEDED = (3, 35)  # RETURNING, which the engine uses
SUBSECONDS = (3, 42)  # unixepoch('subsec'), which the engine asks for on Python 3.12 and newer
PRIVATE = 0o600
BESIDE = ("", "-wal", "-shm", "-journal", ".lock")  # what SQLite and we put beside the file
IN_USE = "Another bot serves from {path}. Stop it first, or set DATABASE_URL to another file or to Postgres."
ELSEWHERE = "{folder} cannot be written: {cause}. Set DATABASE_URL to a file in another folder, or to Postgres"


class FileInUse(Exception):
    """Another process serves from this file; the text says what to do."""


def owned(path: Path) -> int:
    """Take a file for this process alone; the lock's descriptor, to be closed. Raises FileInUse, StoreDown."""
    if sqlite3.sqlite_version_info < NEEDED:
        raise StoreDown(f"SQLite 3.35 or newer is needed, this Python has {sqlite3.sqlite_version}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, PRIVATE)
        _locked(lock, path)
    except OSError as error:
        raise StoreDown(ELSEWHERE.format(folder=path.parent.absolute(), cause=cause(error))) from error
    for each in BESIDE:
        _tighten(f"{path}{each}")
    return lock


def make_private(path: str) -> None:
    """Make an empty file where there is none: SQLite would make one that others may read. Its own follow its mode.

    A file that is there is never opened: closing it would drop the locks that SQLite holds on it in this process.
    """
    with suppress(OSError):  # where it cannot be made, SQLite says so
        os.close(os.open(path, os.O_RDONLY | os.O_CREAT | os.O_EXCL, PRIVATE))


def prepare(connection: sqlite3.Connection, record: object) -> None:
    """Write-ahead log, so that readers do not wait; FULL, so that what was committed survives a power cut."""
    if sqlite3.sqlite_version_info < SUBSECONDS:
        connection.create_function("unixepoch", 1, _unixepoch)
    connection.isolation_level = "IMMEDIATE"
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "temp_store=MEMORY",  # a container may have no other folder to write to
    ):
        connection.execute(f"PRAGMA {pragma}")


def _unixepoch(word: str) -> float:
    """The time, in seconds since the epoch, as newer releases of SQLite give it."""
    if word != "subsec":
        raise ValueError("only subsec is known here")
    return time.time()


def _locked(lock: int, path: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise FileInUse(IN_USE.format(path=path)) from None
    except OSError:
        os.close(lock)
        raise


def _tighten(path: str) -> None:
    """Take from others what an earlier release or a copy gave them; on a file of somebody else's only say so."""
    try:
        if os.stat(path).st_mode & 0o077:
            os.chmod(path, PRIVATE)
    except FileNotFoundError:
        pass
    except OSError as error:
        log.warning("database.readable_by_others", file=path, cause=cause(error))
