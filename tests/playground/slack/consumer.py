"""A tiny app between Slack's client and our own Slack: it hears everything, acknowledges, and writes it down."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import Playground
from bot.playground.slack.workspace import Channel
from tests.support.story import Mode

Payload = dict[str, Any]


class NoAck(Exception):
    """Raised by an answer: Slack shall hear nothing."""


async def _empty(payload: Payload) -> Payload | None:
    return None


@dataclass
class App:
    """What the app heard, and its retry fields; ``answer`` makes the body of each ack."""

    slack: Playground
    client: AsyncWebClient
    channel: Channel
    heard: list[Payload] = field(default_factory=list)
    retries: list[tuple[str, str]] = field(default_factory=list)
    answer: Callable[[Payload], Awaitable[Payload | None]] = _empty

    @property
    def events(self) -> list[Payload]:
        """The events without their wrappers."""
        return [payload["event"] for payload in self.heard if payload["type"] == "event_callback"]

    async def take(self, payload: Payload, number: object, reason: object) -> Payload | None:
        self.heard.append(payload)
        self.retries.append((str(number), str(reason)))
        return await self.answer(payload)

    async def refused(self, call: Awaitable[Any]) -> str:
        """Slack's code for what it does not do."""
        with pytest.raises(SlackApiError) as refusal:
            await call
        return str(refusal.value.response["error"])


@asynccontextmanager
async def app(mode: Mode, **how: Any) -> AsyncIterator[App]:
    """An app that is a member of one channel; nothing may be sent to it or by it that Slack does not know."""
    async with Playground(**how) as slack:
        client = AsyncWebClient(slack.bot_token, base_url=slack.api_url)
        heard = App(slack, client, slack.workspace.add("energy"))
        async with _socket(heard) if mode == "socket" else _http(heard):
            yield heard


@asynccontextmanager
async def _socket(heard: App) -> AsyncIterator[None]:
    opened = await heard.client.apps_connections_open(app_token=heard.slack.app_token)
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(opened["url"]) as socket,
        asyncio.TaskGroup() as own,
    ):

        async def respond(envelope: Payload) -> None:
            try:
                retry = envelope.get("retry_attempt", ""), envelope.get("retry_reason", "")
                body = await heard.take(envelope["payload"], *retry)
            except NoAck:
                return
            ack = {"envelope_id": envelope["envelope_id"]}
            await socket.send_json(ack | ({"payload": body} if body else {}))

        async def receive() -> None:
            async for message in socket:
                envelope = json.loads(message.data)
                if "envelope_id" in envelope:
                    own.create_task(respond(envelope))

        receiving = own.create_task(receive())
        await heard.slack.until(lambda: len(heard.slack.sockets) == 1)
        yield
        receiving.cancel()


@asynccontextmanager
async def _http(heard: App) -> AsyncIterator[None]:
    async def serve(request: web.Request) -> web.Response:
        body = await request.text()
        assert SignatureVerifier(heard.slack.signing_secret).is_valid_request(body, dict(request.headers))
        form = parse_qs(body)
        payload = json.loads(form["payload"][0] if "payload" in form else body)
        retry = [request.headers.get(f"X-Slack-Retry-{name}", "") for name in ("Num", "Reason")]
        try:
            answer = await heard.take(payload, *retry)
        except NoAck:
            return web.Response(status=500)
        return web.json_response(answer) if answer else web.Response()

    server = web.Application()
    server.router.add_post("/slack/events", serve)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    heard.slack.events_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield
    await runner.cleanup()
