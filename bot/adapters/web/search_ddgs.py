"""Searches with ddgs, a package of its own that reads the result pages of search engines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

from yarl import URL

from bot import network
from bot.adapters.web.json_request import text
from bot.research.errors import SearchError
from bot.research.ports import Candidate

ADDRESS = URL("https://duckduckgo.com/")  # which of its engines it asks is for the package to choose
REGIONS = {"de": "de-de", "en": "us-en", "es": "es-es", "fr": "fr-fr", "it": "it-it", "nl": "nl-nl", "pt": "pt-pt"}
NOTHING = "no results"  # how it begins to say that nothing was found: by an exception, as it says everything

Engines = Callable[..., list[dict[str, Any]]]


class Ddgs:
    """A body of ``search.Provider``. ``engines`` is the package's search, looked for when it is first needed."""

    name = "ddgs"

    def __init__(self, seconds: float, engines: Engines | None = None) -> None:
        self._seconds, self._engines = seconds, engines

    async def find(self, query: str, language: str) -> list[Candidate]:
        """What its engines found; they are asked in a thread. Raises SearchError."""
        if not self._engines:
            self._engines = await asyncio.to_thread(_packaged, self._seconds)
        region = REGIONS.get(language.partition("-")[0], "us-en")
        try:
            found = await asyncio.to_thread(partial(self._engines, query, region=region, max_results=10))
        except Exception as error:  # noqa: BLE001  # whatever an engine's page may break
            return _nothing(error)
        return [Candidate(text(entry, "href"), text(entry, "title"), text(entry, "body")) for entry in found]


def _packaged(seconds: float) -> Engines:
    try:
        package = import_module("ddgs")
    except ImportError as error:
        raise SearchError("search_refused", "the package ddgs is not installed") from error
    proxy = network.Proxies.of_environment().towards(ADDRESS)
    engines: Engines = package.DDGS(proxy=str(proxy) if proxy else None, timeout=max(int(seconds), 1)).text
    return engines


def _nothing(error: Exception) -> list[Candidate]:
    """None, where that is what was meant. Raises SearchError elsewhere."""
    said = str(error)[:200]
    if said.casefold().startswith(NOTHING):
        return []
    if isinstance(error, TimeoutError) or "timed out" in said or "Timeout" in type(error).__name__:
        raise SearchError("search_late", said) from error
    raise SearchError("search_rate" if "atelimit" in said or " 202" in said else "search_down", said) from error
