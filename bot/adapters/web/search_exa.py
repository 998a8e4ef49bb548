"""Searches with Exa."""

from __future__ import annotations

import aiohttp

from bot.adapters.web.json_request import asked, listed, text
from bot.research.ports import UNCOUNTED, Candidate, Purse

URL = "https://api.exa.ai/search"
SNIPPET = 500  # characters of a page's text


class Exa:
    """A body of ``search.Provider``."""

    name = "exa"

    def __init__(self, session: aiohttp.ClientSession, key: str, url: str = URL) -> None:
        self._session, self._url, self._headers = session, url, {"x-api-key": key}

    async def find(self, query: str, language: str, purse: Purse = UNCOUNTED) -> list[Candidate]:
        """Pages with the beginning of their text. Raises SearchError."""
        wanted = {
            "query": query,
            "numResults": 10,
            "type": "auto",
            "contents": {"text": {"maxCharacters": SNIPPET}},
        }
        answer = await asked(self._session, "POST", self._url, headers=self._headers, json=wanted)
        return [
            Candidate(text(entry, "url"), text(entry, "title"), text(entry, "text"), text(entry, "publishedDate"))
            for entry in listed(answer, "results")
        ]
