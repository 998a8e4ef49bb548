"""A run in the page, as people see it: from the command to an answer, with whatever else our messages can do."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Browser, expect

from bot.playground import model as ms
from tests.browser.fusion import QUESTION, TOPIC, teach, written
from tests.support.browser import DOUBLED, WIDE, visit
from tests.support.playground import staged
from tests.support.reader import Reader

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_run_is_followed_from_the_command_to_an_answer(browser: Browser) -> None:
    """What a workspace would show, without one."""
    async with staged() as (told, site), visit(browser, site.address) as page:
        here, texts = Reader(page), written()
        teach(told.model)
        gates = {slug: asyncio.Event() for slug in ("historical", "technical", "societal")}
        for slug, gate in gates.items():
            faults = [ms.REFUSED] if slug == "technical" else []
            told.model.answer(f"angle/{slug}", texts[f"angle/{slug}"], *faults, gate=gate)
        await here.write(f"/research {TOPIC}")
        await expect(here.note).to_contain_text("Only visible to you")
        await expect(here.note).to_contain_text(f"Starting research on “{TOPIC}”")
        root = here.titled(f"Research: {TOPIC}")
        await expect(root).to_contain_text("Historical: working")
        await here.open_thread(root)
        gates["historical"].set()
        await expect(here.titled("Historical angle", here.thread)).to_contain_text("Arthur Eddington")
        await expect(root).to_contain_text("Working: 1 of 3 angles done.")
        gates["technical"].set()
        failed = here.titled("Technical angle", here.thread)
        await expect(failed).to_contain_text("Failed:")
        gates["societal"].set()
        await expect(root).to_contain_text("Partly done:")
        await here.press(failed, "Retry this angle")
        await expect(here.titled("Technical angle", here.thread)).to_contain_text("triple product")
        await expect(root).to_contain_text("Done: 3 of 3 angles")
        await here.speak_as("Teammate A")
        await here.reply(QUESTION)
        answer = here.message("For @Teammate A", here.thread)
        await expect(answer.get_by_role("listitem").first).to_contain_text("Tokamak:")
        await page.set_viewport_size({"width": WIDE[0], "height": DOUBLED[1]})  # as a phone's keyboard would
        await expect(answer.get_by_role("listitem").last).to_be_in_viewport()
        await page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        report = here.titled(f"Report: {TOPIC}", here.thread)
        await here.press(report, "Useful")
        await expect(report.get_by_role("button", name="Useful", exact=True)).to_have_attribute("aria-pressed", "true")
        await expect(here.thread.get_by_role("note").last).to_contain_text("Noted, thank you.")
        await here.press(report, "Export .md")
        exported = here.thread.get_by_role("article").filter(has=page.get_by_role("link", name="Download"))
        await expect(exported).to_contain_text(re.compile(r"\.md"))
        async with page.expect_download() as download:
            await exported.get_by_role("link", name="Download").click()
        text = (await (await download.value).path()).read_text("utf-8")
        assert f"# Research: {TOPIC}" in text


async def test_forms_home_confirmations_and_private_answers_do_what_they_do_in_slack(browser: Browser) -> None:
    """Whoever tries these here shall know what people will meet."""
    async with staged() as (told, site), visit(browser, site.address) as page:
        here = Reader(page)
        gates = told.hold("historical", "technical", "societal")
        await here.go("board")
        await here.write("/research storage", "#board")
        refusal = here.channel.get_by_role("note").filter(has_text="I'm not a member")
        await here.press(refusal, "Run it in our direct messages")
        await here.go("Research")
        await expect(here.titled("Research: storage")).to_contain_text("Starting: 3 angles")
        await page.get_by_role("tab", name="Home").click()
        await here.press(here.channel, "New research")
        await expect(here.form).to_have_accessible_name("New research")
        await here.form.get_by_role("textbox", name="Topic").fill("solid-state batteries")
        await here.form.get_by_role("radio", name=re.compile("My own")).check()
        own = here.form.get_by_role("textbox", name="Your angles")
        await own.fill("\n".join("abcdefg"))
        await expect(here.form.get_by_role("textbox", name="Topic")).to_have_value("solid-state batteries")
        await here.form.get_by_role("combobox", name="Post to").select_option(label="#energy")
        await here.press(here.form, "Start research")
        await expect(own).to_have_accessible_description(re.compile("That is 7 angles; the limit is 6."))
        await expect(own).to_be_focused()
        await own.fill("fuel\nlaw")
        told.model.answer("angle/*", gate=gates["technical"])
        await here.press(here.form, "Start research")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await here.go("energy")
        root = here.titled("Research: solid-state batteries")
        await here.press(root, "Stop")
        await expect(here.form).to_have_accessible_name("Stop this research?")
        await here.press(here.form, "Keep going")
        await expect(root).to_contain_text("working")
        await here.press(root, "Stop")
        await here.press(here.form, "Stop research")
        await expect(root).to_contain_text("Stopped by @Asker")
        await expect(root.get_by_role("button", name="Stop", exact=True)).to_have_count(0)
        for gate in gates.values():
            gate.set()


async def test_hostile_words_stay_words(browser: Browser) -> None:
    """Topics come from anybody, texts from a model; the page is a browser's."""
    script = "<script>document.title='x'</script><img src=x onerror=\"document.title='x'\">"
    turned, long = "a\u202eb", "y" * 20_000
    hostile = f"{script} [a](javascript:document.title='x') <{site_of_others()}> {turned} {long}"
    async with staged() as (told, site), visit(browser, site.address) as page:
        here, title = Reader(page), await page.title()
        told.model.answer("*", hostile)
        await here.write(f"/research {script}")
        root = here.titled("<script>")
        await expect(root).to_contain_text("onerror=")
        await expect(root).to_contain_text("Done:")
        await here.open_thread(root)
        await expect(here.titled("Societal angle (1 of", here.thread)).to_contain_text("<script>")
        await here.reply(hostile[:9_000])
        said = here.thread.get_by_role("article", name=re.compile("^Asker")).last  # an answer in many parts follows
        await expect(said).to_contain_text("onerror=")
        await expect(here.message("For @Asker", here.thread)).to_contain_text("onerror=")
        assert await page.title() == title
        assert await page.locator("main script, main img, aside script, aside img").count() == 0
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        schemes = await page.evaluate("[...document.links].map((each) => each.protocol)")
        assert set(schemes) <= {"http:", "https:"}


def site_of_others() -> str:
    return "https://elsewhere.example/x?a=1&b=<2>"
