"""The SDK's way over aiohttp, on a session of ours, which reads no more of a body than an answer can have."""

from __future__ import annotations

from contextlib import aclosing

import aiohttp
import httpx2
from openai._vendor.httpx_aiohttp.transport import AiohttpTransport

from bot import network
from bot.adapters.model_openai_network import TROUBLES, TooLarge

CONNECTIONS = 3_000  # three a run, for a thousand runs at once: the turns are the limit, never the pool
MOST_BYTES = 16_000_000  # of a body, unpacked: forty thousand tokens, each in a chunk of its own
PACKED = (b"content-encoding", b"content-length", b"transfer-encoding")  # headers that no longer hold once it is read


class Transport(AiohttpTransport):
    """Reads every response whole and unpacks it; the SDK's own session reads proxies in another way than all else."""

    def __init__(self) -> None:
        super().__init__(client=self._opened)

    def _opened(self) -> aiohttp.ClientSession:
        return network.session(connector=aiohttp.TCPConnector(limit=CONNECTIONS, ssl=self.ssl_context))

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The response with all of its body; raises TooLarge where there is too much of it."""
        response = await super().handle_async_request(request)
        content = await _content(response)
        headers = [(name, value) for name, value in response.headers.raw if name.lower() not in PACKED]
        extensions = response.extensions
        return httpx2.Response(
            response.status_code, headers=headers, content=content, request=request, extensions=extensions
        )


async def _content(response: httpx2.Response) -> bytes:
    content = bytearray()
    try:
        async with aclosing(response.aiter_bytes()) as parts:
            async for part in parts:
                content += part
                if len(content) > MOST_BYTES:
                    raise TooLarge("too large")
    except TROUBLES:
        if response.status_code < 400:  # the status of a failure says enough where its body cannot be read
            raise
    finally:
        await response.aclose()
    return bytes(content)
