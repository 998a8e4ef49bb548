"""Searches with ddgs, a package of its own that reads the result pages of search engines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module
from typing import Any

from yarl import URL

from bot import network
from bot.adapters.web.json_request import text
from bot.research.errors import SearchError
from bot.research.ports import UNCOUNTED, Candidate, Purse

ADDRESS = URL("https://duckduckgo.com/")  # which of its engines it asks is for the package to choose
REGIONS = {"de": "de-de", "en": "us-en", "es": "es-es", "fr": "fr-fr", "it": "it-it", "nl": "nl-nl", "pt": "pt-pt"}
NOTHING = "no results"  # how it begins to say that nothing was found: by an exception, as it says everything
AT_ONCE = 4  # threads of our own: engines that hang must not keep others from theirs

Engines = Callable[..., list[dict[str, Any]]]


class Ddgs:
    """A body of ``search.Provider``. ``engines`` is the package's search, looked for when it is first needed."""

    name = "ddgs"

    def __init__(self, seconds: float, engines: Engines | None = None) -> None:
        self._seconds, self._engines = seconds, engines
        self._threads = ThreadPoolExecutor(AT_ONCE, "ddgs")

    async def find(self, query: str, language: str, purse: Purse = UNCOUNTED) -> list[Candidate]:
        """What its engines found; they are asked in a thread. Raises SearchError."""
        in_thread = partial(asyncio.get_running_loop().run_in_executor, self._threads)
        if not self._engines:
            self._engines = await in_thread(_packaged, self._seconds)
        region = REGIONS.get(language.partition("-")[0], "us-en")
        try:
            found = await in_thread(partial(self._engines, query, region=region, max_results=10))
        except Exception as error:  # noqa: BLE001  # whatever an engine's page may break
            return _nothing(error)
        return [Candidate(text(entry, "href"), text(entry, "title"), text(entry, "body")) for entry in found]


def _packaged(seconds: float) -> Engines:
    """The package's search, whose engines are given half of the time: they are asked in two turns."""
    try:
        package = import_module("ddgs")
    except ImportError as error:
        raise SearchError("search_refused", "the package ddgs is not installed") from error
    proxy = network.Proxies.of_environment().towards(ADDRESS)
    engines: Engines = package.DDGS(proxy=str(proxy) if proxy else None, timeout=max(int(seconds / 2), 1)).text
    return engines


def _nothing(error: Exception) -> list[Candidate]:
    """None, where that is what was meant. Raises SearchError elsewhere, without its words: the query is in them."""
    said = str(error)
    if said.casefold().startswith(NOTHING):
        return []
    late = "timed out" in said or "Timeout" in type(error).__name__
    rate = "atelimit" in said
    raise SearchError(
        "search_late" if late else "search_rate" if rate else "search_down", type(error).__name__
    ) from error
