"""Servers on this machine, found and passed over, on free ports of loopback."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress

import pytest

from bot.adapters.model_local import MOST_BYTES, LocalServer, find
from bot.playground.slack.workspace import PATIENCE
from tests.adapters.test_model_listing import LLAMA_CPP, LM_STUDIO, VLLM, listed

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(answer: Answer, host: str = "127.0.0.1") -> AsyncIterator[int]:
    """Something that listens on a free port and answers each request so; give the port; it ends with its clients."""
    at_work: set[asyncio.Task[object] | None] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        at_work.add(asyncio.current_task())
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            await answer(reader, writer)
            await writer.drain()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, host, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await asyncio.gather(*filter(None, at_work))


def saying(body: str | bytes, status: str = "200 OK", **headers: str) -> Answer:
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in ({"Content-Type": "application/json"} | headers).items()]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write("\r\n".join([*lines, "", ""]).encode() + content)

    return answer


def models(listing: object) -> Answer:
    return saying(json.dumps(listing))


async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()  # until the client has gone


async def without_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    while True:
        writer.write(b" " * 65_536)
        await writer.drain()


async def hanging_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take the request and say nothing."""


async def no_http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")


async def found(*answers: Answer, wanted: str = "", host: str = "127.0.0.1") -> tuple[LocalServer | None, list[int]]:
    """What is found where these listen, in this order, and their ports."""
    async with AsyncExitStack() as stack:
        ports = [await stack.enter_async_context(listening(answer, host)) for answer in answers]
        return await find(wanted, dict.fromkeys(ports, ""), PATIENCE), ports


@pytest.mark.parametrize(
    ("listing", "name", "model"),
    [
        (listed("llama3.2:latest"), "Ollama", "llama3.2:latest"),
        (LM_STUDIO, "LM Studio", "qwen/qwen3.5-9b"),
        (LLAMA_CPP, "llama.cpp", "/models/gemma-3-4b-it-Q4_K_M.gguf"),
        (VLLM, "vLLM", "Qwen/Qwen2.5-Coder-7B-Instruct"),
        (listed("mine", owned_by="me"), "", "mine"),
    ],
)
async def test_a_server_is_known_by_its_models(listing: object, name: str, model: str) -> None:
    """vLLM, llama.cpp and a dozen others share two ports."""
    server, (port,) = await found(models(listing))
    assert server == LocalServer(name, f"127.0.0.1:{port}", model)
    assert server.base_url == f"http://127.0.0.1:{port}/v1"


async def test_what_only_listens_on_ipv6_is_found() -> None:
    """LM Studio and Docker bind what their settings say."""
    try:
        server, (port,) = await found(models(VLLM), host="::1")
    except OSError:
        pytest.skip("this machine has no IPv6")
    assert server
    assert server.address == f"[::1]:{port}"


async def test_ollama_is_known_by_its_port_where_somebody_else_made_its_models() -> None:
    async with listening(models(listed("huihui/qwen3", owned_by="huihui"))) as port:
        server = await find(ports={port: "Ollama"}, seconds=PATIENCE)
    assert server
    assert server.name == "Ollama"


@pytest.mark.parametrize(
    "other",
    [
        saying("<!doctype html><title>Admin</title>", **{"Content-Type": "text/html"}),
        saying("not found", "404 Not Found"),
        saying('{"error": {"message": "Invalid API key"}}', "401 Unauthorized"),
        saying("{}", "500 Internal Server Error"),
        saying(json.dumps(listed("busy")), "503 Service Unavailable"),
        models({"data": []}),
        models(listed("nomic-embed-text")),
        models({"status": "ok"}),
        saying("{" * 9),
        saying("[" * 200_000),
        saying(b"\xff\xfe\x00"),
        saying(b"\x1f\x8b\x08", **{"Content-Encoding": "gzip"}),
        saying(" " * (MOST_BYTES + 1)),
        saying("{}", **{"X-Long": "x" * 100_000}),
        saying("", "204 No Content"),
        without_end,
        hanging_up,
        no_http,
    ],
)
async def test_something_else_on_a_port_is_passed_over(other: Answer, capfd: pytest.CaptureFixture[str]) -> None:
    """A web app in development, a printer, a proxy: none of it is worth a word."""
    server, (_, port) = await found(other, models(VLLM))
    assert server
    assert server.address == f"127.0.0.1:{port}"
    assert capfd.readouterr() == ("", "")


async def test_nobody_is_followed_elsewhere() -> None:
    """A topic goes to this machine or to nobody."""
    async with listening(models(VLLM)) as elsewhere:
        away = saying("", "307 Temporary Redirect", Location=f"http://127.0.0.1:{elsewhere}/v1/models")
        assert (await found(away))[0] is None


async def test_a_server_that_never_answers_holds_nobody_up() -> None:
    """However long this machine takes for the other one's answer."""
    async with listening(never) as silent, listening(models(VLLM)) as port:
        assert await find(ports={silent: ""}, seconds=0.01) is None
        seconds, server = 0.05, None
        while not server:
            seconds, server = seconds * 2, await find(ports={silent: "", port: ""}, seconds=seconds)
        assert server.address == f"127.0.0.1:{port}"


async def test_the_first_port_is_taken_and_those_behind_it_are_not_waited_for() -> None:
    server, (first, _) = await found(models(LM_STUDIO), never)
    assert server
    assert server.address == f"127.0.0.1:{first}"


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [("llama3.2", "llama3.2:latest"), ("qwen3:8b", "qwen3:8b"), ("nomic-embed-text:latest", "nomic-embed-text:latest")],
)
async def test_the_model_that_is_named_is_taken_wherever_it_is_listed(wanted: str, taken: str) -> None:
    """Whoever names a model wants that one."""
    ollama = models(listed("qwen3:8b", "llama3.2:latest", "nomic-embed-text:latest"))
    server, (_, port) = await found(models(VLLM), ollama, wanted=wanted)
    assert server == LocalServer("Ollama", f"127.0.0.1:{port}", taken)


async def test_a_named_model_that_nobody_lists_is_not_replaced() -> None:
    assert (await found(models(VLLM), wanted="gpt-oss"))[0] is None


async def test_a_proxy_is_never_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A company's proxy knows nothing of this machine."""
    async with listening(models(listed("from-the-proxy"))) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy}")
        server, _ = await found(models(VLLM))
    assert server
    assert server.name == "vLLM"


async def test_nothing_listens_anywhere() -> None:
    async with listening(never) as port:
        pass
    assert await find(ports={port: "Ollama"}, seconds=PATIENCE) is None
