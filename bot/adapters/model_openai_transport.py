"""The SDK's way over aiohttp, on a session of ours, which reads no more of a body than an answer can have.

Of a stream it says when the first token is there. Where many are under way the system collects the tokens from then on,
and they are read when no more of them come: a turn of ours for each would cost more than all else that a run does.
"""

from __future__ import annotations

import asyncio
import re
from array import array
from collections.abc import Callable
from contextlib import aclosing
from contextvars import ContextVar
from dataclasses import dataclass
from fcntl import ioctl
from termios import FIONREAD

import aiohttp
import httpx2
from openai._vendor.httpx_aiohttp.transport import AiohttpResponseStream, AiohttpTransport

from bot import network
from bot.adapters.model_openai_network import TROUBLES, TooLarge

CONNECTIONS = 3_000  # three a run, for a thousand runs at once: the turns are the limit, never the pool
MOST_BYTES = 16_000_000  # of a body, unpacked: forty thousand tokens, each in a chunk of its own
FEW = 60  # streams whose tokens are read as they come, which takes a tenth of a core; of more each answer is kept later
LOOK_SECONDS = 0.04  # between two looks at the streams that are left to the system
FEWEST_LOOKS, MOST_LOOKS = 1, 3  # in which nothing more came, after which a stream pauses or is over
MOST_WAITING = 16_384  # bytes that are left to the system: with a full buffer it would make the server wait
# The first text or thinking in an event of any provider; a role, a comment or a filter's verdict has none.
FIRST_TOKEN = re.compile(rb'"(?:content|delta|text|reasoning_content|reasoning|thinking|refusal)" ?: ?"[^"]')
LONGEST_START = 32  # bytes of a match, of which the last may be the first of the next piece
PACKED = (b"content-encoding", b"content-length", b"transfer-encoding")  # headers that no longer hold once it is read

_COUNT = array("i", [0])  # what the system counts into

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


@dataclass
class Left:
    """A stream that is left to the system: its file, how many looks in a row it may be quiet, what is waiting."""

    file: int
    looks: int
    over: asyncio.Future[bool]
    waiting: int = -1
    quiet: int = 0


class Ticks:
    """One timer for all streams: with one each, the loop would be woken for every look at every stream.

    ``streams`` is how many are under way.
    """

    def __init__(self) -> None:
        self.streams = 0
        self._left: list[Left] = []

    async def quiet(self, file: int, looks: int) -> bool:
        """Wait until no more comes over a socket in so many looks; False where its buffer has to be read before."""
        left = Left(file, looks, asyncio.get_running_loop().create_future())
        if not self._left:
            self._next()
        self._left.append(left)
        return await left.over

    def _next(self) -> None:
        asyncio.get_running_loop().call_later(LOOK_SECONDS, self._look)

    def _look(self) -> None:
        going_on = list[Left]()
        for left in self._left:
            if left.over.done():  # whoever waited is gone
                continue
            waiting = _waiting(left.file)
            left.quiet = left.quiet + 1 if waiting == left.waiting else 0
            left.waiting = waiting
            if 0 <= waiting < MOST_WAITING and left.quiet < left.looks:
                going_on.append(left)
            else:
                left.over.set_result(waiting < MOST_WAITING)
        self._left = going_on
        if going_on:
            self._next()


async def _content(response: httpx2.Response, ticks: Ticks) -> bytes:
    content, heard = bytearray(), listener.get()
    streamed = bool(heard) and response.headers.get("content-type", "").startswith("text/event-stream")
    ticks.streams += streamed
    looks = FEWEST_LOOKS
    try:
        async with aclosing(response.aiter_bytes()) as parts:
            async for part in parts:
                content += part
                if len(content) > MOST_BYTES:
                    raise TooLarge("too large")
                if heard and FIRST_TOKEN.search(content, max(len(content) - len(part) - LONGEST_START, 0)):
                    heard = heard()
                if streamed and not heard and ticks.streams > FEW and await _paused(response, ticks, looks):
                    looks = min(looks + 1, MOST_LOOKS)  # where more comes, its tokens are further apart than that
    except TROUBLES:
        if response.status_code < 400:  # the status of a failure says enough where its body cannot be read
            raise
    finally:
        ticks.streams -= streamed
        await response.aclose()
    return bytes(content)


async def _paused(response: httpx2.Response, ticks: Ticks, looks: int) -> bool:
    """Leave what comes to the system until nothing more comes, unless all has come; whether it came to that."""
    stream = response.stream
    if not isinstance(stream, AiohttpResponseStream):
        return False
    connection = stream._aiohttp_response.connection  # noqa: SLF001  None once all has come
    if not connection or not connection.transport:
        return False
    transport = _beneath(connection.transport)
    transport.pause_reading()
    try:
        return await ticks.quiet(transport.get_extra_info("socket").fileno(), looks)
    finally:
        if not transport.is_closing():
            transport.resume_reading()


def _beneath(transport: asyncio.Transport) -> asyncio.ReadTransport:
    """What reads the socket itself, beneath TLS, which would go on reading."""
    secured = getattr(transport, "_ssl_protocol", None)
    beneath: asyncio.ReadTransport = getattr(secured, "_transport", None) or transport
    return beneath


def _waiting(file: int) -> int:
    """How many bytes have come over a socket and are not read yet; -1 where it is closed."""
    try:
        ioctl(file, FIONREAD, _COUNT)
    except (OSError, ValueError):
        return -1
    return _COUNT[0]
