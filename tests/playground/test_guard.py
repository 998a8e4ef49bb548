"""Who may speak to servers on loopback, tried as a web page would that somebody opened by mistake."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web

from bot.adapters.endpoint import Endpoint
from bot.playground.guard import REFUSED, TOO_MANY, bounded, guarded
from bot.playground.model_proxy import ModelProxy
from bot.playground.slack import Playground

EVIL = "http://evil.example"


async def done(request: web.Request) -> web.Response:
    return web.Response(text="done")


@asynccontextmanager
async def guarded_port() -> AsyncIterator[int]:
    app = web.Application(middlewares=[guarded])
    app.router.add_route("*", "/{path:.*}", done)
    async with served(app) as port:
        yield port


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[int]:
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def asked(port: int, headers: dict[str, str], method: str = "POST") -> tuple[int, str]:
    sent = {name: value.format(port=port, other=port % 65535 + 1) for name, value in headers.items()}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, f"http://127.0.0.1:{port}/", headers=sent) as answer,
    ):
        return answer.status, await answer.text()


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example:{port}"},
        {"Host": "127.0.0.1.evil.example:{port}"},
        {"Host": "127.0.0.1"},
        {"Host": "127.0.0.1:{other}"},
        {"Host": "user@127.0.0.1:{port}"},
        {"Host": "evil.example:{port}", "Origin": "http://evil.example:{port}"},
        {"Origin": EVIL},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:{other}"},
        {"Origin": "https://127.0.0.1:{port}"},
        {"Origin": "http://localhost:{port}"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "iframe"},
    ],
    ids=str,
)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_what_a_page_of_somebody_else_sends_is_refused(headers: dict[str, str], method: str) -> None:
    """It could drive the bot, or read what stands here by a name of its own that leads to this machine."""
    async with guarded_port() as port:
        assert await asked(port, headers, method) == (403, REFUSED)


async def test_a_form_of_somebody_else_is_refused_though_a_link_may_lead_here() -> None:
    """A form needs no permission of a browser's, and does something."""
    opened = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    async with guarded_port() as port:
        assert await asked(port, opened, "POST") == (403, REFUSED)
        assert await asked(port, opened, "GET") == (200, "done")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Host": "LOCALHOST:{port}"},
        {"Host": "[::1]:{port}"},
        {"Origin": "http://127.0.0.1:{port}", "Sec-Fetch-Site": "same-origin"},
        {"Host": "localhost:{port}", "Origin": "http://localhost:{port}"},
        {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"},
    ],
    ids=str,
)
async def test_whoever_is_here_is_answered(headers: dict[str, str]) -> None:
    """The bot, the page itself, and a person who types the address."""
    async with guarded_port() as port:
        assert await asked(port, headers) == (200, "done")


async def test_no_more_streams_are_open_at_once_than_a_process_bears() -> None:
    """One program that opens thousands would keep the page from being answered at all."""
    begun, left = asyncio.Event(), asyncio.Event()

    async def stream(request: web.Request) -> web.Response:
        begun.set()
        await left.wait()
        return web.Response(text="left")

    app = web.Application(middlewares=[bounded("/events", 1)])
    app.add_routes([web.get("/events", stream), web.get("/", done)])
    async with served(app) as port, aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        first = asyncio.create_task(session.get("/events"))
        await begun.wait()
        refused = await session.get("/events")
        assert (refused.status, await refused.text(), refused.headers["Connection"]) == (503, TOO_MANY, "close")
        assert await (await session.get("/")).text() == "done"
        left.set()
        assert (await (await first).text(), (await session.get("/events")).status) == ("left", 200)


async def test_every_address_of_our_slack_and_of_the_model_is_guarded() -> None:
    """Their tokens alone would not do: what knows none may still be told things, or fill the disk."""
    model = Endpoint("local", "http://127.0.0.1:9/v1", "sk-none", "chat", 1)
    async with Playground() as slack, ModelProxy(model) as proxy, aiohttp.ClientSession() as session:
        link = (
            await (await session.post(f"{slack.api_url}apps.connections.open", data={"token": slack.app_token})).json()
        )["url"]
        here = slack.api_url.removesuffix("/api/")
        for address in (f"{slack.api_url}auth.test", link, f"{here}/response/1", f"{here}/upload/1", proxy.address):
            for headers in ({"Origin": EVIL}, {"Host": "evil.example"}):
                for method in ("GET", "POST"):
                    async with session.request(method, address.replace("ws:", "http:"), headers=headers) as answer:
                        assert answer.status == 403, address
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(link, origin=EVIL)
        assert refused.value.status == 403
        assert (await session.post(f"{slack.api_url}auth.test", data={"token": slack.bot_token})).status == 200


async def test_nobody_guesses_where_slack_takes_answers_files_and_sockets() -> None:
    """Those addresses ask for no token, so that they must be secrets themselves."""
    async with Playground() as slack, aiohttp.ClientSession() as session:
        here = slack.api_url.removesuffix("/api/")
        for path in ("link", "link/", "response/1", "response//1", "upload/F000000001"):
            assert (await session.post(f"{here}/{path}", json={"text": "hello"})).status == 404
            assert (await session.get(f"{here}/{path}")).status == 404
