"""What a check says of searches and of pages, and what to do about them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from bot.adapters.web.search_wikipedia import Wikipedia
from bot.check import check
from bot.check_line import Line
from bot.playground.model import ModelServer
from bot.playground.slack import Playground
from bot.playground.web import search as ws
from bot.playground.web.search import Document, SearchFault, SearchServer
from bot.playground.web.sites import FILLER, Sites, article
from tests.support.story import settings

TEA = Document("Tea", "https://tea.example.com/", "All about tea.")


@pytest.fixture
async def server() -> AsyncIterator[SearchServer]:
    async with SearchServer([TEA]) as server:
        yield server


async def told(name: str = "Search", **more: Any) -> Line:
    """The line of that name."""
    async with Playground() as slack, ModelServer() as model:
        with TemporaryDirectory() as folder:
            wanted = settings(slack, model, "http", database_url=f"sqlite:///{folder}/research.sqlite", **more)
            (line,) = [line async for line in check(wanted) if line.name == name]
    return line


async def test_a_search_that_answers_is_told_with_what_it_found(server: SearchServer) -> None:
    line = await told(searxng_url=server.searxng_url)
    assert line.works
    assert line.told.startswith("SearXNG answers: 1 result in ")


async def test_beside_a_private_model_it_is_said_how_to_have_pages_searched() -> None:
    """Whoever wonders about reports without sources looks here."""
    line = await told()
    assert line.works
    assert line.told.startswith("Nothing is searched: the model's address is private")
    assert "SEARCH=wikipedia" in line.told


async def test_a_search_that_is_off_is_told_as_that() -> None:
    assert (await told(search="off")).told.startswith("Nothing is searched, as SEARCH says")


async def test_a_searxng_without_json_is_told_with_what_to_set(server: SearchServer) -> None:
    """Json is off where nobody has switched it on."""
    server.formats = {"html"}
    line = await told(searxng_url=server.searxng_url)
    assert not line.works
    assert "json in search.formats" in line.told


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (SearchFault(500), "SearXNG does not answer: HTTP 500"),
        (SearchFault(429), "SearXNG wants fewer requests. Try again in a few minutes."),
        (ws.HTML, "See that SEARXNG_URL is right"),
        (ws.HANG, "SearXNG does not answer in time. Try again, or set a longer SEARCH_TIMEOUT."),
    ],
)
async def test_a_search_that_fails_is_told_with_what_to_do(server: SearchServer, fault: SearchFault, said: str) -> None:
    server.fail(fault)
    line = await told(searxng_url=server.searxng_url, search_timeout=1)
    assert not line.works
    assert said in line.told


async def test_a_search_that_finds_nothing_at_all_does_not_work(server: SearchServer) -> None:
    """Everything that can be searched knows of tea."""
    server.documents.clear()
    assert not (await told(searxng_url=server.searxng_url)).works


async def test_wikipedia_wants_to_know_who_asks(server: SearchServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.adapters.web.search.Wikipedia", partial(Wikipedia, url=server.address("wikipedia")))
    assert "Set CONTACT" in (await told(search="wikipedia")).told
    assert "CONTACT" not in (await told(search="wikipedia", contact="ops@example.com")).told


async def test_a_page_that_was_found_is_read(server: SearchServer) -> None:
    """A search is of no use where pages cannot be reached."""
    async with Sites() as sites:
        sites.put("tea", article("Tea", [FILLER], "Tea Times"))
        server.documents[:] = [Document("Tea", sites.url(path), "All about tea.") for path in ("nowhere", "tea")]
        line = await told("Pages", searxng_url=server.searxng_url, fetch_allow=sites.allowed)
    assert line.works
    assert line.told.startswith("Tea Times can be read: ")


async def test_pages_that_cannot_be_read_are_told_with_what_to_do(server: SearchServer) -> None:
    """What a SearXNG inside finds inside may be what is wanted."""
    server.documents[:] = [Document("Tea", "http://127.0.0.2:9/tea", "Tea.")]
    line = await told("Pages", searxng_url=server.searxng_url)
    assert not line.works
    assert "http://127.0.0.2:9/tea cannot be read" in line.told
    assert "FETCH_ALLOW" in line.told
