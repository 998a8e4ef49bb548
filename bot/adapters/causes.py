"""Why a database fails and what to do: its driver's own words may hold a password or a topic."""

from __future__ import annotations

import os
import re
import sqlite3
from typing import NamedTuple

import psycopg
import sqlalchemy as sa
import structlog
from alembic.util import CommandError
from psycopg import errors

from bot.adapters import causes_words as words
from bot.service.errors import StoreDown

log = structlog.get_logger(__name__)


class Cause(NamedTuple):
    """What failed, a clause with its code, and ``todo``, what to do about it; neither ends in a full stop."""

    told: str
    todo: str = words.RIGHT


def cause(error: BaseException) -> str:
    """What failed and its code: SQLite's, an SQLSTATE or an errno."""
    return explained(error).told


def down(error: BaseException, where: str = "") -> StoreDown:
    """The failure in our words; ``where`` is a clause before them."""
    told, todo = explained(error)
    return StoreDown(f"{where}: {told}" if where else told, todo)


def explained(error: BaseException) -> Cause:
    """What failed, and what to do about it."""
    origin = error.orig if isinstance(error, sa.exc.DBAPIError) and error.orig else error
    match origin:
        case sqlite3.Error():
            return _of_sqlite(origin)
        case psycopg.Error():
            return _of_postgres(origin)
        case sa.exc.TimeoutError():
            return Cause("all connections are in use", words.LATER)
        case CommandError():
            return Cause("its tables are those of another release of the bot", words.RELEASE)
        case OSError(errno=int(number)):
            return Cause(_numbered(number), words.FILE.get(number, words.ELSEWHERE))
        case TimeoutError():
            return Cause("no answer in time", words.LATER)
    return _unforeseen(origin)


def _of_sqlite(error: sqlite3.Error) -> Cause:
    code = getattr(error, "sqlite_errorcode", None)  # the module itself fails without one
    if code and (known := words.SQLITE.get(code) or words.SQLITE.get(code & 0xFF)):
        return Cause(f"{known[0]} ({error.sqlite_errorname})", known[1] or words.RIGHT)
    return _unforeseen(error)


def _of_postgres(error: psycopg.Error) -> Cause:
    return _of_state(error.sqlstate) if error.sqlstate else _unconnected(error)


def _unconnected(error: psycopg.Error) -> Cause:
    text = str(error)
    for phrase, state in words.REFUSED.items():
        if phrase in text:
            return _not_connected(_of_state(state))
    for number, todo in words.NETWORK.items():
        if os.strerror(number) in text:
            return _not_connected(Cause(_numbered(number), todo))
    for phrase, known in words.UNREACHED.items():
        if phrase in text:
            return _not_connected(Cause(*known))
    return _unforeseen(error)


def _not_connected(why: Cause) -> Cause:
    return Cause(f"could not connect: {why.told}", why.todo)


def _of_state(state: str) -> Cause:
    told, todo = words.POSTGRES.get(state) or words.POSTGRES.get(state[:2]) or (_named(state), "")
    return Cause(f"{told} (SQLSTATE {state})", todo or words.RIGHT)


def _named(state: str) -> str:
    """The name that Postgres gives a state, in words."""
    try:
        name = errors.lookup(state).__name__
    except KeyError:
        return "the server reports an error"
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()


def _numbered(number: int) -> str:
    told = os.strerror(number)
    return f"{told[:1].lower()}{told[1:]} (errno {number})"


def _unforeseen(error: BaseException) -> Cause:
    log.warning("database.failed_unforeseen", kind=type(error).__name__)
    return Cause("an unforeseen error")
