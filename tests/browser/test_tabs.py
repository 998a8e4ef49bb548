"""Several tabs, and a server that goes away: each tab comes to show what there is."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, expect

from tests.support.browser import visit
from tests.support.playground import staged
from tests.support.reader import Reader

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_two_people_see_the_same_run_and_only_their_own_private_answers(browser: Browser) -> None:
    """What is for one person's eyes must not be shown to another's."""
    async with (
        staged() as (told, site),
        visit(browser, site.address) as first,
        visit(browser, site.address) as second,
    ):
        asker, mate = Reader(first), Reader(second)
        await mate.speak_as("Teammate A")
        gates = told.hold("historical", "technical", "societal")
        await asker.write("/research tea")
        await expect(asker.note).to_contain_text("Starting research")
        await expect(mate.titled("Research: tea")).to_contain_text("Starting: 3 angles")
        await expect(mate.channel.get_by_role("note")).to_have_count(0)
        await mate.press(mate.titled("Research: tea"), "Stop")
        await mate.press(mate.form, "Stop research")
        await expect(asker.titled("Research: tea")).to_contain_text("Stopped by @Teammate A")
        await expect(mate.note).to_contain_text("Stopped.")
        await asker.speak_as("Teammate A")
        await expect(asker.channel.get_by_role("note").filter(has_text="Starting")).to_have_count(0)
        for gate in gates.values():
            gate.set()


async def test_a_tab_that_was_cut_off_says_so_keeps_what_is_typed_and_catches_up(browser: Browser) -> None:
    """Reload, reconnect and a lost event are the same case."""
    async with staged() as (told, site), visit(browser, site.address, forgiven="net::ERR_") as page:
        here = Reader(page)
        composer = page.get_by_role("textbox", name="Message #energy")
        await composer.fill("half a thought")
        await site.go()
        await expect(page.get_by_text("Not connected, trying again")).to_be_visible()
        root = await told.ended(await told.research("tea"))
        await site.come()
        await expect(here.titled(root.title)).to_contain_text("Done:")
        await expect(page.get_by_text("Not connected, trying again")).to_be_hidden()
        await expect(composer).to_have_value("half a thought")
        await page.reload()
        await expect(here.titled(root.title)).to_contain_text("Done:")
