"""Who may call the model now."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.model_queue import ModelQueue
from bot.research.ports import Call, Priority


def call(run: str, priority: Priority = Priority.ANGLE, person: str | None = None) -> Call:
    """A call of a run that nobody else asked for, or of this person's."""
    return Call(run, "x", "", "", priority, 1, person or f"who asked for {run}")


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


async def test_whoever_stopped_all_runs_but_one_is_served_as_if_there_were_one() -> None:
    """What nobody wants any more takes nothing from anybody, nor keeps what was begun waiting."""
    crowd = Crowd(1)
    await crowd.come("x0", call("old", person="X"))
    await crowd.come("x1", call("new", person="X"))
    await crowd.come("y", call("first", person="Y"))
    await crowd.come("x2", call("old", person="X"))
    crowd.tasks.pop("x1").cancel()
    await _settle()
    assert await drain(crowd) == ["x0", "x2", "y"]


async def test_a_waiter_that_gives_up_when_its_turn_would_come_is_passed_over() -> None:
    """Both happen at once where a stopped run's own call ends."""
    crowd = Crowd(1)
    for name in "abc":
        await crowd.come(name, call(name))
    crowd.tasks.pop("b").cancel()
    await crowd.go("a")
    assert crowd.job == ["a", "c"]
    await crowd.go("c")
    assert (crowd.turns.in_flight, crowd.turns.waiting) == (0, 0)


async def test_whoever_asks_for_a_first_run_beside_ten_of_another_waits_for_one_call() -> None:
    """One who asks for much must not make the bot slow for all the others."""
    crowd = Crowd(1)
    for number in range(30):
        await crowd.come(f"x{number}", call(f"run {number // 3}", person="X"))
    await crowd.go("x0")
    for number in range(3):
        await crowd.come(f"y{number}", call("first", person="Y"))
    assert (await drain(crowd))[:9] == ["x0", "x1", "y0", "x2", "y1", "x3", "y2", "x4", "x5"]


async def test_people_who_keep_coming_leave_their_turns_to_whoever_has_several_runs() -> None:
    """Each newcomer is glad to be served at once; whoever waits while they come must be served as well."""
    crowd = Crowd(1)
    for number in range(6):
        await crowd.come(f"x{number}", call(f"run {number}", person="X"))
    for number in range(8):
        await crowd.come(f"new {number}", call(f"new {number}"))
        await crowd.go(crowd.job[-1])
    assert "".join(name[0] for name in crowd.job) == "xnxnnxnnn"  # one more waits after each turn
    await drain(crowd)


async def test_a_follow_up_goes_before_all_turns_and_a_second_copy_after_them() -> None:
    """Somebody sits there and waits for the one; nobody misses the other."""
    crowd = Crowd(1)
    await crowd.come("busy", call("zero"))
    await crowd.come("copy", call("zero", Priority.HEDGE))
    await crowd.come("x0", call("run 0", person="X"))
    await crowd.come("x1", call("run 1", person="X"))
    await crowd.come("y", call("first", person="Y"))
    await crowd.come("question", call("run 0", Priority.FOLLOW_UP, person="X"))
    assert await drain(crowd) == ["busy", "question", "y", "x0", "x1", "copy"]


async def test_those_who_wait_are_counted_by_what_they_are_for() -> None:
    """Many questions that wait are a limit that is too low; many angles are a busy morning."""
    crowd = Crowd(1)
    for name, priority in (("busy", Priority.ANGLE), ("a", Priority.ANGLE), ("b", Priority.ANGLE)):
        await crowd.come(name, call(name, priority))
    await crowd.come("c", call("c", Priority.FOLLOW_UP))
    crowd.tasks.pop("b").cancel()
    await _settle()
    assert crowd.turns.waiting_by_rank == {"follow_up": 1, "report": 0, "section": 0, "angle": 1, "hedge": 0}
    assert crowd.turns.waiting == 2


Asked = tuple[int, int, Priority]  # a person, which of their runs, what for


async def served(asked: list[Asked]) -> list[int]:
    """In which order these calls get a turn that all wait for a single one; each by its place in the list."""
    crowd = Crowd(1)
    await crowd.come("busy", call("busy"))
    for place, (person, run, priority) in enumerate(asked):
        await crowd.come(str(place), call(f"{person}/{run}", priority, str(person)))
    return [int(name) for name in (await drain(crowd))[1:]]


def asked_by(
    people: int, runs: int, priorities: Sequence[Priority] = tuple(Priority)
) -> st.SearchStrategy[list[Asked]]:
    """Calls of so many people, of up to so many runs of each."""
    one = st.tuples(st.integers(1, people), st.integers(1, runs), st.sampled_from(priorities))
    return st.lists(one, max_size=20)


@given(asked_by(people=6, runs=1))
def test_people_with_one_run_each_go_as_if_all_runs_were_one_persons(asked: list[Asked]) -> None:
    """What was begun is finished first, whoever asked for it."""
    of_one = [(0, person, priority) for person, _, priority in asked]
    assert asyncio.run(served(asked)) == asyncio.run(served(of_one))


@given(asked_by(people=5, runs=1), asked_by(people=1, runs=10))
def test_ten_runs_of_one_person_change_nothing_in_the_order_of_the_others(few: list[Asked], many: list[Asked]) -> None:
    """What they cost is a turn now and then."""
    both = [*few, *((0, run, priority) for _, run, priority in many)]
    order = asyncio.run(served(both))
    assert [place for place in order if place < len(few)] == asyncio.run(served(few))


@given(asked_by(people=4, runs=4, priorities=[Priority.REPORT, Priority.SECTION, Priority.ANGLE]))
def test_between_two_turns_of_one_with_several_runs_come_as_many_as_others_wait(asked: list[Asked]) -> None:
    """So nobody starves, and two of them alternate."""
    order = [asked[place] for place in asyncio.run(served(asked))]
    before: dict[int, int] = {}
    for place, (person, _, _) in enumerate(order):
        waiting = {other for other, _, _ in order[place:]}
        several = len({run for other, run, _ in order[place:] if other == person}) > 1
        if person in before and several:
            assert place - before[person] >= len(waiting)
        before[person] = place


@given(asked_by(people=4, runs=4), st.integers(1, 4))
def test_a_persons_own_calls_go_in_the_same_order_whoever_else_asks(asked: list[Asked], person: int) -> None:
    """By priority, then those of runs that have begun, then the oldest."""
    own = [place for place, (who, _, _) in enumerate(asked) if who == person]
    order = [place for place in asyncio.run(served(asked)) if place in own]
    assert order == [own[place] for place in asyncio.run(served([asked[place] for place in own]))]


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
                await crowd.come(str(number), call(str(which), priority, person=str(which // 2)))
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
