"""Proxies: which connection goes through which one, and what is said when the network lets us down."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from bot import network
from bot.adapters.endpoint import Endpoint
from bot.adapters.model_openai import OpenAIModel
from bot.adapters.model_queue import ModelQueue
from bot.network import Proxies, ProxyFailed, network_cause
from bot.playground.model import ModelServer
from bot.playground.slack import Playground
from bot.research.errors import Unreachable
from bot.research.ports import Call, Priority
from bot.research.words.en import sentence
from bot.slack.transport.client import web_client
from bot.slack.transport.private import answer_privately
from bot.slack.transport.socket_mode import Sockets
from tests.support.processes import run
from tests.support.proxy import certificate, proxying, secure
from tests.support.serving import environment

SLACK, WSS, MODEL, FILES = "slack.test", "wss.slack.test", "model.test", "files.slack.test"
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUEST_METHOD", "SSL_CERT_FILE")


@pytest.fixture(autouse=True)
def no_proxy_of_the_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(
    ("variables", "url", "way"),
    [
        ({"HTTPS_PROXY": "http://p:1"}, "https://slack.com/api/", "http://p:1"),
        ({"https_proxy": "http://p:1"}, "https://slack.com/api/", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1"}, "wss://wss.slack.com/link", "http://p:1"),
        ({"HTTPS_PROXY": "p:1"}, "https://slack.com/", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1"}, "http://slack.com/", None),
        ({"HTTP_PROXY": "http://p:1"}, "http://model/v1", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, "ws://slack.com/link", "http://p:1"),
        ({"HTTP_PROXY": "http://p:1"}, "https://slack.com/", None),
        ({"ALL_PROXY": "http://p:1"}, "https://slack.com/", "http://p:1"),
        ({"all_proxy": "http://a:1", "HTTPS_PROXY": "http://p:1"}, "https://slack.com/", "http://p:1"),
        ({"HTTPS_PROXY": "http://P:1", "https_proxy": "http://p:2"}, "https://slack.com/", "http://p:2"),
        ({"HTTPS_PROXY": "http://p:1", "https_proxy": ""}, "https://slack.com/", None),
        ({"HTTPS_PROXY": " "}, "https://slack.com/", None),
        ({"HTTPS_PROXY": "http://u:p%40s@p:1"}, "https://slack.com/", "http://u:p%40s@p:1"),
        ({}, "https://slack.com/", None),
    ],
)
def test_the_variables_that_other_programs_know_hold_here_too(
    variables: dict[str, str], url: str, way: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever runs the bot has set them once for everything on the machine."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    found = Proxies.of_environment().towards(URL(url))
    assert found == (URL(way) if way else None)


@pytest.mark.parametrize(
    ("exempt", "host", "direct"),
    [
        ("slack.com", "slack.com", True),
        ("slack.com", "files.slack.com", True),
        (".slack.com", "files.slack.com", True),
        ("*.slack.com", "files.slack.com", True),
        ("slack.com", "notslack.com", False),
        ("example.com,slack.com", "slack.com", True),
        ("example.com slack.com", "slack.com", True),
        (" example.com , SLACK.com ", "slack.com", True),
        ("*", "slack.com", True),
        ("example.com,*", "slack.com", True),
        ("slack.com:443", "slack.com", True),
        ("slack.com:8443", "slack.com", False),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("10.1.2.3", "10.1.2.3", True),
        ("fd00::/8", "[fd00::1]", True),
        ("[fd00::1]", "[fd00::1]", True),
        ("fd00::1", "[fd00::2]", False),
        (".corp", "git.corp", True),
        ("a.corp", "a.corp.", True),
        ("a.corp.", "a.corp", True),
        ("10.0.0.1/8", "10.9.9.9", True),
        ("10.0.0.0/255.0.0.0", "10.2.2.2", True),
        ("10.0.0.0/33", "10.2.2.2", False),
        ("10.0.0.0/8", "[::ffff:10.0.0.1]", True),
        ("0.0.0.0/0", "8.8.8.8", True),
        ("192.168.*", "192.168.1.1", True),
        ("a*.corp", "ab.corp", True),
        ("a*.corp", "ba.corp", False),
        ("model.corp:8000", "model.corp:8000", True),
        ("model.corp:8000", "model.corp", False),
        ("10.1.2.3:8000", "10.1.2.3:8000", True),
        ("10.1.2.3:8000", "10.1.2.3:8001", False),
        ("*:8000", "model.corp:8000", True),
        ("*:8000", "model.corp", False),
        ("[fd00::1]:8000", "[fd00::1]:8000", True),
        ("[fd00::1]:8000", "[fd00::1]", False),
        ("[fd00::]/8", "[fd00::1]", True),
        ("FD00::1", "[fd00::1]", True),
        ("fe80::/10", "[fe80::1%25eth0]", True),
        ("http://a.corp/", "a.corp", True),
        ("https://a.corp:8000/", "a.corp:8000", True),
        ("a.corp;b.corp", "b.corp", True),
        ("localhost|b.corp", "b.corp", True),
        ('"a.corp,b.corp"', "a.corp", True),
        ("'b.corp'", "b.corp", True),
        ("svc.cluster.local", "vllm.ml.svc.cluster.local:8000", True),
        ("host.docker.internal", "docker.internal", False),
        (",,", "slack.com", False),
        (".", "slack.com", False),
        ("", "localhost", True),
        ("", "LOCALHOST", True),
        ("", "model.localhost", True),
        ("", "127.0.0.1", True),
        ("", "127.9.9.9", True),
        ("", "0.0.0.0", True),
        ("", "[::1]", True),
        ("", "[::ffff:127.0.0.1]", True),
        ("", "localhost.example.com", False),
        ("", "10.0.0.1", False),
    ],
)
def test_what_is_exempt_or_here_is_reached_without_a_proxy(
    exempt: str, host: str, direct: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy knows no server of this machine, and an internal model must not be looked for outside."""
    monkeypatch.setenv("HTTPS_PROXY", "http://p:1")
    monkeypatch.setenv("NO_PROXY", exempt)
    found = Proxies.of_environment().towards(URL(f"https://{host}/v1"))
    assert found == (None if direct else URL("http://p:1"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS_PROXY", "socks5://user:secret@p:1080"),
        ("https_proxy", "socks5h://p:1080"),
        ("ALL_PROXY", "socks4://p:1080"),
        ("HTTP_PROXY", "ftp://p:21"),
        ("HTTPS_PROXY", "http://"),
        ("HTTPS_PROXY", "http://p:port"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_named_and_not_shown(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its address may hold a password."""
    monkeypatch.setenv(name, value)
    told = Proxies.of_environment().wrong
    assert told.startswith(f"{name.upper()} cannot be used: the bot goes through proxies at http:// or https://")
    assert "secret" not in told


async def everything(slack_url: str, socket_url: str, model_url: str, files_url: str) -> None:
    """Use each kind of connection once, each at an address that only the proxy knows."""
    async with network.session(timeout=aiohttp.ClientTimeout(10)) as session:
        client = web_client("xoxb-playground", f"{slack_url}/api/", session, lambda method, outcome: None)
        await client.auth_test()
        await answer_privately(f"{slack_url}/response", {"text": "hello"}, session)
        await client._upload_file(url=files_url, data=b"x", logger=client._logger, timeout=5, proxy=None, ssl=None)
        async with session.ws_connect(socket_url) as connection:
            assert (await connection.receive_json())["type"] == "hello"
    async with OpenAIModel(Endpoint("local", model_url, "key", "chat", 20), ModelQueue(1)) as model:
        assert (await model.write(Call("check", "check", "", "Say: ready", Priority.FOLLOW_UP, max_tokens=100))).text


def outside() -> web.Application:
    """Slack and a model, as far as a connection needs them."""

    async def api(request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def link(request: web.Request) -> web.WebSocketResponse:
        greeting = web.WebSocketResponse()
        await greeting.prepare(request)
        await greeting.send_json({"type": "hello"})
        await greeting.close()
        return greeting

    async def chat(request: web.Request) -> web.Response:
        message = {"role": "assistant", "content": "Ready."}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        answer = {"id": "1", "object": "chat.completion", "created": 1, "model": "local", "choices": [choice]}
        return web.json_response(answer)

    pages = web.Application()
    ways = [web.post("/api/{method}", api), web.post("/response", api), web.post("/upload", api)]
    pages.add_routes([*ways, web.get("/link", link), web.post("/v1/chat/completions", chat)])
    return pages


async def test_every_connection_goes_through_the_proxy_and_its_secrets_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a company's proxy one connection that goes its own way is a bot that half works."""
    trusted = certificate(tmp_path, SLACK, WSS, MODEL, FILES)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    async with secure(outside(), trusted) as port, proxying(port, "user:p@ss") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url.replace("p@ss", "p%40ss"))
        await everything(f"https://{SLACK}", f"wss://{WSS}/link", f"https://{MODEL}/v1", f"https://{FILES}/upload")
    assert {f"CONNECT {name}:443" for name in (SLACK, WSS, MODEL, FILES)} == set(proxy.asked)


async def test_plain_http_goes_through_its_proxy_with_credentials_and_exempt_hosts_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A model in the company's network is often plain HTTP."""
    async with ModelServer() as model, proxying(URL(model.url).port or 0, "user:pass") as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        endpoint = Endpoint("local", f"http://{MODEL}/v1", "key", "chat", 20)
        call = Call("follow-up", "follow-up", "", "Say: ready", Priority.FOLLOW_UP, max_tokens=100)
        async with OpenAIModel(endpoint, ModelQueue(1)) as outside_model:
            assert (await outside_model.write(call)).text
        asked = list(proxy.asked)
        assert asked == [f"POST http://{MODEL}/v1/chat/completions"]
        async with OpenAIModel(Endpoint("local", model.url, "key", "chat", 20), ModelQueue(1)) as here:
            assert (await here.write(call)).text
        assert proxy.asked == asked


async def test_a_bot_whose_slack_is_here_asks_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The playground and the tests run on machines that have a proxy."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    async with Playground() as slack, network.session() as session:
        client = web_client(slack.bot_token, slack.api_url, session, lambda method, outcome: None)
        sockets = Sockets(client, slack.app_token, refuse, lambda code: None)
        sockets.open()
        await slack.until(lambda: len(slack.sockets) == 2)
        await sockets.close()


async def refuse(envelope: dict[str, Any]) -> None:
    raise AssertionError


async def told(url: str) -> str:
    """Why an address is not reached, in our words."""
    async with network.session(timeout=aiohttp.ClientTimeout(20)) as session:
        with pytest.raises((aiohttp.ClientError, OSError)) as caught:
            async with session.get(url) as answer:
                await answer.read()
    return network_cause(caught.value)


async def test_why_the_network_fails_is_said_in_words_with_the_systems_number(
    tmp_path: Path,
) -> None:
    """The name of a class tells an operator nothing, and an address may hold a password."""
    assert await told(f"http://127.0.0.1:{shut_port()}/") == "connection refused (errno 111)"
    assert (await told("http://no.such.name.invalid/")).startswith("the name no.such.name.invalid is not known (")
    async with secure(outside(), certificate(tmp_path, "127.0.0.1")) as port:
        assert (await told(f"https://127.0.0.1:{port}/")).startswith("the certificate of 127.0.0.1 is not trusted: ")
        assert await told(f"http://127.0.0.1:{port}/") in (
            "the connection was closed before an answer came",
            "connection reset by peer (errno 104)",
            "HTTP 400 where another answer was expected",
        )


@pytest.mark.parametrize(
    "value", ["socks5://user:secret@p:1080", "ftp://p:21", "http://", "http://secret@p:port", "///"]
)
async def test_what_goes_through_a_proxy_that_cannot_be_used_says_so(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A trial has no start at which it could be said, and most of them need no proxy."""
    monkeypatch.setenv("ALL_PROXY", value)
    words = await told(f"https://{SLACK}/")
    assert words.startswith("ALL_PROXY cannot be used: the bot goes through proxies at http:// or https:// addresses")
    assert not words.endswith(".")
    async with saying(b"HTTP/1.1 204 No\r\n\r\n") as port, network.session() as session:
        assert (await session.get(f"http://127.0.0.1:{port}/")).status == 204  # goes through none


ADDRESSES = {"HTTPS_PROXY": f"https://{SLACK}/", "HTTP_PROXY": f"http://{SLACK}/", "ALL_PROXY": f"https://{SLACK}/"}


def shut_port() -> int:
    """A port at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@asynccontextmanager
async def saying(answer: bytes) -> AsyncIterator[int]:
    """A port that says this to whoever asks; nothing at all, for ever, if it is empty."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


@pytest.mark.parametrize("variable", ADDRESSES)
async def test_a_proxy_that_lets_us_down_is_named_by_its_variable_and_its_host(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One variable of many is wrong, often one that somebody else has set; its password stays out of it."""
    url, shut = ADDRESSES[variable], shut_port()

    async def named(rest: str) -> str:
        monkeypatch.setenv(variable, f"http://user:secret@{rest}")
        return (await told(url)).replace(f"the proxy that {variable} names ({rest}) ", "✓ ")

    assert await named(f"127.0.0.1:{shut}") == "✓ does not answer: connection refused (errno 111)"
    unknown = await named("no.such.proxy.invalid:3128")
    assert unknown.startswith("✓ is not reached: the name no.such.proxy.invalid is not known (")
    async with proxying(shut, "user:other") as proxy:
        refused = "✓ does not take the user and password that are set for it (HTTP 407)"
        assert await named(f"127.0.0.1:{proxy.port}") == refused


@pytest.mark.parametrize("status", [403, 500, 502, 503, 504])
async def test_a_proxy_that_opens_no_way_is_named_with_what_it_says(
    status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A company's proxy lets through what is on its list."""
    async with saying(f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode()) as port:
        monkeypatch.setenv("https_proxy", f"127.0.0.1:{port}")
        words = f"the proxy that HTTPS_PROXY names (127.0.0.1:{port}) does not let us through (HTTP {status})"
        assert await told(f"https://{SLACK}/") == words


async def test_a_proxy_with_tls_that_proves_nothing_is_named_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The certificate of the host behind it is another matter."""
    async with secure(outside(), certificate(tmp_path, "127.0.0.1")) as port:
        monkeypatch.setenv("HTTPS_PROXY", f"https://127.0.0.1:{port}")
        words = await told(f"https://{SLACK}/")
        assert words.startswith(f"the proxy that HTTPS_PROXY names (127.0.0.1:{port}) is not reached: the certificate")
        async with proxying(port) as proxy:
            monkeypatch.setenv("HTTPS_PROXY", proxy.url)
            assert (await told(f"https://{SLACK}/")).startswith(f"the certificate of {SLACK} is not trusted")


async def test_a_proxy_that_takes_no_connection_is_named_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """A firewall answers nothing at all."""
    monkeypatch.setenv("HTTPS_PROXY", "http://user:secret@proxy.test:3128")

    async def late(request: aiohttp.ClientRequest) -> aiohttp.ClientResponse:
        raise aiohttp.ConnectionTimeoutError("secret")

    async with aiohttp.ClientSession() as session:
        request = aiohttp.ClientRequest("GET", URL(f"https://{SLACK}/"), loop=session._loop, session=session)
        with pytest.raises(ProxyFailed) as caught:
            await Proxies.of_environment().through(request, late)
    assert network_cause(caught.value) == "the proxy that HTTPS_PROXY names (proxy.test:3128) does not answer: timeout"


@pytest.mark.parametrize(
    ("variables", "url", "named"),
    [
        ({"HTTPS_PROXY": "http://u:p@p"}, "https://slack.com/", "the proxy that HTTPS_PROXY names (p:80)"),
        ({"https_proxy": "https://p"}, "wss://slack.com/", "the proxy that HTTPS_PROXY names (p:443)"),
        ({"ALL_PROXY": "[::1]:3128"}, "http://model/", "the proxy that ALL_PROXY names ([::1]:3128)"),
        ({"all_proxy": "a:1", "HTTP_PROXY": "p:1"}, "http://model/", "the proxy that HTTP_PROXY names (p:1)"),
        ({"all_proxy": "a:1", "HTTP_PROXY": "p:1"}, "https://model/", "the proxy that ALL_PROXY names (a:1)"),
        ({"HTTPS_PROXY": "p:1", "https_proxy": "", "ALL_PROXY": "a:1"}, "https://x/", "the proxy that ALL_PROXY na"),
        ({"HTTPS_PROXY": " ", "ALL_PROXY": "a:1"}, "https://x/", "the proxy that ALL_PROXY names (a:1)"),
        ({"HTTPS_PROXY": "p:1"}, "http://model/", ""),
        ({"HTTPS_PROXY": "p:1", "NO_PROXY": "slack.com"}, "https://slack.com/", ""),
        ({}, "https://slack.com/", ""),
    ],
)
def test_the_variable_that_is_named_is_the_one_that_counts(
    variables: dict[str, str], url: str, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who corrects another one changes nothing."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    told = Proxies.of_environment().told(URL(url))
    assert told.startswith(named)
    assert bool(told) == bool(named)


async def test_a_model_behind_a_dead_proxy_is_said_to_be_that(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider is not to blame, and the asker passes the sentence on."""
    where = f"127.0.0.1:{shut_port()}"
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:secret@{where}")

    async def at_once(seconds: float) -> None:
        """Nobody waits."""

    endpoint = Endpoint("local", f"https://{MODEL}/v1", "key", "chat", 20)
    async with OpenAIModel(endpoint, ModelQueue(1), sleep=at_once) as model:
        with pytest.raises(Unreachable) as caught:
            await model.write(Call("check", "check", "", "Say: ready", Priority.FOLLOW_UP, max_tokens=100))
    words = f"the proxy that HTTPS_PROXY names ({where}) does not answer: connection refused (errno 111)"
    assert str(caught.value) == words
    assert sentence(caught.value.failure).endswith(f": {words}")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (TimeoutError(), "timeout"),
        (aiohttp.ServerDisconnectedError(), "the connection was closed before an answer came"),
        (aiohttp.ClientPayloadError("x"), "the connection was cut in the middle of an answer"),
        (ConnectionResetError(104, "Connection reset by peer"), "connection reset by peer (errno 104)"),
        (OSError(28, "ENOSPC"), "no space left on device (errno 28)"),
        (OSError(101, ""), "network is unreachable (errno 101)"),
        (aiohttp.ClientConnectionError("secret"), "the connection broke"),
        (ValueError("secret"), "the connection broke"),
        (aiohttp.InvalidURL("http://secret"), "the address is none"),
    ],
)
def test_no_failure_shows_more_than_words_and_a_number(error: Exception, words: str) -> None:
    """An error's own text may quote an address with a password."""
    assert network_cause(error) == words


async def test_a_bot_with_a_dead_or_wrong_proxy_says_so_in_check_and_at_the_start() -> None:
    """Otherwise it looks as if Slack were down."""
    shut = shut_port()
    async with Playground() as slack, ModelServer() as model:
        dead = {"HTTPS_PROXY": f"http://user:secret@127.0.0.1:{shut}", "SLACK_API_URL": "https://slack.test/api/"}
        checked, wrong = await asyncio.gather(
            run("check", **environment(slack, model, "socket", **dead)),
            run(**environment(slack, model, ALL_PROXY="socks5://user:secret@p:1080")),
        )
    line = (
        f"Slack: The proxy that HTTPS_PROXY names (127.0.0.1:{shut}) does not answer: connection refused (errno 111)."
    )
    assert f"{line} See that HTTPS_PROXY is right, or name slack.test in NO_PROXY if this machine" in checked.out
    assert wrong.code == 1
    assert "ALL_PROXY cannot be used" in wrong.err
    assert "secret" not in checked.out + checked.err + wrong.out + wrong.err
