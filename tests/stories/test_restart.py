"""What people and operators see of a restart, of a deploy, and of a second bot on the same file."""

from __future__ import annotations

import asyncio
import signal

from bot.playground.slack.workspace import Message
from tests.support.crashes import Crashing, answered, crashing
from tests.support.processes import run
from tests.support.story import Mode

TEN = [f"topic {number}" for number in range(10)]


async def interrupted(told: Crashing) -> Message:
    """A run of which two angles stand when the bot is killed."""
    told.model.answer("angle/societal", gate=asyncio.Event())
    await told.ask()
    await told.slack.until(lambda: told.roots("tea") and len(told.slack.thread(told.roots("tea")[0])) == 2)
    await told.kill()
    return told.roots("tea")[0]


async def test_the_root_message_says_that_the_run_goes_on(mode_and_database: tuple[Mode, str]) -> None:
    """Whoever waits must know that nothing is to be done."""
    mode, database_url = mode_and_database
    async with crashing(database_url, mode) as told:
        root = await interrupted(told)
        gate = asyncio.Event()
        told.model.answer("angle/societal", gate=gate)
        await told.start()
        await told.slack.until(lambda: "Resuming" in root.text)
        assert root.text.startswith("Research on tea. Resuming: the bot restarted at <!date^")
        for said in (
            "Finished angles are kept.",
            "Historical: done in",
            "Societal: working again after a restart.",
            "no action",
        ):
            assert said in root.text
        assert [button["text"]["text"] for button in root.blocks[2]["elements"]] == ["Stop"]
        gate.set()
        told.assert_whole(await told.ended())


async def test_the_same_command_delivered_after_a_restart_is_the_same_run(mode_and_database: tuple[Mode, str]) -> None:
    """Slack repeats what it heard no answer to; a restart in between makes no second run of it."""
    mode, database_url = mode_and_database
    async with crashing(database_url, mode) as told:
        for _ in range(2):
            await told.slack.command("tea", told.channel.id, trigger_id="1.same")
            await told.ended()
            await told.kill()
            await told.start()
        await told.slack.command("tea", told.channel.id, trigger_id="1.same")
        await told.ask("coffee")
        await told.ended("coffee")
        told.assert_whole(await told.ended())


async def test_a_deploy_in_the_middle_of_ten_runs_costs_nobody_anything(mode_and_database: tuple[Mode, str]) -> None:
    """A release must not wait for a quiet hour."""
    mode, database_url = mode_and_database
    async with crashing(database_url, mode, RUNS_PER_USER="0") as told:
        told.model.answer("angle/technical", gate=asyncio.Event())
        told.model.answer("report/*", gate=asyncio.Event())  # nobody sees from here when an answer is stored
        for topic in TEN:
            await told.ask(topic)
        await told.slack.until(lambda: sum(len(told.slack.thread(root)) for t in TEN for root in told.roots(t)) == 20)
        told.process.send(signal.SIGTERM)
        await told.process.said("bot.stopping")
        told.process.send(signal.SIGTERM)
        assert await told.process.ended() == 0
        told.model.answer("*")
        await told.start()
        for topic in TEN:
            told.assert_whole(await told.ended(topic))
        assert set(answered(told.model).values()) == {1}


async def test_a_second_bot_on_the_same_file_says_so_and_ends(sqlite_url: str) -> None:
    """Two would take each other's runs for left over; whoever starts one twice must learn it at once."""
    async with crashing(sqlite_url) as told:
        second = await run(**told.wanted)
        assert second.code == 2
        assert second.err.splitlines()[-1].startswith("Another bot serves from ")
        checked = await run("check", **told.wanted)
        assert checked.code == 0, checked.out
        await told.ask()
        told.assert_whole(await told.ended())
