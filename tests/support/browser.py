"""A browser in the tests: what it complains of, and whom it asks for anything."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from bot.playground.slack.workspace import PATIENCE

WIDE, SHARED, NARROW = (1280, 800), (900, 800), (390, 844)  # thread beside the channel, half of it, over it
DOUBLED, TINY = (640, 400), (195, 422)  # what is left of the wide and the narrow one at 200 % zoom


@asynccontextmanager
async def launched(path: str) -> AsyncIterator[Browser]:
    """A browser without a window."""
    expect.set_options(timeout=PATIENCE * 1000)
    alone = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=alone)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def visit(
    browser: Browser, address: str, size: tuple[int, int] = WIDE, forgiven: str = "", scale: float = 1
) -> AsyncIterator[Page]:
    """A tab in a browser of its own, opened here; no tab there may complain of anything or ask anybody else for it.

    Complaints that contain ``forgiven`` are those that the test is about.
    """
    width, height = size
    context = await browser.new_context(
        viewport={"width": width, "height": height}, reduced_motion="reduce", device_scale_factor=scale
    )
    context.set_default_timeout(PATIENCE * 1000)
    complaints, elsewhere = _watched(context, address)
    try:
        page = await context.new_page()
        await page.goto(address)
        yield page
    finally:
        await context.close()
    wrong = elsewhere + [each for each in complaints if not forgiven or forgiven not in each]
    assert not wrong, wrong


def _watched(context: BrowserContext, address: str) -> tuple[list[str], list[str]]:
    """What all tabs complain of, breaches of the page's own policy too, and what they ask others than its server."""
    complaints: list[str] = []
    elsewhere: list[str] = []
    context.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    context.on("weberror", lambda found: complaints.append(str(found.error)))
    context.on("request", lambda request: None if request.url.startswith(address) else elsewhere.append(request.url))
    return complaints, elsewhere
