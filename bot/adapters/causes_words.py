"""Why databases fail, as clauses, and what to do about it: by the codes of SQLite, Postgres and the system, by words.

Of Postgres, PgBouncer, Azure, Neon, Supabase and CockroachDB, from their sources, error lists and public reports.
"""

from __future__ import annotations

import errno
import sqlite3

RIGHT = "See that DATABASE_URL is right"
SERVER = "See that its server runs, and that DATABASE_URL has its host and port"
REACHED = "See that this machine reaches its server: the host and port in DATABASE_URL, firewalls, private networks"
HOST = "Copy the whole name of the host, and its port, into DATABASE_URL anew"
LOGIN = "Copy the user and password into DATABASE_URL anew; signs such as @ / : # are written %40 %2F %3A %23 there"
ADMITTED = (
    "See that DATABASE_URL has the right user, and let it in from this machine (pg_hba.conf, list of allowed hosts)"
)
ENCRYPTED = (
    "Add ?sslmode=require to DATABASE_URL; if it is there, let this machine in (pg_hba.conf, list of allowed hosts)"
)
PLAIN = "Take sslmode out of DATABASE_URL, or turn TLS on at the server"
PROVEN = "Set sslmode and sslrootcert in DATABASE_URL as the server's provider says"
OPTIONS = "Take it out of DATABASE_URL, or write it as Postgres does (sslmode, connect_timeout, application_name)"
NAMED = "Create it, or set DATABASE_URL to one that exists"
OPENED = "Let it take connections again, or set DATABASE_URL to another"
ALLOWED = "Let the user connect and create schemas and tables there (GRANT), or set another user in DATABASE_URL"
FEWER = "Close other connections to it, or allow more; the bot takes up to 20"
PRIMARY = "Set DATABASE_URL to the server that takes changes; this may be a copy of it"
LATER = "Try again in a minute"
ROOM = "Make room on its disk"
WRITABLE = "Let the bot's user write the file and its folder, or set DATABASE_URL to a file elsewhere or to Postgres"
ELSEWHERE = "Set DATABASE_URL to a file in another folder, or to Postgres"
ANOTHER = "Set DATABASE_URL to another file, or put a copy that was backed up in its place"
FREED = "End whatever else has the file open, a copy of it or a console"
RELEASE = "Start a release that is as new as the one that served from it last, or set DATABASE_URL to another database"
FILES = "Allow the process more open files (ulimit -n)"
DISK = "See that its disk is healthy and has room, and move the file to another one if not"
MEMORY = "Give its machine or container more memory"

SQLITE = {  # by result code, then by its class: what failed, and what to do about it
    sqlite3.SQLITE_IOERR_SHMSIZE: ("the disk is full", ROOM),
    sqlite3.SQLITE_READONLY_DIRECTORY: ("the file's folder cannot be written", WRITABLE),
    sqlite3.SQLITE_BUSY: ("the file is locked by another process", FREED),
    sqlite3.SQLITE_LOCKED: ("the file is locked by another statement", LATER),
    sqlite3.SQLITE_READONLY: ("the file cannot be written", WRITABLE),
    sqlite3.SQLITE_PERM: ("the file may not be used", WRITABLE),
    sqlite3.SQLITE_IOERR: ("the disk reports an error", DISK),
    sqlite3.SQLITE_CORRUPT: ("the file is damaged", ANOTHER),
    sqlite3.SQLITE_FULL: ("the disk is full", ROOM),
    sqlite3.SQLITE_CANTOPEN: ("the file cannot be opened", WRITABLE),
    sqlite3.SQLITE_NOTADB: ("the file is not a database", ANOTHER),
    sqlite3.SQLITE_NOMEM: ("there is no memory left", MEMORY),
    sqlite3.SQLITE_NOLFS: ("the file is larger than this disk takes", ELSEWHERE),
    sqlite3.SQLITE_TOOBIG: ("a value is too large", ""),
    sqlite3.SQLITE_CONSTRAINT: ("a rule of the tables was broken", ""),
    sqlite3.SQLITE_PROTOCOL: ("the file's locks cannot be taken", ELSEWHERE),
    sqlite3.SQLITE_ERROR: ("a statement failed", ANOTHER),
}
POSTGRES = {  # by SQLSTATE, then by its class
    "28P01": ("password authentication failed", LOGIN),
    "28000": ("the server does not let this user in", ADMITTED),
    "3D000": ("the database does not exist", NAMED),
    "42501": ("the user lacks a privilege", ALLOWED),
    "53100": ("the disk is full", ROOM),
    "53200": ("there is no memory left", MEMORY),
    "53300": ("too many connections", FEWER),
    "57P01": ("the server was stopped", LATER),
    "57P03": ("the server is starting up or shutting down", LATER),
    "25006": ("the server takes no changes, it is read-only", PRIMARY),
    "55P03": ("another process holds a lock", LATER),
    "55000": ("the database takes no connections", OPENED),
    "42P01": ("a table is missing", ""),
    "42P07": ("another table of the same name is there", "Set DATABASE_URL to a database of the bot's own"),
    "08": ("the connection was lost", LATER),
    "22": ("a value was not accepted", ""),
    "23": ("a rule of the tables was broken", ""),
    "XX": ("the server reports a fault of its own", "See what its server logs"),
}
# A refused connection brings no SQLSTATE along: libpq keeps the server's words alone. What is more exact stands first;
# of two tries, the second of which was not encrypted, the first tells more.
REFUSED = {
    "password authentication failed": "28P01",
    "not currently accepting connections": "55000",
    'FATAL:  database "': "3D000",
    "no such database": "3D000",
    'FATAL:  role "': "28000",
    "no such user": "28000",
    "Tenant or user not found": "28000",
    "permission denied for database": "42501",
    "too many c": "53300",  # clients, connections for a role, connections for a database
    "connection slots": "53300",
    "no more connections allowed": "53300",
    "max clients reached": "53300",
    "starting up": "57P03",
    "shutting down": "57P03",
    "in recovery mode": "57P03",
    "not yet accepting connections": "57P03",
    "No space left on device": "53100",
    "authentication failed": "28000",
    ", SSL encryption": "28000",  # that try was encrypted: it is something else that is not let in
    ", SSL on": "28000",
    '"[local]"': "28000",  # encryption is not for sockets
}
UNENCRYPTED = "the server takes no connection of this user that is not encrypted"
UNREACHED = {
    ", no encryption": (f"{UNENCRYPTED} (SQLSTATE 28000)", ENCRYPTED),
    ", SSL off": (f"{UNENCRYPTED} (SQLSTATE 28000)", ENCRYPTED),
    "SSL connection is required": (UNENCRYPTED, ENCRYPTED),
    "SSL connection required": (UNENCRYPTED, ENCRYPTED),
    "SSL required": (UNENCRYPTED, ENCRYPTED),
    "connection is insecure": (UNENCRYPTED, ENCRYPTED),
    "pg_hba.conf": ("the server does not let this user in (SQLSTATE 28000)", ADMITTED),
    "no password supplied": ("the server wants a password, and DATABASE_URL has none", LOGIN),
    "local user with ID": ("DATABASE_URL names no user, and the user of this process has no name", LOGIN),
    "invalid connection option": ("an option in DATABASE_URL is not known", OPTIONS),
    "invalid URI query": ("an option in DATABASE_URL is not known", OPTIONS),
    "invalid sslmode": ("its sslmode is not known", OPTIONS),
    "invalid port": ("its port is none", HOST),
    "invalid response to SSL": ("what answers there is no Postgres", SERVER),
    "expected authentication request": ("what answers there is no Postgres", SERVER),
    "not support SSL": ("the server does not speak TLS, and DATABASE_URL asks for it", PLAIN),
    "certificate": ("its certificate is not accepted", PROVEN),
    "channel binding": ("the server does not prove itself as DATABASE_URL asks for", PROVEN),
    "SSL": ("no TLS connection comes about", PROVEN),
    "timeout expired": ("no answer in time", REACHED),
    "translate host name": ("the name of its host is not known", HOST),
    "resolve host": ("the name of its host is not known", HOST),
    "Name or service not known": ("the name of its host is not known", HOST),
    "closed the connection": ("the server cut the connection", SERVER),
    "connection is": ("the connection was lost", LATER),
}
NETWORK = {
    errno.ECONNREFUSED: SERVER,
    errno.ENOENT: SERVER,  # of a socket
    errno.ETIMEDOUT: REACHED,
    errno.EHOSTUNREACH: REACHED,
    errno.ENETUNREACH: REACHED,
    errno.ECONNRESET: SERVER,
    errno.EACCES: REACHED,
    errno.EPIPE: SERVER,
    errno.EMFILE: FILES,
    errno.EADDRNOTAVAIL: REACHED,
}
FILE = {  # whatever else is wrong with a file is better elsewhere
    errno.EACCES: WRITABLE,
    errno.EPERM: WRITABLE,
    errno.EROFS: WRITABLE,
    errno.ENOSPC: ROOM,
    errno.EDQUOT: ROOM,
    errno.EFBIG: ROOM,
    errno.EIO: DISK,
    errno.EMFILE: FILES,
    errno.ENFILE: FILES,
}
