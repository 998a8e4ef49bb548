"""Several tabs, and a server that goes away: each tab comes to show what there is."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Browser, Route, expect

from tests.playground.page.test_doing import opened
from tests.playground.page.test_shown import bot_says
from tests.playground.page.visitor import visitor
from tests.playground.slack.test_interactions import BLOCKS, CONFIRM
from tests.playground.slack.test_views import plain
from tests.support.browser import visit
from tests.support.playground import staged
from tests.support.reader import Reader

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_two_people_see_the_same_run_and_only_their_own_private_answers(browser: Browser) -> None:
    """What is for one person's eyes must not be shown to another's."""
    async with staged() as (told, site), visit(browser, site.address) as first:
        second = await first.context.new_page()
        await second.goto(site.address)
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


async def test_many_tabs_of_one_browser_are_all_shown_what_changes(browser: Browser) -> None:
    """A browser has six connections for a server: tabs that kept one each would leave the seventh waiting."""
    async with visitor() as here, visit(browser, here.address) as first:
        tabs = [first, *[await first.context.new_page() for _ in range(6)]]
        for tab in tabs[1:]:
            await tab.goto(here.address, wait_until="commit")
        await here.at.slack.say(here.at.channel.id, "heard by all")
        for tab in tabs:
            await expect(Reader(tab).message("heard by all")).to_be_visible()


async def test_each_tab_keeps_its_speaker_and_its_place_and_a_reload_closes_forms_as_in_slack(browser: Browser) -> None:
    """Two people may sit before one browser, which offers its own ways to everybody."""
    async with visitor() as here, visit(browser, here.address) as tab:
        root = await here.at.slack.say(here.at.channel.id, "root")
        await here.at.slack.say(root.channel, "a reply", thread_ts=root.ts)
        other = await tab.context.new_page()
        await other.goto(here.address)
        asker, mate = Reader(tab), Reader(other)
        await mate.speak_as("Teammate A")
        await mate.press(mate.message("root"), "1 reply")
        await mate.reply("by a teammate")
        await asker.write("by the asker")
        assert [each.user for each in here.at.channel.messages[-2:]] == ["U0TEAMA", "U0ASKER"]
        await other.reload()
        await expect(mate.message("by a teammate", mate.thread)).to_be_visible()
        await other.go_back()
        await expect(mate.thread).to_be_hidden()
        await other.go_forward()
        await expect(mate.thread).to_be_visible()
        await expect(other.get_by_text("as Teammate A", exact=True)).to_have_count(2)
        await expect(tab.get_by_text("as Asker", exact=True)).to_have_count(1)
        await opened(here)
        await expect(asker.form).to_be_visible()
        await tab.reload()
        await asker.write("nothing lies over the page")
        await opened(here)
        await expect(asker.form).to_be_visible()
        await expect(other.get_by_role("dialog")).to_have_count(0)


async def test_a_press_counts_though_its_message_changes_meanwhile(browser: Browser) -> None:
    """Messages of a run change all the time, and people hold a button for a tenth of a second."""
    async with visitor() as here, visit(browser, here.address) as tab:
        confirm = {"title": plain("Sure?"), "text": plain("It ends."), "confirm": plain("Yes"), "deny": plain("No")}
        stop = {"type": "actions", "block_id": "stop", "elements": [{**CONFIRM, "confirm": confirm}]}
        message = await bot_says(here, "Report", blocks=[*BLOCKS[::2], stop])

        async def edit() -> None:
            client, same = here.at.client, {"channel": message.channel, "ts": message.ts, "text": "Report"}
            async with tab.expect_response(re.compile("/shown/")):
                await client.chat_update(**same, blocks=[*message.blocks, {"type": "divider"}])

        reader = Reader(tab)
        useful = reader.message("Report").get_by_role("button", name="Useful", exact=True)
        await useful.hover()
        await tab.mouse.down()
        await edit()
        await tab.mouse.up()
        await expect(useful).to_have_attribute("aria-pressed", "true")
        await expect(reader.message("Report").get_by_role("separator")).to_be_visible()
        await reader.open_thread(reader.message("Report"))
        await reader.press(reader.message("Report", reader.thread), "Stop")
        await edit()
        await expect(reader.message("Report", reader.thread).get_by_role("separator")).to_have_count(2)
        async with tab.expect_response(re.compile("/click$")):  # once the app has heard
            await reader.press(reader.form, "Yes")
        assert here.at.heard[-1]["actions"][0]["action_id"] == "stop"
        assert here.at.heard[-1]["container"]["thread_ts"] == message.ts  # where what is answered is shown


async def test_of_two_places_that_somebody_goes_to_quickly_the_last_is_shown(browser: Browser) -> None:
    """Answers take their time, and nobody waits for one that is not wanted any more."""
    async with visitor() as here, visit(browser, here.address) as tab:
        answered = {name: asyncio.Event() for name in ("general", "board")}
        ids = {each.name: each.id for each in here.at.slack.workspace.channels.values()}

        async def hold(route: Route) -> None:
            await next(event for name, event in answered.items() if ids[name] in route.request.url).wait()
            await route.continue_()

        await tab.route(lambda url: "/shown/" in url and ids["energy"] not in url, hold)
        for name in answered:
            await Reader(tab).go(name)
        for name, event in answered.items():
            async with tab.expect_response(re.compile(ids[name])):
                event.set()
        await expect(tab.get_by_role("main", name="#board")).to_be_visible()
        await expect(tab).to_have_url(f"{here.address}c/{ids['board']}")
