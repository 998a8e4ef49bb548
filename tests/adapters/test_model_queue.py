"""Who may call the model now."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.model_queue import ModelQueue
from bot.research.ports import Call, Priority


def call(run: str, priority: Priority = Priority.ANGLE, step: str = "x") -> Call:
    return Call(run, step, "", "", priority, 1)


class Crowd:
    """Calls that queue for turns and write down in which order they got them."""

    def __init__(self, limit: int) -> None:
        self.turns, self.job, self.most = ModelQueue(limit), list[str](), 0
        self.tasks: dict[str, asyncio.Task[None]] = {}
        self.leave: dict[str, asyncio.Event] = {}

    async def come(self, name: str, call: Call, again: bool = False) -> None:
        self.leave[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._stay(name, call, again))
        await _settle()

    async def go(self, name: str) -> None:
        self.leave[name].set()
        await self.tasks.pop(name)
        await _settle()

    async def _stay(self, name: str, call: Call, again: bool) -> None:
        async with self.turns.taken(call, again):
            self.job.append(name)
            self.most = max(self.most, self.turns.in_flight)
            await self.leave[name].wait()


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def drain(crowd: Crowd) -> list[str]:
    while crowd.tasks:
        inside = next(name for name in crowd.job if name in crowd.tasks)
        await crowd.go(inside)
    return crowd.job


async def test_those_who_wait_go_by_what_they_are_for() -> None:
    """A person waits for a follow-up; a report ends a run, a section is part of it; what has begun goes first."""
    crowd = Crowd(1)
    await crowd.come("first", call("old"))
    await crowd.come("new run", call("new"))
    await crowd.come("sibling", call("old"))
    await crowd.come("section", call("other", Priority.SECTION))
    await crowd.come("report", call("other", Priority.REPORT))
    await crowd.come("question", call("third", Priority.FOLLOW_UP))
    assert await drain(crowd) == ["first", "question", "report", "section", "sibling", "new run"]


async def test_a_run_that_got_its_first_turn_pulls_its_other_angles_forward() -> None:
    """Two runs half done keep two people waiting; one done and one waiting keeps one."""
    crowd = Crowd(1)
    await crowd.come("busy", call("zero"))
    await crowd.come("a1", call("a"))
    await crowd.come("b1", call("b"))
    await crowd.come("b2", call("b"))
    await crowd.come("a2", call("a"))
    assert await drain(crowd) == ["busy", "a1", "a2", "b1", "b2"]


async def test_a_call_that_is_repeated_belongs_to_a_run_that_has_begun() -> None:
    """A failed attempt must not send its run to the end of the line."""
    crowd = Crowd(1)
    await crowd.come("busy", call("zero"))
    await crowd.come("new", call("new"))
    await crowd.come("again", call("late"), again=True)
    assert await drain(crowd) == ["busy", "again", "new"]


async def test_within_a_kind_whoever_came_first_goes_first() -> None:
    """Anything else would be unfair."""
    crowd = Crowd(1)
    for name in "abcd":
        await crowd.come(name, call(name))
    assert await drain(crowd) == list("abcd")


async def test_a_waiter_that_gives_up_leaves_no_trace() -> None:
    """A cancelled run must not hold up the others."""
    crowd = Crowd(1)
    await crowd.come("a", call("a"))
    await crowd.come("b", call("b"))
    crowd.tasks.pop("b").cancel()
    await _settle()
    assert crowd.turns.waiting == 0
    await crowd.go("a")
    assert crowd.turns.in_flight == 0


async def test_a_turn_that_arrives_with_a_cancellation_is_passed_on() -> None:
    """A lost slot would make the bot slower until its restart."""
    crowd = Crowd(1)
    held = crowd.turns.taken(call("a"))
    await held.__aenter__()
    await crowd.come("b", call("b"))
    await crowd.come("c", call("c"))
    await held.__aexit__(None, None, None)  # b has its turn now, but has not run yet
    crowd.tasks.pop("b").cancel()
    await _settle()
    assert crowd.job == ["c"]
    await crowd.go("c")
    assert crowd.turns.in_flight == 0


@given(
    st.integers(1, 3),
    st.lists(st.tuples(st.sampled_from(["come", "go", "cancel"]), st.integers(0, 5), st.sampled_from(list(Priority)))),
)
def test_no_turn_is_ever_lost_or_given_twice(limit: int, moves: list[tuple[str, int, Priority]]) -> None:
    """Whatever comes, goes and gives up."""

    async def play() -> None:
        crowd = Crowd(limit)
        for number, (move, which, priority) in enumerate(moves):
            names = list(crowd.tasks)
            if move == "come":
                await crowd.come(str(number), call(str(which), priority))
            elif names and move == "cancel":
                crowd.tasks.pop(names[which % len(names)]).cancel()
                await _settle()
            elif inside := [name for name in names if name in crowd.job]:
                await crowd.go(inside[which % len(inside)])
            assert crowd.turns.in_flight == min(limit, crowd.turns.in_flight + crowd.turns.waiting)
        await drain(crowd)
        assert crowd.most <= limit
        assert (crowd.turns.in_flight, crowd.turns.waiting) == (0, 0)

    asyncio.run(play())


def test_a_limit_is_at_least_one() -> None:
    """With none, nothing would ever be answered."""
    with pytest.raises(ValueError, match="at least one"):
        ModelQueue(0)
