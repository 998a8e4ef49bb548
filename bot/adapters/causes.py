"""Why a database fails, as a clause with its code: its driver's own words may hold a password or a topic."""

from __future__ import annotations

import errno
import os
import re
import sqlite3

import psycopg
import sqlalchemy as sa
from alembic.util import CommandError
from psycopg import errors

SQLITE = {  # by primary result code
    sqlite3.SQLITE_BUSY: "the file is locked by another process",
    sqlite3.SQLITE_LOCKED: "the file is locked by another statement",
    sqlite3.SQLITE_READONLY: "the file cannot be written",
    sqlite3.SQLITE_PERM: "the file may not be used",
    sqlite3.SQLITE_IOERR: "the disk reports an error",
    sqlite3.SQLITE_CORRUPT: "the file is damaged",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_CANTOPEN: "the file cannot be opened",
    sqlite3.SQLITE_NOTADB: "the file is not a database",
    sqlite3.SQLITE_NOMEM: "there is no memory left",
    sqlite3.SQLITE_NOLFS: "the file is larger than this disk takes",
    sqlite3.SQLITE_TOOBIG: "a value is too large",
    sqlite3.SQLITE_CONSTRAINT: "a rule of the tables was broken",
    sqlite3.SQLITE_PROTOCOL: "the file's locks cannot be taken",
    sqlite3.SQLITE_ERROR: "a statement failed",
}
POSTGRES = {  # by SQLSTATE, then by its class
    "28P01": "password authentication failed",
    "28000": "the server does not let this user in",
    "3D000": "the database does not exist",
    "42501": "the user lacks a privilege",
    "53100": "the disk is full",
    "53300": "too many connections",
    "57P01": "the server was stopped",
    "57P03": "the server is starting up or shutting down",
    "25006": "the server takes no changes, it is read-only",
    "55P03": "another process holds a lock",
    "55000": "the database takes no connections",
    "42P01": "a table is missing",
    "42P07": "another table of the same name is there",
    "08": "the connection was lost",
    "22": "a value was not accepted",
    "23": "a rule of the tables was broken",
    "XX": "the server reports a fault of its own",
}
# A refused connection brings no SQLSTATE along: libpq keeps the server's words alone. What is more exact stands first.
REFUSED = {
    "password authentication failed": "28P01",
    "not currently accepting connections": "55000",
    'FATAL:  database "': "3D000",
    'FATAL:  role "': "28000",
    "pg_hba.conf": "28000",
    "authentication failed": "28000",
    "permission denied for database": "42501",
    "too many c": "53300",  # clients, connections for a role, connections for a database
    "connection slots": "53300",
    "starting up": "57P03",
    "shutting down": "57P03",
    "in recovery mode": "57P03",
    "not yet accepting connections": "57P03",
}
UNREACHED = {
    "no password supplied": "the server wants a password, and DATABASE_URL has none",
    "local user with ID": "DATABASE_URL names no user, and the user of this process has no name",
    "invalid connection option": "an option in DATABASE_URL is not known",
    "invalid URI query": "an option in DATABASE_URL is not known",
    "invalid sslmode": "its sslmode is not known",
    "not support SSL": "the server does not speak TLS, and DATABASE_URL asks for it",
    "certificate": "its certificate is not accepted",
    "SSL": "no TLS connection comes about",
    "timeout expired": "no answer in time",
    "translate host name": "the name of its host is not known",
    "resolve host": "the name of its host is not known",
    "Name or service not known": "the name of its host is not known",
    "closed the connection": "the server cut the connection",
    "connection is": "the connection was lost",
}
NETWORK = (
    errno.ECONNREFUSED,
    errno.ENOENT,  # of a socket
    errno.ETIMEDOUT,
    errno.EHOSTUNREACH,
    errno.ENETUNREACH,
    errno.ECONNRESET,
    errno.EACCES,
    errno.EPIPE,
    errno.EMFILE,
    errno.EADDRNOTAVAIL,
)


def cause(error: BaseException) -> str:
    """What failed and its code: SQLite's, an SQLSTATE, an errno, or else the kind of the error."""
    origin = error.orig if isinstance(error, sa.exc.DBAPIError) and error.orig else error
    match origin:
        case sqlite3.Error():
            return _of_sqlite(origin)
        case psycopg.Error():
            return _of_postgres(origin)
        case sa.exc.TimeoutError():
            return "all connections are in use"
        case CommandError():
            return "its tables are those of another release of the bot"
        case OSError(errno=int(number)):
            return _of_system(number)
        case TimeoutError():
            return "no answer in time"
    return _unforeseen(origin)


def _of_sqlite(error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", None)  # the module itself fails without one
    told = SQLITE.get(code & 0xFF) if code else None
    return f"{told} ({error.sqlite_errorname})" if told else _unforeseen(error)


def _of_postgres(error: psycopg.Error) -> str:
    if error.sqlstate:
        return _of_state(error.sqlstate)
    text = str(error)
    for words, state in REFUSED.items():
        if words in text:
            return f"could not connect: {_of_state(state)}"
    for number in NETWORK:
        if os.strerror(number) in text:
            return f"could not connect: {_of_system(number)}"
    for words, told in UNREACHED.items():
        if words in text:
            return f"could not connect: {told}"
    return _unforeseen(error)


def _of_state(state: str) -> str:
    told = POSTGRES.get(state) or POSTGRES.get(state[:2]) or _named(state)
    return f"{told} (SQLSTATE {state})"


def _named(state: str) -> str:
    """The name that Postgres gives a state, in words."""
    try:
        name = errors.lookup(state).__name__
    except KeyError:
        return "the server reports an error"
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()


def _of_system(number: int) -> str:
    told = os.strerror(number)
    return f"{told[:1].lower()}{told[1:]} (errno {number})"


def _unforeseen(error: BaseException) -> str:
    return f"an unforeseen error ({type(error).__name__})"
