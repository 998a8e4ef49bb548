"""Searches with the tool that OpenAI hosts for its models: slow, and the model's tokens are paid as well."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import aiohttp

from bot.adapters.endpoint import Endpoint
from bot.adapters.web.json_request import asked, listed, text
from bot.research.errors import SearchError
from bot.research.ports import Candidate

ORDER = (
    "Search the web once for: {query}\nThen name the best pages that you found, each in one sentence, with its link."
)
TOOL = {"type": "web_search", "search_context_size": "low"}
MOST_TOKENS = 2_000


class OpenAISearch:
    """A body of ``search.Provider``."""

    name = "openai"

    def __init__(self, session: aiohttp.ClientSession, endpoint: Endpoint) -> None:
        self._session, self._model = session, endpoint.model
        self._url = f"{endpoint.address.rstrip('/')}/responses"
        self._headers = {"Authorization": f"Bearer {endpoint.api_key}"}

    async def find(self, query: str, language: str) -> list[Candidate]:
        """The pages that the model cites, then the others that it saw, whose addresses are all we get of them."""
        wanted = {
            "model": self._model,
            "input": ORDER.format(query=query),
            "tools": [TOOL],
            "tool_choice": {"type": "web_search"},
            "include": ["web_search_call.action.sources"],
            "max_tool_calls": 1,
            "max_output_tokens": MOST_TOKENS,
            "store": False,
        }
        try:
            answer = await asked(self._session, "POST", self._url, headers=self._headers, json=wanted)
        except SearchError as error:
            raise _told_apart(error) from error
        outputs = listed(answer, "output")
        return [*_cited(outputs), *_seen(outputs)]


def _told_apart(error: SearchError) -> SearchError:
    used_up = error.cause == "search_rate" and "insufficient_quota" in str(error)
    return SearchError("search_credit", str(error)) if used_up else error


def _cited(outputs: list[dict[str, Any]]) -> Iterator[Candidate]:
    for output in outputs:
        for content in listed(output, "content"):
            for note in listed(content, "annotations"):
                if note.get("type") == "url_citation":
                    yield Candidate(text(note, "url"), text(note, "title"))


def _seen(outputs: list[dict[str, Any]]) -> Iterator[Candidate]:
    for output in outputs:
        for source in listed(output, "action", "sources"):
            yield Candidate(text(source, "url"))
