"""Bots on one Postgres that are deployed, killed and cut off from Slack while people go on asking."""

from __future__ import annotations

import asyncio
import signal
from functools import partial

from tests.support.replicas import Replicas, replicas
from tests.support.story import Mode

SOCKETS = {"socket": 2, "http": 0}  # of each bot


async def test_a_rolling_deploy_loses_and_refuses_no_command(mode: Mode, postgres_url: str) -> None:
    """Nobody shall see that there was one."""
    async with replicas(postgres_url, mode=mode, RUNS_PER_USER="0", RUNS_PER_USER_DAY="0") as told:
        typed: list[str] = []
        for old in list(told.all):
            await told.start()
            await told.slack.until(lambda: len(told.slack.sockets) == 3 * SOCKETS[mode])
            told.model.answer("angle/*", gate=(gate := asyncio.Event()))
            await everywhere(told, mode, typed)
            old.process.send(signal.SIGTERM)
            await old.process.said("bot.stopping")
            await everywhere(told, mode, typed)
            gate.set()
            assert await old.process.ended() == 0
            told.all.remove(old)
        for topic in typed:
            await told.slack.until(partial(told.is_done, topic))
            [root] = told.roots(topic)
            assert [each.part for each in told.slack.thread(root)] == ["angle/law", "report"]


async def everywhere(told: Replicas, mode: Mode, typed: list[str]) -> None:
    """Ask each bot for research, over each of its sockets where it has some; it is taken up or kept."""
    for replica in told.all * max(1, SOCKETS[mode]):
        typed.append(f"topic {len(typed)}")
        assert (await told.command(f'{typed[-1]} --angles "law"', replica)).acked
        assert told.slack.answers[-1].text.startswith(("Starting research on", "Starting in a moment"))


async def test_a_run_outlives_a_bot_that_is_killed_and_the_one_that_is_killed_as_it_takes_over(
    postgres_url: str,
) -> None:
    """Whoever comes next goes on with what was acknowledged, however many have died over it."""
    async with replicas(postgres_url) as told:
        first, second = told.all
        told.model.answer("angle/societal", gate=(gate := asyncio.Event()))
        root = await told.ask("tea", first)
        await told.shown(root, 2)
        await told.kill(first)
        await second.process.said("process.gone")
        await told.kill(second)
        await told.start()
        gate.set()
        await told.ended(root)
        told.assert_whole(root)
        assert len(told.roots("tea")) == 1
        assert len(told.model.asked("angle/historical")) == len(told.model.asked("angle/technical")) == 1


async def test_a_bot_that_slack_does_not_answer_holds_up_nobody_but_its_own_runs(postgres_url: str) -> None:
    """And those go on as soon as it does."""
    async with replicas(postgres_url) as told:
        first, second = told.all
        told.model.answer("angle/*", gate=(gate := asyncio.Event()))
        root = await told.ask("tea", first)
        over, storm = asyncio.Event(), told.channel.id
        told.slack.fault(
            "*", status=503, times=10_000, fits=lambda given: not over.is_set() and given.get("channel") == storm
        )
        gate.set()
        await told.slack.until(lambda: "internal_error" in str(told.slack.calls[-1].answer))
        told.channel = told.slack.workspace.add("calm")
        other = await told.ask("coffee", second)
        await told.ended(other)
        told.assert_whole(other)
        assert told.slack.thread(root) == []
        over.set()
        await told.ended(root)
        told.assert_whole(root)
