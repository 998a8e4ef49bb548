"""A search server on loopback that speaks as each provider does, over documents of our own, or misbehaves as told."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from aiohttp import web
from multidict import CIMultiDict

MARKED = "<strong>{}</strong> &amp; more"  # how providers write what fits the query
MOST = 10


@dataclass(frozen=True)
class Document:
    """A page that can be found; ``date`` as "2024-05-01", "" where nobody knows."""

    title: str
    url: str
    text: str
    date: str = ""


@dataclass(frozen=True)
class SearchFault:
    """One way to misbehave: a status with what comes with it, a body, a hang or a connection that breaks off."""

    status: int = 200
    body: Any = None  # as JSON
    raw: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    cut: bool = False


HALF = SearchFault(raw=b'{"results": [{"title": "Te')
HTML = SearchFault(raw=b"<html><body>Sign in to this network</body></html>", headers={"Content-Type": "text/html"})
HUGE = SearchFault(raw=b'{"results": "' + b"x" * 3_000_000 + b'"}')
HANG = SearchFault(hang=True)
CUT = SearchFault(cut=True)


@dataclass(frozen=True)
class Search:
    """One request as it came in; ``language`` is what it says of it, ``sent`` its parameters or its body."""

    provider: str
    query: str
    language: str
    sent: dict[str, Any]
    headers: CIMultiDict[str]


class SearchServer:
    """All providers on one free port of loopback. ``delay`` is how many seconds each answer takes.

    ``marked`` puts HTML into titles and snippets, ``dated`` says that dates are told, ``keys`` are the only ones that
    are taken, where there are any; ``formats`` are those of SearXNG.
    """

    def __init__(self, documents: Sequence[Document] = (), delay: float = 0) -> None:
        self.documents, self.delay = list(documents), delay
        self.marked, self.dated = False, True
        self.keys: set[str] = set()
        self.formats = {"html", "json"}
        self.requests: list[Search] = []
        self.at_once, self.most_at_once = 0, 0
        self._faults: list[tuple[str, SearchFault]] = []
        self._stop = asyncio.Event()

    async def __aenter__(self) -> SearchServer:
        app = web.Application()
        app.router.add_get("/searxng/search", self._serves("searxng", _searxng))
        app.router.add_post("/tavily/search", self._serves("tavily", _tavily))
        app.router.add_get("/brave/res/v1/web/search", self._serves("brave", _brave))
        app.router.add_post("/exa/search", self._serves("exa", _exa))
        app.router.add_get("/wikipedia/{language}/w/api.php", self._serves("wikipedia", _mediawiki))
        app.router.add_post("/v1/responses", self._serves("openai", hosted))
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *failure: object) -> None:
        self._stop.set()
        await self._runner.cleanup()

    @property
    def searxng_url(self) -> str:
        """What SEARXNG_URL says."""
        return f"{self.url}/searxng"

    def address(self, provider: str) -> str:
        """Where a provider is asked; Wikipedia with ``{language}`` in place of its language."""
        paths = {
            "searxng": "/searxng",
            "tavily": "/tavily/search",
            "brave": "/brave/res/v1/web/search",
            "exa": "/exa/search",
            "wikipedia": "/wikipedia/{language}/w/api.php",
            "openai": "/v1",
        }
        return self.url + paths[provider]

    def fail(self, fault: SearchFault, provider: str = "", times: int = 1) -> None:
        """The next requests, of that provider or of any, meet with this."""
        self._faults += [(provider, fault)] * times

    def _serves(self, provider: str, worded: Wording) -> Callable[[web.Request], Any]:
        async def serve(http: web.Request) -> web.StreamResponse:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            try:
                return await self._answer(http, provider, worded)
            finally:
                self.at_once -= 1

        return serve

    async def _answer(self, http: web.Request, provider: str, worded: Wording) -> web.StreamResponse:
        search = await _search(http, provider)
        self.requests.append(search)
        if (fault := self._fault(provider)) and (fault.hang or fault.cut):
            return await self._broken(http, fault)
        await asyncio.sleep(self.delay)
        fault = fault or self._refusal(search)
        if fault:
            body = fault.raw if fault.raw is not None else json.dumps(fault.body).encode()
            headers = {"Content-Type": "application/json"} | fault.headers
            return web.Response(status=fault.status, body=body, headers=headers)
        found = ranked(self.documents, search.query, provider == "wikipedia" and " OR " not in search.query)
        return web.json_response(worded([self._told(each) for each in found]))

    def _fault(self, provider: str) -> SearchFault | None:
        for index, (whose, fault) in enumerate(self._faults):
            if whose in ("", provider):
                del self._faults[index]
                return fault
        return None

    async def _broken(self, http: web.Request, fault: SearchFault) -> web.StreamResponse:
        if fault.hang:
            await self._stop.wait()
        if http.transport:
            http.transport.abort()
        return web.Response()

    def _refusal(self, search: Search) -> SearchFault | None:
        """How a provider answers what it does not take."""
        if search.provider == "searxng" and search.sent.get("format") not in self.formats:
            return SearchFault(403, raw=b"<!doctype html><title>403 Forbidden</title>")
        agent = search.headers.get("User-Agent", "")
        if search.provider == "wikipedia" and (not agent or agent.startswith(("Python/", "python-"))):
            return SearchFault(403, raw=b"Please set a user-agent and respect our robot policy")
        if self.keys and search.provider in UNKNOWN_KEY and not self.keys & _keys(search):
            return UNKNOWN_KEY[search.provider]
        return None

    def _told(self, document: Document) -> Document:
        title, text = document.title, document.text
        if self.marked:
            title, text = MARKED.format(title), MARKED.format(text)
        return Document(title, document.url, text, document.date if self.dated else "")


Wording = Callable[[list[Document]], dict[str, Any]]

UNKNOWN_KEY = {
    "tavily": SearchFault(401, {"detail": {"error": "Unauthorized: missing or invalid API key."}}),
    "brave": SearchFault(
        422, {"type": "ErrorResponse", "error": {"code": "SUBSCRIPTION_TOKEN_INVALID", "status": 422}}
    ),
    "exa": SearchFault(401, {"error": "Invalid API key", "tag": "INVALID_API_KEY"}),
    "openai": SearchFault(401, {"error": {"code": "invalid_api_key", "message": "Incorrect API key provided"}}),
}


def ranked(documents: Sequence[Document], query: str, whole: bool = False) -> list[Document]:
    """The documents that have a word of the query, or all of them; a word in a title counts three times."""
    words = _words(query.replace(" OR ", " "))

    def score(document: Document) -> int:
        title, text = _words(document.title), _words(document.text)
        if whole and not words <= title | text:
            return 0
        return 3 * len(words & title) + len(words & text)

    return sorted(filter(score, documents), key=score, reverse=True)[:MOST]


@lru_cache(10_000)
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


async def _search(http: web.Request, provider: str) -> Search:
    sent = await http.json() if http.method == "POST" else dict(http.query)
    asked = sent.get("q") or sent.get("gsrsearch") or sent.get("query") or sent.get("input") or ""
    language = http.match_info.get("language") or sent.get("language", "")
    return Search(provider, wanted(asked), language, sent, CIMultiDict(http.headers))


def wanted(asked: str) -> str:
    """What is searched for: a model is told what to do before it is told that."""
    return asked.split("\n")[0].rpartition(": ")[2]


def _keys(search: Search) -> set[str]:
    names = ("Authorization", "X-Subscription-Token", "x-api-key")
    return {search.headers.get(name, "").removeprefix("Bearer ") for name in names}


def _searxng(found: list[Document]) -> dict[str, Any]:
    results = [
        {"url": each.url, "title": each.title, "content": each.text, "engine": "own", "score": 1.0}
        | ({"publishedDate": f"{each.date}T00:00:00"} if each.date else {})
        for each in found
    ]
    return {"query": "", "number_of_results": 0, "results": results, "answers": [], "unresponsive_engines": []}


def _tavily(found: list[Document]) -> dict[str, Any]:
    results = [{"title": each.title, "url": each.url, "content": each.text, "score": 0.9} for each in found]
    return {"query": "", "answer": None, "images": [], "results": results, "response_time": 0.5}


def _brave(found: list[Document]) -> dict[str, Any]:
    results = [
        {"type": "search_result", "title": each.title, "url": each.url, "description": each.text}
        | ({"page_age": f"{each.date}T00:00:00", "age": "2 days ago"} if each.date else {})
        for each in found
    ]
    return {"type": "search", "query": {}} | ({"web": {"type": "search", "results": results}} if results else {})


def _exa(found: list[Document]) -> dict[str, Any]:
    results = [
        {"id": each.url, "title": each.title, "url": each.url, "text": each.text, "publishedDate": _exactly(each.date)}
        for each in found
    ]
    return {"requestId": "r1", "resolvedSearchType": "neural", "results": results}


def _exactly(date: str) -> str | None:
    return f"{date}T00:00:00.000Z" if date else None


def _mediawiki(found: list[Document]) -> dict[str, Any]:
    """Pages in the order of their ids, which is none that anybody wants."""
    pages = [
        {"pageid": 1_000 - index, "ns": 0, "title": each.title, "index": index, "extract": each.text}
        | {"fullurl": each.url, "canonicalurl": each.url}
        for index, each in enumerate(found, 1)
    ]
    return {"batchcomplete": True} | ({"query": {"pages": pages[::-1]}} if pages else {})


SEARCHED = {"input_tokens": 8_150, "output_tokens": 350, "total_tokens": 8_500}  # of one hosted search


def hosted(found: list[Document]) -> dict[str, Any]:
    """A response of a model that has searched: the first three are cited, of all there is no more than the address."""
    lines = [f"{each.title} ({_labelled(each.url)})" for each in found[:3]]
    cited = [
        {"type": "url_citation", "url": _labelled(each.url), "title": each.title}
        | {"start_index": sum(map(len, lines[:place])) + place, "end_index": sum(map(len, lines[: place + 1])) + place}
        for place, each in enumerate(found[:3])
    ]
    sources = [{"type": "url", "url": each.url} for each in found]
    action = {"type": "search", "query": "what it looked for", "queries": ["what it looked for"], "sources": sources}
    said = {"type": "output_text", "text": "\n".join(lines), "annotations": cited, "logprobs": []}
    cached, thought = {"cached_tokens": 0}, {"reasoning_tokens": 128}
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "model": "local",
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "output": [
            {"id": "rs_1", "type": "reasoning", "summary": []},
            {"id": "ws_1", "type": "web_search_call", "status": "completed", "action": action},
            {"id": "msg_1", "type": "message", "status": "completed", "role": "assistant", "content": [said]},
        ],
        "usage": SEARCHED | {"input_tokens_details": cached, "output_tokens_details": thought},
    }


def _labelled(url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}utm_source=openai"
