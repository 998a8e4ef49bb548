"""What is counted of runs."""

from __future__ import annotations

import pytest

from bot.service.errors import LimitReached
from bot.service.quotas import Limits, Quotas
from tests.support.fakes import question

DAY = 86_400
NOON = 1_795_000_000 // DAY * DAY + DAY / 2


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
