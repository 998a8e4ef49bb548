"""The disk is full, the database is down: nobody is promised anything, nothing is lost, and all goes on by itself."""

from __future__ import annotations

import asyncio
import json
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.adapters import database
from bot.playground.postgres import Postgres
from bot.playground.slack.workspace import PATIENCE
from tests.support.crashes import Crashing, answered, crashing
from tests.support.pages import page
from tests.support.story import Mode

REFUSED = (
    "I can't save your question right now because my database isn't responding, so nothing was started. Try "
    "again in a few minutes."
)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is down is given up at once, as it is outside of tests."""
    monkeypatch.setattr(database, "PATIENCE", 2.0)


@contextmanager
def full_disk(told: Crashing) -> Iterator[None]:
    """Nothing that the bot's process writes to a file is taken."""
    before = resource.prlimit(told.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(told.process.pid, resource.RLIMIT_FSIZE, (0, before[1]))
    yield
    resource.prlimit(told.process.pid, resource.RLIMIT_FSIZE, before)


def restart(server: Postgres) -> None:
    with server.away():
        pass


async def assert_refuses(told: Crashing) -> None:
    """The ack itself says so, and so does the page that the platform looks at."""
    before = len(told.slack.messages(told.channel.id))
    assert (await told.slack.command("coffee", told.channel.id)).acked
    assert told.slack.answers[-1].text == REFUSED
    status, said = await page(told.port, "/readyz")
    assert (status, json.loads(said)["lacking"].partition(" (")[0]) == (503, "the database does not answer")
    assert len(told.slack.messages(told.channel.id)) == before


async def ready(told: Crashing) -> None:
    """Wait until the platform is told so: what the database said last counts for a second."""
    async with asyncio.timeout(PATIENCE):
        while (await page(told.port, "/readyz"))[0] != 200:
            pass


async def test_a_full_disk_is_said_at_once_and_costs_no_run_anything(mode: Mode, sqlite_url: str) -> None:
    """What was promised is kept, what cannot be kept is not promised."""
    async with crashing(sqlite_url, mode) as told:
        told.model.answer("angle/*", gate=(gate := asyncio.Event()))
        await told.ask()
        await told.model.until(lambda: len(told.model.asked("angle/*")) == 3)
        with full_disk(told):
            await assert_refuses(told)
            gate.set()
            await told.process.said("step.unstored")
        await ready(told)
        told.assert_whole(await told.ended())
        assert set(answered(told.model).values()) == {1}
        assert told.roots("coffee") == []
        await told.ask("coffee")
        told.assert_whole(await told.ended("coffee"))


@pytest.mark.parametrize("fault", ["restarted", "connections cut"])
async def test_a_bot_whose_postgres_goes_away_ends_and_the_next_one_goes_on(
    fault: str, mode: Mode, postgres: Postgres, postgres_url: str
) -> None:
    """Another bot may have taken over what it does by then; whoever supervises it starts it again."""
    async with crashing(postgres_url, mode) as told:
        told.model.answer("angle/*", gate=(gate := asyncio.Event()))
        await told.ask()
        await told.model.until(lambda: len(told.model.asked("angle/*")) == 3)
        if fault == "restarted":
            await asyncio.to_thread(restart, postgres)
        else:
            assert postgres.cut(postgres_url)
        assert await told.process.ended() == os.EX_TEMPFAIL
        lost = await told.process.said("seat.lost")
        assert lost["cause"]
        gate.set()
        await told.start()
        told.assert_whole(await told.ended())
        await told.ask("coffee")
        told.assert_whole(await told.ended("coffee"))
