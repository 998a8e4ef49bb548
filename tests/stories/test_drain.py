"""What comes in while the bot stops is kept: the next one begins with it, once."""

from __future__ import annotations

import asyncio
import signal
from functools import partial

from bot.slack.messages.controls import EXPORT_FILE
from tests.support.crashes import Crashing, crashing
from tests.support.story import Mode

KEPT = "Starting in a moment: the bot is restarting. What you asked for is saved."


def was_told(told: Crashing, said: str) -> bool:
    """Whether a private answer says just this."""
    return any(each.text == said for each in told.slack.answers)


async def test_what_comes_in_while_the_bot_stops_begins_with_the_next_one_once(
    mode_and_database: tuple[Mode, str],
) -> None:
    """Every release stops a bot: nobody shall have to ask twice, and nothing may run twice, whatever the limits."""
    mode, database_url = mode_and_database
    async with crashing(database_url, mode, RUNS_PER_USER="2") as told:
        told.model.answer("follow-up/*", "The leaf.")
        await told.ask("cocoa")
        done = await told.ended("cocoa")
        await told.process.said("run.ended")
        gate = asyncio.Event()
        told.model.answer("angle/*", gate=gate)
        await told.ask("tea")
        await told.model.until(lambda: len(told.model.asked("angle/*")) == 6)
        told.process.send(signal.SIGTERM)
        await told.process.said("bot.stopping")
        for _ in range(2):  # delivered twice, it is one run
            assert (await told.slack.command("coffee", told.channel.id, trigger_id="7.7")).acked
        assert "Your research on “coffee” is saved." in told.slack.answers[-2].text
        await told.slack.say(told.channel.id, "What came first?", thread_ts=done.ts)
        await told.slack.until(lambda: told.slack.events.told[-1].acked)
        for said in (KEPT, "Your export is on its way. It will appear in the thread."):  # pressed twice, it is one
            assert (await told.slack.click(told.slack.thread(done)[3], EXPORT_FILE)).acked
            await told.slack.until(partial(was_told, told, said))
        assert not told.roots("coffee")
        assert not told.slack.uploads
        gate.set()
        assert await told.process.ended() == 0
        assert not told.roots("coffee")
        await told.start()
        told.assert_whole(await told.ended("coffee"))
        told.assert_whole(await told.ended("tea"))
        await told.slack.until(lambda: [m for m in told.slack.thread(done) if m.part.startswith("answer/")])
        await told.slack.until(lambda: "The .md file is in the thread." in [each.text for each in told.slack.answers])
        added = told.slack.thread(done)[4:]
        assert len([each for each in added if each.files]) == 1
        assert len([each for each in added if each.part.startswith("answer/")]) == 1
