"""The database: a SQLite file that one process owns, or Postgres; its address, its connections, its tables' history."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from contextvars import copy_context
from pathlib import Path
from typing import Any, TypeVar, cast

import alembic.command
import alembic.config
import psycopg
import sqlalchemy as sa
from alembic.util import CommandError
from sqlalchemy.exc import SQLAlchemyError

from bot.adapters import sqlite_file
from bot.adapters.causes import down

T = TypeVar("T")

CONNECT_SECONDS = 5  # how long Postgres may take to greet
PATIENCE = 2.0  # seconds that a question may wait for the database: Slack waits three for its ack
THREADS = 4  # for our own tables on a server; the engine has its own
MIGRATING = 0x72657366  # "resf": the advisory lock of whoever changes a server's tables
# A connection that a network swallowed is given up after half a minute, not after the kernel's quarter of an hour. What
# it says is text, also from a server that knows of no encoding (SQL_ASCII).
SESSION: dict[str, int | str] = {
    "client_encoding": "utf8",
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds
}

# A machine that is gone, or stands still, in the middle of a transaction must not keep others from what it changed.
LET_GO = "SET idle_in_transaction_session_timeout = 5000"  # milliseconds

_BEAT = sa.text("UPDATE pulse SET at = :now")  # in seconds since the epoch


class Connections(sa.QueuePool):
    """A pool that closes, once it is closed, whatever comes back to it: the engine's threads may end after it."""

    closed = False

    def close(self) -> None:
        """Close what is here now, and from now on whatever is given back."""
        self.closed = True
        self.dispose()

    def _do_return_conn(self, record: sa.pool.ConnectionPoolEntry) -> None:
        super()._do_return_conn(record)
        if self.closed:  # asked once it lies there, so that none slips in behind a close that is under way
            self.dispose()


class Database:
    """Connections to one database; ``url`` is as in DATABASE_URL.

    ``failures`` counts how often something could not be done there, be it for the engine.
    """

    def __init__(self, url: str) -> None:
        self.url = _address(url)
        self.engine = sa.create_engine(self.url, poolclass=Connections, **_options(self.url))
        self.patience = PATIENCE  # seconds
        self.failures = 0
        # One thread for a file, which has one writer anyway: what was given up must not land after what came later.
        self._threads = ThreadPoolExecutor(1 if self.is_file else THREADS, thread_name_prefix="database")
        self._lock: int | None = None
        if self.is_file:
            sa.event.listen(self.engine, "do_connect", lambda *_: sqlite_file.make_private(self.url.database or ""))
            sa.event.listen(self.engine, "connect", sqlite_file.prepare)
        else:
            sa.event.listen(self.engine, "connect", _prepare)

    @property
    def is_file(self) -> bool:
        """Whether it is a SQLite file."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def exists(self) -> bool:
        """Whether there is something to open; of a server that is for the server to say."""
        return not self.is_file or os.path.exists(self.url.database or "")  # the folder may be closed to us

    @property
    def told(self) -> str:
        """The address without its password; a file's with its whole path."""
        url = self.url.set(drivername=self.url.get_backend_name())
        if self.is_file:
            url = url.set(database=str(Path(self.url.database or "").absolute()))
        return url.render_as_string(hide_password=True)

    def failed(self) -> None:
        """Count something that could not be done."""
        self.failures += 1

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Raise StoreDown for whatever the database raises meanwhile, and count it."""
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, CommandError, OSError) as error:  # a time-out is an OSError too
            self.failed()
            raise down(error) from error

    def own(self) -> None:
        """Take the file for this process alone, until the process ends; raises FileInUse, StoreDown."""
        if self.is_file and self.url.database:
            self._lock = sqlite_file.owned(Path(self.url.database))

    def migrate(self) -> None:
        """Bring our tables up to date, one process at a time; raises StoreDown."""
        config = alembic.config.Config()
        config.set_main_option("script_location", "bot.adapters:migrations")
        with self.failing(), self.engine.begin() as connection:
            if not self.is_file:
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATING})
            config.attributes["connection"] = connection
            alembic.command.upgrade(config, "head")

    async def run(self, work: Callable[[sa.Connection], T], patience: float | None = None) -> T:
        """Do something in a transaction, in a thread; raises StoreDown if it cannot be done, or not in that time."""

        def transaction() -> T:
            with self.engine.begin() as connection:
                return work(connection)

        named = copy_context()  # what is logged in that thread names its run too
        with self.failing():
            async with asyncio.timeout(self.patience if patience is None else patience):
                done = await asyncio.get_running_loop().run_in_executor(self._threads, named.run, transaction)
        return done

    async def takes_changes(self) -> None:
        """See that something could be kept, and keep nothing, nor make a file; raises StoreDown."""
        if self.is_file:
            await asyncio.to_thread(sqlite_file.try_out, Path(self.url.database or ""))
        if self.exists:
            await self.run(_change_nothing, patience=CONNECT_SECONDS + 1)

    async def writable(self) -> None:
        """See that something can be kept now; raises StoreDown."""
        await self.run(lambda connection: connection.execute(_BEAT, {"now": time.time()}))

    def close(self) -> None:
        """Close all connections, those in use as soon as they are given back, and let go of the file."""
        self._threads.shutdown(wait=True)
        cast(Connections, self.engine.pool).close()
        if self._lock is not None:
            os.close(self._lock)


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """The database, owned by this process and up to date. Raises FileInUse, StoreDown."""
    database = Database(url)
    try:
        database.own()
        await asyncio.to_thread(database.migrate)
        yield database
    finally:
        database.close()


def _change_nothing(connection: sa.Connection) -> None:
    """Take the steps of a change, or of the first start on a server, and undo them."""
    for step in _steps(connection):
        connection.exec_driver_sql(step)
    connection.rollback()


def _steps(connection: sa.Connection) -> list[str]:
    table = "CREATE TABLE research_check (at integer)"
    if connection.dialect.name == "sqlite":
        return ["BEGIN IMMEDIATE", table]
    known = sa.inspect(connection)
    ours = "UPDATE pulse SET at = at WHERE false" if known.has_table("pulse") else table
    return [ours] if known.has_schema("dbos") else [ours, "CREATE SCHEMA research_check"]  # the engine makes its own


def _address(url: str) -> sa.URL:
    """What SQLAlchemy wants to read: platforms say postgres://, and our driver is psycopg."""
    address = sa.make_url(url.replace("postgres://", "postgresql://", 1) if url.startswith("postgres://") else url)
    password = address.query.get("password")  # Postgres takes it there too, where nothing would hide it
    if isinstance(password, str):
        address = address.set(password=password).difference_update_query(["password"])
    return address.set(drivername="postgresql+psycopg") if address.drivername == "postgresql" else address


def _prepare(connection: psycopg.Connection, record: object) -> None:
    connection.execute(LET_GO)
    connection.commit()


def _options(url: sa.URL) -> dict[str, Any]:
    if url.get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": sqlite_file.BUSY_MILLISECONDS / 1000}}
    return {
        "pool_size": 10,
        "max_overflow": 10,
        "pool_pre_ping": True,
        "connect_args": {"connect_timeout": CONNECT_SECONDS} | SESSION,
    }
