"""The playground as people start it, and its bot killed in the middle of a run."""

from __future__ import annotations

import asyncio
import re
from collections import Counter

import pytest
from playwright.async_api import Browser, expect

from bot.playground.model import ModelServer
from tests.support.browser import visit
from tests.support.processes import interpreted
from tests.support.reader import Reader

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_killed_bot_goes_on_before_ones_eyes_and_asks_for_no_stored_answer_again(browser: Browser) -> None:
    """That is what keeping everything is for."""
    async with ModelServer() as model:
        model.answer("angle/technical", gate=(gate := asyncio.Event()))
        given = {"OPENAI_BASE_URL": model.url, "OPENAI_MODEL": "local", "SEARCH": "off"}
        async with interpreted("playground", "--port", "0", "--no-open", **given) as process:
            address = (await process.printed("Playground: ")).removeprefix("Playground: ")
            async with visit(browser, address) as page:
                here = Reader(page)
                state = page.get_by_text(re.compile("^Bot: "))
                await here.write("/research tea")
                root = here.titled("Research: tea")
                await expect(root).to_contain_text("2 of 3 angles done")
                await model.until(lambda: bool(model.asked("report/historical") and model.asked("report/societal")))
                await here.press(page.get_by_role("region", name="Faults"), "Restart the bot")
                await expect(root).to_contain_text("Resuming: the bot restarted")
                await expect(state).to_have_text("Bot: running")
                gate.set()
                await expect(root).to_contain_text("Done: 3 of 3 angles")
        asked = Counter(call.step for call in model.requests)
        assert (asked["angle/historical"], asked["angle/societal"], asked["angle/technical"]) == (1, 1, 2)
