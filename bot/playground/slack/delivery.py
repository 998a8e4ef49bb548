"""How Slack reaches an app: envelopes over sockets, each to one of them, or signed requests over HTTP."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSMsgType, web
from slack_sdk.signature import SignatureVerifier

from bot.playground.slack.workspace import Payload, Workspace

Kind = Literal["slash_commands", "interactive", "events_api"]

ACK_SECONDS = 3.0  # Slack's own patience
MOST_SOCKETS = 10


@dataclass(frozen=True)
class Delivery:
    """What became of something that Slack delivered: ``payload`` is the body of the ack, ``status`` HTTP's.

    ``socket`` says that it went over one, ``no_retry`` that the app asked not to be told again.
    """

    acked: bool
    seconds: float
    payload: Payload | None = None
    status: int | None = None
    socket: bool = False
    no_retry: bool = False


@dataclass(frozen=True)
class Fate:
    """What becomes of each new socket: greeted or not, and after so many seconds told ``reason``, or cut for "".

    With ``status`` it is refused by HTTP; with ``code`` it is closed with that code of WebSocket's and no word of ours.
    """

    reason: str = ""
    greeted: bool = True
    after: float = 0
    status: int = 0
    code: int = 0


class Sockets:
    """The app's open sockets; what goes out goes to the next in turn."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._open: dict[web.WebSocketResponse, web.Request] = {}
        self._leaving: set[web.WebSocketResponse] = set()
        self.opened = 0
        self.fate: Fate | None = None
        self._acks: dict[str, asyncio.Future[Payload | None]] = {}

    def __len__(self) -> int:
        return len(self._open)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One socket, from hello to its end."""
        if self.fate and self.fate.status:
            return web.Response(status=self.fate.status)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if len(self._open) == MOST_SOCKETS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        if self.fate and not self.fate.greeted:
            return await self._end(socket, request, self.fate)
        await socket.send_json({"type": "hello", "num_connections": len(self._open) + 1})
        if self.fate:
            return await self._end(socket, request, self.fate)
        self._open[socket] = request
        self.opened += 1
        self._workspace.changed()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._take(json.loads(message.data))
        finally:
            self._open.pop(socket, None)
            self._leaving.discard(socket)
            self._workspace.changed()
        return socket

    async def _end(self, socket: web.WebSocketResponse, request: web.Request, fate: Fate) -> web.WebSocketResponse:
        await asyncio.sleep(fate.after)
        if fate.reason:
            goodbye = {"type": "disconnect", "reason": fate.reason, "debug_info": {"host": "applink"}}
            await socket.send_json(goodbye)
            await socket.close()
        elif fate.code:
            await socket.close(code=fate.code)
        elif request.transport:
            request.transport.abort()
        return socket

    async def announce(self, reason: str, most: int = MOST_SOCKETS) -> None:
        """Tell the app that its sockets will be closed soon; nothing more is delivered there if there are others."""
        for socket in list(self._open)[:most]:
            self._leaving.add(socket)
            await socket.send_json({"type": "disconnect", "reason": reason})

    async def say(self, text: str) -> None:
        """Send this to all sockets, whatever it means."""
        for socket in list(self._open):
            await socket.send_str(text)

    def cut(self, most: int = MOST_SOCKETS) -> None:
        """Cut sockets without a word, as a network does."""
        for socket, request in list(self._open.items())[:most]:
            del self._open[socket]
            if request.transport:
                request.transport.abort()

    def _take(self, ack: Payload) -> None:
        waiting = self._acks.pop(str(ack.get("envelope_id", "")), None)
        if waiting and not waiting.done():
            waiting.set_result(ack.get("payload"))

    async def deliver(self, kind: Kind, payload: Payload, retry: Payload) -> Delivery:
        """Send one envelope to one socket and wait for its ack, as long as Slack would; with no socket it is lost."""
        if not self._open:
            return Delivery(False, 0.0, socket=True)
        socket = min(self._open, key=lambda each: each in self._leaving)
        self._open[socket] = self._open.pop(socket)  # the next in turn
        envelope_id = str(uuid.uuid4())
        ack = self._acks[envelope_id] = asyncio.get_running_loop().create_future()
        began = time.monotonic()
        takes_payload = kind != "events_api"
        tries = {} if takes_payload else {"retry_attempt": 0, "retry_reason": ""}
        envelope = {"type": kind, "envelope_id": envelope_id, "payload": payload} | tries | retry
        try:
            await socket.send_json(envelope | {"accepts_response_payload": takes_payload})
            body = await asyncio.wait_for(ack, ACK_SECONDS)
        except (TimeoutError, ConnectionError):
            self._acks.pop(envelope_id, None)
            return Delivery(False, time.monotonic() - began, socket=True)
        return Delivery(True, time.monotonic() - began, body, socket=True)

    async def close(self) -> None:
        """End all sockets as Slack does when it goes down."""
        for socket in list(self._open):
            await socket.close()


async def post(url: str, secret: str, kind: Kind, payload: Payload, retry: Payload) -> Delivery:
    """Deliver one request over HTTP, signed as Slack signs."""
    body, content_type = _body(kind, payload)
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body) or "",
    }
    if retry:
        headers |= {"X-Slack-Retry-Num": str(retry["retry_attempt"]), "X-Slack-Retry-Reason": retry["retry_reason"]}
    began = time.monotonic()
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(ACK_SECONDS)) as session,
            session.post(url, data=body, headers=headers) as response,
        ):
            text = await response.text()
            is_json = response.content_type == "application/json"
            answer = json.loads(text) if text and is_json else {"text": text} if text else None
            no_retry = response.headers.get("X-Slack-No-Retry") == "1"
            acked = response.status == 200
            return Delivery(acked, time.monotonic() - began, answer, response.status, no_retry=no_retry)
    except (aiohttp.ClientError, TimeoutError):
        return Delivery(False, time.monotonic() - began)


def _body(kind: Kind, payload: Payload) -> tuple[str, str]:
    if kind == "events_api":
        return json.dumps(payload), "application/json"
    fields: Any = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(fields), "application/x-www-form-urlencoded"
