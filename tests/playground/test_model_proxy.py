"""The proxy before the model: what passes, who may ask, how it lets a call fail."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.adapters.endpoint import Endpoint
from bot.adapters.model_openai import OpenAIModel
from bot.adapters.model_openai_network import KINDS, UNREACHED, passed_on, to_pass_on
from bot.adapters.model_queue import ModelQueue
from bot.playground.fault_choices import ANGLE
from bot.playground.model import REFUSED, ModelServer
from bot.playground.model_proxy import Lapse, ModelProxy
from bot.research.errors import ModelError, ModelRefused, Unreachable
from bot.research.ports import Call, Completion, Priority

KEY = "sk-a-key-that-nobody-may-see"
ASK = {"model": "local", "messages": [{"role": "user", "content": "tea"}]}


def endpoint(url: str, api: Any = "chat") -> Endpoint:
    return Endpoint("local", url, KEY, api, 60)


@asynccontextmanager
async def answering(handle: Any) -> AsyncIterator[tuple[ModelProxy, aiohttp.ClientSession]]:
    """A proxy before a server of which this is all, and somebody who knows the token."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    try:
        async with ModelProxy(endpoint(url)) as proxy:
            headers = {"Authorization": f"Bearer {proxy.token}", "X-Client-Request-Id": "r_1/angle/technical"}
            async with aiohttp.ClientSession(headers=headers, auto_decompress=False) as session:
                yield proxy, session
    finally:
        await runner.cleanup()


async def test_a_call_passes_as_it_is_but_for_the_key() -> None:
    """The model must answer the bot as if nobody stood between, and nobody but the proxy must know its key."""
    heard: list[tuple[str, dict[str, str], bytes]] = []

    async def model(request: web.Request) -> web.Response:
        heard.append((request.path_qs, dict(request.headers), await request.read()))
        return web.Response(status=418, body=b"\x1f\x8bpacked", headers={"X-Left": "3", "Content-Encoding": "gzip"})

    async with answering(model) as (proxy, session):
        answer = await session.post(f"{proxy.address}/chat/completions?n=1", json=ASK, headers={"X-Mine": "1"})
        assert (answer.status, await answer.read(), answer.headers["X-Left"]) == (418, b"\x1f\x8bpacked", "3")
        ((path, headers, body),) = heard
        assert (path, json.loads(body), headers["X-Mine"]) == ("/v1/chat/completions?n=1", ASK, "1")
        assert headers["Authorization"] == f"Bearer {KEY}"
        assert headers["X-Client-Request-Id"] == "r_1/angle/technical"
        assert proxy.token not in str(heard)
        assert proxy.passed == ["r_1/angle/technical"]


@pytest.mark.parametrize("given", ["", "Bearer ", "Bearer none", f"Bearer {KEY}", "Basic eA=="])
async def test_whoever_does_not_know_the_token_costs_nothing(given: str) -> None:
    """Another program on this machine might find the port and use up somebody's account."""
    async with ModelServer() as model, ModelProxy(endpoint(model.url)) as proxy, aiohttp.ClientSession() as session:
        answer = await session.post(f"{proxy.address}/chat/completions", json=ASK, headers={"Authorization": given})
        assert (answer.status, (await answer.json())["error"]["code"]) == (401, "invalid_api_key")
        assert (model.requests, proxy.passed) == ([], [])


async def test_a_token_passes_the_moment_it_comes() -> None:
    """A stream that is collected first tells nobody that it has begun."""
    more = asyncio.Event()

    async def model(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(b"data: one\n\n")
        await more.wait()
        await response.write(b"data: two\n\n")
        return response

    async with answering(model) as (proxy, session):
        answer = await session.post(f"{proxy.address}/responses", json=ASK)
        assert await answer.content.readany() == b"data: one\n\n"
        more.set()
        assert await answer.content.read() == b"data: two\n\n"


async def test_a_call_that_its_caller_gives_up_is_given_up_at_the_model() -> None:
    """Else a copy that is not wanted any more goes on costing."""
    begun, gone = asyncio.Event(), asyncio.Event()

    async def model(request: web.Request) -> web.Response:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            gone.set()
        return web.Response()

    async with answering(model) as (proxy, session):
        asking = asyncio.create_task(session.post(f"{proxy.address}/responses", json=ASK))
        await begun.wait()
        asking.cancel()
        async with asyncio.timeout(60):
            await gone.wait()


async def written(proxy: ModelProxy | None, model: Endpoint, step: str = "angle/technical") -> Completion:
    """What the bot's own client makes of it, through the proxy if there is one."""

    async def at_once(seconds: float) -> None:
        """No pause between the tries."""

    way = replace(model, through=proxy.address, api_key=proxy.token) if proxy else model
    async with OpenAIModel(way, ModelQueue(1), sleep=at_once) as client:
        return await client.write(Call("r_1", step, "", "tea", Priority.ANGLE, 100))


def told(error: ModelError) -> tuple[type[ModelError], str, str, int]:
    """What people and the log are told."""
    return type(error), error.because, str(error), error.usage.calls


async def failing(model: Endpoint, proxy: ModelProxy | None) -> ModelError:
    """Why the bot's own client gets no answer."""
    with pytest.raises(ModelError) as failed:
        await written(proxy, model)
    return failed.value


@asynccontextmanager
async def plain_server(answer: bytes, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A server that says this whatever it is asked."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65_536)
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(say, "127.0.0.1", 0, ssl=tls) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize(
    ("url", "answer"),
    [
        ("http://127.0.0.1:9/v1", b""),
        ("http://nowhere.invalid/v1", b""),
        ("https://127.0.0.1:{port}/v1", b""),
        ("http://127.0.0.1:{port}/v1", b""),
        ("http://127.0.0.1:{port}/v1", b"SSH-2.0-OpenSSH_9.6\r\n\r\n"),
        ("http://127.0.0.1:{port}/v1", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"),
        ("http://127.0.0.1:{port}/v1", b"HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n"),
        ("http://127.0.0.1:{port}/v1", b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"),
    ],
)
async def test_why_a_model_gives_no_answer_is_told_as_if_nobody_stood_between(url: str, answer: bytes) -> None:
    """Whoever set a wrong address would else look for the fault in the playground."""
    async with plain_server(answer) as port:
        model = endpoint(url.format(port=port))
        async with ModelProxy(model) as proxy:
            behind, direct = await failing(model, proxy), await failing(model, None)
    assert told(behind) == told(direct)


@pytest.mark.parametrize("kind", KINDS.values())
def test_every_failure_of_the_network_stays_what_it_is_on_its_way(kind: type[ModelError]) -> None:
    """One that lost its kind would be tried again in vain, or not at all."""
    failure = kind("errno 1: “ä”\n", because="it has expired")
    assert told(passed_on(to_pass_on(failure))) == told(failure)


async def test_a_model_cannot_say_in_whose_name_it_fails() -> None:
    """What stands in that header is shown to people."""
    said = {UNREACHED: to_pass_on(Unreachable(because="send your key to evil.example"))}

    async def model(request: web.Request) -> web.Response:
        return web.Response(status=500, headers=said)

    async with answering(model) as (proxy, session):
        answer = await session.post(f"{proxy.address}/chat/completions", json=ASK)
        assert (answer.status, UNREACHED in answer.headers) == (500, False)


@pytest.mark.parametrize("api", ["chat", "responses"])
async def test_a_lapse_happens_to_the_calls_that_it_is_for_and_no_others(api: str) -> None:
    """One angle fails; the others, and the next try, do not."""
    async with ModelServer() as server:
        model = endpoint(server.url, api)
        async with ModelProxy(model) as proxy:
            proxy.lapse(Lapse(REFUSED, ANGLE))
            assert "In short" in (await written(proxy, model, "report/technical")).text
            with pytest.raises(ModelRefused):
                await written(proxy, model)
            assert "The technical view" in (await written(proxy, model)).text


async def test_a_lapse_of_one_call_happens_to_all_its_tries() -> None:
    """Four tries of one angle fail; that of another in between does not count."""
    lapse = Lapse(REFUSED, ANGLE, times=2, same=True)
    assert [lapse.takes(f"r_1/angle/{name}") for name in ("a", "b", "a")] == [True, False, True]
    assert lapse.over
