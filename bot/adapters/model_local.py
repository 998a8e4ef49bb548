"""A model server that runs on this machine already: each is asked, at the port where it listens by default."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp

from bot.adapters.model_listing import chat_models, names, owner

PORTS: Mapping[int, str] = {11434: "Ollama", 1234: "LM Studio", 8080: "llama.cpp", 8000: "vLLM"}
HOSTS = ("127.0.0.1", "[::1]")
SECONDS = 0.3  # a server on loopback lists its models in a few milliseconds
MOST_BYTES = 1_000_000  # a listing of hundreds of models has a tenth of it
# Who owns the models of a listing tells which server it is; Ollama names the one who made each, mostly this one.
OWNERS = {
    "library": "Ollama",
    "organization_owner": "LM Studio",
    "organization-owner": "LM Studio",
    "llamacpp": "llama.cpp",
    "vllm": "vLLM",
}
ALWAYS_LATEST = ":latest"  # what Ollama adds to a name without a tag


@dataclass(frozen=True)
class LocalServer:
    """A server on this machine, and its model to use; ``name`` is "" if nobody knows what it is."""

    name: str
    address: str
    model: str

    @property
    def base_url(self) -> str:
        """Where it speaks chat completions."""
        return f"http://{self.address}/v1"


async def find(wanted: str = "", ports: Mapping[int, str] = PORTS, seconds: float = SECONDS) -> LocalServer | None:
    """The first server, in the order of the ports, that lists a chat model, or the model ``wanted``.

    All are asked at once and have ``seconds`` together; what is no such server is passed over in silence. Never raises.
    """
    async with aiohttp.ClientSession(auto_decompress=False, cookie_jar=aiohttp.DummyCookieJar()) as http:
        asked = [
            asyncio.create_task(_ask(http, f"{host}:{port}", usual, wanted))
            for port, usual in ports.items()
            for host in HOSTS
        ]
        try:
            return await _first(asked, seconds)
        finally:
            for task in asked:
                task.cancel()
            await asyncio.gather(*asked, return_exceptions=True)


async def _first(asked: list[asyncio.Task[LocalServer | None]], seconds: float) -> LocalServer | None:
    """The first one's answer; those behind it are waited for only where those before it are none."""
    ends = asyncio.get_running_loop().time() + seconds
    for task in asked:
        await asyncio.wait([task], timeout=max(ends - asyncio.get_running_loop().time(), 0))
        if task.done() and (server := task.result()):
            return server
    return None


async def _ask(http: aiohttp.ClientSession, address: str, usual: str, wanted: str) -> LocalServer | None:
    listing = await _listing(http, f"http://{address}/v1/models")
    model = _same(wanted, names(listing)) if wanted else next(iter(chat_models(listing)), "")
    if not model:
        return None
    known = OWNERS.get(owner(listing), usual if usual == "Ollama" else "")
    return LocalServer(known, address, model)


def _same(wanted: str, listed: list[str]) -> str:
    return next((name for name in listed if wanted in (name, name.removesuffix(ALWAYS_LATEST))), "")


async def _listing(http: aiohttp.ClientSession, url: str) -> object:
    """What a server lists; None if it is no such server."""
    headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
    try:
        async with http.get(url, headers=headers, allow_redirects=False) as response:
            if response.status != 200:
                return None
            body = bytearray()
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > MOST_BYTES:
                    return None
            return json.loads(body)
    except (aiohttp.ClientError, OSError, ValueError, RecursionError):
        return None
