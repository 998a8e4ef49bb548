"""Searches in Wikipedia, that of the topic's language."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import aiohttp

from bot.adapters.web.agent import agent
from bot.adapters.web.json_request import asked, listed, text
from bot.research.errors import SearchError
from bot.research.ports import UNCOUNTED, Candidate, Purse

URL = "https://{language}.wikipedia.org/w/api.php"
CAUSES = {403: "search_refused"}  # whoever does not say who asks
AT_ONCE = 3  # requests of this process; more are asked for politely not to be sent
LANGUAGE = re.compile(r"[a-z]{2,3}(?=-|$)")
WORD = re.compile(r"\w[\w.'’+#-]*")  # what else stands in a query, and NOT, may be orders to the search
WANTED = {
    "action": "query",
    "format": "json",
    "formatversion": "2",
    "generator": "search",
    "gsrnamespace": "0",
    "gsrlimit": "8",
    "prop": "extracts|info|pageprops",
    "inprop": "url",
    "exintro": "1",
    "explaintext": "1",
    "exlimit": "20",
    "ppprop": "disambiguation",
}
ERRORS = {"ratelimited": "search_rate", "maxlag": "search_down", "cirrussearch-too-busy-error": "search_down"}


class Wikipedia:
    """A body of ``search.Provider``. ``contact`` is of whoever runs the bot: its limits are counted by that."""

    name = "wikipedia"

    def __init__(self, session: aiohttp.ClientSession, contact: str = "", url: str = URL) -> None:
        self._session, self._url, self._headers = session, url, {"User-Agent": agent(contact)}
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def find(self, query: str, language: str, purse: Purse = UNCOUNTED) -> list[Candidate]:
        """Articles that have all words of the query; where none has, those that have some. Raises SearchError."""
        words, known = WORD.findall(query.lower()), LANGUAGE.match(language.casefold())
        url = self._url.format(language=known[0] if known else "en")
        async with self._turns:
            found = await self._articles(url, " ".join(words))
            return found if found or len(words) < 2 else await self._articles(url, " OR ".join(words))

    async def _articles(self, url: str, words: str) -> list[Candidate]:
        if not words:
            return []
        params = WANTED | {"gsrsearch": words}
        answer = await asked(self._session, "GET", url, CAUSES, headers=self._headers, params=params)
        if isinstance(refused := answer.get("error"), dict):
            code = text(refused, "code")
            raise SearchError(ERRORS.get(code, "search_refused"), code)
        pages = sorted(listed(answer, "query", "pages"), key=_rank)
        return [
            Candidate(text(page, "fullurl", "canonicalurl"), text(page, "title"), text(page, "extract"))
            for page in pages
            if not page.get("pageprops")
        ]


def _rank(page: dict[str, Any]) -> int:
    index = page.get("index")
    return index if isinstance(index, int) else len(WANTED)
