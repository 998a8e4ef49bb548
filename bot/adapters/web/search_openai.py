"""Searches with the tool that OpenAI hosts for its models: slow, and the model's tokens are paid as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import aiohttp

from bot.adapters.endpoint import Endpoint
from bot.adapters.model_openai_usage import usage
from bot.adapters.prices import price
from bot.adapters.web.json_request import Refusal, asked, listed, text
from bot.research.errors import SearchError
from bot.research.model import Usage
from bot.research.ports import UNCOUNTED, Candidate, Purse

ORDER = (
    "Search the web once for: {query}\nThen name the best pages that you found, each in one sentence, with its link."
)
TOOL = {"type": "web_search", "search_context_size": "low"}
MOST_TOKENS = 2_000
MOST_READ = 20_000  # tokens that one search brings along; the provider promises no bound but its own 128,000
LEFT = Usage(calls=1, estimated=True)  # of a request whose answer did not come: nobody tells what it used
ERRORS = {"rate_limit_exceeded": "search_rate", "invalid_prompt": "search_refused"}  # all others are the provider's

Used = Callable[[Usage], None]


def unpaid(used: Usage) -> None:
    """Nobody counts."""


class OpenAISearch:
    """A body of ``search.Provider``; ``used`` is told what each search has used."""

    name = "openai"

    def __init__(self, session: aiohttp.ClientSession, endpoint: Endpoint, used: Used = unpaid) -> None:
        self._session, self._endpoint, self._used = session, endpoint, used
        self._url = f"{endpoint.address.rstrip('/')}/responses"

    async def find(self, query: str, language: str, purse: Purse = UNCOUNTED) -> list[Candidate]:
        """The pages that the model cites, then the others that it saw, whose addresses are all we get of them."""
        if not await purse.opens(self._most()):
            raise SearchError("search_limit")
        used = LEFT
        try:
            answer = await self._answer(query, purse.name)
            outputs = listed(answer, "output")
            used = usage(answer, self._endpoint, 1, sum(map(_is_search, outputs)))
        except Refusal as error:
            used = Usage(calls=1)
            raise _told_apart(error) from error
        finally:
            purse.spent(used)
            self._used(used)
        _check(answer)
        return [*_cited(outputs), *_seen(outputs)]

    def _most(self) -> Usage:
        """The most that one search uses, as far as that is known."""
        dollars = price(self._endpoint.model, self._endpoint.base_url, MOST_READ, MOST_TOKENS, 1)
        return Usage(calls=1, input_tokens=MOST_READ, output_tokens=MOST_TOKENS, price=dollars)

    async def _answer(self, query: str, name: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._endpoint.api_key}"}
        wanted = {
            "model": self._endpoint.model,
            "input": ORDER.format(query=query),
            "tools": [TOOL],
            "tool_choice": {"type": "web_search"},
            "include": ["web_search_call.action.sources"],
            "max_tool_calls": 1,
            "max_output_tokens": MOST_TOKENS,
            "store": False,
        }
        headers |= {"X-Client-Request-Id": name} if name else {}
        return await asked(self._session, "POST", self._url, headers=headers, json=wanted)


def _told_apart(error: SearchError) -> SearchError:
    used_up = error.cause == "search_rate" and "insufficient_quota" in str(error)
    return SearchError("search_credit", str(error)) if used_up else error


def _check(answer: dict[str, Any]) -> None:
    """Raises SearchError for an answer that only says what went wrong; one that was cut short has its pages."""
    if answer.get("status") == "failed":
        error = answer.get("error")
        code = text(error, "code") if isinstance(error, dict) else ""
        raise SearchError(ERRORS.get(code, "search_down"), code)


def _is_search(output: dict[str, Any]) -> bool:
    """Whether an output is a search, which is paid for; a page that was opened is none."""
    action = output.get("action")
    return output.get("type") == "web_search_call" and isinstance(action, dict) and action.get("type") == "search"


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
