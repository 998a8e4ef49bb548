"""Several bots on one Postgres: any of them may hear anything, and any of them may die, and people see one bot."""

from __future__ import annotations

import asyncio
import signal

import psycopg

from bot.slack.messages.root import STOP
from tests.support.pages import page
from tests.support.replicas import replicas


async def test_bots_that_start_at_once_on_an_empty_database_all_take_commands(new_postgres_url: str) -> None:
    """All of them make the tables: none may wait for another that waits for it."""
    async with replicas(new_postgres_url, count=0) as told:
        await asyncio.gather(*(told.start() for _ in range(3)))
        for replica in told.all:
            assert (await page(replica.port, "/readyz"))[0] == 200


async def test_the_run_of_a_bot_that_is_killed_for_good_is_finished_by_another(postgres_url: str) -> None:
    """What was acknowledged is done, nothing stands twice, and what the model answered is not asked again."""
    async with replicas(postgres_url) as told:
        first, second = told.all
        gate = asyncio.Event()
        told.model.answer("angle/societal", gate=gate)
        root = await told.ask("tea", first)
        await told.slack.until(lambda: len(told.slack.thread(root)) == 2)
        await told.kill(first)
        gone = await second.process.said("process.gone")
        assert gone["jobs"] == 1
        gate.set()
        await told.ended(root)
        told.assert_whole(root)
        assert len(told.roots("tea")) == 1
        assert len(told.model.asked("angle/historical")) == len(told.model.asked("angle/technical")) == 1
        assert await second.metric("research_takeovers_total 1.0")
        assert await second.metric("research_lock_losses_total 1.0")


async def test_a_button_works_whichever_bot_hears_of_the_click(postgres_url: str) -> None:
    """Slack does not know which of them has the run."""
    async with replicas(postgres_url) as told:
        first, second = told.all
        told.model.answer("angle/*", gate=asyncio.Event())
        root = await told.ask("tea", first)
        await told.slack.until(lambda: STOP in str(root.blocks))
        told.turn_to(second)
        assert (await told.slack.click(root, STOP, "U0ASKER")).acked
        await told.ended(root, "Stopped by")
        await first.process.said("run.ended")


async def test_status_and_limits_know_the_runs_of_all_bots(postgres_url: str) -> None:
    """A person with as many runs as there may be gets no other one from the bot next door."""
    async with replicas(postgres_url, RUNS_PER_USER="1") as told:
        first, second = told.all
        gate = asyncio.Event()
        told.model.answer("angle/*", gate=gate)
        root = await told.ask("tea", first)
        told.turn_to(second)
        await told.slack.command("status", told.channel.id)
        while told.slack.answers[-1].text.startswith("Nothing is in progress"):  # its thread is not kept yet
            await told.slack.command("status", told.channel.id)
        assert "tea" in told.slack.answers[-1].text
        assert "Starting" not in told.slack.answers[-1].text
        await told.slack.command("coffee", told.channel.id)
        assert "coffee" not in [each.title for each in told.slack.messages(told.channel.id)]
        assert told.roots("coffee") == []
        gate.set()
        await told.ended(root)
        while not told.slack.answers[-1].text.startswith("Starting research on “coffee”"):
            await told.slack.command("coffee", told.channel.id)
        await told.slack.until(lambda: told.roots("coffee"))


async def test_a_bot_that_loses_its_lock_ends_at_once_and_another_goes_on(postgres_url: str) -> None:
    """From then on others may have its runs: it must not go on with them as well."""
    async with replicas(postgres_url) as told:
        first, second = told.all
        gate = asyncio.Event()
        told.model.answer("angle/*", gate=gate)
        root = await told.ask("tea", first)
        with psycopg.connect(postgres_url, autocommit=True) as server:
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
            server.execute(cut, (first.name,))
        assert await first.process.ended() == 75
        await second.process.said("process.gone")
        gate.set()
        await told.ended(root)
        told.assert_whole(root)


async def test_a_bot_that_was_frozen_goes_on_with_its_runs(postgres_url: str) -> None:
    """A machine may stand still for half a minute: it is not gone."""
    async with replicas(postgres_url) as told:
        first, second = told.all
        gate = asyncio.Event()
        told.model.answer("angle/*", gate=gate)
        root = await told.ask("tea", first)
        first.process.send(signal.SIGSTOP)
        other = await told.ask("coffee", second)
        gate.set()
        await told.ended(other)
        first.process.send(signal.SIGCONT)
        await told.ended(root)
        told.assert_whole(root)
        assert not [line for line in second.process.log if line["event"] == "process.gone"]


async def test_a_reply_that_two_bots_hear_of_is_answered_once(postgres_url: str) -> None:
    """Slack tells again what was not acknowledged in time, and then another bot may hear it."""
    async with replicas(postgres_url) as told:
        first, second = told.all
        root = await told.ask("tea", first)
        await told.ended(root)
        before = len(told.slack.thread(root))
        told.turn_to(first)
        question = await told.slack.say(told.channel.id, "What did it cost?", thread_ts=root.ts)
        [event] = await told.slack.heard(question)
        told.turn_to(second)
        assert (await told.slack.redeliver(event)).acked
        await told.slack.say(told.channel.id, "And who drank it?", thread_ts=root.ts)
        await told.slack.until(lambda: len(told.slack.thread(root)) == before + 4)
        assert len(told.model.asked("follow-up/*")) == 2


async def test_a_bot_that_stood_still_while_another_finished_its_run_leaves_it_as_it_is(postgres_url: str) -> None:
    """Its machine comes back with all that it was about to say: nobody shall read that a finished run is at work."""
    async with replicas(postgres_url) as told:
        first, second = told.all
        told.model.answer("angle/societal", gate=(gate := asyncio.Event()))
        root = await told.ask("tea", first)
        await told.shown(root, 2)
        first.process.send(signal.SIGSTOP)
        with psycopg.connect(postgres_url, autocommit=True) as server:
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
            server.execute(cut, (first.name,))
        await told.model.until(lambda: len(told.model.asked("angle/societal")) == 2)
        gate.set()
        await told.ended(root)
        await second.process.said("run.ended")
        first.process.send(signal.SIGCONT)
        assert await first.process.ended() == 75
        lost = [line["cause"] for line in first.process.log if line["event"] == "seat.lost"]
        assert lost == ["the server has let go of the lock"]
        assert "is done" in root.text
        told.assert_whole(root)
