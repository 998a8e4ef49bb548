"""How the page looks in each state: all fits, all can be read, nothing moves, in every size and either colour.

With ``SCREENSHOTS`` in the environment the pictures are kept in that folder.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from tests.browser.states import states
from tests.support.browser import DOUBLED, NARROW, SHARED, TINY, WIDE, visit
from tests.support.playground import staged

pytestmark = pytest.mark.asyncio(loop_scope="session")

PALE, CRAMPED, MOVING = (
    Path(__file__).with_name(f"{name}.js").read_text("utf-8") for name in ("pale", "cramped", "moving")
)
SIZES = {"wide": WIDE, "shared": SHARED, "narrow": NARROW, "doubled": DOUBLED, "tiny": TINY}
ALL_COLOURS = ("wide", "narrow")  # between them they show whatever has a colour of its own


async def pale(page: Page, name: str, is_measured: bool) -> list[str]:
    """What is hard to read, in either colour, where that is measured; pictures are kept where somebody wants them."""
    wrong = []
    folder = os.environ.get("SCREENSHOTS")
    for scheme in ("light", "dark") if is_measured or folder else ():
        await page.emulate_media(color_scheme=scheme)
        if folder:
            await page.screenshot(path=Path(folder, f"{name}-{scheme}.png"))
        wrong += [f"{name} {scheme}: {each}" for each in (await page.evaluate(PALE) if is_measured else ())]
    return wrong


async def looked_at(page: Page, name: str) -> list[str]:
    """What is wrong with a state, in all sizes and colours."""
    wrong = [f"{name}: {each} moves" for each in await page.evaluate(MOVING)]
    for size, (width, height) in SIZES.items():
        await page.set_viewport_size({"width": width, "height": height})
        wrong += await pale(page, f"{name}-{size}", size in ALL_COLOURS)
        wrong += [f"{name} {size}: {each}" for each in await page.evaluate(CRAMPED)]
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
