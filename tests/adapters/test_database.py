"""The database: whose it is, how it is reached, what it survives, and what is said when it fails."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from bot.adapters.database import Database, opened
from bot.adapters.sqlite_file import FileInUse
from bot.playground.postgres import Postgres
from bot.service.errors import StoreDown
from tests.adapters.tables import everything

WAITING = sa.text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
SECRET = "p%40ss-nobody-may-see"


@pytest.fixture
def database(new_database_url: str) -> Iterator[Database]:
    """A database whose tables are not made yet."""
    database = Database(new_database_url)
    yield database
    database.close()


async def test_a_second_bot_on_the_same_file_is_told_what_to_do(tmp_path: Path) -> None:
    """Two engines on one file would both begin with what was left, and post all of it twice."""
    path = f"{tmp_path}/research.sqlite"
    async with opened(f"sqlite:///{path}"):
        with pytest.raises(FileInUse) as refused:
            async with opened(f"sqlite:///{path}"):
                pass
    assert str(refused.value) == (
        f"Another bot serves from {path}. Stop it first, or set DATABASE_URL to another file or to Postgres."
    )


async def test_a_file_may_be_taken_once_its_bot_is_gone(new_sqlite_url: str) -> None:
    """A lock that outlives its process would need somebody at night."""
    for _ in range(2):
        async with opened(new_sqlite_url) as database:
            await database.writable()


async def test_nobody_else_may_read_the_file_at_any_time(tmp_path: Path) -> None:
    """All that was ever researched stands in it, and the machine may have other users."""
    here = tmp_path / "data"
    url, modes = f"sqlite:///{here}/research.sqlite", set[str]()

    def watched(connection: sa.Connection) -> None:
        connection.execute(sa.text("UPDATE pulse SET at = 5"))
        modes.update(f"{path.name} {stat.S_IMODE(path.stat().st_mode):o}" for path in here.iterdir())

    usual = {f"research.sqlite{each} 600" for each in ("", "-wal", "-shm", ".lock")}
    before = os.umask(0)
    try:
        here.mkdir(0o777)
        with closing(Database(url)) as unowned:
            unowned.migrate()
        assert {stat.S_IMODE(path.stat().st_mode) for path in here.iterdir()} == {0o600}
        for _ in range(2):
            async with opened(url) as database:
                await database.run(watched)
            for path in here.iterdir():
                path.chmod(0o664)  # as an earlier release made them
        assert modes == usual
        assert stat.S_IMODE(here.stat().st_mode) == 0o777
    finally:
        os.umask(before)


async def test_another_connection_leaves_the_locks_of_the_first(new_sqlite_url: str, tmp_path: Path) -> None:
    """Whoever opens and closes the file beside SQLite drops them, and the next process takes the log away."""
    async with opened(new_sqlite_url) as database:
        await database.run(write)
        with database.engine.connect(), database.engine.connect():
            looking = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT * FROM pulse').fetchall()"
            other = await asyncio.create_subprocess_exec(sys.executable, "-c", looking, tmp_path / "research.sqlite")
            assert await other.wait() == 0
        assert (tmp_path / "research.sqlite-wal").exists()


async def test_the_folder_of_the_file_is_made(tmp_path: Path) -> None:
    """The path in DATABASE_URL may lead into a volume that is still empty."""
    async with opened(f"sqlite:///{tmp_path}/data/of/the bot/research.sqlite") as database:
        await database.writable()
    assert (tmp_path / "data/of/the bot/research.sqlite").exists()


async def test_tables_are_made_from_nothing_and_left_as_they_are_from_then_on(new_database_url: str) -> None:
    """Each start migrates: the second one must not empty what the first one filled."""
    async with opened(new_database_url) as database:
        await database.run(lambda connection: connection.execute(sa.text("UPDATE pulse SET at = 5")))
    before = await everything(new_database_url)
    async with opened(new_database_url):
        pass
    assert await everything(new_database_url) == before
    assert {name for name, rows in before.items() if rows} == {"pulse", "research_version"}
    assert {"runs", "exports", "feedback"} <= before.keys()
    assert before["pulse"] == [{"at": 5.0}]


def test_every_connection_to_a_file_survives_a_power_cut_and_waits_for_others(
    new_sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was acknowledged must be on the disk, through whichever of its connections it went."""
    monkeypatch.undo()  # other tests do not wait for the disk
    database = Database(new_sqlite_url)
    with database.engine.connect() as one, database.engine.connect() as other:
        assert one.connection.driver_connection is not other.connection.driver_connection
        for connection in (one, other):
            asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "temp_store")
            found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
            assert found == ["wal", 2, 1, 30_000, 2]
    database.close()


def test_a_connection_that_is_given_back_after_the_end_is_closed(new_database_url: str) -> None:
    """The engine's threads may end after the database: on a server their connections would stay there."""
    database = Database(new_database_url)
    held, ended = Event(), Event()
    used = list[Any]()

    def straggler() -> None:
        for _ in range(2):  # in use at the end, and taken after it
            with database.engine.connect() as connection:
                used.append(connection.connection.dbapi_connection)
                held.set()
                ended.wait()

    with ThreadPoolExecutor(1) as threads:
        late = threads.submit(straggler)
        held.wait()
        database.close()
        ended.set()
        late.result()
    assert len(used) == 2
    for connection in used:
        with pytest.raises((sqlite3.ProgrammingError, psycopg.OperationalError), match="closed"):
            connection.execute("SELECT 1")


async def test_every_sqlite_tells_the_time_in_fractions_of_a_second(new_sqlite_url: str) -> None:
    """The engine asks for it on Python 3.12 and newer, SQLite knows it since 3.42, and Debian 12 has 3.40."""
    async with opened(new_sqlite_url) as database:
        made = "CREATE TABLE moments (id INTEGER, at INTEGER NOT NULL DEFAULT (unixepoch('subsec') * 1000))"
        await database.run(lambda connection: connection.exec_driver_sql(made))
        before = time.time()
        await database.run(lambda connection: connection.exec_driver_sql("INSERT INTO moments (id) VALUES (1)"))
        kept = await database.run(lambda connection: connection.exec_driver_sql("SELECT at FROM moments").scalar_one())
    assert int(before * 1000) <= int(kept) <= time.time() * 1000


async def test_a_change_that_fails_in_its_middle_leaves_nothing(database: Database) -> None:
    """Half a change is worse than none."""
    database.migrate()

    def half(connection: sa.Connection) -> None:
        connection.execute(sa.text("UPDATE pulse SET at = 7"))
        connection.execute(sa.text("UPDATE no_such_table SET at = 7"))

    with pytest.raises(StoreDown):
        await database.run(half)
    pulse = await database.run(lambda connection: connection.scalar(sa.text("SELECT at FROM pulse")))
    assert pulse == 0


async def test_a_database_that_can_be_written_is_writable_time_and_again(database: Database) -> None:
    """The page that asks is asked every few seconds."""
    database.migrate()
    for _ in range(3):
        await database.writable()


async def test_a_database_without_our_tables_is_not_writable(database: Database) -> None:
    """Somebody may have dropped them: then nothing can be kept."""
    with pytest.raises(StoreDown):
        await database.writable()


async def test_a_file_that_somebody_else_writes_for_long_is_not_writable(new_sqlite_url: str, tmp_path: Path) -> None:
    """Slack waits three seconds: whoever asks must hear no in time, and yes once it is over."""
    async with opened(new_sqlite_url) as database:
        with closing(sqlite3.connect(tmp_path / "research.sqlite", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(StoreDown, match="no answer in time"):
                await database.run(write, patience=0.05)
            other.execute("ROLLBACK")
        await database.writable()


def write(connection: sa.Connection) -> None:
    connection.execute(sa.text("UPDATE pulse SET at = 1"))


async def test_a_full_disk_is_said_and_the_file_is_good_again_once_there_is_room(new_sqlite_url: str) -> None:
    """A full disk is what an operator meets first; the bot must live through it."""
    async with opened(new_sqlite_url) as database:
        await database.run(fill)
        with pytest.raises(StoreDown, match="the disk is full"):
            await database.run(lambda connection: connection.execute(sa.text("INSERT INTO big VALUES (zeroblob(1e6))")))
        await database.run(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count=1000000"))
        await database.writable()


def fill(connection: sa.Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE big (bytes BLOB)")
    connection.exec_driver_sql("PRAGMA max_page_count=1")  # that is: no more than there are


async def test_a_postgres_that_stops_is_said_and_found_again_when_it_is_back(
    postgres: Postgres, new_postgres_url: str
) -> None:
    """It fails over, it is restarted: nobody should have to restart the bot for it."""
    async with opened(new_postgres_url) as database:
        await database.writable()
        with postgres.away():
            pass
        await database.writable()  # a restart between two questions is not even noticed
        with postgres.away():
            for _ in range(2):
                with pytest.raises(StoreDown, match="could not connect: no such file"):
                    await database.writable()
        await database.writable()


async def test_a_database_that_is_not_there_is_said_without_its_password() -> None:
    """Its driver's own words may hold the password."""
    with pytest.raises(StoreDown) as down:
        async with opened(f"postgresql://bot:{SECRET}@/research?host=/nowhere"):
            pass
    assert str(down.value) == "could not connect: no such file or directory (errno 2)"


async def test_a_path_that_cannot_be_a_file_is_said(tmp_path: Path) -> None:
    """A folder in place of the file is a slip that is easily made, and must not shut the folder."""
    os.chmod(tmp_path, 0o755)
    with pytest.raises(StoreDown):
        async with opened(f"sqlite:///{tmp_path}"):
            pass
    assert stat.S_IMODE(os.stat(tmp_path).st_mode) == 0o755


@pytest.mark.parametrize(
    "url", [f"postgres://bot:{SECRET}@db/research", f"postgresql://bot@/research?host=/run&password={SECRET}"]
)
def test_a_password_is_never_told(url: str) -> None:
    """What is told ends up in logs and on screens."""
    database = Database(url)
    assert "research" in database.told
    for shown in (database.told, repr(database.url), str(database.engine), repr(database)):
        assert SECRET not in shown
        assert "p@ss" not in shown
    database.close()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
async def test_platforms_may_name_postgres_as_they_like(scheme: str, postgres: Postgres) -> None:
    """Heroku's addresses begin with one, nearly all others' with the other; a socket's folder comes as a parameter."""
    async with opened(postgres.fresh().replace("postgresql", scheme, 1)) as database:
        assert not database.is_file
        await database.writable()


async def test_the_loop_is_free_while_the_database_works(database: Database) -> None:
    """Slack's socket must be answered meanwhile."""
    entered, leave = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def work(connection: sa.Connection) -> int:
        loop.call_soon_threadsafe(entered.set)
        asyncio.run_coroutine_threadsafe(leave.wait(), loop).result(5)
        return 1

    under_way = asyncio.create_task(database.run(work, patience=5))
    await entered.wait()
    leave.set()
    assert await under_way == 1


async def test_a_server_that_knows_of_no_encoding_is_spoken_to_in_text(postgres: Postgres) -> None:
    """Some hosts still make databases so; all that it said came as bytes."""
    ascii_only = "CREATE DATABASE of_bytes ENCODING 'SQL_ASCII' TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'"
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as server:
        server.execute(ascii_only)
    async with opened(postgres.url("of_bytes")) as database:
        said = await database.run(lambda connection: connection.scalar(sa.text("SELECT 'größer'")))
    assert said == "größer"
