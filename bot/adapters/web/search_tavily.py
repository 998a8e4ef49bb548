"""Searches with Tavily."""

from __future__ import annotations

import aiohttp

from bot.adapters.web.json_request import asked, listed, text
from bot.research.ports import UNCOUNTED, Candidate, Purse

URL = "https://api.tavily.com/search"
CAUSES = {403: "search_credit", 432: "search_credit", 433: "search_credit"}  # a limit that is used up


class Tavily:
    """A body of ``search.Provider``."""

    name = "tavily"

    def __init__(self, session: aiohttp.ClientSession, key: str, url: str = URL) -> None:
        self._session, self._url = session, url
        self._headers = {"Authorization": f"Bearer {key}"}

    async def find(self, query: str, language: str, purse: Purse = UNCOUNTED) -> list[Candidate]:
        """A basic search: one credit. Raises SearchError."""
        wanted = {"query": query, "search_depth": "basic", "max_results": 10}
        answer = await asked(self._session, "POST", self._url, CAUSES, headers=self._headers, json=wanted)
        return [
            Candidate(text(entry, "url"), text(entry, "title"), text(entry, "content"), text(entry, "published_date"))
            for entry in listed(answer, "results")
        ]
