"""Searches with Brave."""

from __future__ import annotations

import aiohttp

from bot.adapters.web.json_request import asked, listed, text
from bot.research.errors import SearchError
from bot.research.ports import UNCOUNTED, Candidate, Purse

URL = "https://api.search.brave.com/res/v1/web/search"
KEY_UNKNOWN = "SUBSCRIPTION_TOKEN_INVALID"  # comes with 422, as what is wrong with a query does
USED_UP = "QUOTA"  # in the code of a 429, where it is the month's


class Brave:
    """A body of ``search.Provider``."""

    name = "brave"

    def __init__(self, session: aiohttp.ClientSession, key: str, url: str = URL) -> None:
        self._session, self._url = session, url
        self._headers = {"X-Subscription-Token": key, "Accept": "application/json"}

    async def find(self, query: str, language: str, purse: Purse = UNCOUNTED) -> list[Candidate]:
        """Pages of the web. Raises SearchError."""
        params = {"q": query, "count": "10", "text_decorations": "false"}
        try:
            answer = await asked(self._session, "GET", self._url, headers=self._headers, params=params)
        except SearchError as error:
            raise _told_apart(error) from error
        return [
            Candidate(
                text(entry, "url"), text(entry, "title"), text(entry, "description"), text(entry, "page_age", "age")
            )
            for entry in listed(answer, "web", "results")
        ]


def _told_apart(error: SearchError) -> SearchError:
    if error.cause == "search_refused" and KEY_UNKNOWN in str(error):
        return SearchError("search_key", str(error))
    if error.cause == "search_rate" and USED_UP in str(error):
        return SearchError("search_credit", str(error))
    return error
