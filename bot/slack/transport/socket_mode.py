"""Socket Mode on two sockets, with a new one open before an old one is closed.

The SDK's own client closes first, tries an address for ever that Slack gave it once, and notices a cut only with its
next ping. Each of that costs commands, for Slack delivers a command once and to one socket.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import aiohttp
import structlog
from aiohttp import ClientWebSocketResponse, WSMsgType
from slack_sdk.errors import SlackApiError

from bot import network
from bot.slack.transport.client import APP_TOKEN_REFUSED, SLACK_ERRORS, Client, cause, pause_wanted

log = structlog.get_logger(__name__)

SOCKETS = 2  # Slack takes ten; two keep one open through every refresh
PING_SECONDS = 10.0  # a socket that does not answer a ping within half of that is taken for dead
HELLO_SECONDS = 10.0  # a socket that Slack does not greet within that is given up
ACK_SECONDS = 3.0  # Slack's own patience: an ack that comes later is for nobody
CLOSE_SECONDS = 2.0  # Slack does not always answer a goodbye
STEADY_SECONDS = 30.0  # a socket that lives that long was worth opening; the next one is opened without a pause
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds between two tries to open a socket
REFRESHES = {"warning", "refresh_requested"}  # why Slack replaces a socket that is in order
SWITCHED_OFF = "link_disabled"  # why it ends one of an app whose Socket Mode is off

# An envelope in, the body of its ack out; None if it shall not be acknowledged.
Handle = Callable[[dict[str, Any]], Awaitable[dict[str, Any] | None]]


class Sockets:
    """Keeps the sockets open over which Slack delivers; commands come in as soon as one is open.

    ``refused`` is told Slack's code if it lets our app token open no socket, before any socket was of use; ``opened``
    is set once Slack has greeted one.
    """

    def __init__(self, client: Client, app_token: str, handle: Handle, refused: Callable[[str], None]) -> None:
        self._client, self._app_token, self._handle, self._refused = client, app_token, handle, refused
        self._tasks: list[asyncio.Task[None]] = []
        self._open: set[_Socket] = set()
        self.opened = asyncio.Event()
        self._proven = False
        self._why = ""
        self._session: aiohttp.ClientSession | None = None

    @property
    def open_count(self) -> int:
        """How many sockets are open now."""
        return len(self._open)

    @property
    def lacking(self) -> str:
        """Why nothing can come in, "" if it can.

        A socket counts once it is greeted; after two that died young, the next counts once it has lived a while.
        """
        if any(socket.counts for socket in self._open):
            return ""
        return f"no socket to Slack: {self._why}" if self._why else "no socket to Slack"

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
        pace = _Pace()
        while True:
            socket = await self._opened(pace)
            socket.shaky = pace.died_young > 1
            self._open.add(socket)
            log.info("socket.opened", open=self.open_count)
            self.opened.set()
            if old:
                await old.close()
            socket.gone.add_done_callback(partial(self._forget, socket))
            await socket.leaving.wait()
            log.info("socket.leaving", reason=socket.reason, seconds=round(socket.seconds, 1))
            old = socket
            await self._pause(socket, pace)

    def _forget(self, socket: _Socket, gone: asyncio.Task[None]) -> None:
        self._open.discard(socket)

    async def _pause(self, ended: _Socket, pace: _Pace) -> None:
        """Wait before the next socket if the last one was no good; Slack counts how often they are opened."""
        self._proven = self._proven or ended.useful or ended.seconds >= STEADY_SECONDS
        if ended.seconds >= STEADY_SECONDS:
            pace.reset()
            return
        pace.died_young += 1
        self._why = ended.reason
        if ended.reason == SWITCHED_OFF and pace.died_young > 1:
            self._refuse(SWITCHED_OFF, self._proven)
        if ended.reason not in REFRESHES or pace.died_young > 1:
            await asyncio.sleep(pace.next())

    async def _opened(self, pace: _Pace) -> _Socket:
        """A socket that Slack has greeted, however many tries it takes."""
        while True:
            try:
                if socket := await self._tried():
                    return socket
                pause = pace.next()
            except SLACK_ERRORS as error:
                self._why = cause(error)
                log.warning("socket.unopened", cause=self._why)
                if isinstance(error, SlackApiError) and self._why in APP_TOKEN_REFUSED:
                    self._refuse(self._why, self.opened.is_set())
                pause = pause_wanted(error) or pace.next()
            await asyncio.sleep(pause)

    async def _tried(self) -> _Socket | None:
        """One try; None if Slack does not greet the socket or ends it in the same breath. Raises SLACK_ERRORS."""
        answer = await self._client.apps_connections_open(app_token=self._app_token)
        assert self._session  # noqa: S101  set by open()
        patience = aiohttp.ClientWSTimeout(ws_close=CLOSE_SECONDS)
        connection = await self._session.ws_connect(str(answer["url"]), heartbeat=PING_SECONDS, timeout=patience)
        socket = _Socket(connection, self._handle)
        good = False
        try:
            good = await socket.greeted()
        finally:
            if not good:
                await socket.close()
        if good:
            return socket
        self._why = socket.reason
        log.warning("socket.unopened", cause=socket.reason)
        if socket.reason == SWITCHED_OFF:
            self._refuse(SWITCHED_OFF, self.opened.is_set())
        return None

    def _refuse(self, code: str, worked: bool) -> None:
        """What Slack refuses at the start ends it; what worked once is tried again, for somebody may mend it."""
        if worked or any(socket.useful for socket in self._open):
            log.error("socket.refused", cause=code)
        else:
            self._refused(code)


class _Pace:
    """How long to wait between tries: longer each time, never twice the same for two who began together.

    ``died_young`` counts the sockets that Slack greeted and that soon ended, since the last one that lived.
    """

    def __init__(self) -> None:
        self.died_young = 0
        self._pause = FIRST_PAUSE

    def next(self) -> float:
        """Seconds to wait now."""
        pause = self._pause * random.uniform(0.5, 1)  # noqa: S311
        self._pause = min(self._pause * 2, LONGEST_PAUSE)
        return pause

    def reset(self) -> None:
        """A socket has lived: begin anew."""
        self.died_young, self._pause = 0, FIRST_PAUSE


class _Socket:
    """One socket: reads what Slack delivers and acknowledges it over the same socket.

    ``leaving`` is set once Slack wants it replaced or it is gone, for that ``reason``; ``gone`` is done when it is
    closed. ``useful`` says that something was delivered over it, ``shaky`` that those before it died young.
    """

    def __init__(self, connection: ClientWebSocketResponse, handle: Handle) -> None:
        self._connection, self._handle = connection, handle
        self._hello = asyncio.Event()
        self._handling: set[asyncio.Task[None]] = set()
        self.leaving, self.reason = asyncio.Event(), "cut"
        self.shaky = self.useful = False
        self._since = time.monotonic()
        self.gone = asyncio.create_task(self._read())

    @property
    def seconds(self) -> float:
        """For how long it has been open."""
        return time.monotonic() - self._since

    @property
    def counts(self) -> bool:
        """Whether Slack delivers over it and will for a while, as far as anybody can tell."""
        return self._stays and (self.useful or not self.shaky or self.seconds >= STEADY_SECONDS)

    @property
    def _stays(self) -> bool:
        """Whether it is open, be it until another takes its place."""
        return not self.gone.done() and (not self.leaving.is_set() or self.reason in REFRESHES)

    async def greeted(self) -> bool:
        """Wait for Slack's hello; False if it does not come, or a goodbye with it."""
        hello, gone = asyncio.create_task(self._hello.wait()), self.gone
        await asyncio.wait([hello, gone], timeout=HELLO_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        hello.cancel()
        if not self._hello.is_set() and not self.leaving.is_set():
            self.reason = "no hello"
        return self._hello.is_set() and self._stays

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
            self.useful = True
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
