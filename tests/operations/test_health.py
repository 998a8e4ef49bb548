"""The operator's port: both families, and strangers who are slow, large or garbled."""

from __future__ import annotations

import asyncio
import socket
import tomllib
from pathlib import Path

import aiohttp
import pytest

import bot
from bot.adapters.metrics_prometheus import Metrics
from bot.operations import health
from bot.operations.health import NotListening, listening, operations


async def ready() -> str:
    return ""


async def said(port: int, sent: bytes, host: str = "127.0.0.1") -> str:
    """What comes back for these bytes until the other side closes."""
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(sent)
    async with asyncio.timeout(60):
        answer = await reader.read()
    writer.close()
    return answer.decode()


@pytest.mark.parametrize(("host", "address"), [("127.0.0.1", None), ("::1", None), ("127.0.0.1", "::"), ("::1", "::")])
async def test_one_port_answers_on_both_families(host: str, address: str | None) -> None:
    """Some platforms look for a bot on IPv6 alone, and where they set ``::``, most servers answer on both."""
    if (host == "::1" or address) and not socket.has_dualstack_ipv6():
        pytest.skip("IPv6 is off here")
    async with listening(operations(ready, lambda: b""), 0, address) as port:
        told = await said(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", host)
    assert told.startswith("HTTP/1.1 200")
    assert "Server: research\r\n" in told


async def test_a_machine_without_ipv6_is_listened_on_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Containers often have it switched off."""
    monkeypatch.setattr(socket, "has_dualstack_ipv6", lambda: False)
    async with listening(operations(ready, lambda: b""), 0) as port:
        assert (await said(port, b"GET /healthz HTTP/1.0\r\n\r\n")).startswith("HTTP/1.0 200")
        with pytest.raises(NotListening, match=r"cannot be used: Address already in use. Set PORT"):
            async with listening(operations(ready, lambda: b""), port):
                pass


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
async def test_a_port_of_one_interface_is_on_no_other(address: str) -> None:
    """What is meant for this machine alone must not be open to its network."""
    if address == "::1" and not socket.has_dualstack_ipv6():
        pytest.skip("IPv6 is off here")
    other = "::1" if address == "127.0.0.1" else "127.0.0.1"
    async with listening(operations(ready, lambda: b""), 0, address) as port:
        assert (await said(port, b"GET /healthz HTTP/1.0\r\n\r\n", address)).startswith("HTTP/1.0 200")
        with pytest.raises(OSError, match=r"refused|unreachable|Cannot assign|Connect call failed"):
            await asyncio.open_connection(other, port)


async def test_an_address_of_another_machine_is_told_by_the_setting_that_names_it() -> None:
    """Another port would not help."""
    with pytest.raises(NotListening, match=r"^LISTEN names 192\.0\.2\.1, which is no address of this machine: "):
        async with listening(operations(ready, lambda: b""), 0, "192.0.2.1"):
            pass


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        (b"", ""),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ", ""),
        (b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx", "HTTP/1.1 408"),
        (b"POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nx", "HTTP/1.1 408"),
        (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", "HTTP/1.0 400"),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 20_000 + b"\r\n\r\n", "HTTP/1.0 400"),
    ],
)
async def test_who_sends_slowly_or_garbled_is_let_go(sent: bytes, answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A few hundred connections that never end a request must not keep Slack out."""
    monkeypatch.setattr(health, "HEADER_SECONDS", 0.1)
    monkeypatch.setattr(health, "BODY_SECONDS", 0.1)
    monkeypatch.setattr(health, "LINGERING_SECONDS", 0.1)
    async with listening(operations(ready, lambda: b""), 0) as port:
        told = await said(port, sent)
        assert told.startswith(answer)
        assert bool(told) == bool(answer)
        assert not any(word in told for word in ("aiohttp", "Python/", "Traceback"))
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/healthz") as response:
            assert response.status == 200


def test_the_numbers_tell_the_process_and_which_release_it_is() -> None:
    """After a deploy this is the first question, and a leak of files or memory shows here days before it kills."""
    project = tomllib.loads((Path(bot.__file__).parent.parent / "pyproject.toml").read_text("utf-8"))["project"]
    assert bot.__version__ == project["version"]
    shown = Metrics().page().decode()
    assert f'version="{bot.__version__}"' in shown
    for name in ("cpu_seconds_total", "resident_memory_bytes", "open_fds", "start_time_seconds"):
        assert f"\nprocess_{name} " in shown
