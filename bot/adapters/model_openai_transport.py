"""The SDK's way over aiohttp, on a session of ours, which reads no more of a body than an answer can have.

Of a stream it says when the first token is there. Where many are under way the system collects the tokens from then on,
and they are read when no more of them come: a turn of ours for each would cost more than all else that a run does.
"""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Callable
from contextlib import aclosing
from contextvars import ContextVar
from fcntl import ioctl
from functools import partial
from termios import FIONREAD

import aiohttp
import httpx2
from openai._vendor.httpx_aiohttp.transport import AiohttpResponseStream, AiohttpTransport

from bot import network
from bot.adapters.model_openai_network import TROUBLES, TooLarge

CONNECTIONS = 3_000  # three a run, for a thousand runs at once: the turns are the limit, never the pool
MOST_BYTES = 16_000_000  # of a body, unpacked: forty thousand tokens, each in a chunk of its own
FEW = 30  # streams whose tokens are read as they come, which takes a tenth of a core
QUIET_SECONDS = 0.05  # in which nothing came, so that what did is read: no answer is later than twice that
MOST_WAITING = 16_384  # bytes that are left to the system: with a full buffer it would make the server wait
# The first text or thinking in an event of any provider; a role, a comment or a filter's verdict has none.
FIRST_TOKEN = re.compile(rb'"(?:content|delta|text|reasoning_content|reasoning|thinking|refusal)" ?: ?"[^"]')
LONGEST_START = 32  # bytes of a match, of which the last may be the first of the next piece
PACKED = (b"content-encoding", b"content-length", b"transfer-encoding")  # headers that no longer hold once it is read

Heard = Callable[[], None]
listener: ContextVar[Heard | None] = ContextVar("listener", default=None)  # is told once of the first token


class Transport(AiohttpTransport):
    """Reads every response whole and unpacks it; the SDK's own session reads proxies in another way than all else."""

    def __init__(self) -> None:
        super().__init__(verify=network.trusted(), client=self._opened)
        self._ticks = Ticks()

    def _opened(self) -> aiohttp.ClientSession:
        return network.session(connector=aiohttp.TCPConnector(limit=CONNECTIONS, ssl=self.ssl_context))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The response with all of its body; raises TooLarge where there is too much of it."""
        response = await super().handle_async_request(request)
        if isinstance(response.stream, AiohttpResponseStream):
            response.stream.CHUNK_SIZE = MOST_BYTES  # all that is there is read in one piece
        content = await _content(response, self._ticks)
        headers = [(name, value) for name, value in response.headers.raw if name.lower() not in PACKED]
        extensions = response.extensions
        return httpx2.Response(
            response.status_code, headers=headers, content=content, request=request, extensions=extensions
        )


class Ticks:
    """One timer for all streams: with one each, the loop would be woken for every look at every stream.

    ``streams`` is how many are under way.
    """

    def __init__(self) -> None:
        self.streams = 0
        self._looks: list[Callable[[], None]] = []

    def wait(self, look: Callable[[], None]) -> None:
        """Call this at the next tick, which is no more than QUIET_SECONDS away."""
        if not self._looks:
            asyncio.get_running_loop().call_later(QUIET_SECONDS, self._tick)
        self._looks.append(look)

    def _tick(self) -> None:
        looks, self._looks = self._looks, []
        for look in looks:
            look()


async def _content(response: httpx2.Response, ticks: Ticks) -> bytes:
    content, heard = bytearray(), listener.get()
    streamed = bool(heard) and response.headers.get("content-type", "").startswith("text/event-stream")
    ticks.streams += streamed
    try:
        async with aclosing(response.aiter_bytes()) as parts:
            async for part in parts:
                content += part
                if len(content) > MOST_BYTES:
                    raise TooLarge("too large")
                if heard and FIRST_TOKEN.search(content, max(len(content) - len(part) - LONGEST_START, 0)):
                    heard = heard()
                if streamed and not heard and ticks.streams > FEW:
                    await _batch(response, ticks)
    except TROUBLES:
        if response.status_code < 400:  # the status of a failure says enough where its body cannot be read
            raise
    finally:
        ticks.streams -= streamed
        await response.aclose()
    return bytes(content)


async def _batch(response: httpx2.Response, ticks: Ticks) -> None:
    """Leave what comes to the system until it pauses, unless all has come; what it holds then is read in one piece."""
    stream = response.stream
    if not isinstance(stream, AiohttpResponseStream):
        return
    connection = stream._aiohttp_response.connection  # noqa: SLF001  None once all has come
    if connection and connection.transport:
        await _pause(_beneath(connection.transport), ticks)


def _beneath(transport: asyncio.Transport) -> asyncio.ReadTransport:
    """What reads the socket itself, beneath TLS, which would go on reading."""
    secured = getattr(transport, "_ssl_protocol", None)
    beneath: asyncio.ReadTransport = getattr(secured, "_transport", None) or transport
    return beneath


async def _pause(transport: asyncio.ReadTransport, ticks: Ticks) -> None:
    """Read nothing as long as more and more of it waits in the system, and that is not too much for its buffer."""
    socket, pausing = transport.get_extra_info("socket"), asyncio.get_running_loop().create_future()

    def look(before: int) -> None:
        if not pausing.done():
            if before < (now := _waiting(socket.fileno())) < MOST_WAITING:
                ticks.wait(partial(look, now))
            else:
                pausing.set_result(None)

    transport.pause_reading()
    look(-1)
    try:
        await pausing
    finally:
        if not transport.is_closing():
            transport.resume_reading()


def _waiting(file: int) -> int:
    """How many bytes have come over a socket and are not read yet; -1 where it is closed."""
    try:
        return int.from_bytes(ioctl(file, FIONREAD, bytes(4)), sys.byteorder)
    except (OSError, ValueError):
        return -1
