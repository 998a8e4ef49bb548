"""Searches through a SearXNG of the operator's."""

from __future__ import annotations

from typing import Any

import aiohttp

from bot.adapters.web.json_request import asked, listed, text
from bot.research.errors import SearchError
from bot.research.ports import UNCOUNTED, Candidate, Purse

CAUSES = {403: "search_refused"}  # json is not among its search.formats


class SearXNG:
    """A body of ``search.Provider``. ``url`` is where its pages are, without /search."""

    name = "searxng"

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session, self._url = session, f"{url.rstrip('/').removesuffix('/search')}/search"

    async def find(self, query: str, language: str, purse: Purse = UNCOUNTED) -> list[Candidate]:
        """What its engines found. Raises SearchError, also where all that it has to say is that they do not answer."""
        params = {"q": query, "format": "json", "language": language or "all"}
        answer = await asked(self._session, "GET", self._url, CAUSES, params=params)
        if "results" not in answer:
            raise SearchError("search_unintelligible", "no results in what it answers")
        found = [_candidate(entry) for entry in listed(answer, "results")]
        silent = answer.get("unresponsive_engines")
        if not found and silent:
            raise SearchError("search_down", f"its engines do not answer: {str(silent)[:200]}")
        return found


def _candidate(entry: dict[str, Any]) -> Candidate:
    return Candidate(
        text(entry, "url"), text(entry, "title"), text(entry, "content"), text(entry, "publishedDate", "pubdate")
    )
