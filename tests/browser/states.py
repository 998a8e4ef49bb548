"""The states of the page that are looked at, one after another, each as one comes to it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from urllib.parse import urljoin

from playwright.async_api import Page, expect

from bot.playground import model as ms
from tests.browser.fusion import QUESTION, TOPIC, teach, written
from tests.support.reader import Reader
from tests.support.story import Story

ANGLES = ("historical", "technical", "societal")


async def states(told: Story, page: Page) -> AsyncIterator[str]:
    """Bring the page from state to state; give the name of each while it stands."""
    here = Reader(page)
    for part in (_begun(told, here), _ended(told, here), _elsewhere(here)):
        async for name in part:
            yield name


def held(told: Story) -> dict[str, asyncio.Event]:
    """Let the model know the topic, and each angle wait until its gate is opened; the technical one fails once."""
    teach(told.model)
    gates, texts = {slug: asyncio.Event() for slug in ANGLES}, written()
    for slug, gate in gates.items():
        faults = [ms.REFUSED] if slug == "technical" else []
        told.model.answer(f"angle/{slug}", texts[f"angle/{slug}"], *faults, gate=gate)
    return gates


async def _begun(told: Story, here: Reader) -> AsyncIterator[str]:
    yield "empty"
    gates = held(told)
    await told.slack.say(told.channel.id, "Quick background for tomorrow’s panel, asking the bot.")
    await here.write(f"/research {TOPIC}")
    root = here.titled(f"Research: {TOPIC}")
    gates["historical"].set()
    await expect(root).to_contain_text("1 of 3 angles done")
    yield "working"
    await here.open_thread(root)
    yield "working-thread"
    gates["societal"].set()
    await expect(root).to_contain_text("2 of 3 angles done")
    yield "two-angles"
    await here.press(root, "Stop")
    yield "stop"
    await here.press(here.form, "Keep going")
    gates["technical"].set()
    await expect(here.titled("Technical angle", here.thread)).to_contain_text("Failed:")
    yield "failed"
    await expect(root).to_contain_text("Partly done:")


async def _ended(told: Story, here: Reader) -> AsyncIterator[str]:
    root = here.titled(f"Research: {TOPIC}")
    yield "partly-done"
    await here.press(here.titled("Technical angle", here.thread), "Retry this angle")
    await expect(root).to_contain_text("Done: 3 of 3 angles")
    yield "report"
    await here.speak_as("Teammate A")
    await here.reply(QUESTION)
    await expect(here.message("For @Teammate A", here.thread)).to_contain_text("Stellarator:")
    await told.slack.say(told.channel.id, "<@U0ASKER> shall we use this on slide 3?", "U0TEAMA")
    yield "answered"
    await here.press(here.titled(f"Report: {TOPIC}", here.thread), "Not useful")
    await expect(here.form).to_have_accessible_name("What was wrong?")
    yield "feedback"
    await here.press(here.form, "Skip")
    await here.press(here.titled(f"Report: {TOPIC}", here.thread), "Export .md")
    await expect(here.thread.get_by_role("link", name="Download")).to_be_visible()
    yield "exported"
    document = here.thread.get_by_role("link", name="Open")
    await here.page.goto(urljoin(here.page.url, await document.get_attribute("href")))
    yield "document"
    await here.page.go_back()
    await here.thread.get_by_role("link", name="Close thread").click()


async def _elsewhere(here: Reader) -> AsyncIterator[str]:
    await here.write("/research")
    await expect(here.note).to_contain_text("How to use")
    yield "usage"
    await here.go("board")
    await here.write("/research storage", "#board")
    await expect(here.channel.get_by_role("note").filter(has_text="I'm not a member")).to_be_visible()
    yield "private"
    await here.go("Research")
    await here.page.get_by_role("tab", name="Home").click()
    await expect(here.channel).to_contain_text("In public channels")
    yield "home"
    await here.press(here.channel, "New research")
    await here.form.get_by_role("textbox", name="Topic").fill(TOPIC)
    yield "form"
    await here.form.get_by_role("radio", name=re.compile("My own")).check()
    own = here.form.get_by_role("textbox", name="Your angles")
    await own.fill("\n".join("abcdefg"))
    await here.form.get_by_role("combobox", name="Post to").select_option(label="#energy")
    await here.press(here.form, "Start research")
    await expect(own).to_be_focused()
    yield "form-refused"
