"""A proxy of our own on loopback, which notes what goes through it, and a TLS server behind it."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web


@dataclass
class Proxy:
    """Every name leads to ``inside`` (host and port of loopback): the names of a test need not exist.

    ``credentials`` (``user:password``) are asked for if set; ``asked`` are the methods and targets so far.
    """

    inside: tuple[str, int]
    credentials: str = ""
    asked: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """What HTTPS_PROXY says."""
        return f"http://{self.credentials}{'@' if self.credentials else ''}127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: a tunnel, or a request passed on with its path alone."""
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            method, target, _ = head.split(" ", 2)
            self.asked.append(f"{method} {target}")
            if self.credentials and self.credentials != _given(head):
                writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            elif method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await self._join(reader, writer, b"")
            else:
                path = urlsplit(target)
                first = head.replace(target, path.path + (f"?{path.query}" if path.query else ""), 1)
                await self._join(reader, writer, first.encode())
        writer.close()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, first: bytes) -> None:
        to_reader, to_writer = await asyncio.open_connection(*self.inside)
        to_writer.write(first)
        await asyncio.gather(_pump(reader, to_writer), _pump(to_reader, writer))


def _given(head: str) -> str:
    lines = (line.split(": ", 1) for line in head.split("\r\n") if ": " in line)
    basic = {name.lower(): value for name, value in lines}.get("proxy-authorization", "").removeprefix("Basic ")
    return b64decode(basic).decode()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def proxying(port: int, credentials: str = "") -> AsyncIterator[Proxy]:
    """A proxy behind which every name leads to this port of loopback."""
    proxy = Proxy(("127.0.0.1", port), credentials)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()


@asynccontextmanager
async def secure(pages: web.Application, certificate: Path) -> AsyncIterator[int]:
    """These pages behind TLS with a certificate and its key in one file; gives the port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    runner = web.AppRunner(pages, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def certificate(folder: Path, *names: str) -> Path:
    """A throwaway certificate for these names that signs itself, with its key in the same file."""
    path = folder / "certificate.pem"
    subject = ["-subj", f"/CN={names[0]}", "-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in names)]
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(path)]
    command: list[Any] = ["openssl", "req", "-x509", *key, *subject, "-days", "2", *files]
    subprocess.run(command, check=True, capture_output=True)
    path.write_text(path.read_text() + (folder / "key.pem").read_text())
    return path
