"""Pages of the web, read safely: only public addresses, only so much, only so long, and never on the event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from typing import Self

import aiohttp
from yarl import URL

from bot.adapters.web.agent import agent
from bot.adapters.web.pages_cache import PageCache
from bot.adapters.web.pages_guard import Intranet, NotPublic, guarded_socket
from bot.adapters.web.pages_readers import Readers
from bot.research.errors import PageError
from bot.research.ports import Page

PAGE_SECONDS = 5.0
MOST_BYTES = 2_000_000  # after decompression
MOST_REDIRECTS = 5
AT_ONCE_A_HOST, AT_ONCE = 2, 100
MOST_BODIES = 20  # pages whose bytes are in memory at once, those that wait for their reader too
CHUNK = 65_536  # bytes
OK, REDIRECTS = 200, (301, 302, 303, 307, 308)
HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.8",
    "Accept-Encoding": "gzip, deflate",
}


def untold(outcome: str, seconds: float) -> None:
    """Nobody counts."""


@dataclass(frozen=True)
class _Fetched:
    url: str
    body: bytes
    kind: str
    charset: str


class WebPages:
    """Reads pages; ``contact`` is whoever runs the bot, ``allow`` are hosts of an intranet that may be read.

    ``told`` is told of each page: "read", "cached" or the cause of a PageError, and the seconds that it took.
    """

    def __init__(
        self, contact: str = "", allow: Sequence[str] = (), told: Callable[[str, float], None] = untold
    ) -> None:
        self._agent, self._intranet, self._told = agent(contact), Intranet(allow), told
        self._cache, self._readers, self._stack = PageCache(), Readers(), AsyncExitStack()
        self._turns, self._room = asyncio.Semaphore(AT_ONCE), asyncio.Semaphore(MOST_BODIES)
        self._public: aiohttp.ClientSession
        self._trusted: aiohttp.ClientSession

    async def __aenter__(self) -> Self:
        guarded = aiohttp.TCPConnector(
            limit=0, limit_per_host=AT_ONCE_A_HOST, socket_factory=guarded_socket, use_dns_cache=False
        )
        named = aiohttp.TCPConnector(limit=0, limit_per_host=AT_ONCE_A_HOST)
        self._stack.push_async_callback(self._readers.close)
        self._public, self._trusted = await self._session(guarded), await self._session(named)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def _session(self, connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
        """A session that keeps no cookies and goes through no proxy: that would connect for us, to anything."""
        return await self._stack.enter_async_context(
            aiohttp.ClientSession(
                connector=connector,
                headers=HEADERS | {"User-Agent": self._agent},
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        )

    async def read(self, url: str) -> Page:
        """The page at an address; one that was read within the hour is not read again. Raises PageError."""
        began = time.monotonic()
        outcome = "cached"
        known = self._cache.get(url)
        try:
            if isinstance(known, Page):
                return known
            outcome = "read"
            if known:
                raise PageError(known.cause, str(known))
            return await self._cache.once(url, lambda: self._read(url))
        except PageError as error:
            outcome = error.cause
            raise
        except asyncio.CancelledError:
            outcome = "page_late"
            raise
        finally:
            self._told(outcome, time.monotonic() - began)

    async def _read(self, url: str) -> Page:
        async with AsyncExitStack() as room:
            async with self._turns:
                fetched = await self._in_time(_address(url), room)
            answer = await self._readers.content(fetched.body, fetched.kind, fetched.charset)
        if fault := answer.get("fault"):
            raise PageError(fault, answer.get("detail", ""))
        host = (URL(fetched.url).host or "").removeprefix("www.")
        publisher = answer.get("publisher") or host
        return Page(
            url=fetched.url,
            title=answer.get("title") or publisher,
            publisher=publisher,
            date=answer.get("date") or "",
            text=answer["text"],
            read_at=time.time(),
            sheets=tuple(answer.get("sheets", ())),
        )

    async def _in_time(self, url: URL, room: AsyncExitStack) -> _Fetched:
        """The bytes of a page, which take one place in the ``room`` until they are read."""
        try:
            async with asyncio.timeout(PAGE_SECONDS) as clock:
                return await self._fetch(url, partial(self._enter, room, clock))
        except TimeoutError:
            raise PageError("page_late") from None

    async def _enter(self, room: AsyncExitStack, clock: asyncio.Timeout) -> None:
        """Wait for a place; the seconds of a page are its site's, and not those that others keep it waiting."""
        loop = asyncio.get_running_loop()
        left = (clock.when() or loop.time()) - loop.time()
        clock.reschedule(None)
        await room.enter_async_context(self._room)
        clock.reschedule(loop.time() + left)

    async def _fetch(self, url: URL, enter: Callable[[], Awaitable[None]]) -> _Fetched:
        """The bytes of a page, wherever it is now; ``enter`` waits until there is a place for them."""
        for _ in range(MOST_REDIRECTS + 1):
            session = self._trusted if self._intranet.holds(url) else self._public
            try:
                async with session.get(url, allow_redirects=False) as response:
                    if response.status == OK:
                        await enter()  # only now: a host that never answers, or has no page, takes no place
                        return await _taken(response)
                    if response.status not in REDIRECTS:
                        raise PageError("page_status", str(response.status))
                    url = _address(str(url.join(URL(response.headers.get("Location", "")))))
            except (aiohttp.ClientError, OSError, ValueError) as error:
                raise _failed(error) from None
        raise PageError("page_status", "too many redirects")


async def _taken(response: aiohttp.ClientResponse) -> _Fetched:
    body = bytearray()
    async for chunk in response.content.iter_chunked(CHUNK):
        body += chunk
        if len(body) > MOST_BYTES:
            response.close()
            raise PageError("page_size")
    return _Fetched(str(response.url.with_fragment(None)), bytes(body), response.content_type, response.charset or "")


def _failed(error: Exception) -> PageError:
    if isinstance(error, TimeoutError):
        return PageError("page_late")
    if isinstance(error, NotPublic | aiohttp.InvalidURL | ValueError) or isinstance(
        getattr(error, "os_error", None), NotPublic
    ):
        return PageError("page_address", type(error).__name__)
    return PageError("page_down", type(error).__name__)


def _address(url: str) -> URL:
    """An address that may be asked for at all; raises PageError."""
    try:
        address = URL(url)
    except ValueError:
        raise PageError("page_address") from None
    if address.scheme not in ("http", "https") or not address.host or address.user or address.password:
        raise PageError("page_address")
    return address
