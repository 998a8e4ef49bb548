"""Searching and reading side by side: what is late is left out, and nothing out there ends a worker."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.research.errors import PageError, SearchError
from bot.research.evidence.reading import PATIENCE, Library, Reading
from bot.research.ports import UNCOUNTED, Candidate, Page, Purse
from tests.support.virtual_time import in_virtual_time

SECONDS = 8.0


class Web:
    """A search and its pages; each takes as long as it was told, or fails."""

    def __init__(self, found: dict[str, Sequence[str] | Exception], pages: dict[str, float | Exception]) -> None:
        self.found, self.pages, self.asked, self.left = found, pages, list[str](), list[str]()

    async def find(self, query: str, language: str, purse: Purse = UNCOUNTED) -> list[Candidate]:
        found = self.found.get(query, ())
        await asyncio.sleep(0.3)
        if isinstance(found, Exception):
            raise found
        return [Candidate(url) for url in found]

    async def read(self, url: str) -> Page:
        self.asked.append(url)
        takes = self.pages.get(url, 0.2)
        try:
            await asyncio.sleep(takes if isinstance(takes, float) else 0.1)
        except asyncio.CancelledError:
            self.left.append(url)
            raise
        if isinstance(takes, Exception):
            raise takes
        return Page(url, "Title", "Publisher", "", "Text.", 0)


async def followed(web: Web, queries: Sequence[str], most: int = 5) -> tuple[Reading, float]:
    loop = asyncio.get_running_loop()
    began = loop.time()
    reading = Reading(Library(web, web, SECONDS), "", most, began + SECONDS)
    await reading.follow(queries)
    return reading, loop.time() - began


def site(number: int) -> str:
    return f"https://s{number}.example/"


@in_virtual_time
async def test_both_searches_and_all_pages_go_on_side_by_side() -> None:
    web = Web({"a": [site(1), site(2), site(3)], "b": [site(4), site(5)]}, {})
    reading, took = await followed(web, ["a", "b"])
    assert len(reading.pages) == 5
    assert took < 0.6


@in_virtual_time
async def test_once_there_are_enough_pages_a_hanging_one_is_left() -> None:
    web = Web({"a": [site(number) for number in range(5)]}, {site(0): 60.0, site(1): 60.0})
    reading, took = await followed(web, ["a"])
    assert len(reading.pages) == 3
    assert took <= 0.5 + PATIENCE + 0.01
    assert sorted(web.left) == [site(0), site(1)]


@in_virtual_time
async def test_where_all_pages_hang_the_worker_writes_after_its_seconds() -> None:
    web = Web({"a": [site(number) for number in range(5)]}, {site(number): 60.0 for number in range(5)})
    reading, took = await followed(web, ["a"])
    assert reading.pages == []
    assert took == SECONDS
    assert reading.why == "pages_none"


@in_virtual_time
async def test_a_page_that_cannot_be_read_gives_way_to_the_next() -> None:
    broken: dict[str, float | Exception] = {site(0): PageError("page_status"), site(1): RuntimeError("a bug")}
    web = Web({"a": [site(number) for number in range(7)]}, broken)
    reading, _ = await followed(web, ["a"])
    assert len(reading.pages) == 5


@in_virtual_time
async def test_different_sites_are_read_first_and_no_address_twice() -> None:
    one = [f"https://one.example/{number}" for number in range(4)]
    web = Web({"a": [*one, site(2), site(3)], "b": [f"{one[0]}#part", site(2)]}, {})
    await followed(web, ["a", "b"], most=3)
    assert web.asked == [one[0], site(2), site(3)]


@in_virtual_time
async def test_a_page_that_a_second_search_finds_once_more_is_not_asked_for_again() -> None:
    web = Web({"a": [site(1)], "b": [site(1), site(2)]}, {site(1): PageError("page_down")})
    reading, _ = await followed(web, ["a"])
    await reading.follow(["b"])
    assert web.asked == [site(1), site(2)]


@in_virtual_time
async def test_one_search_that_fails_does_not_take_the_other_along() -> None:
    reading, _ = await followed(Web({"a": SearchError("search_down"), "b": [site(1)]}, {}), ["a", "b"])
    assert len(reading.pages) == 1


@in_virtual_time
async def test_why_nothing_was_read_is_the_cause_of_the_search() -> None:
    reading, _ = await followed(
        Web({"a": SearchError("search_credit"), "b": SearchError("search_down")}, {}), ["a", "b"]
    )
    assert reading.why == "search_credit"
    reading, _ = await followed(Web({"a": RuntimeError("a bug")}, {}), ["a"])
    assert reading.why == "search_down"
    reading, _ = await followed(Web({}, {}), ["a"])
    assert reading.why == "search_nothing"
