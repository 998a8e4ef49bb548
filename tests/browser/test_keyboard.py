"""The page by keyboard alone, and how it names what it shows."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from tests.support.browser import visit
from tests.support.playground import staged
from tests.support.reader import Reader

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def region(page: Page) -> str:
    """Which part of the page has the focus."""
    within = "document.activeElement.closest('nav, main, aside, form')"
    found: str = await page.evaluate(f"({within})?.tagName.toLowerCase() ?? ''")
    return found


async def test_a_run_is_started_stopped_and_asked_about_by_keyboard_alone(browser: Browser) -> None:
    """Some people have nothing else."""
    async with staged() as (told, site), visit(browser, site.address) as page:
        here, keys = Reader(page), page.keyboard
        gates = told.hold("historical", "technical", "societal")
        await page.get_by_role("textbox", name="Message #energy").focus()
        await keys.type("/")
        await expect(page.get_by_role("option", name="for example: /research nuclear fusion")).to_be_visible()
        await keys.type("research tea")
        await keys.press("Enter")
        root = here.titled("Research: tea")
        await expect(root).to_contain_text("Starting: 3 angles")
        await keys.press("Shift+F6")
        await keys.press("F6")
        await keys.press("ArrowUp")
        await expect(root).to_be_focused()
        stop = root.get_by_role("button", name="Stop", exact=True)
        await stop.focus()
        gates["historical"].set()
        await expect(root).to_contain_text("1 of 3 angles done")
        await expect(stop).to_be_focused()
        await keys.press("Enter")
        await expect(here.form).to_have_accessible_name("Stop this research?")
        await keys.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await expect(stop).to_be_focused()
        await root.get_by_role("button", name="1 reply").press("Enter")
        await expect(here.thread).to_be_visible()
        for gate in gates.values():
            gate.set()
        await expect(root).to_contain_text("Done:")
        menu = root.get_by_role("button", name="More actions")
        await menu.press("Enter")
        await expect(menu).to_have_attribute("aria-expanded", "true")
        await expect(root.get_by_role("menuitem").first).to_be_focused()
        await root.get_by_role("menuitem").first.click(trial=True)  # it can be seen, and nothing lies over it
        await keys.press("ArrowDown")
        await keys.press("Escape")
        await expect(menu).to_be_focused()
        await expect(menu).to_have_attribute("aria-expanded", "false")


async def test_f6_goes_through_the_regions_and_arrows_through_messages(browser: Browser) -> None:
    """Nobody should have to tab through a hundred messages."""
    async with staged() as (told, site):
        for number in range(3):
            await told.slack.say(told.channel.id, f"message {number}")
        root = told.slack.messages(told.channel.id)[0]
        await told.slack.say(told.channel.id, "a reply", thread_ts=root.ts)
        async with visit(browser, site.address) as page:
            here = Reader(page)
            await here.press(here.message("message 0"), "1 reply")
            await page.get_by_role("combobox", name="Speak as").focus()
            passed = []
            for _ in range(5):
                await page.keyboard.press("F6")
                passed.append(await region(page))
            assert set(passed) >= {"nav", "main", "aside"}
            await here.message("message 2").focus()
            await page.keyboard.press("ArrowUp")
            await expect(here.message("message 1")).to_be_focused()
            await page.keyboard.press("ArrowDown")
            await expect(here.message("message 2")).to_be_focused()
