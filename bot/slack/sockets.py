"""Socket Mode on two sockets, with a new one open before an old one is closed.

The SDK's own client closes first, tries an address for ever that Slack gave it once, and notices a cut only with its
next ping. Each of that costs commands, for Slack delivers a command once and to one socket.
"""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import Any

import aiohttp
import structlog
from aiohttp import ClientWebSocketResponse, WSMsgType

from bot import network
from bot.slack.client import SLACK_ERRORS, TOKEN_REFUSED, Client, cause, pause_wanted

log = structlog.get_logger(__name__)

SOCKETS = 2  # Slack takes ten; two keep one open through every refresh
PING_SECONDS = 10.0  # a socket that does not answer a ping within half of that is taken for dead
HELLO_SECONDS = 10.0  # a socket that Slack does not greet within that is given up
ACK_SECONDS = 3.0  # Slack's own patience: an ack that comes later is for nobody
LONGEST_PAUSE = 30.0  # seconds between two tries to open a socket

# An envelope in, the body of its ack out; None if it shall not be acknowledged.
Handle = Callable[[dict[str, Any]], Awaitable[dict[str, Any] | None]]


class Sockets:
    """Keeps the sockets open over which Slack delivers; commands come in as soon as one is open.

    ``refused`` is told Slack's code if it does not take our app token before any socket was open.
    """

    def __init__(self, client: Client, app_token: str, handle: Handle, refused: Callable[[str], None]) -> None:
        self._client, self._app_token, self._handle, self._refused = client, app_token, handle, refused
        self._tasks: list[asyncio.Task[None]] = []
        self._open: set[_Socket] = set()
        self._proven = False
        self._session: aiohttp.ClientSession | None = None

    @property
    def open_count(self) -> int:
        """How many sockets are open now."""
        return len(self._open)

    def open(self) -> None:
        """Begin to open the sockets, and to keep them so."""
        self._session = network.session()
        self._tasks = [asyncio.create_task(self._keep()) for _ in range(SOCKETS)]

    async def close(self) -> None:
        """Close all sockets, once what they delivered is acknowledged."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)
        await asyncio.gather(*(socket.close() for socket in list(self._open)))
        if self._session:
            await self._session.close()

    async def _keep(self) -> None:
        """One socket after the other, each opened as soon as Slack announces the end of the one before."""
        old: _Socket | None = None
        while True:
            socket = await self._opened()
            self._open.add(socket)
            self._proven = True
            log.info("socket.opened", open=self.open_count)
            if old:
                await old.close()
            socket.gone.add_done_callback(partial(self._forget, socket))
            await socket.leaving.wait()
            log.info("socket.leaving", reason=socket.reason)
            old = socket

    def _forget(self, socket: _Socket, gone: asyncio.Task[None]) -> None:
        self._open.discard(socket)

    async def _opened(self) -> _Socket:
        """A socket that Slack has greeted, however many tries it takes."""
        for pause in _pauses():
            try:
                answer = await self._client.apps_connections_open(app_token=self._app_token)
                assert self._session  # noqa: S101  set by open()
                connection = await self._session.ws_connect(str(answer["url"]), heartbeat=PING_SECONDS)
                socket = _Socket(connection, self._handle)
                if await socket.greeted():
                    return socket
                await socket.close()
            except SLACK_ERRORS as error:
                log.warning("socket.unopened", cause=cause(error))
                if cause(error) in TOKEN_REFUSED and not self._proven:
                    self._refused(cause(error))
                pause = pause_wanted(error) or pause
            await asyncio.sleep(pause)
        raise AssertionError("the pauses never end")


def _pauses() -> Iterator[float]:
    """Seconds between tries: half a second, then longer and longer, never twice the same for two who began together."""
    pause = 0.5
    while True:
        yield pause * random.uniform(0.5, 1)  # noqa: S311
        pause = min(pause * 2, LONGEST_PAUSE)


class _Socket:
    """One socket: reads what Slack delivers and acknowledges it over the same socket.

    ``leaving`` is set once Slack wants it replaced or it is gone; ``gone`` is done when it is closed.
    """

    def __init__(self, connection: ClientWebSocketResponse, handle: Handle) -> None:
        self._connection, self._handle = connection, handle
        self._hello = asyncio.Event()
        self._handling: set[asyncio.Task[None]] = set()
        self.leaving, self.reason = asyncio.Event(), "cut"
        self.gone = asyncio.create_task(self._read())

    async def greeted(self) -> bool:
        """Wait for Slack's hello; False if it does not come."""
        hello, gone = asyncio.create_task(self._hello.wait()), self.gone
        await asyncio.wait([hello, gone], timeout=HELLO_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        hello.cancel()
        return self._hello.is_set() and not gone.done()

    async def close(self) -> None:
        """Close once everything that was delivered is acknowledged."""
        if self._handling:
            await asyncio.wait(self._handling, timeout=ACK_SECONDS)
        await self._connection.close()
        await asyncio.wait([self.gone])

    async def _read(self) -> None:
        try:
            async for message in self._connection:
                if message.type is WSMsgType.TEXT:
                    self._take(message.data)
        finally:
            self.leaving.set()

    def _take(self, text: str) -> None:
        try:
            message = json.loads(text)
            kind = message["type"]
        except (ValueError, KeyError, TypeError):
            log.warning("socket.garbled")
            return
        if kind == "hello":
            self._hello.set()
        elif kind == "disconnect":
            self.reason = str(message.get("reason", ""))
            self.leaving.set()
        elif "envelope_id" in message:
            task = asyncio.create_task(self._answer(message))
            self._handling.add(task)
            task.add_done_callback(self._handling.discard)

    async def _answer(self, envelope: dict[str, Any]) -> None:
        try:
            body = await self._handle(envelope)
            if body is not None:
                ack = {"envelope_id": envelope["envelope_id"]} | ({"payload": body} if body else {})
                await self._connection.send_json(ack)
        except (aiohttp.ClientError, ConnectionError):
            log.warning("envelope.unacknowledged", kind=envelope.get("type"))
        except Exception:
            log.exception("envelope.crashed", kind=envelope.get("type"))
