"""How the page looks in each state: everything fits, everything can be read, in every size and either colour.

With ``SCREENSHOTS`` in the environment the pictures are kept in that folder.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from tests.browser.states import states
from tests.support.browser import DOUBLED, NARROW, SHARED, WIDE, visit
from tests.support.playground import staged

pytestmark = pytest.mark.asyncio(loop_scope="session")

PALE = Path(__file__).with_name("pale.js").read_text("utf-8")
SIZES = {"wide": WIDE, "shared": SHARED, "narrow": NARROW, "doubled": DOUBLED}


async def kept(page: Page, name: str) -> None:
    """Keep a picture, where somebody wants to look at it."""
    if folder := os.environ.get("SCREENSHOTS"):
        await page.screenshot(path=Path(folder, f"{name}.png"))


async def looked_at(page: Page, name: str) -> list[str]:
    """What is wrong with a state, in all sizes and colours."""
    wrong = []
    for size, (width, height) in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            await kept(page, f"{name}-{size}-{scheme}")
            wrong += [f"{name} {size} {scheme}: {each}" for each in await page.evaluate(PALE)]
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(f"{name} {size}: scrolls sideways")
    await page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
    return wrong


async def test_every_state_fits_and_can_be_read(browser: Browser) -> None:
    """On a phone, beside a thread, enlarged, by night."""
    async with staged() as (told, site), visit(browser, site.address) as page:
        wrong = []
        async for name in states(told, page):
            wrong += await looked_at(page, name)
        assert wrong == []
