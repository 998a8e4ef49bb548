"""Every search, held to one contract, on a server that speaks as each provider does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

import pytest
from structlog.testing import capture_logs
from yarl import URL

from bot import network
from bot.adapters.endpoint import Endpoint
from bot.adapters.web.search import Provider, Searches, searches
from bot.adapters.web.search import provider as provider_of
from bot.adapters.web.search_brave import Brave
from bot.adapters.web.search_ddgs import Ddgs
from bot.adapters.web.search_exa import Exa
from bot.adapters.web.search_openai import OpenAISearch
from bot.adapters.web.search_searxng import SearXNG
from bot.adapters.web.search_tavily import Tavily
from bot.adapters.web.search_wikipedia import Wikipedia
from bot.adapters.web.searching import Searching
from bot.playground.web import search as ws
from bot.playground.web.search import Document, SearchFault, SearchServer
from bot.research.budget import Budget
from bot.research.errors import SearchError
from bot.research.model import Usage
from bot.research.model_call import SearchPurse
from bot.research.ports import UNCOUNTED, Candidate, Purse
from tests.support.proxy import proxying
from tests.support.virtual_time import in_virtual_time, now

KEY = "a-key-that-nobody-may-see"
REMOTE = ["searxng", "tavily", "brave", "exa", "wikipedia", "openai"]
DATED = ["searxng", "brave", "exa"]
TEA = Document("Tea in Asia", "https://tea.example.com/asia", "Tea was first drunk in Asia.", "2024-05-01")
DOCUMENTS = [
    TEA,
    Document("Tea ceremonies", "https://rites.example.org/tea?lang=en", "In Asia, a ceremony for tea takes hours."),
    Document("Coffee", "https://coffee.example.com/", "Coffee came later."),
]


@dataclass
class Asked:
    server: SearchServer
    searches: Searches
    told: list[tuple[str, str]] = field(default_factory=list)

    async def cause(self) -> str:
        """Why nothing can be found."""
        with pytest.raises(SearchError) as caught:
            await self.searches.find("tea", "")
        assert KEY not in str(caught.value)
        return caught.value.cause


def provider(name: str, server: SearchServer, session: Any) -> Provider:
    url = server.address(name) if name in REMOTE else ""
    match name:
        case "searxng":
            return SearXNG(session, url)
        case "tavily":
            return Tavily(session, KEY, url)
        case "brave":
            return Brave(session, KEY, url)
        case "exa":
            return Exa(session, KEY, url)
        case "wikipedia":
            return Wikipedia(session, "ops@example.com", url)
        case "openai":
            return OpenAISearch(session, Endpoint("gpt-6-luna", url, KEY, "responses", 90))
    return Ddgs(8, lambda query, **options: packaged(server, query))


def packaged(server: SearchServer, query: str) -> list[dict[str, str]]:
    """What the package ddgs gives: nothing found is an exception."""
    found = ws.ranked(server.documents, query)
    if not found:
        raise RuntimeError("No results found.")
    return [{"title": each.title, "href": each.url, "body": each.text} for each in found]


@dataclass
class Silent:
    """A provider that never answers."""

    name: str = "silent"
    asked_at: list[float] = field(default_factory=list)

    async def find(self, query: str, language: str, purse: Purse = UNCOUNTED) -> list[Candidate]:
        self.asked_at.append(now())
        return await self.answer()

    async def answer(self) -> list[Candidate]:
        return await asyncio.Event().wait() and []


class Spent(Silent):
    """One whose account is empty."""

    async def answer(self) -> list[Candidate]:
        raise SearchError("search_credit", "used up")


class OneASecond(Silent):
    """One that takes a request a second."""

    async def answer(self) -> list[Candidate]:
        if sum(now() - each < 1 for each in self.asked_at) > 1:
            raise SearchError("search_rate", retry_after=1)
        return [Candidate(TEA.url)]


@asynccontextmanager
async def asking(*names: str, seconds: float = 60) -> AsyncIterator[Asked]:
    async with SearchServer(DOCUMENTS) as server, network.session() as session:
        told: list[tuple[str, str]] = []
        providers = [provider(name, server, session) for name in names]
        searches = Searches(providers, seconds, lambda name, outcome, took: told.append((name, outcome)))
        yield Asked(server, searches, told)


@pytest.mark.parametrize("name", [*REMOTE, "ddgs"])
async def test_pages_are_found_best_first(name: str) -> None:
    async with asking(name) as asked:
        found = await asked.searches.find("tea asia", "")
    assert [each.url for each in found] == [TEA.url, DOCUMENTS[1].url]
    assert found[0].title == TEA.title
    assert asked.told == [(name, "found")]


@pytest.mark.parametrize("name", [*REMOTE, "ddgs"])
async def test_where_there_is_nothing_nothing_is_found(name: str) -> None:
    async with asking(name) as asked:
        assert await asked.searches.find("basalt", "") == []
    assert asked.told == [(name, "nothing")]


@pytest.mark.parametrize("name", DATED)
@pytest.mark.parametrize(("dated", "date"), [(True, "2024-05-01"), (False, "")])
async def test_a_page_says_when_it_was_published_where_the_search_knows(name: str, dated: bool, date: str) -> None:
    async with asking(name) as asked:
        asked.server.dated = dated
        assert (await asked.searches.find("asia", ""))[0].date == date


@pytest.mark.parametrize("name", REMOTE)
async def test_titles_and_snippets_are_plain_text(name: str) -> None:
    """Markup that a search puts around words would stand in a thread as it is."""
    async with asking(name) as asked:
        asked.server.marked = True
        found = (await asked.searches.find("asia", ""))[0]
    assert found.title == "Tea in Asia & more"
    assert found.snippet in ("", "Tea was first drunk in Asia. & more")


FAULTS = [
    (SearchFault(400), "search_refused"),
    (SearchFault(401), "search_key"),
    (SearchFault(402), "search_credit"),
    (SearchFault(404), "search_refused"),
    (SearchFault(429), "search_rate"),
    (SearchFault(500), "search_down"),
    (SearchFault(503), "search_down"),
    (SearchFault(302, headers={"Location": "https://login.example.com/"}), "search_unintelligible"),
    (ws.HALF, "search_unintelligible"),
    (ws.HTML, "search_unintelligible"),
    (ws.HUGE, "search_unintelligible"),
    (SearchFault(body=["tea"]), "search_unintelligible"),
    (SearchFault(raw=b"[" * 100_000), "search_unintelligible"),
    (SearchFault(raw=b"\xff\xfe"), "search_unintelligible"),
    (ws.CUT, "search_down"),
]


@pytest.mark.parametrize("name", REMOTE)
@pytest.mark.parametrize(("fault", "cause"), FAULTS)
async def test_each_failure_is_told_by_its_cause(name: str, fault: SearchFault, cause: str) -> None:
    async with asking(name) as asked:
        asked.server.fail(fault, times=2)  # what is cut is asked for once more by the client itself
        assert await asked.cause() == cause
    assert asked.told == [(name, cause)]


@pytest.mark.parametrize(
    ("name", "fault", "cause"),
    [
        ("tavily", SearchFault(403), "search_credit"),
        ("tavily", SearchFault(432), "search_credit"),
        ("tavily", SearchFault(433), "search_credit"),
        ("exa", SearchFault(402, {"tag": "NO_MORE_CREDITS"}), "search_credit"),
        ("exa", SearchFault(402, {"tag": "API_KEY_BUDGET_EXCEEDED"}), "search_credit"),
        ("brave", SearchFault(422), "search_refused"),
        ("brave", SearchFault(429, {"error": {"code": "QUOTA_LIMITED"}}), "search_credit"),
        ("searxng", SearchFault(403), "search_refused"),
        ("searxng", SearchFault(body={"results": [], "unresponsive_engines": [["bing", "timeout"]]}), "search_down"),
        ("searxng", SearchFault(body={"error": "No query"}), "search_unintelligible"),
        ("wikipedia", SearchFault(403), "search_refused"),
        ("wikipedia", SearchFault(body={"error": {"code": "ratelimited", "info": "…"}}), "search_rate"),
        ("wikipedia", SearchFault(body={"error": {"code": "maxlag", "info": "…"}}), "search_down"),
        ("wikipedia", SearchFault(body={"error": {"code": "badvalue"}}), "search_refused"),
        ("openai", SearchFault(429, {"error": {"code": "insufficient_quota"}}), "search_credit"),
        ("openai", SearchFault(400, {"error": {"code": "unsupported_parameter"}}), "search_refused"),
    ],
)
async def test_what_a_provider_means_by_its_own_answers_is_known(name: str, fault: SearchFault, cause: str) -> None:
    async with asking(name) as asked:
        asked.server.fail(fault)
        assert await asked.cause() == cause


@pytest.mark.parametrize("name", ["tavily", "brave", "exa", "openai"])
async def test_a_key_that_is_not_taken_is_told_as_one_and_not_tried_again_soon(name: str) -> None:
    """Else a night of runs is a night of refusals, and providers shut out whoever goes on."""
    async with asking(name) as asked:
        asked.server.keys = {"another"}
        assert [await asked.cause(), await asked.cause()] == ["search_key", "search_key"]
        assert len(asked.server.requests) == len(asked.told) == 1


@pytest.mark.parametrize("name", [*REMOTE, "ddgs"])
async def test_what_is_chosen_is_asked_and_logged_once_without_its_key(name: str) -> None:
    """Where topics are sent to is a question that is asked again and again."""
    endpoint = Endpoint("gpt-6-luna", "https://api.openai.com/v1", KEY, "responses", 90)
    chosen = Searching((name,), endpoint, keys={name: KEY}, searxng_url="http://searx.test")
    async with network.session() as session:
        with capture_logs() as logged:
            assert searches(chosen, session)
        assert provider_of(name, chosen, session).name == name
    assert logged == [{"event": "search.chosen", "providers": [name], "log_level": "info"}]


async def test_where_nothing_is_searched_it_is_logged_why() -> None:
    async with network.session() as session:
        with capture_logs() as logged:
            endpoint = Endpoint("local", "http://127.0.0.1:1/v1", "", "chat", 90)
            assert searches(Searching((), endpoint, reason="private"), session) is None
    assert logged[0]["reason"] == "private"


async def test_a_search_that_hangs_is_left_in_time() -> None:
    async with asking("searxng", seconds=0.1) as asked:
        asked.server.fail(ws.HANG)
        assert await asked.cause() == "search_late"
    assert asked.told == [("searxng", "search_late")]


async def test_no_word_of_a_query_stands_in_what_is_told_of_a_failure() -> None:
    """It goes into the log, and topics are nobody's business there; but the provider's code is told."""
    async with asking("brave") as asked:
        asked.server.fail(SearchFault(422, {"error": {"code": "VALIDATION", "detail": f"tea {KEY}", "q": "tea"}}))
        with pytest.raises(SearchError, match=r"^HTTP 422 VALIDATION$"):
            await asked.searches.find("tea", "")


async def test_the_next_one_is_asked_where_one_fails_or_finds_nothing() -> None:
    async with asking("searxng", "tavily", "exa") as asked:
        asked.server.fail(SearchFault(500), "searxng")
        asked.server.fail(SearchFault(body={"results": []}), "tavily")
        assert await asked.searches.find("asia", "")
    assert asked.told == [("searxng", "search_down"), ("tavily", "nothing"), ("exa", "found")]


async def test_where_all_fail_the_first_failure_is_told() -> None:
    """It is the search that was wanted most."""
    async with asking("searxng", "exa") as asked:
        asked.server.fail(SearchFault(500), "searxng")
        asked.server.fail(SearchFault(402), "exa")
        assert await asked.cause() == "search_down"


async def test_a_provider_that_wants_a_moment_is_asked_once_more() -> None:
    async with asking("exa") as asked:
        asked.server.fail(SearchFault(429, headers={"Retry-After": "0"}))
        assert await asked.searches.find("asia", "")
    assert asked.told == [("exa", "search_rate"), ("exa", "found")]


@in_virtual_time
async def test_all_who_were_put_off_ask_again_one_after_the_other() -> None:
    """A second later all at once would be refused once more."""
    slow = OneASecond()
    searches = Searches([slow], 8)
    found = await asyncio.gather(*(searches.find("tea", "") for _ in range(3)))
    assert all(found)
    assert now() == 2


@in_virtual_time
async def test_what_one_does_not_use_of_the_time_is_left_to_the_next() -> None:
    """Of eight seconds three are for reading, and each that comes later keeps one and a half."""
    silent = [Silent(), Silent()]
    with pytest.raises(SearchError) as caught:
        await Searches(silent, 8).find("tea", "")
    assert caught.value.cause == "search_late"
    assert (silent[0].asked_at, silent[1].asked_at, now()) == ([0], [3.5], 5)


@in_virtual_time
async def test_a_provider_rests_for_ten_minutes_and_is_asked_again() -> None:
    spent = Spent()
    searches = Searches([spent], 8)
    for pause in (0, 599, 2):
        await asyncio.sleep(pause)
        with pytest.raises(SearchError, match="used up"):
            await searches.find("tea", "")
    assert spent.asked_at == [0, 601]


async def test_wikipedia_is_asked_by_three_at_once_at_most() -> None:
    async with asking("wikipedia") as asked:
        asked.server.delay = 0.01
        await asyncio.gather(*(asked.searches.find("tea", "") for _ in range(12)))
    assert asked.server.most_at_once == 3


async def test_a_provider_is_reached_through_the_proxy_of_the_operator(monkeypatch: pytest.MonkeyPatch) -> None:
    async with SearchServer(DOCUMENTS) as server, proxying(URL(server.url).port or 0) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        async with network.session() as session:
            assert await SearXNG(session, "http://searx.test/searxng").find("tea", "")
    assert proxy.asked[0].startswith("GET http://searx.test/searxng/search?q=tea")


async def test_a_provider_that_wants_a_long_pause_gets_it() -> None:
    async with asking("wikipedia") as asked:
        asked.server.fail(SearchFault(429, headers={"Retry-After": "120"}))
        assert [await asked.cause(), await asked.cause()] == ["search_rate", "search_rate"]
        assert len(asked.server.requests) == 1


async def test_wikipedia_is_asked_in_the_language_of_the_topic_by_somebody_who_can_be_reached() -> None:
    async with asking("wikipedia") as asked:
        for language in ("de", "pt-BR", "", "../x"):
            await asked.searches.find("tea", language)
    assert [each.language for each in asked.server.requests] == ["de", "pt", "en", "en"]
    assert "(ops@example.com)" in asked.server.requests[0].headers["User-Agent"]


async def test_where_no_article_has_all_words_those_that_have_some_are_found() -> None:
    async with asking("wikipedia") as asked:
        found = await asked.searches.find("tea history outlook", "")
    assert len(found) == 2
    assert [each.query for each in asked.server.requests] == ["tea history outlook", "tea OR history OR outlook"]


async def test_a_page_that_only_lists_others_of_its_name_is_left_out() -> None:
    page = {"title": "Mercury", "index": 1, "fullurl": "https://en.wikipedia.org/wiki/Mercury"}
    listing = SearchFault(body={"query": {"pages": [page | {"pageprops": {"disambiguation": ""}}]}})
    async with asking("wikipedia") as asked:
        asked.server.fail(listing)
        assert await asked.searches.find("mercury", "") == []


async def test_what_people_ask_is_no_order_to_a_search() -> None:
    """``!!g`` sends whoever asks a SearXNG on to another engine."""
    async with asking("searxng") as asked:
        await asked.searches.find("!!g :fr -tea  asia " + "word " * 100, "")
    (request,) = asked.server.requests
    assert request.query.startswith("g fr tea asia word")
    assert len(request.query) <= 300


async def test_what_people_ask_is_no_order_to_wikipedia() -> None:
    """Where it searches in the source of all articles, everybody waits."""
    async with asking("wikipedia") as asked:
        await asked.searches.find('"tea" NOT intitle:asia insource:/x.*y/', "")
    assert asked.server.requests[0].query == "tea not intitle asia insource x. y"


async def test_searxng_that_gives_no_json_says_so() -> None:
    async with asking("searxng") as asked:
        asked.server.formats = {"html"}
        assert await asked.cause() == "search_refused"


FOUND = Usage(calls=1, input_tokens=8_150, output_tokens=350, price=None)
FAILED = {"status": "failed", "error": {"code": "server_error"}, "usage": {"input_tokens": 90, "output_tokens": 9}}


@pytest.mark.parametrize(
    ("fault", "used"),
    [
        (None, FOUND),
        (SearchFault(400, {"error": {"param": "tools"}}), Usage(calls=1)),
        (SearchFault(503), Usage(calls=1)),
        (SearchFault(body=FAILED), Usage(calls=1, input_tokens=90, output_tokens=9, price=None)),
        (ws.HALF, Usage(calls=1, estimated=True)),
        (ws.CUT, Usage(calls=1, estimated=True)),
        (ws.HANG, Usage(calls=1, estimated=True)),
    ],
    ids=["found", "refused", "down", "failed", "half", "cut", "late"],
)
async def test_what_the_hosted_search_uses_is_told_however_it_ends(fault: SearchFault | None, used: Usage) -> None:
    """A search that nobody waits for any more is paid for all the same."""
    async with asking("openai", seconds=0.2 if fault is ws.HANG else 60) as asked:
        for each in [fault] * 2 if fault else []:
            asked.server.fail(each)
        purse = SearchPurse(Budget(), "r_1/angle/technical/search")
        with nullcontext() if not fault else pytest.raises(SearchError):
            await asked.searches.find("asia", "", purse)
    assert purse.usage == used
    assert asked.server.requests[0].headers["X-Client-Request-Id"] == "r_1/angle/technical/search"


async def test_an_answer_that_only_says_what_went_wrong_is_no_search_that_found_nothing() -> None:
    async with asking("openai") as asked:
        asked.server.fail(SearchFault(body=FAILED))
        assert await asked.cause() == "search_down"


async def test_the_hosted_search_must_search_once_and_tell_what_it_saw() -> None:
    async with asking("openai") as asked:
        await asked.searches.find("asia", "")
    (request,) = asked.server.requests
    assert request.sent["tools"] == [{"type": "web_search", "search_context_size": "low"}]
    assert request.sent["tool_choice"] == {"type": "web_search"}
    assert request.sent["include"] == ["web_search_call.action.sources"]
    assert request.sent["max_tool_calls"] == 1


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (RuntimeError("RuntimeError: error sending request … operation timed out"), "search_late"),
        (RuntimeError("https://html.duckduckgo.com/html 202 Ratelimit"), "search_rate"),
        (ValueError("broken page"), "search_down"),
    ],
)
async def test_what_the_package_throws_is_told_apart_by_its_words(error: Exception, cause: str) -> None:
    """It throws one kind of exception for everything."""

    def broken(query: str, **options: Any) -> list[dict[str, Any]]:
        raise error

    with pytest.raises(SearchError) as caught:
        await Searches([Ddgs(8, broken)], 8).find("tea", "")
    assert caught.value.cause == cause
