"""Messages that end otherwise than sent: unwanted, refused, closed upon. The others go on."""

from __future__ import annotations

import asyncio

import pytest

from bot.slack.transport.outbox import Later, Outbox
from tests.slack.transport.wire import Wire, queue
from tests.support.virtual_time import in_virtual_time, now


@in_virtual_time
async def test_what_nobody_waits_for_any_more_is_never_sent() -> None:
    """A stopped run must not go on speaking, nor hold up what stands behind it."""
    wire = Wire()
    lane = wire.lane()
    wire.answers["first"] = [Later(60)]
    [first] = queue(lane, wire, "first", line="run")
    unwanted, wanted = queue(lane, wire, "unwanted", "wanted", line="run")
    await asyncio.sleep(1)
    first.cancel()
    unwanted.cancel()
    assert await wanted == "ts of wanted"
    assert wire.sent == [(0, "first"), (1, "wanted")]
    assert len(lane) == 0


@in_virtual_time
async def test_the_next_goes_on_when_a_message_is_given_up_while_it_is_sent() -> None:
    """The writer belongs to all."""
    wire = Wire(takes=2)
    lane = wire.lane()
    gone, after = queue(lane, wire, "gone", "after", line="run")
    await asyncio.sleep(1)
    gone.cancel()
    assert await after == "ts of after"
    assert wire.sent == [(0, "gone"), (2, "after")]


@in_virtual_time
async def test_an_error_reaches_only_whoever_waits_for_that_message() -> None:
    """A refused angle costs nobody else anything."""
    wire = Wire()
    lane = wire.lane()
    wire.answers["refused"] = [ValueError("refused")]
    refused, taken = queue(lane, wire, "refused", "taken", line="run")
    with pytest.raises(ValueError, match="refused"):
        await refused
    assert await taken == "ts of taken"
    assert wire.names == ["refused", "taken"]


@in_virtual_time
async def test_an_outbox_that_is_closed_sends_nothing_more_and_lets_nobody_wait() -> None:
    """A stop must end, and who waited must hear of it."""
    wire = Wire(takes=5)
    async with Outbox(pace=1) as outbox:
        waiting = queue(outbox.posts("C1"), wire, "under way", "waiting", line="run")
        waiting += queue(outbox.edits, wire, "edit")
        await asyncio.sleep(1)
    assert [each.cancelled() for each in waiting] == [True, True, True]
    await asyncio.sleep(60)
    assert wire.names == ["under way", "edit"]
    assert now() == 61
