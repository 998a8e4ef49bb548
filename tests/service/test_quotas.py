"""What is counted of runs."""

from __future__ import annotations

import pytest

from bot.research.run_state import Phase, Run
from bot.service.errors import LimitReached
from bot.service.quotas import FEWEST, LATEST, UNLIMITED, Limits, Quotas
from tests.support.fakes import question

DAY = 86_400
NOON = 1_795_000_000 // DAY * DAY + DAY / 2


def took(seconds: float, **more: object) -> Run:
    return Run.of(question()).model_copy(update={"phase": Phase.DONE, "seconds": seconds} | more)


def test_a_day_counts_for_itself_and_is_forgotten_after_it() -> None:
    """A process that runs for months must not carry every question of these months."""
    tally = Quotas(Limits(per_user_day=1))
    tally.add("a", question(key="a", asked_at=NOON))
    with pytest.raises(LimitReached):
        tally.admit(question(key="b", asked_at=NOON + 60), [])
    tally.admit(question(key="c", asked_at=NOON + DAY), [])
    tally.add("c", question(key="c", asked_at=NOON + DAY))
    assert "a" not in tally
    assert "c" in tally


def test_what_came_to_nothing_does_not_count() -> None:
    """A channel that refuses the root message must not use up somebody's day."""
    tally = Quotas(Limits(per_user_day=1))
    tally.add("a", question(key="a", asked_at=NOON))
    tally.drop("a")
    tally.admit(question(key="b", asked_at=NOON), [])


def test_the_usual_time_is_that_of_the_middle_half_of_the_latest_runs() -> None:
    """One that waited for hours says nothing about the next."""
    tally = Quotas(UNLIMITED)
    for seconds in (*[9_000] * LATEST, *[5] * 5, *range(30, 70), *[9_000] * 5):
        tally.learn(took(seconds))
    assert tally.usual
    assert [round(each) for each in tally.usual] == [37, 62]


def test_too_few_runs_tell_nothing() -> None:
    """A promise from one lucky run would be broken by the next."""
    tally = Quotas(UNLIMITED)
    for _ in range(FEWEST - 1):
        tally.learn(took(30))
    assert tally.usual is None
    tally.learn(took(30))
    assert tally.usual == (30, 30)


@pytest.mark.parametrize(
    "run", [took(5, phase=Phase.STOPPED), took(5, phase=Phase.FAILED), took(5, attempt=2), took(5, resumed_at=1.0)]
)
def test_a_run_that_was_cut_or_taken_up_again_tells_nothing(run: Run) -> None:
    """Its time is that of a part, or has a restart in it."""
    tally = Quotas(UNLIMITED)
    for _ in range(FEWEST):
        tally.learn(run)
    assert tally.usual is None
