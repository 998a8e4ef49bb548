"""A call that is late is asked a second time: faster for those who wait, and otherwise as if nothing had been."""

from __future__ import annotations

import asyncio
from collections import Counter

from bot.slack.messages.root import STOP
from tests.support.crashes import answered, crashing
from tests.support.pages import page
from tests.support.story import Mode, Story, story

TOPICS = ("coffee", "cocoa", "milk")  # nine angles, which tell how long one takes


async def usual_runs(told: Story) -> None:
    """Some runs, by which the bot learns what is late."""
    for topic in TOPICS:
        await told.ended(await told.research(topic))


async def test_a_late_angle_is_asked_for_twice_and_stands_once(mode: Mode) -> None:
    """Nobody waits for a call that hangs, and what is not known of its cost is said."""
    async with story(mode, hedge="on") as told:
        await usual_runs(told)
        told.model.answer("angle/technical", "never", gate=asyncio.Event())
        root = await told.ended(await told.research("tea --angles technical"))
        assert told.parts(root) == ["angle/technical", "report"]
        assert [request.step for request in told.model.asked("*/hedge")] == ["angle/technical/hedge"]
        assert "3 model calls" in told.ending(root)
        assert "at least 700" in told.ending(root)
        assert "at least" in told.slack.thread(root)[0].text + str(told.slack.thread(root)[0].blocks)
        numbers = (await page(told.bot.port, "/metrics"))[1].splitlines()
        assert 'research_hedges_total{outcome="won"} 1.0' in numbers
        await told.model.until(lambda: told.model.asked("angle/technical")[-1].cut)


async def test_a_stop_ends_both_copies(mode: Mode) -> None:
    """What nobody wants any more costs nothing any more."""
    async with story(mode, hedge="on") as told:
        await usual_runs(told)
        told.model.answer("angle/technical*", "never", gate=asyncio.Event())
        root = await told.research("tea --angles technical")
        await told.model.until(lambda: len(told.model.asked("*/hedge")) == 1)
        await told.click(root, STOP)
        await told.says(root, "Stopped")
        await told.model.until(lambda: all(request.ended for request in told.model.requests))
        assert [request.step for request in told.model.requests if request.cut] == [
            "angle/technical",
            "angle/technical/hedge",
        ]


async def test_a_crash_between_a_call_and_its_copy_leaves_nothing_twice(mode_and_database: tuple[Mode, str]) -> None:
    """Neither in the thread nor on the bill."""
    mode, database_url = mode_and_database
    async with crashing(database_url, mode, HEDGE="on") as told:
        for topic in TOPICS:
            await told.ask(topic)
            await told.ended(topic)
        told.model.answer("angle/technical*", "never", gate=asyncio.Event())
        await told.ask()
        await told.model.until(lambda: len(told.model.asked("angle/technical/hedge")) == 1)
        await told.kill()
        told.model.answer("*")
        await told.start()
        told.assert_whole(await told.ended())
        assert set(answered(told.model).values()) == {1}
        assert Counter(request.step for request in told.model.requests if request.cut) >= Counter(
            ["angle/technical", "angle/technical/hedge"]
        )
