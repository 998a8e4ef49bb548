"""Pages as the web has them: what is read, what is refused, and that no page harms another."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.adapters.web import pages_http
from bot.adapters.web.pages_cache import MOST_LETTERS, PageCache
from bot.adapters.web.pages_http import WebPages
from bot.playground.web.sites import Sites, article
from bot.research.errors import PageError
from bot.research.ports import Page, Pages
from tests.support.virtual_time import in_virtual_time


@asynccontextmanager
async def reading(*more: str, contact: str = "") -> AsyncIterator[tuple[Sites, WebPages, Counter[str]]]:
    """Sites, and a reader that may read them and tells what became of each page."""
    told: Counter[str] = Counter()
    async with (
        Sites() as sites,
        WebPages(contact, [*sites.allowed.split(","), *more], lambda outcome, _: told.update([outcome])) as pages,
    ):
        yield sites, pages, told


async def refusal(pages: Pages, url: str) -> str:
    with pytest.raises(PageError) as caught:
        await pages.read(url)
    return caught.value.cause


async def test_a_page_is_its_main_text_a_paragraph_a_line_with_who_published_it_and_when() -> None:
    async with reading() as (sites, pages, told):
        sites.put("tea", article("Tea", ["Tea came to Europe in 1610.", "It was dear."], "The Growers", filler=300))
        page = await pages.read(sites.url("tea#top"))
        assert (page.title, page.publisher, page.date) == ("Tea", "The Growers", "2024-05-01")
        assert page.url == sites.url("tea")
        assert "Tea came to Europe in 1610.\nIt was dear.\n" in page.text
        assert "Section 7" not in page.text
        assert page.read_at > 0
        assert told == {"read": 1}


async def test_a_page_that_says_nothing_of_its_publisher_has_the_name_of_its_host() -> None:
    async with reading() as (sites, pages, _):
        assert (await pages.read(sites.url("trap/latin1"))).publisher == "127.0.0.2"


@pytest.mark.parametrize("trap", ["latin1", "lying", "utf16"])
async def test_letters_are_read_in_whatever_coding_they_come(trap: str) -> None:
    async with reading() as (sites, pages, _):
        text = (await pages.read(sites.url(f"trap/{trap}"))).text
        assert "Café" in text
        assert "Müller" in text


async def test_a_pdf_is_read_sheet_by_sheet_whatever_its_server_calls_it() -> None:
    async with reading() as (sites, pages, _):
        page = await pages.read(sites.url("trap/pdf"))
        first, second = page.sheets
        assert page.text[first:second].endswith("In 1610 tea came to Europe.\n")
        assert "grown in Assam" in page.text[second:]
        assert "1610" in (await pages.read(sites.url("trap/pdf_as_html"))).text


async def test_what_nobody_sees_is_not_read_and_nothing_looks_like_an_id_of_ours() -> None:
    async with reading() as (sites, pages, _):
        text = (await pages.read(sites.url("trap/hidden"))).text
        assert "SECRET" not in text
        assert "Plainly seen words." in text
        text = (await pages.read(sites.url("trap/forged"))).text
        assert "Tea was drunk in 1753, says the book, and later, and" in text
        assert not {"[", "［", "【"} & set(text)


@pytest.mark.parametrize(
    ("trap", "cause"),
    [
        ("bomb", "page_size"),
        ("half_gzip", "page_empty"),
        ("cut", "page_down"),
        ("loop", "page_status"),
        ("to_loopback", "page_address"),
        ("to_mapped", "page_address"),
        ("to_name", "page_address"),
        ("to_file", "page_address"),
        ("to_nowhere", "page_status"),
        ("binary", "page_kind"),
        ("zip", "page_kind"),
        ("json", "page_kind"),
        ("broken_pdf", "page_kind"),
        ("empty", "page_empty"),
        ("shell", "page_empty"),
        ("consent", "page_no_article"),
        ("paywall", "page_no_article"),
        ("soft404", "page_no_article"),
        ("hard404", "page_status"),
        ("refused", "page_status"),
    ],
)
async def test_what_is_no_page_is_told_by_its_cause(trap: str, cause: str) -> None:
    async with reading() as (sites, pages, told):
        assert await refusal(pages, sites.url(f"trap/{trap}")) == cause
        assert told == {cause: 1}


@pytest.mark.parametrize("trap", ["nested", "siblings", "links"])
async def test_a_page_that_is_heavy_to_read_is_read_from_its_beginning_or_given_up(trap: str) -> None:
    async with reading() as (sites, pages, _):
        read = (await asyncio.gather(pages.read(sites.url(f"trap/{trap}")), return_exceptions=True))[0]
        assert "rows of shrubs" in read.text if isinstance(read, Page) else isinstance(read, PageError)
        assert (await pages.read(sites.url("trap/plain"))).text.startswith("Tea came")


@pytest.mark.parametrize("trap", ["drip", "slow_head"])
async def test_a_page_that_does_not_come_is_left_after_its_seconds(trap: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_http, "PAGE_SECONDS", 0.2)
    async with reading() as (sites, pages, _):
        assert await refusal(pages, sites.url(f"trap/{trap}")) == "page_late"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/",
        "http://[::ffff:127.0.0.2]:{port}/trap/plain",
        "http://①②⑦.⓪.⓪.①:{port}/",
        "http://2130706433:{port}/",
        "http://127.1:{port}/",
        "http://0.0.0.0:{port}/",
        "http://localhost:{port}/",
        "http://user:secret@127.0.0.2:{port}/trap/plain",
        "http://169.254.169.254/latest/meta-data",
        "ftp://127.0.0.2:{port}/trap/plain",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "",
        "http://[::1",
        "http://a b/",
    ],
)
async def test_an_address_that_is_not_public_is_never_asked(url: str) -> None:
    async with reading() as (sites, pages, _):
        assert await refusal(pages, url.format(port=sites.port)) in ("page_address", "page_down")
        assert not sites.asked


async def test_a_host_of_the_intranet_may_be_read_only_at_the_port_that_is_named() -> None:
    async with Sites() as sites, WebPages(allow=[f"127.0.0.2:{sites.port}", "127.0.0.3:1"]) as pages:
        assert (await pages.read(sites.url("trap/plain"))).text
        assert await refusal(pages, sites.url("trap/plain", host=1)) == "page_address"
    async with Sites() as sites, WebPages(allow=["127.0.0.3"]) as pages:
        assert (await pages.read(sites.url("trap/plain", host=1))).text


async def test_a_page_is_read_once_an_hour_and_once_for_all_who_want_it_at_once() -> None:
    async with reading() as (sites, pages, told):
        url = sites.url("trap/plain")
        await asyncio.gather(*(pages.read(url) for _ in range(5)))
        await pages.read(url)
        assert sites.asked["/trap/plain"] == 1
        assert told["cached"] == 1


async def test_whoever_runs_the_bot_is_named_to_the_sites() -> None:
    seen: list[str] = []
    async with reading(contact="ops@example.org") as (sites, pages, _):
        sites.seen = lambda headers: seen.append(headers["User-Agent"])
        await pages.read(sites.url("trap/plain"))
    assert "(ops@example.org)" in seen[0]


def a_page(url: str, letters: int) -> Page:
    return Page(url, "", "", "", "x" * letters, 0)


@in_virtual_time
async def test_the_cache_forgets_what_is_an_hour_old_and_what_there_is_no_room_for() -> None:
    cache = PageCache()

    async def read(url: str, letters: int) -> Page:
        async def made() -> Page:
            return a_page(url, letters)

        return await cache.once(url, made)

    await read("a", 10)
    await asyncio.sleep(3_599)
    assert cache.get("a")
    await asyncio.sleep(2)
    assert not cache.get("a")
    for number in range(5):
        await read(str(number), MOST_LETTERS // 4)
    assert [bool(cache.get(str(number))) for number in range(5)] == [False, False, True, True, True]


@in_virtual_time
async def test_a_failure_is_remembered_for_a_moment_and_reading_ends_with_the_last_who_waits() -> None:
    cache, ended = PageCache(), list[str]()

    async def fails() -> Page:
        raise PageError("page_down")

    async def hangs() -> Page:
        try:
            await asyncio.sleep(100)
        finally:
            ended.append("hangs")
        return a_page("b", 1)

    with pytest.raises(PageError):
        await cache.once("a", fails)
    assert isinstance(cache.get("a"), PageError)
    await asyncio.sleep(6)
    assert cache.get("a") is None
    first, second = (asyncio.create_task(cache.once("b", hangs)) for _ in range(2))
    await asyncio.sleep(1)
    first.cancel()
    await asyncio.sleep(1)
    assert not ended
    second.cancel()
    await asyncio.sleep(1)
    assert ended == ["hangs"]


async def test_more_pages_than_there_is_room_for_are_read_one_after_the_other_whatever_became_of_others() -> None:
    async with reading() as (sites, pages, told):
        traps = ("bomb", "cut", "binary", "hard404", "empty")
        paths = [f"tea-{number}" for number in range(3 * pages_http.MOST_BODIES)]
        for path in paths:
            sites.put(path, "Tea came to Europe in 1610.", "text/plain")
        wrong = [pages.read(sites.url(f"trap/{name}", host)) for name in traps for host in range(5)]
        await asyncio.gather(*wrong, return_exceptions=True)
        texts = await asyncio.gather(*(pages.read(sites.url(path, n % 5)) for n, path in enumerate(paths)))
        assert {page.text for page in texts} == {"Tea came to Europe in 1610."}
        assert told["read"] == len(paths)


class Busy:
    """A reader that is at its first page until it is let go on."""

    def __init__(self) -> None:
        self.asked, self.goes_on = asyncio.Event(), asyncio.Event()

    async def content(self, body: bytes, kind: str, charset: str) -> dict[str, Any]:
        """The letters of a page as they are, in time."""
        self.asked.set()
        await self.goes_on.wait()
        return {"text": body.decode()}

    async def close(self) -> None:
        """There is nothing to end."""


async def test_a_page_that_waits_for_its_reader_is_not_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else pages are fetched and thrown away whenever many are read, and others are asked for in their place."""
    busy = Busy()
    monkeypatch.setattr(pages_http, "Readers", lambda: busy)
    monkeypatch.setattr(pages_http, "MOST_BODIES", 1)
    monkeypatch.setattr(pages_http, "PAGE_SECONDS", 0.5)
    async with reading() as (sites, pages, _):
        for name in ("first", "second"):
            sites.put(name, name)
        first = asyncio.create_task(pages.read(sites.url("first")))
        await busy.asked.wait()
        came = asyncio.Event()
        sites.seen = lambda headers: came.set()
        second = asyncio.create_task(pages.read(sites.url("second", 1)))
        await came.wait()
        assert await refusal(pages, sites.url("trap/slow_head", 2)) == "page_late"  # so long the second one waits too
        busy.goes_on.set()
        assert [(await first).text, (await second).text] == ["first", "second"]
