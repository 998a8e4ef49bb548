"""The searches that are chosen, each asked where the one before fails or finds nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Protocol

import aiohttp
import structlog

from bot.adapters.web.candidates import usable
from bot.adapters.web.search_brave import Brave
from bot.adapters.web.search_ddgs import Ddgs
from bot.adapters.web.search_exa import Exa
from bot.adapters.web.search_openai import OpenAISearch, Used, unpaid
from bot.adapters.web.search_searxng import SearXNG
from bot.adapters.web.search_tavily import Tavily
from bot.adapters.web.search_wikipedia import Wikipedia
from bot.adapters.web.searching import Searching
from bot.research.errors import SearchError
from bot.research.ports import UNCOUNTED, Candidate, Purse

log = structlog.get_logger(__name__)

READING = 3.0  # seconds that are left for the pages
NEXT = 1.5  # seconds that are left for each provider that may still be asked
REST = 600.0  # seconds in which a provider is not asked that will refuse again
HOPELESS = ("search_key", "search_credit")
MOST_WORDS, LONGEST = 40, 300  # of a query: the least that a provider takes
ORDERS = "!:<>?~@-+"  # before a word they are orders to a search

Told = Callable[[str, str, float], None]  # provider; "found", "nothing" or a SearchError's cause; seconds
Ask = Callable[[], Awaitable[list[Candidate]]]


class Provider(Protocol):
    """One service or machine that searches."""

    name: str

    async def find(self, query: str, language: str, purse: Purse = UNCOUNTED) -> list[Candidate]:
        """What it found, as it says it. Raises SearchError; a model that searches asks the ``purse`` first."""
        ...


def untold(provider: str, outcome: str, seconds: float) -> None:
    """Nobody counts."""


def searches(
    chosen: Searching, session: aiohttp.ClientSession, told: Told = untold, used: Used = unpaid
) -> Searches | None:
    """The body of the port that was chosen, None where nothing is to be searched.

    ``told`` is told of each request, ``used`` of what a model used for it where one searches.
    """
    log.info("search.chosen", providers=list(chosen.names), **({"reason": chosen.reason} if chosen.reason else {}))
    providers = [provider(name, chosen, session, used) for name in chosen.names]
    return Searches(providers, chosen.seconds, told) if providers else None


def provider(name: str, chosen: Searching, session: aiohttp.ClientSession, used: Used = unpaid) -> Provider:
    """The provider of that name."""
    match name:
        case "searxng":
            return SearXNG(session, chosen.searxng_url)
        case "tavily":
            return Tavily(session, chosen.keys[name])
        case "brave":
            return Brave(session, chosen.keys[name])
        case "exa":
            return Exa(session, chosen.keys[name])
        case "openai":
            return OpenAISearch(session, chosen.endpoint, used)
        case "ddgs":
            return Ddgs(chosen.seconds)
    return Wikipedia(session, chosen.contact)


class Searches:
    """A body of ``research.ports.Search``: the providers in their order. ``seconds`` as of Searching."""

    def __init__(self, providers: Sequence[Provider], seconds: float, told: Told = untold) -> None:
        self._providers, self._told = providers, told
        self._seconds = max(seconds - READING, seconds / 2)
        self._resting: dict[str, tuple[float, SearchError]] = {}
        self._again = {provider.name: asyncio.Lock() for provider in providers}

    async def find(self, query: str, language: str, purse: Purse = UNCOUNTED) -> list[Candidate]:
        """What the first provider finds that finds anything. Raises the first one's SearchError where none does."""
        words, failed = _plain(query), None
        until = _now() + self._seconds
        for after, provider in zip(range(len(self._providers))[::-1], self._providers, strict=True):
            left, ask = until - _now(), partial(provider.find, words, language, purse)
            try:
                if found := await self._asked(provider.name, ask, max(left - NEXT * after, left / (after + 1))):
                    return found
            except SearchError as error:
                failed = failed or error
        if failed:
            raise failed
        return []

    async def _asked(self, name: str, ask: Ask, seconds: float) -> list[Candidate]:
        """What a provider finds, asked again where it wants a moment first; one after the other ask again."""
        until, (rested, refused) = _now() + seconds, self._resting.get(name, (0, None))
        if refused and _now() < rested:
            raise SearchError(refused.cause, str(refused))
        try:
            return await self._once(name, ask, seconds)
        except SearchError as error:
            pause, failed = error.retry_after, error
            if error.cause != "search_rate" or pause is None or pause >= until - _now():
                raise
        try:
            async with asyncio.timeout_at(until), self._again[name]:
                await asyncio.sleep(pause)
                return await self._once(name, ask, until - _now())
        except TimeoutError:
            raise failed from None

    async def _once(self, name: str, ask: Ask, seconds: float) -> list[Candidate]:
        began, outcome = _now(), "search_late"
        try:
            async with asyncio.timeout(seconds):
                found = usable(await ask())
            outcome = "found" if found else "nothing"
            return found
        except TimeoutError:
            raise self._failed(name, SearchError(outcome)) from None
        except SearchError as error:
            outcome = error.cause
            self._failed(name, error)
            raise
        finally:
            self._told(name, outcome, _now() - began)

    def _failed(self, name: str, error: SearchError) -> SearchError:
        """Log it, and leave a provider alone that would refuse again, or wants us to wait for long."""
        log.warning("search.failed", provider=name, cause=error.cause, detail=str(error))
        long = error.retry_after if (error.retry_after or 0) > self._seconds else 0
        if pause := REST if error.cause in HOPELESS else min(long or 0, REST):
            self._resting[name] = (_now() + pause, error)
        return error


def _now() -> float:
    return asyncio.get_running_loop().time()


def _plain(query: str) -> str:
    """A query in which no word is an order to the search, as long as every provider takes it."""
    words = [word for each in query.split() if (word := each.lstrip(ORDERS))]
    return " ".join(words[:MOST_WORDS])[:LONGEST]
