"""A pooler in transaction mode before a Postgres: whatever begins on a connection gets the session that is free."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

Session = tuple[asyncio.StreamReader, asyncio.StreamWriter]
SOCKET = ".s.PGSQL.5432"
ASKS = (b"Q", b"S")  # a query, or the end of one in several messages: the server answers then
TERMINATE = b"X"


class Pooler:
    """Sessions that were opened for the first to connect, and what the server said as it greeted them."""

    def __init__(self, server: str, size: int) -> None:
        self._server, self._size = server, size
        self._free: asyncio.LifoQueue[Session] = asyncio.LifoQueue()
        self._greeting = b""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from its greeting to its end."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await self._greet(await _sized(reader))
            writer.write(self._greeting)
            held: Session | None = None
            while asked := await _asked(reader):
                held = held or await self._free.get()
                held[1].write(asked)
                answer, status = await _answered(held[0])
                writer.write(answer)
                if status == b"I":  # idle: no transaction is open
                    self._free.put_nowait(held)
                    held = None
        await _closed(writer)

    async def _greet(self, hello: bytes) -> None:
        while self._size:
            self._size -= 1
            session = await asyncio.open_unix_connection(f"{self._server}/{SOCKET}")
            session[1].write(hello)
            self._greeting = (await _answered(session[0]))[0]
            self._free.put_nowait(session)

    async def close(self) -> None:
        """Close all sessions."""
        while not self._free.empty():
            await _closed(self._free.get_nowait()[1])


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def _sized(reader: asyncio.StreamReader) -> bytes:
    size = await reader.readexactly(4)
    return size + await reader.readexactly(struct.unpack("!I", size)[0] - 4)


async def _asked(reader: asyncio.StreamReader) -> bytes:
    """All that is sent up to where the server shall answer; nothing where the connection ends."""
    asked = b""
    while (kind := await reader.readexactly(1)) != TERMINATE:
        asked += kind + await _sized(reader)
        if kind in ASKS:
            return asked
    return b""


async def _answered(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """All that comes until the server waits, and in which state it does."""
    answer = b""
    while True:
        kind, message = await reader.readexactly(1), await _sized(reader)
        answer += kind + message
        if kind == b"Z":
            return answer, message[-1:]


@asynccontextmanager
async def pooling(server: str, folder: Path, size: int = 2) -> AsyncIterator[None]:
    """Such a pooler, reached through a socket in a folder as its Postgres is."""
    pooler = Pooler(server, size)
    async with asyncio.TaskGroup() as serving:
        listening = await asyncio.start_unix_server(
            lambda reader, writer: serving.create_task(pooler.serve(reader, writer)), str(folder / SOCKET)
        )
        try:
            yield
        finally:
            listening.close()
    await pooler.close()
