"""A process's seat at a Postgres that several serve from: its name, and locks that end with its connections."""

from __future__ import annotations

import asyncio
import hashlib
import socket
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

import psycopg
import structlog
from psycopg import AsyncConnection

from bot.adapters.causes import cause, down
from bot.adapters.database import CONNECT_SECONDS, SESSION, Database
from bot.service.background import Background

log = structlog.get_logger(__name__)

BEAT_SECONDS = 2.0  # between looks at the connection and at what others have left
ANSWER_SECONDS = 4.0  # for a look: less than the server takes to let go of a machine that is gone
ANSWER_LOOKS = 8  # in that time
STILL_SECONDS = 2.0  # without a turn of the loop: others may have what this process has, before it does anything
# The server lets go of the locks of a machine that is gone after 5 + 2 x 2 seconds, not after two hours.
LET_GO = "SET tcp_keepalives_idle = 5; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 2"
FIRST_WAIT, LONGEST_WAIT = 0.01, 0.05  # seconds between tries to hold something that another process holds
CHANNEL = "research"
FORMER = "research"  # what every process of 0.1.0 called itself; it held a lock of its own
FORMER_LOCK = 0x72657365  # "rese"

Heard = Callable[[str], None]
Beat = Callable[[], Awaitable[None]]


class Pooled(Exception):
    """The address leads to a pooler that hands each transaction another session: no lock would stay held."""

    def __init__(self) -> None:
        super().__init__(
            "DATABASE_URL leads to a connection pooler in transaction mode (PgBouncer or the like), where the locks "
            "that tell processes apart do not hold. Use the address of the database itself, or of a pool in session "
            "mode."
        )


class _Unseated(Exception):
    """Others may have what this process has; the text says why."""


class Seat:
    """Two sessions of one process: one listens and holds the process's own lock, one holds what it wants to itself.

    ``lost`` is called once when either is gone: whatever this process has under way may be taken over from then on.
    """

    def __init__(self, database: Database, lost: Callable[[str], None]) -> None:
        self._url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self.name = f"{socket.gethostname()}-{uuid.uuid4().hex[:12]}"
        self._key = _key(f"process/{self.name}")
        self._lost = lost
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._background = Background()
        self._own: AsyncConnection
        self._held: AsyncConnection
        self._turning: asyncio.TimerHandle

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[Seat]:
        """Sit down until this is left. Raises StoreDown, Pooled."""
        try:
            async with await self._session() as self._own, await self._session() as self._held:
                if await _share_a_session(self._own, self._held):
                    raise Pooled
                await self._own.execute("SELECT pg_advisory_lock(%s)", (self._key,))
                await self._own.execute(f"LISTEN {CHANNEL}")
                self._turn(time.monotonic())
                try:
                    yield self
                finally:
                    self._turning.cancel()
        except psycopg.Error as error:
            raise down(error) from error

    async def watch(self, heard: Heard, beat: Beat) -> None:
        """Tell each name that is rung, and see again and again that the seat is held, until it is lost.

        However long a beat takes, names are told meanwhile. Whatever ends this loses the seat: nobody would look after
        what others leave.
        """
        beating = asyncio.ensure_future(beat())
        try:
            while True:
                await self._seen()
                if beating.done():
                    beating.result()
                    beating = asyncio.ensure_future(beat())
                async for note in self._own.notifies(timeout=BEAT_SECONDS):
                    heard(note.payload)
        except Exception as error:  # noqa: BLE001  told with the loss
            self._lose(error)
        finally:
            beating.cancel()
            await asyncio.wait([beating])

    def _turn(self, before: float) -> None:
        """Be called again and again; who stood still sees whether the lock is held, while nothing else goes on."""
        now = time.monotonic()
        if now - before >= STILL_SECONDS:
            self._look_at_once()
        self._turning = asyncio.get_running_loop().call_later(STILL_SECONDS / 4, self._turn, now)

    def _look_at_once(self) -> None:
        try:
            with psycopg.connect(self._url, autocommit=True, connect_timeout=CONNECT_SECONDS) as session:
                tried = session.execute("SELECT pg_try_advisory_lock(%s)", (self._key,)).fetchone()
        except psycopg.Error as error:
            self._lose(error)
        else:
            if tried and tried[0]:
                self._lose(_Unseated("the server has let go of the lock"))

    async def _seen(self) -> None:
        """See to it in time. Raises TimeoutError; a process that stood still for a while has not waited for so long."""
        seeing = asyncio.ensure_future(self._see())
        try:
            for _ in range(ANSWER_LOOKS):
                await asyncio.wait([seeing], timeout=ANSWER_SECONDS / ANSWER_LOOKS)
                if seeing.done():
                    return seeing.result()
            raise TimeoutError
        finally:
            seeing.cancel()

    async def _see(self) -> None:
        """See that both sessions are there, on a server that takes changes."""
        for session in (self._own, self._held):
            found = await (await session.execute("SELECT pg_is_in_recovery()")).fetchone()
            if found and found[0]:
                raise _Unseated("the server takes no changes any more")

    def _lose(self, error: Exception) -> None:
        known = isinstance(error, _Unseated | psycopg.Error | TimeoutError)
        told = str(error) if isinstance(error, _Unseated) else cause(error)
        log.error("seat.lost", process=self.name, cause=told, exc_info=None if known else error)
        self._lost(told)

    async def is_gone(self, process: str) -> bool:
        """Whether nobody sits where a process of that name did."""
        key = FORMER_LOCK if process == FORMER else _key(f"process/{process}")
        if free := await _tried(self._held, key):
            await self._let_go(key)
        return free

    @asynccontextmanager
    async def hold(self, name: str, seconds: float) -> AsyncIterator[None]:
        """Hold something of this name, which no other process then does. Raises TimeoutError, StoreDown."""
        key, lock = _key(name), self._locks.setdefault(name, asyncio.Lock())  # a session may hold a lock twice
        async with asyncio.timeout(seconds) as patience, lock:
            wait = FIRST_WAIT
            while not await self._try_to_hold(key):
                await asyncio.sleep(wait)
                wait = min(LONGEST_WAIT, wait * 2)
            patience.reschedule(None)
            try:
                yield
            finally:
                await asyncio.shield(self._let_go(key))

    async def _try_to_hold(self, key: int) -> bool:
        trying = asyncio.ensure_future(_tried(self._held, key))
        try:
            return await asyncio.shield(trying)
        except asyncio.CancelledError:  # nobody waits for it any more, but it may be held in a moment
            trying.add_done_callback(partial(self._undo, key))
            raise
        except psycopg.Error as error:
            self._lose(error)
            raise down(error) from error

    def _undo(self, key: int, trying: asyncio.Future[bool]) -> None:
        """Let go of what was held in vain, and of nothing else: the next one here may hold it already."""
        if not trying.cancelled() and not trying.exception() and trying.result():
            self._background.do(self._let_go(key))

    async def _let_go(self, key: int) -> None:
        try:
            await self._held.execute("SELECT pg_advisory_unlock(%s)", (key,))
        except psycopg.Error as error:
            self._lose(error)

    async def _session(self) -> AsyncConnection:
        signs: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, "application_name": self.name} | SESSION
        session = await AsyncConnection.connect(self._url, autocommit=True, **signs)
        await session.execute(LET_GO)
        return session


async def seats(database: Database) -> None:
    """See that a process could sit down at a server. Raises StoreDown, Pooled."""
    async with Seat(database, lambda cause: None).taken():
        pass


async def _tried(session: AsyncConnection, key: int) -> bool:
    found = await (await session.execute("SELECT pg_try_advisory_lock(%s)", (key,))).fetchone()
    return bool(found and found[0])


async def _share_a_session(one: AsyncConnection, other: AsyncConnection) -> bool:
    """Whether a pooler gives both the same session, or one of them now this and now that one."""
    seen = []
    for _ in range(2):
        seen.append((await _session_of(one), await _session_of(other)))
        async with one.transaction():
            seen.append((await _session_of(one), await _session_of(other)))
    return len(set(seen)) > 1 or seen[0][0] == seen[0][1]


async def _session_of(session: AsyncConnection) -> int:
    found = await (await session.execute("SELECT pg_backend_pid()")).fetchone()
    assert found  # noqa: S101  the server always says it
    return int(found[0])


def _key(name: str) -> int:
    """A signed 64-bit number for a name, as advisory locks take it."""
    return int.from_bytes(hashlib.sha256(f"research/{name}".encode()).digest()[:8], "big", signed=True)
