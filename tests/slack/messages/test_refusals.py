"""Why something is not done, as people are told."""

from __future__ import annotations

import pytest

from bot.service.errors import AskedTooOften, LimitReached, Refusal
from bot.service.permissions import Action
from bot.slack.messages.refusals import told

# One is told in the thread with its numbers, one is told with its own.
OTHERWISE = {AskedTooOften, LimitReached}


@pytest.mark.parametrize("wanted", list(Action))
@pytest.mark.parametrize("kind", [each for each in Refusal.__subclasses__() if each not in OTHERWISE])
def test_every_refusal_has_a_sentence_for_whatever_was_wanted(kind: type[Refusal], wanted: Action) -> None:
    """A click that nothing comes of must not be met with silence."""
    sentence = told(kind(), wanted)["text"]
    assert sentence.endswith(".")


def test_what_was_not_begun_is_named() -> None:
    limit = LimitReached("user", 2)
    assert "Not started" not in told(limit, Action.RESUME)["text"]
    limit.topic = "tea"
    assert "Not started: “tea”." in told(limit, Action.START)["text"]
