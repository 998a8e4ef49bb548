"""How fast messages leave, whatever happens to them on the way, and what is told of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from bot.slack.transport.outbox import BURST, Held, Later, Outbox, Rank
from tests.slack.transport.wire import Wire, queue
from tests.support.virtual_time import in_virtual_time


@dataclass
class Post:
    """A message that comes ``after`` seconds behind the one before, and how often it fails on the way."""

    after: float
    line: str
    rank: Rank
    failures: list[tuple[type[Later], float]]


seconds = st.integers(0, 8).map(lambda quarters: quarters / 4)
posts = st.builds(
    Post,
    seconds,
    st.sampled_from(["", "a", "b", "c"]),
    st.sampled_from(Rank),
    st.lists(st.tuples(st.sampled_from([Later, Held]), seconds), max_size=2),
)


async def post_all(wire: Wire, pace: float, schedule: list[Post]) -> None:
    """Queue everything at its time, then wait until all of it has left."""
    lane = wire.lane(pace)
    waiting = []
    for number, post in enumerate(schedule):
        await asyncio.sleep(post.after)
        wire.answers[f"{number}"] = [kind(pause) for kind, pause in post.failures]
        waiting += queue(lane, wire, f"{number}", line=post.line, rank=post.rank)
    assert await asyncio.gather(*waiting) == [f"ts of {number}" for number in range(len(schedule))]


@in_virtual_time
async def test_three_go_at_once_and_then_one_a_second() -> None:
    """A run's first words need not wait; a channel's pace is kept all the same."""
    wire = Wire()
    lane = wire.lane(pace=1)
    queue(lane, wire, *"abcde")
    await asyncio.sleep(20)
    queue(lane, wire, *"fghi")
    await asyncio.sleep(20)
    assert wire.times == [0, 0, 0, 1, 2, 20, 20, 20, 21]


@in_virtual_time
async def test_a_lane_without_a_pace_sends_all_at_once() -> None:
    """Edits have no pace of their own."""
    wire = Wire()
    queue(wire.lane(pace=0), wire, *"abcdefgh")
    await asyncio.sleep(20)
    assert wire.times == [0] * 8


@given(st.sampled_from([0.5, 1.0, 4.0]), st.lists(posts, max_size=12))
@in_virtual_time
async def test_no_stretch_of_time_sees_more_than_the_burst_and_the_pace(pace: float, schedule: list[Post]) -> None:
    """Slack counts tries too, and answers those above its measure with a 429."""
    wire = Wire()
    await post_all(wire, pace, schedule)
    for first, began in enumerate(wire.times):
        for number, ended in enumerate(wire.times[first:], 1):
            assert number <= BURST + (ended - began) * pace + 1e-3


@given(st.sampled_from([0.0, 1.0]), st.lists(posts, max_size=12))
@in_virtual_time
async def test_each_message_leaves_once_and_each_line_in_its_order(pace: float, schedule: list[Post]) -> None:
    """Neither a pause nor a lost answer may drop, double or reorder what a thread says."""
    wire = Wire()
    await post_all(wire, pace, schedule)
    for number, post in enumerate(schedule):
        assert wire.names.count(f"{number}") == len(post.failures) + 1
    for line in "abc":
        own = [f"{number}" for number, post in enumerate(schedule) if post.line == line]
        tries = [name for name in wire.names if name in own]
        assert tries == sorted(tries, key=own.index)  # the next begins when the one before has arrived


@given(st.lists(posts, max_size=12))
@in_virtual_time
async def test_a_lane_is_silent_for_as_long_as_a_429_says(schedule: list[Post]) -> None:
    """Slack lengthens the pause of whoever does not keep it."""
    wire = Wire()
    await post_all(wire, 0, schedule)
    tries: dict[str, int] = {}
    for place, (at, name) in enumerate(wire.sent):
        tries[name] = tries.get(name, 0) + 1
        failed = schedule[int(name)].failures[tries[name] - 1 : tries[name]]
        if failed and failed[0][0] is Held:
            assert all(later >= at + failed[0][1] for later in wire.times[place + 1 :])


@in_virtual_time
async def test_a_channel_does_not_wait_for_another() -> None:
    """Slack limits each channel by itself."""
    wire = Wire()
    async with Outbox(pace=1) as outbox:
        wire.answers["held"] = [Held(30)]
        [held] = queue(outbox.posts("C1"), wire, "held")
        queue(outbox.posts("C2"), wire, "free")
        queue(outbox.edits, wire, "edit")
        await held
    assert wire.sent == [(0, "held"), (0, "free"), (0, "edit"), (30, "held")]


@in_virtual_time
async def test_how_many_wait_is_told() -> None:
    """Whoever runs the bot sees a queue grow before people do."""
    wire = Wire(takes=0.5)
    async with Outbox(pace=1) as outbox:
        queue(outbox.posts("C1"), wire, *"abcde")
        queue(outbox.posts("C2"), wire, "f")
        queue(outbox.edits, wire, "g")
        assert outbox.depth == 7
        await asyncio.sleep(1.25)
        assert outbox.depth == 3
        await asyncio.sleep(10)
        assert outbox.depth == 0


@in_virtual_time
async def test_how_long_each_message_waited_is_told_with_its_rank() -> None:
    """A pause that was meant does not count, one that Slack asked for does, nor does the time that sending takes."""
    wire = Wire(takes=0.5)
    lane = wire.lane(pace=0)
    wire.answers["report"] = [Held(4)]
    queue(lane, wire, "report", line="run", rank=Rank.REPORT)
    queue(lane, wire, "angle", line="run")
    lane.add(Rank.UPDATE, "root", wire.message("update"), asyncio.get_running_loop().time() + 60)
    await asyncio.sleep(100)
    assert wire.told == [("report", 4.5), ("angle", 5), ("update", 0)]
