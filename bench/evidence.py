"""What searching and reading add to a run, where the web is quick, where it hangs, and for a hundred runs at once."""

from __future__ import annotations

import asyncio
import random
import statistics
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from bench.figures import Figure
from bench.stage import Serving, stage
from bot.playground.web.sites import FILLER, article

SEARCH_SECONDS = 0.3
PAGE_SECONDS = (0.2, 0.8)
PAGE_LETTERS, OF_TEXT = (
    150_000,
    25_000,
)  # of a page, and of its article; the rest is what browsers run and show around it
HOSTS = [f"127.0.2.{number}" for number in range(1, 251)]  # two pages of a host are read at once
PAGES = 5  # that a search finds, all of them different
RUNS, SPREAD_SECONDS = 20, 20
MANY = 100
UNREAD = 1_000  # of the pages of so many runs: on two cores, which all servers share, the one reader has no more time
HANGING = 3600.0
SPREAD = 1.5  # seconds that the slowest of a few runs takes more than the middle one, without any pages

Pause = Callable[[], float]


@asynccontextmanager
async def pages(pause: Pause) -> AsyncIterator[dict[str, str]]:
    """A search and its pages; gives what the bot's environment says of them."""
    text = [f"The history of this topic and how it works, its impact and its technology, part {n}." for n in range(40)]
    text += [f"{FILLER} It is told of place {n}." for n in range(OF_TEXT // 250)]  # no two alike, or they count once
    page = article("A topic", text, "A publisher")
    page = page.replace("</body>", f"<script>{'x = [1, 2, 3];' * ((PAGE_LETTERS - len(page)) // 14)}</script></body>")
    over = asyncio.Event()

    async def search(request: web.Request) -> web.Response:
        await asyncio.sleep(SEARCH_SECONDS)
        query, port = quote(request.query["q"], safe=""), request.url.port
        found = random.sample(HOSTS, PAGES)
        urls = [f"http://{host}:{port}/page/{query}/{number}" for number, host in enumerate(found)]
        return web.json_response({"results": [{"url": url, "title": "A topic", "content": ""} for url in urls]})

    async def read(request: web.Request) -> web.Response:
        await asyncio.wait([asyncio.ensure_future(over.wait())], timeout=pause())
        return web.Response(text=page, content_type="text/html", charset="utf-8")

    app = web.Application()
    app.router.add_get("/search", search)
    app.router.add_get("/page/{query}/{number}", read)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    port = 0
    for host in HOSTS:
        await web.TCPSite(runner, host, port).start()
        port = runner.addresses[0][1]
    try:
        allowed = ",".join(f"{host}:{port}" for host in HOSTS)
        yield {"SEARCH": "searxng", "SEARXNG_URL": f"http://{HOSTS[0]}:{port}", "FETCH_ALLOW": allowed}
    finally:
        over.set()
        await runner.cleanup()


def quick() -> float:
    """How long a page takes."""
    return random.uniform(*PAGE_SECONDS)


async def walls(name: str, more: dict[str, str], runs: int = RUNS) -> list[float]:
    """Seconds of so many runs, one a second."""
    async with stage(pace=0, report="sections", more=more) as here:
        return (await here.runs([f"topic {name}{number}" for number in range(runs)], runs, SPREAD_SECONDS)).reports


def family(bot: Serving) -> float:
    """Megabytes of the bot and of the processes that read for it."""
    children = Path(f"/proc/{bot.child.pid}/task/{bot.child.pid}/children").read_text(encoding="utf-8").split()
    return bot.megabytes() + sum(_megabytes(int(child)) for child in children)


def _megabytes(pid: int) -> float:
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS:"))


async def evidence() -> AsyncIterator[Figure]:
    """The figures, each against runs of the same topics' luck that search nothing."""
    plain = statistics.median(await walls("v", {"SEARCH": "off"}))
    async with pages(quick) as wanted:
        sourced = statistics.median(await walls("v", wanted))
    yield Figure("evidence: added to one run, p50", sourced - plain, 1.5, unit="s")
    async with pages(lambda: HANGING) as wanted:
        hanging = max(await walls("v", wanted, 5))
    yield Figure("evidence: added where pages hang, slowest against p50", hanging - plain, 8 + SPREAD, unit="s")
    async with pages(quick) as wanted, stage(pace=0, report="sections", more=wanted) as here:
        before, most = await here.bot.numbers(), 0.0
        working = asyncio.create_task(here.runs([f"topic w{number}" for number in range(MANY)], MANY))
        while not working.done():
            await asyncio.wait([working], timeout=0.5)
            most = max(most, family(here.bot))
        await working
        after = await here.bot.numbers()
        read = sum(value for name, value in after.items() if name.startswith('research_pages_total{outcome="read"'))
        yield Figure(f"evidence: {MANY} runs at once, memory with its readers", most, 400, unit="MB")
        yield Figure(f"evidence: {MANY} runs at once, loop later than 50 ms", late(before, after), 1, unit="%")
        yield Figure(f"evidence: {MANY} runs at once, of {MANY * 15} pages not read", MANY * 15 - read, UNREAD, unit="")


def late(before: dict[str, float], after: dict[str, float]) -> float:
    """How many looks in a hundred found the event loop more than 50 ms behind."""
    looks, soon = (
        after[name] - before[name]
        for name in ("research_loop_lag_seconds_count", 'research_loop_lag_seconds_bucket{le="0.05"}')
    )
    return 100 * (looks - soon) / looks
