"""Who may do what."""

from __future__ import annotations

import pytest

from bot.service.permissions import Action, may


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.ANSWER_AGAIN])
def test_what_everybody_sees_everybody_may_change(action: Action) -> None:
    """A run that only its asker can stop goes on while the asker is at lunch."""
    assert may(action, "U2", "U1")


def test_an_answer_is_asked_for_again_by_whoever_asked_only() -> None:
    """It stands under that person's name."""
    assert may(Action.ANSWER_AGAIN, "U1", "U1")
    assert not may(Action.ANSWER_AGAIN, "U2", "U1")
