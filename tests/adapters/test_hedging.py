"""When a call is late, how many second copies there may be, and which answer counts."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.hedging import (
    FEWEST,
    MOST_COPIES,
    REMEMBERED,
    SHARE,
    SHORTEST,
    WINDOW,
    Allowance,
    Copy,
    Hedging,
    Lateness,
    kind_of,
)
from bot.research.errors import ModelError, ProviderDown, RateLimited
from tests.support.virtual_time import in_virtual_time, now

TIMES = st.lists(st.floats(0, 600), max_size=300)


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        ("plan", "plan"),
        ("plan/repair", "plan"),
        ("angle/technical/repair", "repair"),
        ("report/synthesis/repair", "repair"),
        ("angle/technical/queries", "angle/plan"),
        ("angle/technical", "angle"),
        ("angle/technical/plan", "angle/plan"),
        ("angle/technical/2", "angle/question"),
        ("angle/technical/2/1", "angle/question"),
        ("report", "report"),
        ("report/technical", "report/section"),
        ("report/synthesis", "report/synthesis"),
        ("follow-up/1764183600.000100", "follow-up"),
    ],
)
def test_steps_that_take_alike_are_of_a_kind(step: str, kind: str) -> None:
    """What is late for a plan is early for a synthesis."""
    assert kind_of(step) == kind


@given(TIMES)
def test_a_call_is_late_only_beyond_what_is_usual(times: list[float]) -> None:
    """Neither a few calls nor a short pause make it late; few of those that are remembered are later."""
    lateness = Lateness()
    for seconds in times:
        lateness.took("angle", seconds)
    late, latest = lateness.after("angle"), times[-REMEMBERED:]
    assert (late == math.inf) == (len(times) < FEWEST)
    assert late >= SHORTEST
    assert lateness.after("report") == math.inf
    if late < math.inf:
        middle = sorted(latest)[len(latest) // 2]
        assert late <= max(SHORTEST, 3 * middle)
        assert sum(seconds > late for seconds in latest) <= len(latest) / 20 or late < max(latest)


def test_a_call_is_late_beyond_the_95th_of_a_hundred() -> None:
    """The figure that is promised, where three times the middle is more."""
    lateness = Lateness()
    for seconds in range(101, 201):
        lateness.took("angle", float(seconds))
    assert lateness.after("angle") == 195


def test_a_call_is_late_beyond_three_times_the_middle() -> None:
    """One that hung does not make all that hang look usual."""
    lateness = Lateness()
    for seconds in [2.0] * 9 + [80.0]:
        lateness.took("angle", seconds)
    assert lateness.after("angle") == 6


@given(st.lists(st.sampled_from(["call", "copy", "copy that is not made"]), max_size=600))
def test_there_are_ten_copies_over_any_hundred_calls_and_a_tenth_of_all(moves: list[str]) -> None:
    """Where all is slow, copies would make it slower."""
    allowance, calls, copied_at = Allowance(), 0, list[int]()
    for move in moves:
        if move == "call":
            calls += 1
            allowance.called()
        elif taken := allowance.take():
            if move == "copy":
                copied_at.append(calls)
            else:
                allowance.give_back(taken)
    assert SHARE * len(copied_at) <= calls
    for at in copied_at:
        assert sum(at - WINDOW < each <= at for each in copied_at) <= MOST_COPIES


def test_a_steady_need_is_met_up_to_the_limit() -> None:
    """A limit that never gives anything out would pass as well."""
    allowance, copies = Allowance(), 0
    for _ in range(500):
        allowance.called()
        copies += bool(allowance.take())
    assert copies == 50


class Racing:
    """Calls that are late, hang or fail as they are told, and their copies."""

    def __init__(self) -> None:
        self.hedging = Hedging()
        self.turn = asyncio.Event()
        self.turn.set()
        self.permits = True
        self.asked: list[str] = []
        self.left: list[str] = []

    async def usual(self, seconds: float = 0.3, times: int = 20) -> None:
        """Some calls as all are."""
        for _ in range(times):
            await self.race(seconds, 0, 0)

    @asynccontextmanager
    async def in_turn(self) -> AsyncIterator[None]:
        await self.turn.wait()
        yield

    async def ask(self, name: str, seconds: float, error: ModelError | None = None) -> str:
        self.asked.append(name)
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            self.left.append(name)
            raise
        if error:
            raise error
        return name

    async def race(
        self,
        first_token: float,
        rest: float,
        copy: float,
        fails: ModelError | None = None,
        copy_fails: ModelError | None = None,
        kind: str = "angle",
    ) -> str:
        """A call with these seconds to its first token and from there on, and its copy with those."""

        async def ask(hear: object) -> str:
            await self.ask("first token", first_token, fails)
            assert callable(hear)
            hear()
            return await self.ask("first", rest)

        second = Copy(self.in_turn(), lambda: self.permits, lambda: self.ask("copy", copy, copy_fails))
        return await self.hedging.answer(kind, ask, second)


@in_virtual_time
async def test_a_late_call_is_asked_twice_and_the_copy_may_win() -> None:
    """That is what it is for; the other is left at once."""
    racing = Racing()
    await racing.usual()
    began = now()
    assert await racing.race(60, 5, 2) == "copy"
    assert now() - began == pytest.approx(SHORTEST + 2)
    assert racing.left == ["first token"]
    assert racing.hedging.outcomes == {"won": 1, "lost": 0, "refused": 0}


@in_virtual_time
async def test_a_repair_is_never_asked_for_twice_however_late_it_is() -> None:
    """What it mends can be read without it."""
    racing = Racing()
    for _ in range(20):
        await racing.race(0.3, 0, 0, kind="repair")
    assert await racing.race(60, 5, 2, kind="repair") == "first"
    assert "copy" not in racing.asked


@in_virtual_time
async def test_the_first_may_still_win() -> None:
    """Whichever is whole first counts, not whichever was asked last."""
    racing = Racing()
    await racing.usual()
    assert await racing.race(2, 1, 60) == "first"
    assert racing.left == ["copy"]
    assert racing.hedging.outcomes["lost"] == 1


@in_virtual_time
async def test_a_call_with_its_first_token_is_not_late_however_long_it_takes() -> None:
    """A long answer is no slow one."""
    racing = Racing()
    await racing.usual()
    assert await racing.race(0.5, 300, 0) == "first"
    assert "copy" not in racing.asked


@in_virtual_time
async def test_a_copy_that_waits_for_its_turn_is_withdrawn_with_the_first_token() -> None:
    """It does not count, for it was never made."""
    racing = Racing()
    await racing.usual()
    racing.turn.clear()
    assert await racing.race(3, 2, 0) == "first"
    assert "copy" not in racing.asked
    assert set(racing.hedging.outcomes.values()) == {0}
    racing.turn.set()
    assert await racing.race(60, 5, 2) == "copy"
    assert await racing.race(60, 5, 2) == "copy"  # two for twenty-two calls: nothing was taken by the one withdrawn


class JustInTime(Allowance):
    """Lets the first token come between a copy's leave to begin and its first step."""

    hear: Callable[[], None]

    def take(self) -> int:
        asyncio.get_running_loop().call_soon(self.hear)
        return super().take()


@in_virtual_time
async def test_a_copy_that_is_withdrawn_before_its_first_step_does_not_count() -> None:
    """It would be missing where a call is late."""
    racing, allowance = Racing(), JustInTime()
    racing.hedging.allowance = allowance
    await racing.usual()

    async def ask(hear: Callable[[], None]) -> str:
        allowance.hear = hear
        await asyncio.sleep(60)
        return "first"

    second = Copy(racing.in_turn(), lambda: True, lambda: racing.ask("copy", 0))
    assert await racing.hedging.answer("angle", ask, second) == "first"
    assert "copy" not in racing.asked
    copies = [Allowance.take(allowance) for _ in range(3)]
    assert list(map(bool, copies)) == [True, True, False]  # a tenth of twenty-one calls


@in_virtual_time
async def test_a_copy_that_waits_goes_with_a_call_that_fails() -> None:
    """A copy is no way to try a failure again."""
    racing = Racing()
    await racing.usual()
    racing.turn.clear()
    with pytest.raises(ProviderDown):
        await racing.race(3, 0, 0, fails=ProviderDown())
    assert "copy" not in racing.asked


@in_virtual_time
async def test_a_copy_under_way_may_win_over_a_failure() -> None:
    """It was begun while the first went on."""
    racing = Racing()
    await racing.usual()
    assert await racing.race(2, 0, 5, fails=ProviderDown()) == "copy"


@in_virtual_time
async def test_a_copy_that_fails_changes_nothing() -> None:
    """The first goes on."""
    racing = Racing()
    await racing.usual()
    assert await racing.race(10, 5, 1, copy_fails=RateLimited()) == "first"


@in_virtual_time
async def test_of_two_failures_the_firsts_counts() -> None:
    """It decides whether the call is tried again."""
    racing = Racing()
    await racing.usual()
    with pytest.raises(ProviderDown):
        await racing.race(2, 0, 5, fails=ProviderDown(), copy_fails=RateLimited())


@in_virtual_time
async def test_a_copy_that_the_run_may_not_pay_is_not_made() -> None:
    """A budget holds for copies too, and the allowance is kept for others."""
    racing = Racing()
    await racing.usual()
    racing.permits = False
    assert await racing.race(10, 5, 1) == "first"
    assert "copy" not in racing.asked
    assert racing.hedging.outcomes == {"won": 0, "lost": 0, "refused": 1}


@in_virtual_time
async def test_a_model_that_is_slow_for_all_is_not_asked_more() -> None:
    """A storm of copies would slow it further."""
    racing = Racing()
    await racing.usual(times=100)
    await asyncio.gather(*(racing.race(30, 5, 30) for _ in range(100)))
    assert racing.asked.count("copy") == MOST_COPIES
    assert racing.hedging.outcomes["refused"] == 100 - MOST_COPIES
    await racing.usual(30)  # by now that is usual
    copies = racing.asked.count("copy")
    await racing.race(30, 5, 30)
    assert racing.asked.count("copy") == copies


@in_virtual_time
async def test_nobody_is_asked_any_more_once_the_call_is_cancelled() -> None:
    """A stopped run must not go on costing."""
    racing = Racing()
    await racing.usual()
    asking = asyncio.create_task(racing.race(60, 5, 60))
    await asyncio.sleep(10)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert racing.left == ["first token", "copy"]


@in_virtual_time
async def test_two_answers_in_the_same_moment_are_one() -> None:
    """Nobody reads an angle twice."""
    racing = Racing()
    await racing.usual()
    assert await racing.race(4, 0, 3) == "first"
    assert racing.asked[-2:] == ["copy", "first"]


@in_virtual_time
async def test_nobody_listens_for_the_first_token_of_a_cancelled_call() -> None:
    """It would listen for ever."""
    racing = Racing()
    await racing.usual()
    others = asyncio.all_tasks()
    asking = asyncio.create_task(racing.race(60, 5, 60))
    await asyncio.sleep(SHORTEST / 2)
    asking.cancel()
    await asyncio.wait([asking])
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == others
