"""What runs usually take and cost, by what the latest took."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.research.model import Usage, UsualCost
from bot.research.run_state import Phase, Run
from bot.service.estimates import FEWEST, LATEST, Estimates
from tests.support.fakes import question


def took(seconds: float, deep: bool = False, **more: object) -> Run:
    changes: dict[str, object] = {"phase": Phase.DONE, "seconds": seconds}
    return Run.of(question(deep=deep)).model_copy(update=changes | more)


def deep(calls: int, price: str | None) -> Run:
    spent = Usage(calls=calls, input_tokens=1, price=None if price is None else Decimal(price))
    return took(100, deep=True, earlier=spent)


def test_the_usual_time_is_that_of_the_middle_half_of_the_latest_runs() -> None:
    """One that waited for hours says nothing about the next."""
    estimates = Estimates()
    for seconds in (*[9_000] * LATEST, *[5] * 5, *range(30, 70), *[9_000] * 5):
        estimates.learn(took(seconds))
    usual = estimates.seconds(False)
    assert usual
    assert [round(each) for each in usual] == [37, 62]


def test_too_few_runs_tell_nothing() -> None:
    """A promise from one lucky run would be broken by the next."""
    estimates = Estimates()
    for _ in range(FEWEST - 1):
        estimates.learn(took(30))
    assert estimates.seconds(False) is None
    estimates.learn(took(30))
    assert estimates.seconds(False) == (30, 30)


@pytest.mark.parametrize(
    "run", [took(5, phase=Phase.STOPPED), took(5, phase=Phase.FAILED), took(5, attempt=2), took(5, resumed_at=1.0)]
)
def test_a_run_that_was_cut_or_taken_up_again_tells_nothing(run: Run) -> None:
    """Its time is that of a part, or has a restart in it."""
    estimates = Estimates()
    for _ in range(FEWEST):
        estimates.learn(run)
    assert estimates.seconds(False) is None


def test_deep_runs_and_others_tell_nothing_of_each_other() -> None:
    """One takes three times as long as the other."""
    estimates = Estimates()
    for number in range(FEWEST):
        estimates.learn(took(30))
        estimates.learn(took(90, deep=True))
        assert (estimates.seconds(True) is None) is (number < FEWEST - 1)
    assert (estimates.seconds(False), estimates.seconds(True)) == ((30, 30), (90, 90))
    assert (estimates.begun(question()).usual, estimates.begun(question(deep=True)).usual) == ((30, 30), (90, 90))


def test_a_deep_run_usually_costs_what_the_middle_half_of_the_latest_cost() -> None:
    """Nobody shall be surprised by a price; the others' is small, and is not told."""
    estimates = Estimates()
    for calls in (4, 16, 18, 19):
        estimates.learn(deep(calls, f"0.0{calls:02}"))
        assert estimates.cost() is None
    estimates.learn(deep(60, "0.06"))
    assert estimates.cost() == UsualCost(calls=(16, 19), dollars=Decimal("0.018"))
    assert estimates.begun(question(deep=True)).usual_cost == estimates.cost()
    assert estimates.begun(question()).usual_cost is None


@pytest.mark.parametrize("price", [None, "0"])
def test_dollars_that_are_not_known_are_left_out(price: str | None) -> None:
    """An unknown price is not nothing, and a model of one's own has none."""
    estimates = Estimates()
    for _ in range(FEWEST):
        estimates.learn(deep(16, price))
    assert estimates.cost() == UsualCost(calls=(16, 16))
    for _ in range(FEWEST - 1):
        estimates.learn(deep(16, "0.01"))
    assert estimates.cost() == UsualCost(calls=(16, 16))
    estimates.learn(deep(16, "0.01"))
    assert estimates.cost() == UsualCost(calls=(16, 16), dollars=Decimal("0.01"))
