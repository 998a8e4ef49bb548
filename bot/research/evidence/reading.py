"""Searches and pages side by side, within a worker's seconds."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urldefrag, urlsplit

import structlog

from bot.research.errors import PageError, SearchError
from bot.research.ports import UNCOUNTED, Page, Pages, Purse, Search

log = structlog.get_logger(__name__)

MOST_TRIES = 12  # candidates that are asked for
ENOUGH = 3  # pages after which slower ones get PATIENCE seconds more
PATIENCE = 0.7


@dataclass(frozen=True)
class Library:
    """Where workers search and read, with ``seconds`` for both of one angle together."""

    search: Search
    pages: Pages
    seconds: float = 8


class Reading:
    """What a worker reads: at most ``most`` pages, until ``until`` on the running loop's clock.

    Its searches use the ``purse``, where a model makes them.
    """

    def __init__(self, library: Library, language: str, most: int, until: float, purse: Purse = UNCOUNTED) -> None:
        self.pages: list[Page] = []
        self._library, self._language, self._most, self._until = library, language, most, until
        self._purse = purse
        self._found: dict[str, int] = {}  # addresses that wait, with how far down its list each stood
        self._seen: set[str] = set()
        self._asked: Counter[str] = Counter()  # pages asked for, by host
        self._failed: list[str] = []  # causes of searches
        self._enough_at: float | None = None

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return self._until - asyncio.get_running_loop().time()

    @property
    def searchable(self) -> bool:
        """Whether another search may find what the last ones did not."""
        return not self._failed

    @property
    def why(self) -> str:
        """The code of why there is nothing to rest on."""
        if self.pages:
            return "pages_unfit"
        if self._asked:
            return "pages_none"
        return next(iter(self._failed), "search_nothing" if self.left > 0 else "search_late")

    async def follow(self, queries: Iterable[str]) -> None:
        """Search and read what is found, best first and different sites first, until there is enough or it is late."""
        searches = {asyncio.create_task(self._search(query)) for query in queries}
        pages: set[asyncio.Task[None]] = set()
        try:
            while len(self.pages) < self._most:
                pages |= {asyncio.create_task(self._read(url)) for url in self._next(len(pages))}
                under_way = searches | pages
                if not under_way:
                    break
                done, _ = await asyncio.wait(under_way, timeout=self._patience, return_when=asyncio.FIRST_COMPLETED)
                if not done:
                    break
                searches, pages = searches - done, pages - done
        finally:
            for task in searches | pages:
                task.cancel()
            await asyncio.gather(*searches, *pages, return_exceptions=True)

    @property
    def _patience(self) -> float:
        if self._enough_at is None:
            return max(self.left, 0)
        return max(min(self.left, self._enough_at + PATIENCE - asyncio.get_running_loop().time()), 0)

    def _next(self, under_way: int) -> list[str]:
        """The addresses to be read beside so many, each asked for once."""
        free = min(self._most - len(self.pages) - under_way, MOST_TRIES - self._asked.total())
        urls: list[str] = []
        while len(urls) < free and self._found:
            url = min(self._found, key=lambda url: (self._asked[_host(url)], self._found[url]))
            del self._found[url]
            self._asked[_host(url)] += 1
            urls.append(url)
        return urls

    async def _search(self, query: str) -> None:
        try:
            candidates = await self._library.search.find(query, self._language, self._purse)
        except SearchError as error:
            self._failed.append(error.cause)
        except Exception:  # a worker goes on without it, and says so
            log.exception("search.crashed")
            self._failed.append("search_down")
        else:
            urls = [urldefrag(candidate.url).url for candidate in candidates]
            self._found |= {url: rank for rank, url in enumerate(urls) if url not in self._seen}
            self._seen.update(urls)

    async def _read(self, url: str) -> None:
        try:
            page = await self._library.pages.read(url)
        except PageError as error:
            log.info("page.unread", cause=error.cause)
        except Exception:
            log.exception("page.crashed")
        else:
            if page.url not in [each.url for each in self.pages]:
                self.pages.append(page)
            if len(self.pages) == ENOUGH:
                self._enough_at = asyncio.get_running_loop().time()


def _host(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.")
