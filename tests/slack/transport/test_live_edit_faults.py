"""A root message whose Slack refuses, limits or loses edits: in the end people see how the run ended."""

from __future__ import annotations

import asyncio
from itertools import pairwise

import aiohttp
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.transport.live_edit import EDIT_INTERVAL
from bot.slack.transport.posting import PAUSES
from tests.slack.transport.edits import Desk, limited, no_wait, refusal
from tests.support.virtual_time import in_virtual_time


@in_virtual_time
async def test_a_refused_edit_is_told_and_nobody_waits_for_it() -> None:
    """Somebody deleted the root: the run must end."""
    desk = Desk()
    desk.slack.answers = [refusal("message_not_found")]
    desk.show("working")
    with no_wait():
        await desk.settled()
    assert desk.refused == ["message_not_found"]
    assert desk.slack.shown == ["working"]


@in_virtual_time
async def test_after_a_lost_answer_the_newest_state_is_sent_again() -> None:
    """An edit is harmless twice; a root that says "working" for good is not."""
    desk = Desk()
    desk.slack.answers = [aiohttp.ServerDisconnectedError(), TimeoutError()]
    desk.show("working")
    await asyncio.sleep(0.5)
    desk.show("writing")
    assert await desk.settled() == [(0, "working"), (0.5, "writing"), (1.5, "writing")]
    assert desk.refused == []


@in_virtual_time
async def test_after_a_429_only_the_newest_state_is_sent() -> None:
    """What waited for Slack is old news."""
    desk = Desk()
    desk.slack.answers = [limited(30)]
    desk.show("1 of 3")
    await asyncio.sleep(10)
    desk.show("2 of 3")
    desk.show("done", last=True)
    assert await desk.settled() == [(0, "1 of 3"), (30, "done")]


@in_virtual_time
async def test_a_slack_that_stays_silent_is_given_up_in_the_end() -> None:
    """A run must end even where nothing of it can be shown."""
    desk = Desk()
    desk.slack.answers = [TimeoutError() for _ in range(len(PAUSES) + 1)]
    desk.show("done", last=True)
    assert await desk.settled() == desk.slack.edits
    assert desk.refused == ["timeout"]
    assert desk.slack.edits[-1][0] == sum(PAUSES)


@in_virtual_time
async def test_a_closed_outbox_lets_nobody_wait_for_an_edit() -> None:
    """A stop takes at most 25 seconds, whatever Slack does."""
    desk = Desk(takes=60)
    async with desk.outbox:
        desk.show("working")
        await asyncio.sleep(1)
    with no_wait():
        await desk.settled()


quarters = st.integers(0, 8).map(lambda number: number / 4)
losses = st.sampled_from([None, None, TimeoutError, lambda: limited(3)])


@given(st.lists(quarters, min_size=1, max_size=10), st.sampled_from([0.0, 0.5]), st.lists(losses, max_size=4))
@in_virtual_time
async def test_in_the_end_the_last_state_stands_and_no_edit_came_too_soon(
    pauses: list[float], takes: float, answers: list[type[Exception] | None]
) -> None:
    """Whatever Slack does meanwhile, people see how the run ended, and words that stand still long enough to read."""
    desk = Desk(takes)
    desk.slack.answers = [answer() if answer else None for answer in answers]
    for number, pause in enumerate(pauses):
        desk.show(f"{number}")
        await asyncio.sleep(pause)
    desk.show("done", last=True)
    edits = await desk.settled()
    assert edits[-1][1] == "done"
    numbers = [int(name) for name in desk.slack.shown[:-1] if name != "done"]
    assert numbers == sorted(numbers)
    if not any(answers):
        assert all(later - sooner >= EDIT_INTERVAL for (sooner, _), (later, _) in pairwise(edits[:-1]))
