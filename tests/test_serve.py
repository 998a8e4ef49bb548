"""`python -m bot` as a platform runs it: when it is ready, what it counts, how it stops, why it does not start."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import app
from bot.playground.model import ModelServer
from bot.playground.slack import Playground
from bot.serve import running
from bot.service.errors import StoreDown
from tests.support.pages import page
from tests.support.processes import Process, run, started
from tests.support.serving import Served, environment, serving
from tests.support.story import Mode, settings, story


def free_port() -> int:
    with socket.create_server(("", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


async def test_it_is_alive_at_once_ready_once_slack_answers_and_counts_what_it_does(mode: Mode) -> None:
    """A platform that sends commands to a bot without Slack loses them; one that kills it for that loses the bot."""
    async with Playground() as slack, ModelServer() as model:
        answering = False
        slack.fault("auth.test", retry_after=0, times=100, fits=lambda arguments: not answering)
        port = free_port()
        slack.events_url = f"http://127.0.0.1:{port}/slack/events"
        async with started(**environment(slack, model, mode, PORT=str(port))) as process:
            await slack.until(lambda: slack.calls)
            assert await page(port, "/healthz") == (200, '{"alive": true}')
            assert await lacking(port) == (503, "no answer from Slack yet")
            if mode == "http":  # a socket would not be open
                assert (await slack.command("tea", slack.workspace.add("early").id)).acked
                assert slack.answers[-1].text == "The bot is restarting. Try again in a minute."
            answering = True
            await process.said("bot.started")
            assert await lacking(port) == (200, "")
            await assert_counts(Served(slack, model, process, slack.workspace.add("energy"), port))


async def assert_counts(served: Served) -> None:
    before = (await served.page("/metrics"))[1]
    await served.done("tea")
    status, numbers = await served.page("/metrics")
    assert status == 200
    for counted in (
        'research_runs_total{outcome="done"} 1.0',
        'research_model_calls_total{outcome="ok"} 4.0',
        'research_slack_calls_total{method="chat.postMessage",outcome="ok"} 5.0',
    ):
        assert counted in numbers
        assert counted not in before


async def lacking(port: int) -> tuple[int, str]:
    """What /readyz says: its status, and what keeps the bot from taking commands."""
    status, told = await page(port, "/readyz")
    return status, json.loads(told)["lacking"]


async def test_a_bot_that_is_told_to_stop_finishes_what_it_began_and_begins_nothing_new(mode: Mode) -> None:
    """Every release stops a bot: nobody's research may be lost to it, and nobody's command may vanish."""
    async with serving(mode) as served:
        gate = asyncio.Event()
        served.model.answer("angle/*", gate=gate)
        root = await served.research("tea")
        await served.model.until(lambda: len(served.model.requests) == 3)

        served.process.send(signal.SIGTERM)
        await served.process.said("bot.stopping")
        await assert_begins_nothing_new(served)
        gate.set()

        assert await served.process.ended() == 0
        assert root.text.startswith("Research on tea is done, 3 of 3 angles.")
        assert [message.part for message in served.slack.thread(root)][-1] == "report"


async def assert_begins_nothing_new(served: Served) -> None:
    assert await lacking(served.port) == (503, "the bot is stopping")
    assert (await served.slack.command("coffee", served.channel.id)).acked
    kept = "Starting in a moment: the bot is restarting. Your research on “coffee” is saved."
    assert served.slack.answers[-1].text == kept
    assert len(served.slack.messages(served.channel.id)) == 1


async def test_a_start_that_cannot_succeed_ends_with_a_sentence() -> None:
    """A bot that hangs about with a token that never works looks healthy, and nobody reads a traceback."""
    with socket.create_server(("", 0)) as taken:
        port = str(taken.getsockname()[1])
        async with Playground() as slack, ModelServer() as model:
            wrong_token, wrong_port = await asyncio.gather(
                run(**environment(slack, model, "socket", SLACK_BOT_TOKEN="xoxb-wrong")),
                run(**environment(slack, model, "http", PORT=port)),
            )
    assert (wrong_token.code, wrong_port.code) == (1, 1)
    sentence = "Slack does not accept SLACK_BOT_TOKEN (invalid_auth). Copy the bot token anew"
    assert last_line(wrong_token).startswith(sentence)
    assert "xoxb-wrong" not in wrong_token.err
    assert last_line(wrong_port).startswith(f"Port {port} cannot be used: ")
    assert last_line(wrong_port).endswith("Set PORT to a free one.")


def last_line(process: Process) -> str:
    return process.err.splitlines()[-1]


async def test_a_bot_that_waits_for_slack_still_stops_when_it_is_told_to(sqlite_url: str) -> None:
    """A platform waits for every bot that it replaces."""
    async with Playground() as slack, ModelServer() as model:
        slack.fault("auth.test", error="fatal_error", times=100)
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group, asyncio.timeout(4):  # less than it waits for Slack
            bot = group.create_task(started_and_left(slack, model, sqlite_url, stop))
            await slack.until(lambda: slack.calls)
            stop.set()
            await bot


async def started_and_left(slack: Playground, model: ModelServer, url: str, stop: asyncio.Event) -> None:
    async with running(settings(slack, model, "http", database_url=url), stop):
        assert stop.is_set()


async def test_variables_that_only_bolt_knows_do_not_make_it_another_app(
    mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With these two Bolt would wait for installations and answer no command of this workspace."""
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "00112233")
    async with story(mode) as told:
        root = await told.ended(await told.research("tea"))
        assert root.text.startswith("Research on tea is done, 3 of 3 angles.")


async def test_a_second_bot_on_the_same_file_ends_with_a_sentence_and_the_first_serves_on(tmp_path: Path) -> None:
    """An unfinished stop, a start too many: both would post the same runs."""
    url = f"sqlite:///{tmp_path}/research.sqlite"
    async with serving("socket", DATABASE_URL=url) as served:
        process = await run(**environment(served.slack, served.model, DATABASE_URL=url))
        assert process.code == 2
        assert f"Another bot serves from {tmp_path}/research.sqlite. Stop it first" in process.err
        assert (await served.page("/readyz"))[0] == 200


async def test_however_many_ask_whether_it_is_ready_the_database_is_written_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The page has no password, each answer is a write, and a database that is down must not be pestered."""
    async with story("http") as told:
        written, broken, now = 0, False, time.monotonic()
        write = told.bot.database.writable
        monkeypatch.setattr(app, "time", SimpleNamespace(monotonic=lambda: now))

        async def counted() -> None:
            nonlocal written
            written += 1
            await write()
            if broken:
                raise StoreDown("the disk is full")

        told.bot.database.writable = counted  # type: ignore[method-assign]
        assert await asyncio.gather(*(told.bot.lacking() for _ in range(50))) == [""] * 50
        assert written == 1
        assert "research_ready 1.0" in told.bot.metrics.page().decode()
        broken, now = True, now + 1
        for _ in range(50):
            assert await told.bot.lacking() == "the database does not answer (the disk is full)"
        assert written == 2
        assert "research_ready 0.0" in told.bot.metrics.page().decode()
        broken, now = False, now + 1
        assert await told.bot.lacking() == ""
        assert written == 3
        assert "research_ready 1.0" in told.bot.metrics.page().decode()
