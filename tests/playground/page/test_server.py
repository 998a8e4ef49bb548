"""Every address of the page answers as it should, also to those who should not ask."""

from __future__ import annotations

import itertools
import re
from typing import Any

from aiohttp import web

from bot.playground.controls import Controls
from bot.playground.page.server import pages
from bot.playground.slack import Playground
from tests.playground.page.visitor import Process, Visitor, visitor

PERMALINK = "/archives/C000000001/p1700000000000100"
POSTS = ["say", "click", "shortcut", "submit", "close", "open", "apply", "restart"]


def addresses() -> list[tuple[str, str]]:
    """Each method and address that the page answers."""

    @web.middleware
    async def anybody(request: web.Request, handler: Any) -> Any:
        return await handler(request)

    routes = pages(Playground(), Controls([], Process(), []), anybody).router.routes()
    return sorted({(route.method, route.resource.canonical) for route in routes if route.resource})


def filled(path: str) -> str:
    """An address that names something."""
    named = {"channel": "C000000001", "thread": "1700000000.000100", "id": "F1", "name": "page.js", "tail": "C1/p1"}
    return re.sub(r"\{(\w+)\}", lambda found: named[found[1]], path)


def test_what_is_asked_by_post_is_what_these_tests_ask() -> None:
    """A new address shall be held to the same."""
    assert sorted(path[1:] for method, path in addresses() if method == "POST") == sorted(POSTS)


async def test_every_answer_forbids_what_browsers_would_do_otherwise() -> None:
    """Texts of a model stand on this page."""
    async with visitor() as here:
        for method, path in [*addresses(), ("GET", "/nothing")]:
            if path == "/events":
                continue
            async with here.session.request(method, filled(path), json={}, allow_redirects=False) as response:
                policy = response.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy, path
                assert "unsafe" not in policy
                assert response.headers["X-Content-Type-Options"] == "nosniff"
                assert response.headers["Cache-Control"] == "no-store"
                assert response.headers["Referrer-Policy"] == "no-referrer"
                assert response.status < 500, path


async def test_no_address_answers_another_origin_or_another_name() -> None:
    """Any page on the web may try this machine's ports, or lead a name of its own here."""
    foreign = [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}]
    async with visitor() as here:
        for headers, (method, path) in itertools.product([*foreign, {"Sec-Fetch-Site": "cross-site"}], addresses()):
            async with here.session.request(method, filled(path), json={}, headers=headers) as response:
                assert response.status == 403, path
        assert here.process.starts == 1


async def test_the_first_page_is_the_channel_and_can_be_read_without_a_script() -> None:
    """The server draws what is there, the script only what changes."""
    async with visitor() as here:
        await here.at.slack.say(here.at.channel.id, "hello & <world>")
        status, _ = await here.get("/")
        assert status == 302
        status, page = await here.get(here.energy)
        assert status == 200
        assert "hello &amp; &lt;world&gt;" in page
        assert 'aria-label="#energy"' in page
        assert "<noscript>" in page
        assert re.findall(r"\son\w+=|style=|<script(?! type=\"module\" src)|javascript:", page) == []


async def test_everything_that_the_page_loads_is_its_own_and_small() -> None:
    """No other server shall hear that somebody looks, and the first load is light."""
    async with visitor() as here:
        _, page = await here.get(here.energy)
        paths = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
        scripts = {path for path in paths if path.endswith(".js")}
        while scripts:
            _, text = await here.get(scripts.pop())
            new = {f"/static/{name}" for name in re.findall(r'"(?:\./|/static/)(\w+\.js)"', text)}
            scripts |= new - paths
            paths |= new
        sizes = [len((await here.get(path))[1].encode()) for path in paths]
        assert sum(sizes) + len(page.encode()) <= 150_000
        assert re.findall(r'(?:href|src)="(?!/)[^"]*"', page) == []
        for path in paths:
            assert "http://" not in (await here.get(path))[1].replace("http://www.w3.org/2000/svg", "")


NOWHERE = [
    *("/c/C1", "/c/C000000001/t/1", "/c/C000000001/t/1700000000.000100", "/c/%00", "/files/F9", "/canvases/x"),
    *("/static/nothing.css", "/static/..%2fserver.py", "/archives/x", "/archives/C1/p1?a=b", "/nothing"),
    *("/c/<script>", "/files/F1/download", "/c/%F0%9F%92%A3"),
]


async def test_an_address_that_leads_nowhere_says_so() -> None:
    """Links are typed, kept and shared."""
    async with visitor() as here:
        for path in NOWHERE:
            status, said = await here.get(path)
            assert status == 404, path
            assert "There is no such" in said
            assert "<script>" not in said
            assert "Traceback" not in said


async def test_a_permalink_leads_to_its_thread() -> None:
    """Links to messages are shared between people and tabs."""
    async with visitor() as here:
        root = await here.at.slack.say(here.at.channel.id, "root")
        reply = await here.at.slack.say(here.at.channel.id, "reply", thread_ts=root.ts)
        for message in (root, reply):
            link = (await here.at.client.chat_getPermalink(channel=message.channel, message_ts=message.ts))["permalink"]
            path = link.removeprefix(here.at.slack.workspace.url.rstrip("/"))
            async with here.session.get(path, allow_redirects=False) as response:
                assert response.headers["Location"] == f"{here.energy}/t/{root.ts}#t-{message.ts}"
        assert "reply" in await here.thread(reply)


async def test_nobody_else_speaks_or_looks() -> None:
    """The page knows three people."""
    async with visitor() as here:
        for name in ("nobody", "", "U0BOT", "<b>"):
            assert (await here.get(f"{here.energy}?as={name}"))[0] == 400
            assert (await here.say("hello", user=name))[0] == 400
        assert here.at.channel.messages == []


BODIES: list[Any] = [
    *(None, [], "x", {"as": 5}, {"as": "U0ASKER", "where": "view/V1", "values": {"a": {"b": 1}}}),
    {"as": "U0ASKER", "text": 5, "channel": [], "where": {}, "tab": 1, "fault": []},
]


async def test_what_cannot_be_understood_is_refused_in_a_sentence() -> None:
    """Whatever speaks to this server: it goes on."""
    async with visitor() as here:
        for told, what in itertools.product(BODIES, [each for each in POSTS if each != "restart"]):
            async with here.session.post(f"/{what}", json=told) as response:
                assert 400 <= response.status < 500, (what, told)
                assert (await response.json())["said"].endswith(".")


async def test_forms_of_other_pages_too_much_and_broken_json_are_refused_in_sentences() -> None:
    """Browsers send plain forms to anybody without asking first; none shall cost memory or a traceback."""
    json_, form = "application/json", "application/x-www-form-urlencoded"
    sent = [(b'{"as": "U0ASKER"}', "text/plain", 415), (b'{"as": "U0ASKER"}', form, 415)]
    sent += [(b"{" * 100_000, json_, 400), (b"x" * 300_000, json_, 413), (b"\xff\xfe", json_, 400), (b"", json_, 400)]
    async with visitor() as here:
        for data, kind, status in sent:
            async with here.session.post("/restart", data=data, headers={"Content-Type": kind}) as response:
                assert response.status == status
                assert "said" in await response.json()
        assert here.process.starts == 1


async def told_of_change(here: Visitor, do: Any) -> bytes:
    """What the stream says once somebody did something."""
    async with here.session.get("/events") as stream:
        assert stream.content_type == "text/event-stream"
        await stream.content.readuntil(b"changed\n\n")
        await do()
        return await stream.content.readuntil(b"\n\n")


async def test_every_change_is_told_to_whoever_listens() -> None:
    """The page asks for what it shows only then."""
    async with visitor() as here:
        assert await told_of_change(here, lambda: here.at.slack.say(here.at.channel.id, "x")) == b"data: changed\n\n"
        post = here.at.client.chat_postMessage
        assert await told_of_change(here, lambda: post(channel=here.at.channel.id, text="x")) == b"data: changed\n\n"


async def test_a_crash_in_the_page_is_a_sentence_and_the_page_goes_on() -> None:
    """Its terminal has the rest."""
    async with visitor() as here:
        here.at.slack.workspace.people.clear()
        here.at.slack.workspace.channels[here.at.channel.id].messages = [5]  # type: ignore[list-item]
        status, said = await here.get(here.energy)
        assert status == 500
        assert "Its terminal says what" in said
        assert "Traceback" not in said
        here.at.slack.workspace.channels[here.at.channel.id].messages = []
        assert (await here.get(here.energy))[0] == 200
