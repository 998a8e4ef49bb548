"""What waits for Slack goes in the order that people need it."""

from __future__ import annotations

import asyncio

from bot.slack.transport.outbox import Held, Later, Rank
from tests.slack.transport.wire import Wire, queue
from tests.support.virtual_time import in_virtual_time


@in_virtual_time
async def test_the_more_urgent_goes_first() -> None:
    """A new run's root must not queue behind another run's angles."""
    wire = Wire()
    lane = wire.lane()
    for rank in reversed(Rank):
        queue(lane, wire, rank.name, rank=rank)
    await asyncio.sleep(1)
    assert wire.names == ["FIRST", "REPORT", "ANGLE", "UPDATE"]


@in_virtual_time
async def test_what_is_as_urgent_goes_in_the_order_in_which_it_came() -> None:
    """No run is served twice before another is served once."""
    wire = Wire()
    lane = wire.lane()
    for line in "aba":
        queue(lane, wire, f"{line} at {len(lane)}", line=line)
    await asyncio.sleep(1)
    assert wire.names == ["a at 0", "b at 1", "a at 2"]


@in_virtual_time
async def test_nothing_overtakes_within_a_line() -> None:
    """A report above its last angle would be read first."""
    wire = Wire()
    lane = wire.lane()
    queue(lane, wire, "angle", line="run")
    queue(lane, wire, "root", line="run", rank=Rank.FIRST)
    await asyncio.sleep(1)
    assert wire.names == ["angle", "root"]


@in_virtual_time
async def test_what_stands_before_an_urgent_message_goes_with_its_rank() -> None:
    """Else a stream of other runs' reports would hold up an answer for good."""
    wire = Wire()
    lane = wire.lane()
    queue(lane, wire, "report", line="other", rank=Rank.REPORT)
    queue(lane, wire, "update", line="run", rank=Rank.UPDATE)
    queue(lane, wire, "answer", line="run", rank=Rank.FIRST)
    await asyncio.sleep(1)
    assert wire.names == ["update", "answer", "report"]


@in_virtual_time
async def test_messages_without_a_line_wait_for_nobody() -> None:
    """No line is not one line."""
    wire = Wire()
    lane = wire.lane()
    queue(lane, wire, "angle")
    queue(lane, wire, "root", rank=Rank.FIRST)
    await asyncio.sleep(1)
    assert wire.names == ["root", "angle"]


@in_virtual_time
async def test_a_429_holds_the_whole_lane_and_then_the_most_urgent_goes_first() -> None:
    """Whoever goes on sending is limited for longer, and a root that came meanwhile must not wait for an angle."""
    wire = Wire()
    lane = wire.lane()
    wire.answers["angle"] = [Held(30)]
    queue(lane, wire, "angle", line="run")
    await asyncio.sleep(10)
    queue(lane, wire, "other angle", line="another run")
    queue(lane, wire, "root", line="third run", rank=Rank.FIRST)
    await asyncio.sleep(60)
    assert wire.sent == [(0, "angle"), (30, "root"), (30, "angle"), (30, "other angle")]


@in_virtual_time
async def test_a_message_that_is_tried_again_later_delays_only_its_own_line() -> None:
    """One lost answer must not silence a channel, nor let the report stand above the angle."""
    wire = Wire()
    lane = wire.lane()
    wire.answers["angle"] = [Later(4), Later(8)]
    [angle] = queue(lane, wire, "angle", line="run")
    queue(lane, wire, "report", line="run", rank=Rank.REPORT)
    queue(lane, wire, "other", line="another run", rank=Rank.UPDATE)
    assert await angle == "ts of angle"
    await asyncio.sleep(1)
    assert wire.sent == [(0, "angle"), (0, "other"), (4, "angle"), (12, "angle"), (12, "report")]


@in_virtual_time
async def test_nothing_goes_before_its_time_and_others_need_not_wait_for_that() -> None:
    """An edit that keeps to its interval must not keep others from theirs."""
    wire = Wire()
    lane = wire.lane()
    due = asyncio.get_running_loop().time() + 1.5
    lane.add(Rank.FIRST, "root", wire.message("late"), due)
    queue(lane, wire, "early", rank=Rank.UPDATE)
    await asyncio.sleep(5)
    assert wire.sent == [(0, "early"), (1.5, "late")]
