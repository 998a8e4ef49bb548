"""A whole copy of the file that a bot serves from, at any time and as often as wanted."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from tempfile import mkstemp

import sqlalchemy as sa

from bot.adapters.causes import down
from bot.adapters.database import Database
from bot.operations.forget import Nowhere
from bot.service.errors import StoreDown


class NoFile(Exception):
    """The database is a server's, which has means of its own."""


def back_up(database_url: str, target: Path) -> None:
    """Copy the file, in place of an earlier copy once the new one is whole; nobody else may read it.

    Raises NoFile, Nowhere, StoreDown.
    """
    with closing(Database(database_url)) as database:
        if not database.is_file:
            raise NoFile
        if not database.exists:
            raise Nowhere(database.told)
        if target.exists() and target.samefile(database.url.database or ""):
            raise StoreDown("the copy would stand in the place of the file itself")
        try:
            _copy(database, target)
        except (sa.exc.SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise down(error) from error


def _copy(database: Database, target: Path) -> None:
    handle, unfinished = mkstemp(prefix=f"{target.name}.", dir=target.absolute().parent)
    try:
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(
                sa.text("VACUUM INTO :file"), {"file": unfinished}
            )
        os.fsync(handle)
        os.replace(unfinished, target)
    finally:
        os.close(handle)
        with suppress(FileNotFoundError):
            os.unlink(unfinished)
