"""What a check and a start say of a database that cannot be used: why, and what to do about it."""

from __future__ import annotations

import os
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from bot.adapters.database import opened
from bot.check import check
from bot.check_line import Line
from bot.playground.model import ModelServer
from bot.playground.postgres import Postgres
from bot.playground.slack import Playground
from tests.support.processes import run
from tests.support.serving import environment
from tests.support.story import settings

NOBODY = 65_534  # a user without rights, where the tests are run by one who may do everything
NAME = "research.sqlite"
MAY_WRITE = "Let the bot's user write the file and its folder"


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that everybody may reach, which those of pytest are not."""
    with TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


@contextmanager
def humble() -> Iterator[None]:
    """As somebody who owns nothing here."""
    before = os.getresuid()
    if before[0] == 0:
        os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(*before)


@contextmanager
def no_room() -> Iterator[None]:
    """Nothing that is written to a file is taken."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def made(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE x (y)")


def nothing(folder: Path) -> None:
    """As it was found."""


def closed(folder: Path) -> None:
    made(folder / NAME)
    folder.chmod(0)


def file_for_a_folder(folder: Path) -> None:
    (folder / "data").write_text("a file where a folder should be")


def no_database(folder: Path) -> None:
    (folder / NAME).write_bytes(b"once upon a time " * 100)


def read_only(folder: Path) -> None:
    made(folder / NAME)
    (folder / NAME).chmod(0o444)
    folder.chmod(0o777)


def leads_nowhere(folder: Path) -> None:
    (folder / "missing").symlink_to("/proc/missing/folder")


def content(folder: Path) -> dict[str, bytes]:
    return {str(each): each.read_bytes() if each.is_file() else b"" for each in folder.rglob("*")}


async def checked(url: str, how: Callable[[], AbstractContextManager[None]] = nullcontext) -> Line:
    async with Playground() as slack, ModelServer() as model:
        wanted = settings(slack, model, "http", database_url=url)
        lines = check(wanted)
        for _ in range(3):
            await anext(lines)
        with how():
            return await anext(lines)


@pytest.mark.parametrize(
    ("make", "path", "how", "told", "todo"),
    [
        (closed, NAME, humble, "permission denied (errno 13)", MAY_WRITE),
        (nothing, f"data/{NAME}", humble, "permission denied (errno 13)", MAY_WRITE),
        (nothing, NAME, no_room, "the disk reports an error (SQLITE_IOERR_WRITE)", "and has room"),
        (Path.rmdir, f"../{'x' * 300}", nullcontext, "file name too long (errno 36)", "in another folder"),
        (file_for_a_folder, f"data/{NAME}", nullcontext, "not a directory (errno 20)", "in another folder"),
        (leads_nowhere, f"missing/{NAME}", nullcontext, "(errno 2)", "in another folder"),
        (no_database, NAME, nullcontext, "the file is not a database (SQLITE_NOTADB)", "to another file"),
        (read_only, NAME, humble, f"{NAME} cannot be written: permission denied (errno 13)", MAY_WRITE),
        (lambda folder: (folder / NAME).mkdir(), NAME, nullcontext, "is a directory (errno 21)", "in another folder"),
    ],
)
async def test_a_file_that_could_not_be_used_is_told_and_nothing_is_left_behind(
    make: Callable[[Path], object],
    path: str,
    how: Callable[[], AbstractContextManager[None]],
    told: str,
    todo: str,
    folder: Path,
) -> None:
    """Else it is the first start that finds out, at a time when nobody sits there."""
    inner = folder / "inner"
    inner.mkdir()
    make(inner)
    before = content(folder)
    line = await checked(f"sqlite:///{inner}/{path}", how)
    assert not line.works
    assert f"{told}. " in line.told
    assert todo in line.told
    assert content(folder) == before
    if inner.exists():
        inner.chmod(0o700)


@pytest.mark.parametrize("path", [NAME, f"data/of/the bot/{NAME}"])
async def test_a_file_that_is_still_to_be_made_can_be_made_and_is_not(path: str, tmp_path: Path) -> None:
    """A check changes nothing."""
    line = await checked(f"sqlite:///{tmp_path}/{path}")
    assert line.works
    assert line.told == f"There is no database at sqlite:///{tmp_path}/{path} yet; it will be made at the first start."
    assert content(tmp_path) == {}


async def test_a_check_takes_nothing_from_the_bot_that_serves(database_url: str) -> None:
    """It is run when something seems wrong, and the bot goes on meanwhile."""
    async with opened(database_url) as database:
        assert (await checked(database_url)).works
        await database.writable()
        assert (await checked(database_url)).works


@pytest.mark.parametrize(
    ("statement", "told", "todo"),
    [
        ("ALTER DATABASE {name} SET default_transaction_read_only = on", "(SQLSTATE 25006)", "that takes changes"),
        ("ALTER DATABASE {name} ALLOW_CONNECTIONS false", "(SQLSTATE 55000)", "Let it take connections again"),
        ("ALTER DATABASE {name} RENAME TO {name}_before", "(SQLSTATE 3D000)", "Create it, or set DATABASE_URL"),
        ("REVOKE CREATE ON DATABASE {name} FROM PUBLIC", "(SQLSTATE 42501)", "(GRANT)"),
    ],
)
@pytest.mark.parametrize("used", [False, True])
async def test_a_server_that_takes_no_changes_is_told(
    statement: str, told: str, todo: str, used: bool, postgres: Postgres
) -> None:
    """It answers, and that is not enough."""
    url = postgres.fresh()
    if used:
        async with opened(url):
            pass
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute(statement.format(name=url.partition("@/")[2].partition("?")[0]).encode())
        connection.execute("DROP ROLE IF EXISTS other")
        connection.execute("CREATE ROLE other LOGIN")
    line = await checked(url.replace("postgres@", "other@") if "REVOKE" in statement else url)
    assert not line.works
    assert f"{told}. " in line.told
    assert todo in line.told


async def test_a_check_of_a_server_leaves_nothing_behind(postgres: Postgres) -> None:
    """Twice, too."""
    url = postgres.fresh()
    for _ in range(2):
        assert (await checked(url)).told.endswith("answers.")
    with psycopg.connect(url) as connection:
        left = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE '%research%'").fetchall()
        assert (
            left == connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall() == []
        )


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (
            "postgresql://bot:secret@127.0.0.1:1/research",
            "could not connect: connection refused (errno 111). See that its server runs",
        ),
        (
            "sqlite:////proc/research.sqlite",
            "/proc cannot be written: ",
        ),
        (
            "sqlite:///{folder}/research.sqlite",
            "the file is not a database (SQLITE_NOTADB). Set DATABASE_URL to another",
        ),
    ],
)
async def test_a_start_says_the_same(url: str, said: str, folder: Path) -> None:
    """Whoever only sees the log of a platform has nothing else."""
    no_database(folder)
    async with Playground() as slack, ModelServer() as model:
        process = await run(**environment(slack, model, DATABASE_URL=url.format(folder=folder)))
    assert process.code == 1
    assert process.err.splitlines()[-1].startswith(f"The database cannot be used: {said}")
    assert "secret" not in process.err + process.out
