"""Take the pictures that the README shows anew: ``python -m tests.browser.pictures``, see ``make pictures``."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Page

from bot.playground.model import Request
from tests.browser.states import states
from tests.support.browser import WIDE, launched, visit
from tests.support.chromium import executable
from tests.support.playground import staged

FOLDER = Path(__file__).parent.parent.parent / "docs" / "pictures"
TAKEN = {  # by the state of the page: files and colours
    "working-thread": {"run-in-progress.png": "light"},
    "answered": {"finished-thread.png": "light", "finished-thread-dark.png": "dark"},
}
SECONDS = {"angle/historical": 3.0, "angle/societal": 4.0, "angle/technical": 5.0, "report/synthesis": 4.0}
MOST_BYTES = 200_000


def pace(request: Request, text: str) -> float:
    """Seconds of an answer: long enough that a run looks like one."""
    return SECONDS.get(request.wanted, 2.0)


async def taken(page: Page, name: str) -> None:
    """Take the pictures of this state."""
    for file, scheme in TAKEN.get(name, {}).items():
        await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        await page.screenshot(path=FOLDER / file)
        size = (FOLDER / file).stat().st_size
        if size > MOST_BYTES:
            sys.exit(f"{file} is larger than {MOST_BYTES / 1000:.0f} kB.")
    await page.emulate_media(color_scheme="light")


async def main() -> None:
    """Go through the states of the page."""
    FOLDER.mkdir(exist_ok=True)
    async with (
        launched(executable()) as browser,
        staged(pace) as (told, site),
        visit(browser, site.address, WIDE, scale=2) as page,
    ):
        async for name in states(told, page):
            await taken(page, name)


if __name__ == "__main__":
    asyncio.run(main())
