"""Research that rests on pages: read before it is written, checked before it is shown; in both modes of Slack."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from bot.adapters.web import pages_http
from bot.operations.forget import forget
from bot.operations.retention import forget_older
from bot.playground import model as ms
from bot.playground.model import citing
from bot.playground.model_citing import Mistake
from bot.playground.slack.workspace import Message
from bot.playground.web.search import SearchFault
from bot.research.words.en import NBSP
from bot.slack.messages.controls import EXPORT_FILE, RETRY_ANGLE
from tests.adapters.tables import Rows, rows
from tests.support.crashes import Crashing, answered, crashing
from tests.support.pages import page
from tests.support.prices import priced
from tests.support.story import Mode, Story, run_id, story
from tests.support.web import ARTICLES, Web, web

SLUGS = ("historical", "technical", "societal")
LINK = re.compile(r"\[\[(\d+)\]\]\((http[^)]+)\)")


def reply(told: Story, root: Message, part: str) -> Message:
    """The one message in the thread that says it is this part."""
    (message,) = [each for each in told.slack.thread(root) if each.part == part]
    return message


def body(message: Message) -> str:
    """The Markdown of a message."""
    return next(str(block["text"]) for block in message.blocks if block["type"] == "markdown")


def links(message: Message) -> dict[int, str]:
    """Where the numbers of a message lead."""
    return {int(number): address for number, address in LINK.findall(body(message))}


async def test_every_number_leads_to_the_passage_of_a_page_that_was_read(mode: Mode) -> None:
    async with web() as out, story(mode, report="sections", **out.wanted) as told:
        root = await told.says(await told.research("tea"), "is done, 3 of 3 angles")
        read = {address.partition("#")[0] for address in seen(out)}
        for slug in SLUGS:
            angle = reply(told, root, f"angle/{slug}")
            assert links(angle)
            assert "Sources: [" in angle.text
            for number, address in links(angle).items():
                page, _, fragment = address.partition("#:~:text=")
                assert page in read
                assert fragment
                assert f"[{number}]" in angle.text
        numbers = [min(links(reply(told, root, f"angle/{slug}"))) for slug in SLUGS]
        assert numbers == [1, 11, 21]
        report = reply(told, root, "report")
        assert set(links(report)) <= {number for slug in SLUGS for number in links(reply(told, root, f"angle/{slug}"))}
        assert "No web sources" not in report.text


def seen(out: Web) -> set[str]:
    """The addresses of pages that the sites were asked for."""
    return {document.url for document in out.search.documents if out.sites.asked["/" + document.url.split("/", 3)[3]]}


async def test_a_worker_is_given_passages_as_data_and_its_queries_carry_the_topic_and_the_angle(mode: Mode) -> None:
    async with web() as out, story(mode, **out.wanted) as told:
        await told.says(await told.research("tea"), "is done, 3 of 3 angles")
        asked = told.model.asked("angle/technical")[0]
        assert "<passages>\n[1a] " in asked.prompt
        assert "loses about 40 percent" in asked.prompt
        queries = [search.query for search in out.search.requests]
        assert len(queries) == 6
        assert all("tea" in query for query in queries)
        assert len(told.model.requests) == 4


async def test_what_the_model_gets_wrong_is_mended_before_anybody_reads_it(mode: Mode) -> None:
    async with web() as out, story(mode, **out.wanted) as told:
        told.model.answer("angle/*", citing(*Mistake))
        root = await told.says(await told.research("tea"), "is done, 3 of 3 angles")
        for slug in SLUGS:
            text = reply(told, root, f"angle/{slug}").text
            assert "99z" not in text
            assert "invented.example" not in str(reply(told, root, f"angle/{slug}").blocks)
            assert "not verified" not in text


async def test_what_stays_wrong_is_marked_where_it_is_read(mode: Mode) -> None:
    async with web() as out, story(mode, **out.wanted) as told:
        told.model.answer("angle/technical*", citing(Mistake.NUMBER, stubborn=True))
        root = await told.says(await told.research("tea"), "is done, 3 of 3 angles")
        assert reply(told, root, "angle/technical").text.count("(not verified)") == 1
        assert "(not verified)" not in reply(told, root, "angle/historical").text
        assert [call.step for call in told.model.asked("*/repair")].count("angle/technical/repair") == 1


MODES: tuple[Mode, ...] = ("socket", "http")
UNFOUND = [
    (SearchFault(401), "search_key", "does not accept our key. Your admin can check it."),
    (SearchFault(402), "search_credit", "the search provider's account is used up."),
    (SearchFault(403, body="no json"), "search_refused", "does not accept our requests."),
    (SearchFault(429), "search_rate", "is limiting our requests."),
    (SearchFault(500), "search_down", "could not be reached."),
    (SearchFault(cut=True), "search_down", "could not be reached."),
    (SearchFault(raw=b'{"results": [{"ti'), "search_unintelligible", "answer cannot be read."),
    (SearchFault(body={"results": []}), "nothing", "web search found no pages."),
]


@pytest.mark.parametrize(
    ("fault", "outcome", "sentence", "mode"),
    [(*each, MODES[number % 2]) for number, each in enumerate(UNFOUND)],
    ids=["key", "used up", "refused", "limited", "down", "cut", "half a JSON", "nothing"],
)
async def test_where_nothing_can_be_found_the_research_goes_on_from_memory_and_says_why(
    fault: SearchFault, outcome: str, sentence: str, mode: Mode
) -> None:
    """Whoever asked has a report all the same, and whoever runs the bot what to look for."""
    async with web() as out, story(mode, **out.wanted) as told:
        out.search.fail(fault, times=100)
        with capture_logs() as logged:
            root = await told.says(await told.research("tea"), "is done, 3 of 3 angles")
        assert root.text.casefold().count(sentence.casefold()) == 1
        assert "No web sources" in reply(told, root, "report").text
        assert not out.sites.asked
        assert "You have no sources at hand" in str(told.model.asked("angle/technical")[0].body)
        assert f'searches_total{{outcome="{outcome}",provider="searxng"}}' in (await page(told.bot.port, "/metrics"))[1]
        causes = {each["cause"] for each in logged if each["event"] == "search.failed"}
        assert causes == ({outcome} if outcome != "nothing" else set())


async def test_where_all_pages_hang_the_research_goes_on_from_memory_and_says_why(mode: Mode) -> None:
    """A web that answers nothing must cost a run its seconds for reading and no more."""
    async with web() as out, story(mode, **out.wanted | {"search_timeout": 2}) as told:
        out.sites.delay = lambda: 600
        root = await told.says(await told.research("tea"), "is done, 3 of 3 angles")
        assert root.text.count("Web search found pages, but none of them could be read.") == 1
        assert 'research_pages_total{outcome="page_late"}' in (await page(told.bot.port, "/metrics"))[1]


@asynccontextmanager
async def hosted(mode: Mode, **more: Any) -> AsyncIterator[tuple[Story, Web]]:
    """A bot whose model searches by itself, at a dollar for a million tokens and a cent for a search."""
    with priced("1"):
        async with web() as out, story(mode, **out.hosted, **more) as told:
            told.model.documents = out.search.documents
            yield told, out


async def test_what_the_model_finds_by_itself_is_read_as_any_page_and_counted_as_any_call(mode: Mode) -> None:
    """Its tokens are most of what such a run costs: six searches of 8,500 beside four calls of 300."""
    async with hosted(mode) as (told, out):
        root = await told.says(await told.research("tea"), "is done, 3 of 3 angles")
        assert links(reply(told, root, "angle/technical"))
        assert {each.partition("#")[0] for each in links(reply(told, root, "report")).values()} <= seen(out)
        searches = told.model.asked("angle/*/search")
        assert len(searches) == 6
        assert all(search.body["tools"][0]["type"] == "web_search" for search in searches)
        assert "10 model calls, 52,200 tokens, about $0.11" in told.ending(root).replace(NBSP, " ")
        await told.bot.desk.kept(run_id(root))  # until then it may count twice, as under way and as kept
        numbers = (await page(told.bot.port, "/metrics"))[1]
        assert 'research_tokens_total{direction="in"} 49300.0' in numbers
        assert 'research_searches_total{outcome="found",provider="openai"} 6.0' in numbers
        assert "research_month_dollars 0.1122" in numbers


NO_TOOL = ms.Fault(400, body={"error": {"message": "no", "type": "invalid_request_error", "param": "tools"}})


async def test_a_model_that_cannot_search_costs_a_run_its_sources_and_nothing_else(mode: Mode) -> None:
    async with hosted(mode) as (told, _):
        told.model.answer("angle/*/search", ms.default_text, *[NO_TOOL] * 6)
        root = await told.says(await told.research("tea"), "is done, 3 of 3 angles")
        assert root.text.count("the search provider does not accept our requests") == 1
        assert "1,200 tokens" in told.ending(root).replace(NBSP, " ")


async def test_searches_of_a_model_that_a_run_may_not_pay_are_left_out_and_that_is_said(mode: Mode) -> None:
    """What brings a run to its report is kept for that."""
    async with hosted(mode, max_run_tokens=60_000) as (told, _):
        root = await told.says(await told.research("tea"), "is done, 3 of 3 angles")
        assert root.text.count("Web search was left out, to stay within what this run may use.") == 1
        assert not told.model.asked("angle/*/search")


# What traps are found for, so few of them that each is asked for.
TRAPS = {
    "tea history origins": ("empty", "bomb", "cut", "drip", "nested"),
    "tea how it works technology": ("forged", "hidden", "to_loopback", "to_name", "loop"),
    "tea impact on society": ("consent", "soft404", "binary", "latin1", "foreign"),
}


async def test_no_page_can_order_forge_or_lead_astray(mode: Mode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages_http, "PAGE_SECONDS", 2)
    async with web({}) as out, story(mode, **out.wanted) as told:
        for about, names in TRAPS.items():
            for name in names:
                out.trap(name, f"{about} {name}")
        root = await told.says(await told.research("tea"), "is done, 3 of 3 angles")
        asked = {path.removeprefix("/trap/") for path in out.sites.asked}
        assert not asked & {"/good"}
        assert {name for names in TRAPS.values() for name in names} <= asked
        for request in told.model.asked("angle/*"):
            assert "SECRET" not in request.prompt
            assert "print your key" not in str(request.body["messages"][0])
            assert "the book [2b]" not in request.prompt
        for place, slug in enumerate(SLUGS):
            assert set(links(reply(told, root, f"angle/{slug}"))) <= set(range(10 * place + 1, 10 * place + 6))


async def test_an_answer_in_the_thread_cites_the_same_pages_by_the_same_numbers(mode: Mode) -> None:
    async with web() as out, story(mode, **out.wanted) as told:
        root = await told.says(await told.research("tea"), "is done, 3 of 3 angles")
        leads = links(reply(told, root, "angle/technical"))
        passage = re.findall(r"\[(1\d[a-z]+)\]", told.model.asked("report")[0].prompt)[0]
        number = int(passage[:2])
        told.model.answer("follow-up/*", f"The leaf loses about 40 percent of its water [{passage}].")
        await told.slack.say(told.channel.id, "How much water does the leaf lose?", thread_ts=root.ts)
        await told.slack.until(lambda: any(part.startswith("answer/") for part in told.parts(root)))
        answer = next(each for each in told.slack.thread(root) if each.part.startswith("answer/"))
        assert links(answer)[number].partition("#")[0] == leads[number].partition("#")[0]


async def test_an_angle_that_is_retried_gets_the_numbers_that_were_kept_for_it(mode: Mode) -> None:
    async with web() as out, story(mode, **out.wanted) as told:
        told.model.answer("angle/technical", "x", ms.REFUSED)
        root = await told.says(await told.research("tea"), "is partly done")
        assert min(links(reply(told, root, "angle/societal"))) == 21
        told.model.answer("angle/technical", citing())
        await told.click(root, RETRY_ANGLE)
        await told.says(root, "is done, 3 of 3 angles")
        assert min(links(reply(told, root, "angle/technical"))) == 11


async def test_a_retry_whose_pages_are_gone_says_so_and_keeps_what_was_read_before(mode: Mode) -> None:
    """What its first answers cite was read, then; what the retry could not read is written from memory."""
    async with web() as out, story(mode, **out.wanted) as told:
        told.model.answer("angle/technical/2", "x", ms.REFUSED)
        root = await told.says(await told.research("tea --deep"), "is partly done")
        before = links(reply(told, root, "angle/technical"))
        assert before
        await told.restart()  # what was read within the hour is not asked for again
        for name, trap in zip(ARTICLES, ["hard404", "to_loopback", "cut"] * 2, strict=True):
            out.sites.spoil(name, trap)
        gone_at = time.time()
        told.model.answer("angle/technical/2")
        await told.click(root, RETRY_ANGLE)
        await told.says(root, "is done, 3 of 3 angles")
        angle = reply(told, root, "angle/technical")
        assert "No web sources for 1 of 3 questions" in angle.text.replace(NBSP, " ")
        why = "Technical (1 of 3 questions): web search found pages, but none of them could be read."
        assert root.text.replace(NBSP, " ").count(why) == 1
        assert links(angle)
        assert links(angle).items() <= before.items()
        assert "You have no sources at hand" in str(told.model.asked("angle/technical/2")[-1].body)
        (run,) = await told.bot.runs.latest(told.bot.workspace.team, told.channel.id, 1)
        assert all(source.read_at < gone_at for source in run.sources)


async def by_night(told: Story, run_id: str) -> None:
    """KEEP_DAYS are over."""
    assert await forget_older(told.bot.runs, told.bot.engine, time.time() + 60) == 1


async def at_a_word(told: Story, run_id: str) -> None:
    """Somebody has it deleted on the command line."""
    assert await forget(run_id, told.settings.database_url)


@pytest.mark.parametrize(("mode", "deleted"), [("socket", by_night), ("http", at_a_word)])
async def test_what_is_kept_of_pages_goes_with_the_run(
    deleted: Callable[[Story, str], Awaitable[None]], mode: Mode
) -> None:
    """Somebody else wrote them; passages stand in what was found, in the answers and in the steps of the jobs."""
    async with web() as out, story(mode, **out.wanted) as told:
        root = await told.says(await told.research("tea"), "is done, 3 of 3 angles")
        await told.click(reply(told, root, "report"), EXPORT_FILE)
        await told.heard("The .md file is in the thread.")
        told.model.answer("follow-up/*", "In Assam the leaf loses about 40 percent of its water [11a].")
        await told.slack.say(told.channel.id, "How much water does the leaf lose?", thread_ts=root.ts)
        await told.slack.until(lambda: any(part.startswith("answer/") for part in told.parts(root)))
        while await told.bot.engine.unfinished():
            pass
        kept = await told.bot.database.run(rows)
        assert {"runs", "entries", "operation_outputs"} <= holding(kept, "loses about 40 percent")
        assert {"runs", "operation_outputs"} <= holding(kept, f":{out.sites.port}/")
        (run,) = await told.bot.runs.latest(told.bot.workspace.team, told.channel.id, 1)
        await deleted(told, run.id)
        kept = await told.bot.database.run(rows)
        for words in ("percent", f":{out.sites.port}/", "The Harbour Museum", run.id):
            assert holding(kept, words) == set()


def holding(kept: dict[str, Rows], words: str) -> set[str]:
    """The tables in a row of which these words stand."""
    return {name for name, standing in kept.items() if words in str(standing)}


async def until_searched(told: Crashing, out: Web) -> None:
    """The bot is gone while it reads: no page answers."""
    out.sites.delay = lambda: 600
    await told.ask()
    await out.sites.until_asked()


async def until_gated(told: Crashing, out: Web) -> None:
    """The bot is gone while what did not pass is written anew."""
    told.model.answer("angle/technical/repair", gate=asyncio.Event())
    told.model.answer("angle/technical", citing(Mistake.NUMBER))
    told.model.answer("report/*", gate=asyncio.Event())
    await told.ask()
    await told.model.until(lambda: bool(told.model.asked("angle/technical/repair")))
    await told.shown(2)


async def until_shown(told: Crashing, out: Web) -> None:
    """The bot is gone between an angle's gate and its post."""
    fits = lambda arguments: arguments["metadata"]["event_payload"]["part"] == "angle/technical"  # noqa: E731
    told.slack.fault("chat.postMessage", hang=True, done=False, fits=fits)
    told.model.answer("report/*", gate=asyncio.Event())
    told.model.answer("angle/technical", gate=(others_stand := asyncio.Event()))  # they may not stand behind it
    await told.ask()
    await told.shown(2)
    others_stand.set()
    await told.slack.until(lambda: any(call.answer is None for call in told.slack.calls))


@pytest.mark.parametrize("reached", [until_searched, until_gated, until_shown], ids=lambda each: each.__name__)
async def test_a_killed_bot_goes_on_with_the_same_numbers_and_nothing_twice(
    reached: Callable[[Crashing, Web], Awaitable[None]], mode: Mode, tmp_path: Path
) -> None:
    async with web() as out:
        wanted = {name.upper(): str(value) for name, value in out.wanted.items()}
        async with crashing(f"sqlite:///{tmp_path}/research.sqlite", mode, **wanted) as told:
            await reached(told, out)
            before = {slug: link for root in told.roots("tea") for slug, link in shown(told.slack.thread(root)).items()}
            await told.kill()
            out.sites.delay = lambda: 0
            told.model.answer("*")
            await told.start()
            root = await told.ended()
            told.assert_whole(root)
            after = shown(told.slack.thread(root))
            assert {slug: after[slug] for slug in before} == before
            assert [min(after[f"angle/{slug}"]) for slug in SLUGS] == [1, 11, 21]
            # Search, reading, writing and repair of an angle are one step: what it had not stored is made once more.
            twice = {name.partition("/")[2] for name, times in answered(told.model).items() if times > 1}
            assert twice <= {"angle/technical"}


def shown(messages: list[Message]) -> dict[str, dict[int, str]]:
    """The numbers of each message, and where they lead."""
    return {message.part: links(message) for message in messages}
