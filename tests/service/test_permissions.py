"""Who may do what."""

from __future__ import annotations

import pytest

from bot.service.permissions import Deed, may


@pytest.mark.parametrize("deed", [deed for deed in Deed if deed is not Deed.ANSWER_AGAIN])
def test_what_everybody_sees_everybody_may_change(deed: Deed) -> None:
    """A run that only its asker can stop goes on while the asker is at lunch."""
    assert may(deed, "U2", "U1")


def test_an_answer_is_asked_for_again_by_whoever_asked_only() -> None:
    """It stands under that person's name."""
    assert may(Deed.ANSWER_AGAIN, "U1", "U1")
    assert not may(Deed.ANSWER_AGAIN, "U2", "U1")
