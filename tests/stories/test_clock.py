"""The machine's clock is wrong, and is set right in the middle of a run."""

from __future__ import annotations

import asyncio
import time

import pytest

from tests.support.story import Mode, Story, story

HOUR = 3_600
real = time.time


async def researched_while_the_clock_jumps(
    told: Story, monkeypatch: pytest.MonkeyPatch, before: float, after: float
) -> None:
    """The answer to the root message is lost with the one clock, that to an angle with the other."""
    monkeypatch.setattr(time, "time", lambda: real() + before)
    told.slack.fault("chat.postMessage", dropped=True)
    told.model.answer("angle/societal", gate=(gate := asyncio.Event()))
    root = await told.research("tea")
    await told.slack.until(lambda: len(told.slack.thread(root)) == 2)
    monkeypatch.setattr(time, "time", lambda: real() + after)
    told.slack.fault("chat.postMessage", dropped=True)
    gate.set()
    await told.ended(root)
    assert len(told.slack.messages(told.channel.id)) == 1
    assert len(told.slack.thread(root)) == 4
    assert root.text.startswith("Research on tea is done, 3 of 3 angles.")


@pytest.mark.parametrize("hours", [-2, 2])
async def test_a_clock_that_jumps_doubles_nothing_and_ends_nothing(
    mode: Mode, hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Virtual machines wake up hours late."""
    async with story(mode, run_timeout=60) as told:
        await researched_while_the_clock_jumps(told, monkeypatch, 0, hours * HOUR)


@pytest.mark.parametrize("hours", [-2, 2])
async def test_a_clock_that_was_wrong_and_is_set_right_doubles_nothing(
    hours: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over HTTP a command would be refused then: its signature is too old or too new, and has to be refused."""
    async with story("socket", run_timeout=60) as told:
        await researched_while_the_clock_jumps(told, monkeypatch, hours * HOUR, 0)
