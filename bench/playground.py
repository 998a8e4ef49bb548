"""Print the figures of the playground's page in a browser; exit code 1 if one does not hold."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator

from playwright.async_api import Browser, Page, Response

from bench.figures import Figure, table
from bot.playground.model import ModelServer
from tests.support.browser import launched, visit
from tests.support.chromium import executable
from tests.support.playground import Site, staged
from tests.support.story import Story

TIMES = (
    3  # the best of so many counts where the rest of the machine disturbs: what the page itself takes comes each time
)
MANY = 300  # messages of a channel
SHOWN = 20  # messages whose way into the page is measured
READY = "Playground: "
WATCH_WORDS = """(words) => new Promise((seen) => {
  const look = () => document.querySelector("main").innerText.includes(words) && (watch.disconnect(), seen(Date.now()));
  const watch = new MutationObserver(look);
  watch.observe(document.body, { childList: true, subtree: true, characterData: true });
  look();
})"""
SCROLL = """async () => {
  const pauses = [];
  new PerformanceObserver((list) => pauses.push(...list.getEntries().map((each) => each.duration)))
    .observe({ type: "longtask" });
  const list = [...document.querySelectorAll("main, main *")].find(
    (each) => each.scrollHeight > each.clientHeight + 100 && /auto|scroll/.test(getComputedStyle(each).overflowY));
  for (let at = list.scrollHeight; at > 0; at -= 150) {
    list.scrollTop = at;
    await new Promise(requestAnimationFrame);
  }
  await new Promise((done) => setTimeout(done, 200)); // in which the last pauses are told
  return [list.scrollHeight, Math.max(0, ...pauses)];
}"""


async def seconds_to_ready(model: ModelServer) -> float:
    """From the command until it says where the page is, with a model given."""
    given = {"OPENAI_BASE_URL": model.url, "OPENAI_MODEL": "local"}
    began = time.monotonic()
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "playground", "--port", "0", "--no-open"),
        env=os.environ | given,
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdout
    try:
        while not (line := (await child.stdout.readline()).decode()).startswith(READY):
            assert line, "it ended before it was ready"
        return time.monotonic() - began
    finally:
        child.terminate()
        await child.wait()


async def weight(browser: Browser, site: Site) -> tuple[int, int]:
    """Bytes of the page and all that it takes, uncompressed; how many requests went elsewhere."""
    came: list[Response] = []
    context = await browser.new_context()
    page = await context.new_page()
    page.on("response", lambda response: came.append(response))
    await page.goto(site.address)
    await page.get_by_role("main").wait_for()
    finished = [each for each in came if "event-stream" not in each.headers.get("content-type", "")]
    sizes = [len(await each.body()) for each in finished if each.ok]
    elsewhere = [each for each in came if not each.url.startswith((site.address, "data:"))]
    await context.close()
    return sum(sizes), len(elsewhere)


async def milliseconds_to_show(told: Story, page: Page, around: int) -> float:
    """How long the slowest of some messages took from our Slack into the page."""
    slowest = 0.0
    for number in range(SHOWN):
        words = f"message number {number} of pass {around}"
        seen = asyncio.create_task(page.evaluate(WATCH_WORDS, words))
        await asyncio.sleep(0.1)
        said = time.time()
        await told.slack.say(told.channel.id, words)
        slowest = max(slowest, await seen - said * 1000)
    return slowest


async def longest_pause(browser: Browser, site: Site) -> float:
    """Scroll through the channel; milliseconds of the longest time in which the page did not react, 0 below 50."""
    async with visit(browser, site.address) as page:
        height, pause = await page.evaluate(SCROLL)
        assert height > MANY * 40, height
        return float(pause)


async def figures() -> AsyncIterator[Figure]:
    """Measure all of them."""
    async with ModelServer() as model:
        starts = [await seconds_to_ready(model) for _ in range(TIMES)]
        yield Figure("from the command to the page ready", min(starts), 4, unit="s")
    async with launched(executable()) as browser, staged() as (told, site):
        size, elsewhere = await weight(browser, site)
        yield Figure("page weight, uncompressed", size / 1000, 150, unit="kB")
        yield Figure("requests to anywhere else", elsewhere, 0, unit="requests")
        async with visit(browser, site.address) as page:
            shown = [await milliseconds_to_show(told, page, around) for around in range(TIMES)]
            yield Figure("a message in the page after Slack has it", min(shown), 100, unit="ms")
        for number in range(MANY):
            words = f"message {number} with *some* words, `code` and https://example.com/{number}\n" * (1 + number % 4)
            await told.slack.say(told.channel.id, words)
        pauses = [await longest_pause(browser, site) for _ in range(TIMES)]
        yield Figure(f"{MANY} messages scrolled: the longest pause", min(pauses), 50, unit="ms")


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(table(figures())) else 1)
