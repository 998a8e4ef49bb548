"""Take the pictures that the README shows anew: ``python -m tests.browser.pictures``, see ``make pictures``."""

from __future__ import annotations

import asyncio
import struct
import sys
import zlib
from base64 import b64decode, b64encode
from pathlib import Path
from typing import Literal

from playwright.async_api import Page, expect

from bot.playground.model import Request
from tests.browser.fusion import QUESTION, TOPIC, articles, teach, written
from tests.support.browser import WIDE, launched, visit
from tests.support.chromium import executable
from tests.support.playground import staged
from tests.support.reader import Reader
from tests.support.story import Story
from tests.support.web import web

FOLDER = Path(__file__).parent.parent.parent / "docs" / "pictures"
FEWER = Path(__file__).with_name("fewer.js").read_text("utf-8")
SECONDS = {"angle/historical": 3.0, "angle/societal": 4.0, "angle/technical": 5.0, "report/synthesis": 4.0}
SCALE, COLOURS = 1.5, 48  # twice as sharp as READMEs are wide, and more than the page has but for the edges of letters
MOST_BYTES = 200_000


def pace(request: Request, text: str) -> float:
    """Seconds of an answer: long enough that a run looks like one."""
    return SECONDS.get(request.wanted, 2.0)


class Camera:
    """Takes pictures of a page; a ``blank`` one counts their colours, for the page itself lets no picture in."""

    def __init__(self, page: Page, blank: Page) -> None:
        self._page, self._blank = page, blank

    async def take(self, name: str, scheme: Literal["light", "dark"]) -> None:
        """Take one, without a mouse in it."""
        await self._page.mouse.move(0, 0)
        await self._page.emulate_media(color_scheme=scheme)
        source = b64encode(await self._page.screenshot()).decode()
        width, height, *parts = await self._blank.evaluate(FEWER, [f"data:image/png;base64,{source}", COLOURS])
        picture = png(width, height, *map(b64decode, parts))
        (FOLDER / name).write_bytes(picture)
        if len(picture) > MOST_BYTES:
            sys.exit(f"{name} has {len(picture)} bytes; the most is {MOST_BYTES}.")


async def run(told: Story, here: Reader, camera: Camera) -> None:
    """Let a run be followed, and a question be asked about it."""
    teach(told.model)
    told.model.answer("angle/technical", written()["angle/technical"], gate=(gate := asyncio.Event()))
    await told.slack.say(told.channel.id, "Quick background for tomorrow’s panel, asking the bot.")
    await here.write(f"/research {TOPIC}")
    root = here.titled(f"Research: {TOPIC}")
    await here.open_thread(root)
    await expect(root).to_contain_text("2 of 3 angles done")
    await camera.take("run-in-progress.png", "light")
    gate.set()
    await expect(root).to_contain_text("Done: 3 of 3 angles")
    await here.speak_as("Teammate A")
    await here.reply(QUESTION)
    await expect(here.message("For @Teammate A", here.thread)).to_contain_text("Stellarator:")
    await told.slack.say(told.channel.id, "<@U0ASKER> shall we use this on slide 3?", "U0TEAMA")
    await expect(here.message("slide 3")).to_be_visible()
    await camera.take("finished-thread.png", "light")
    await camera.take("finished-thread-dark.png", "dark")


def png(width: int, height: int, palette: bytes, indices: bytes) -> bytes:
    """A picture with a palette, three bytes a colour, and one index a pixel, row by row."""
    rows = [b"\0" + indices[at : at + width] for at in range(0, width * height, width)]
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = [(b"IHDR", header), (b"PLTE", palette), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


async def main() -> None:
    """Take them all."""
    FOLDER.mkdir(exist_ok=True)
    async with (
        launched(executable()) as browser,
        web(articles()) as out,
        staged(pace, **out.wanted) as (told, site),
        visit(browser, site.address, WIDE, scale=SCALE) as page,
    ):
        await run(told, Reader(page), Camera(page, await page.context.new_page()))


if __name__ == "__main__":
    asyncio.run(main())
