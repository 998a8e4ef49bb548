"""Why a database fails, against real ones: told in words and with a code, and without a secret."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.adapters import sqlite_file
from bot.adapters.causes import cause, explained
from bot.adapters.database import Database, opened
from bot.playground.postgres import Postgres
from bot.service.errors import StoreDown

SECRET = "pass-nobody-may-see"
ROLES = """
CREATE ROLE keyed LOGIN PASSWORD 'right';
CREATE ROLE few LOGIN CONNECTION LIMIT 0;
CREATE ROLE guest LOGIN;
CREATE ROLE nologin;
CREATE DATABASE shut ALLOW_CONNECTIONS false;
CREATE DATABASE forbidden;
REVOKE CONNECT ON DATABASE forbidden FROM PUBLIC
"""
HOST_RULES = "local all keyed scram-sha-256\nlocal all outcast reject\nlocal all peered peer\n"


@pytest.fixture(scope="module")
def guarded(postgres: Postgres) -> Postgres:
    """A server that does not let everybody in everywhere."""
    rules = Path(postgres.folder) / "pg_hba.conf"
    rules.write_text(HOST_RULES + rules.read_text(encoding="utf-8"), encoding="utf-8")
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        for statement in ROLES.split(";"):
            connection.execute(statement.encode())
        connection.execute("SELECT pg_reload_conf()")
    return postgres


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("keyed:{secret}@/postgres?host={here}", "password authentication failed (SQLSTATE 28P01)"),
        ("keyed@/postgres?host={here}", "the server wants a password, and DATABASE_URL has none"),
        ("outcast@/postgres?host={here}", "the server does not let this user in (SQLSTATE 28000)"),
        ("peered@/postgres?host={here}", "the server does not let this user in (SQLSTATE 28000)"),
        ("nobody@/postgres?host={here}", "the server does not let this user in (SQLSTATE 28000)"),
        ("nologin@/postgres?host={here}", "the server does not let this user in (SQLSTATE 28000)"),
        ("postgres@/nothing?host={here}", "the database does not exist (SQLSTATE 3D000)"),
        ("guest@/shut?host={here}", "the database takes no connections (SQLSTATE 55000)"),
        ("guest@/forbidden?host={here}", "the user lacks a privilege (SQLSTATE 42501)"),
        ("few@/postgres?host={here}", "too many connections (SQLSTATE 53300)"),
        ("postgres@/postgres?host={here}&unknown={secret}", "an option in DATABASE_URL is not known"),
        ("postgres@/postgres?host={here}&sslmode={secret}", "its sslmode is not known"),
        ("bot:{secret}@/research?host=/nowhere", "no such file or directory (errno 2)"),
        ("bot:{secret}@127.0.0.1:1/research", "connection refused (errno 111)"),
        ("bot:{secret}@[::1],127.0.0.1:1/research", ""),
        ("bot:{secret}@no-such-host.invalid/research", "the name of its host is not known"),
    ],
)
async def test_a_postgres_that_does_not_let_us_in_is_told_by_what_to_mend(
    address: str, told: str, guarded: Postgres
) -> None:
    """A password, a firewall and a typing mistake are mended by three people."""
    with pytest.raises(StoreDown) as down:
        async with opened("postgresql://" + address.format(here=guarded.folder, secret=SECRET)):
            pass
    assert str(down.value).startswith("could not connect: ")
    assert str(down.value).endswith(told)
    assert not [word for word in (SECRET, guarded.folder, "keyed", "OperationalError") if word in str(down.value)]


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (["SELECT 1 FROM nothing"], "a table is missing (SQLSTATE 42P01)"),
        (["SELECT 1 / 0"], "a value was not accepted (SQLSTATE 22012)"),
        (["SET TRANSACTION READ ONLY", "CREATE TABLE x (y int)"], "the server takes no changes, it is read-only"),
        (["SET statement_timeout = 1", "SELECT pg_sleep(60)"], "query canceled (SQLSTATE 57014)"),
        (["SELECT pg_terminate_backend(pg_backend_pid())"], "the server was stopped (SQLSTATE 57P01)"),
        (["DO $$ BEGIN RAISE 'x' USING ERRCODE = '53100'; END $$"], "the disk is full (SQLSTATE 53100)"),
        (["DO $$ BEGIN RAISE 'x' USING ERRCODE = 'YY123'; END $$"], "the server reports an error (SQLSTATE YY123)"),
    ],
)
async def test_a_postgres_that_fails_later_is_told_by_its_state(
    statements: list[str], told: str, postgres: Postgres
) -> None:
    """The first thing that whoever runs it looks up."""
    database = Database(postgres.url("postgres"))
    with closing(database), pytest.raises(StoreDown) as down:
        await database.run(lambda connection: [connection.exec_driver_sql(each) for each in statements], 60)
    assert str(down.value).startswith(told)


def not_a_database(path: Path) -> None:
    path.write_bytes(b"once upon a time " * 100)


def damaged(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE runs (id TEXT); CREATE TABLE more (id TEXT)")
    content = path.read_bytes()
    path.write_bytes(content[:100] + b"\xff" * 200 + content[300:])


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE research_version (version_num TEXT)")
        connection.execute("INSERT INTO research_version VALUES ('a-later-one')")
        connection.commit()


def somebody_elses(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE runs (miles INTEGER)")


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (Path.mkdir, "the file cannot be opened (SQLITE_CANTOPEN)"),
        (not_a_database, "the file is not a database (SQLITE_NOTADB)"),
        (damaged, "the file is damaged (SQLITE_CORRUPT)"),
        (newer, "its tables are those of another release of the bot"),
        (somebody_elses, "a statement failed (SQLITE_ERROR)"),
    ],
)
async def test_a_file_that_cannot_be_used_is_told_by_what_it_is(
    make: Callable[[Path], object], told: str, tmp_path: Path
) -> None:
    """A wrong path and a lost backup look alike until somebody says which it is."""
    make(tmp_path / "research.sqlite")
    with pytest.raises(StoreDown) as down:
        async with opened(f"sqlite:///{tmp_path}/research.sqlite"):
            pass
    assert str(down.value).endswith(told)


@pytest.mark.parametrize(
    ("statements", "told"),
    [
        (["PRAGMA query_only = ON", "CREATE TABLE x (y)"], "the file cannot be written (SQLITE_READONLY)"),
        (["PRAGMA max_page_count = 1", "CREATE TABLE x (y)"], "the disk is full (SQLITE_FULL)"),
        (["CREATE TABLE x (y UNIQUE)", "INSERT INTO x VALUES (1), (1)"], "a rule of the tables was broken"),
        (["SELECT zeroblob(2000000000)"], "a value is too large (SQLITE_TOOBIG)"),
        (["SELECT * FROM nothing"], "a statement failed (SQLITE_ERROR)"),
    ],
)
async def test_a_file_that_fails_later_is_told_by_its_code(statements: list[str], told: str, sqlite_url: str) -> None:
    """Full, read-only and broken are three different nights."""
    async with opened(sqlite_url) as database:
        with pytest.raises(StoreDown) as down:
            await database.run(lambda connection: [connection.exec_driver_sql(each) for each in statements], 60)
    assert str(down.value).startswith(told)


def test_a_file_that_somebody_else_writes_is_told_as_locked(tmp_path: Path) -> None:
    """It is the backup that somebody started by hand, as a rule."""
    path = tmp_path / "research.sqlite"
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as one,
        closing(sqlite3.connect(path, timeout=0)) as other,
    ):
        one.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.Error) as failed:
            other.execute("CREATE TABLE x (y)")
    assert cause(failed.value) == "the file is locked by another process (SQLITE_BUSY)"


@pytest.mark.parametrize(
    ("number", "told"),
    [
        (errno.EROFS, "read-only file system (errno 30)"),
        (errno.EACCES, "permission denied (errno 13)"),
        (errno.ENOSPC, "no space left on device (errno 28)"),
        (errno.EMFILE, "too many open files (errno 24)"),
        (errno.ENOLCK, "no locks available (errno 37)"),
    ],
)
def test_what_the_system_refuses_is_told_by_its_number(number: int, told: str) -> None:
    """The same words as everywhere else on that machine, and nothing of the path."""
    assert cause(OSError(number, os.strerror(number), f"/{SECRET}")) == told


async def test_a_folder_that_cannot_be_written_is_told_with_what_to_set(tmp_path: Path) -> None:
    """The default is the folder where the bot is started, and in containers that one is often read-only."""
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(StoreDown) as down:
        async with opened(f"sqlite:///{tmp_path}/data/research.sqlite"):
            pass
    assert str(down.value) == f"{tmp_path}/data cannot be written: file exists (errno 17)"
    assert down.value.todo.startswith("Set DATABASE_URL to a file in another folder")


async def test_a_lock_that_the_file_system_does_not_know_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some network disks have none: then nobody can know that one bot alone serves from the file."""

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(StoreDown, match="no locks available"):
        sqlite_file.owned(tmp_path / "research.sqlite")


def test_a_sqlite_that_is_too_old_is_told_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the first command fails, in the middle of being kept."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 34, 1))
    with pytest.raises(StoreDown, match=r"SQLite 3\.35 or newer is needed"):
        sqlite_file.owned(tmp_path / "research.sqlite")
    assert list(tmp_path.iterdir()) == []


async def test_what_takes_too_long_is_told_as_that() -> None:
    """A database that is slow is another problem than one that is gone."""
    with pytest.raises(TimeoutError) as late:
        async with asyncio.timeout(0):
            await asyncio.Event().wait()
    assert cause(late.value) == "no answer in time"
    assert cause(sa.exc.TimeoutError()) == "all connections are in use"


REACHED = 'connection to server at "db.example" (10.0.0.7), port 5432 failed: '
ENTRY = 'FATAL:  no pg_hba.conf entry for host "10.0.0.8", user "bot", database "research", '


@pytest.mark.parametrize(
    ("said", "told", "todo"),
    [
        ("Connection refused\n\tIs the server running on that host?", "connection refused (errno 111)", "server runs"),
        ("No route to host", "no route to host (errno 113)", "firewalls"),
        ("timeout expired", "no answer in time", "firewalls"),
        (
            'FATAL:  password authentication failed for user "bot"',
            "(SQLSTATE 28P01)",
            "password into DATABASE_URL anew",
        ),
        ("FATAL:  Tenant or user not found", "(SQLSTATE 28000)", "right user"),
        ('FATAL:  role "bot" does not exist', "(SQLSTATE 28000)", "right user"),
        ('FATAL:  PAM authentication failed for user "bot"', "(SQLSTATE 28000)", "right user"),
        ('FATAL:  database "research" does not exist', "the database does not exist (SQLSTATE 3D000)", "Create it"),
        ("FATAL:  no such database: research", "the database does not exist (SQLSTATE 3D000)", "Create it"),
        ("FATAL:  sorry, too many clients already", "too many connections (SQLSTATE 53300)", "allow more"),
        ("FATAL:  no more connections allowed (max_client_conn)", "(SQLSTATE 53300)", "allow more"),
        ("FATAL:  MaxClientsInSessionMode: max clients reached - in Session mode", "(SQLSTATE 53300)", "allow more"),
        ("FATAL:  remaining connection slots are reserved for roles with", "(SQLSTATE 53300)", "allow more"),
        (
            'FATAL:  could not write lock file "postmaster.pid": No space left on device',
            "the disk is full (SQLSTATE 53100)",
            "Make room",
        ),
        ("FATAL:  the database system is starting up", "(SQLSTATE 57P03)", "in a minute"),
        (f"{ENTRY}no encryption", "that is not encrypted (SQLSTATE 28000)", "?sslmode=require"),
        (f"{ENTRY}SSL off", "that is not encrypted (SQLSTATE 28000)", "?sslmode=require"),
        ("FATAL:  SSL connection is required. Please specify SSL options.", "is not encrypted", "?sslmode=require"),
        ("ERROR:  connection is insecure (try using `sslmode=require`)", "is not encrypted", "?sslmode=require"),
        ("FATAL:  SSL required", "is not encrypted", "?sslmode=require"),
        (
            f"{ENTRY}SSL encryption\n{REACHED}{ENTRY}no encryption",
            "let this user in (SQLSTATE 28000)",
            "from this machine",
        ),
        (
            f'FATAL:  password authentication failed for user "bot"\n{REACHED}{ENTRY}no encryption',
            "password authentication failed (SQLSTATE 28P01)",
            "password into DATABASE_URL anew",
        ),
        (
            f'FATAL:  database "research" does not exist\n{REACHED}{ENTRY}no encryption',
            "the database does not exist (SQLSTATE 3D000)",
            "Create it",
        ),
        ("server does not support SSL, but SSL was required", "does not speak TLS", "Take sslmode out"),
        ('root certificate file "/root.crt" does not exist', "its certificate is not accepted", "sslrootcert"),
        ("received invalid response to SSL negotiation: H", "what answers there is no Postgres", "host and port"),
        ('invalid port number: "99999"', "its port is none", "its port"),
        (
            "channel binding required, but server did not offer it",
            "as DATABASE_URL asks for",
            "sslmode and sslrootcert",
        ),
    ],
)
def test_a_refused_connection_is_told_by_what_to_do_about_it(said: str, told: str, todo: str) -> None:
    """Whoever is woken has one line, and a dozen settings to doubt."""
    found = explained(psycopg.OperationalError(f"{REACHED}{said}"))
    assert found.told.startswith("could not connect: ")
    assert told in found.told
    assert todo in found.todo


@pytest.mark.parametrize(
    ("error", "todo"),
    [
        (OSError(errno.ENOSPC, "x"), "Make room"),
        (OSError(errno.EDQUOT, "x"), "Make room"),
        (OSError(errno.EROFS, "x"), "Let the bot's user write"),
        (PermissionError(errno.EACCES, "x"), "Let the bot's user write"),
        (NotADirectoryError(errno.ENOTDIR, "x"), "in another folder"),
        (OSError(errno.ENAMETOOLONG, "x"), "in another folder"),
        (OSError(errno.EMFILE, "x"), "open files"),
        (TimeoutError(), "Try again"),
        (psycopg.errors.DiskFull("x"), "Make room"),
        (psycopg.errors.InsufficientPrivilege("x"), "(GRANT)"),
        (psycopg.errors.ReadOnlySqlTransaction("x"), "that takes changes"),
        (psycopg.errors.TooManyConnections("x"), "allow more"),
        (psycopg.errors.UndefinedFunction("x"), "See that DATABASE_URL is right"),
    ],
)
def test_what_fails_is_told_with_what_to_do(error: Exception, todo: str) -> None:
    """A full disk is mended by somebody else than a wrong path."""
    assert todo in explained(error).todo


def test_what_nobody_foresaw_is_told_without_the_names_of_our_code() -> None:
    """A class is no news to whoever set an address; the log has it for us."""
    with capture_logs() as logs:
        found = [explained(each("x")).told for each in (ValueError, psycopg.OperationalError, sqlite3.Error)]
    assert found == ["an unforeseen error"] * 3
    assert [line["kind"] for line in logs] == ["ValueError", "OperationalError", "Error"]


@given(st.text(), st.sampled_from([psycopg.OperationalError, psycopg.DataError, sqlite3.OperationalError, ValueError]))
def test_a_drivers_own_words_are_never_repeated(words: str, kind: type[Exception]) -> None:
    """They quote statements, and statements quote topics and passwords."""
    found = explained(sa.exc.DBAPIError.instance("SELECT 1", None, kind(f"{SECRET}{words}"), Exception))
    for clause in found:
        assert clause
        assert SECRET not in clause
        assert clause.isascii()
        assert not clause.endswith(".")
