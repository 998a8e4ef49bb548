"""The SQLite file of a bot: one process owns it, nobody else reads it, and its connections survive a power cut."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog

from bot.adapters.causes import cause, down
from bot.service.errors import StoreDown

log = structlog.get_logger(__name__)

BUSY_MILLISECONDS = 30_000  # how long a writer waits for another
SYNCHRONOUS = "FULL"  # what was committed survives a power cut
NEEDED = (3, 35)  # RETURNING, which the engine uses
SUBSECONDS = (3, 42)  # unixepoch('subsec'), which the engine asks for on Python 3.12 and newer
PRIVATE = 0o600
BESIDE = ("", "-wal", "-shm", "-journal", ".lock")  # what SQLite and we put beside the file
IN_USE = "Another bot serves from {path}. Stop it first, or set DATABASE_URL to another file or to Postgres."
NOT_WRITTEN = "{where} cannot be written"
TOO_OLD = "SQLite 3.35 or newer is needed, this Python has {version}"
TRIAL = 1_000_000  # bytes, about what a new database and its log take


class FileInUse(Exception):
    """Another process serves from this file; the text says what to do."""


def owned(path: Path) -> int:
    """Take a file for this process alone; the lock's descriptor, to be closed. Raises FileInUse, StoreDown."""
    _see_release()
    with _writing(path.parent.absolute()):
        return _taken(path)


def _see_release() -> None:
    if sqlite3.sqlite_version_info < NEEDED:
        raise StoreDown(TOO_OLD.format(version=sqlite3.sqlite_version), "Start the bot with a newer Python")


def _taken(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, PRIVATE)
    _locked(lock, path)
    for each in BESIDE:
        _tighten(f"{path}{each}")
    return lock


def try_out(path: Path) -> None:
    """See that a file could be made and written there, and leave nothing behind; raises StoreDown.

    It is tried in a folder of its own beside it, or beside the first of its folders that is still to be made.
    """
    _see_release()
    file = Path(os.path.realpath(path))
    there = file.parent
    while not os.path.lexists(there):
        there = there.parent
    with _writing(there), TemporaryDirectory(prefix=".research-check-", dir=there) as folder:
        _try_file(Path(folder) / (file.name or "research.sqlite"))
    if os.path.isdir(file) or (os.path.exists(file) and not os.access(file, os.W_OK)):
        with _writing(file):  # SQLite would read it, and leave files beside it
            os.close(os.open(file, os.O_RDWR))  # it fails, and says why


@contextmanager
def _writing(where: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise down(error, NOT_WRITTEN.format(where=where)) from error


def _try_file(path: Path) -> None:
    lock = _taken(path)
    try:
        with closing(sqlite3.connect(path)) as connection:
            prepare(connection, None)
            connection.execute("CREATE TABLE tried (x)")
            connection.execute("INSERT INTO tried VALUES (zeroblob(?))", (TRIAL,))
            connection.commit()
    finally:
        os.close(lock)


def make_private(path: str) -> None:
    """Make an empty file where there is none: SQLite would make one that others may read. Its own follow its mode.

    A file that is there is never opened: closing it would drop the locks that SQLite holds on it in this process.
    """
    with suppress(OSError):  # where it cannot be made, SQLite says so
        os.close(os.open(path, os.O_RDONLY | os.O_CREAT | os.O_EXCL, PRIVATE))


def prepare(connection: sqlite3.Connection, record: object) -> None:
    """Write-ahead log, so that readers do not wait; each connection keeps what it commits as the others do."""
    if sqlite3.sqlite_version_info < SUBSECONDS:
        connection.create_function("unixepoch", 1, _unixepoch)
    connection.isolation_level = "IMMEDIATE"
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        f"synchronous={SYNCHRONOUS}",
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
        mode = os.stat(path).st_mode
        if stat.S_ISREG(mode) and mode & 0o077:  # a folder that was named by mistake stays as it is
            os.chmod(path, PRIVATE)
    except FileNotFoundError:
        pass
    except OSError as error:
        log.warning("database.readable_by_others", file=path, cause=cause(error))
