"""What is advised when nothing came of a run fits what it failed of."""

from __future__ import annotations

import pytest

from bot.research.model import Gap
from bot.research.run_state import Phase, Run
from bot.slack.messages.advice import advice
from tests.support.fakes import question

ADMIN, LATER = "ask your admin", "try again in a few minutes"
WORDS, SHORTER = "reword the topic", "shorten the topic"


@pytest.mark.parametrize(
    ("causes", "told"),
    [
        (["key_rejected"] * 3, "check the model provider's key"),
        (["out_of_credit"] * 3, "add credit"),
        (["request_rejected"] * 3, "model's name and address"),
        (["rate_limited"] * 3, LATER),
        (["provider_down"] * 3, LATER),
        (["unreachable"] * 3, LATER),
        (["model_timeout"] * 3, LATER),
        (["empty_or_cut"] * 3, LATER),
        (["time_limit"] * 3, LATER),
        (["made_up_next_year"] * 3, LATER),
        (["model_refused"] * 3, WORDS),
        (["context_too_long"] * 3, SHORTER),
        (["price_limit"] * 3, "raise what a run may use"),
        (["text_refused"] * 3, "writes the texts anew"),
        (["rate_limited", "out_of_credit", "model_refused"], "add credit"),
        (["model_refused", "rate_limited", "context_too_long"], LATER),
        (["context_too_long", "model_refused", "model_refused"], WORDS),
        ([], LATER),
    ],
)
def test_the_advice_fits_the_cause(causes: list[str], told: str) -> None:
    """To wait does not help against an empty account, nor other words against a wrong key."""
    run = Run.of(question()).model_copy(update={"phase": Phase.FAILED})
    for branch, cause in zip(run.branches, causes, strict=False):
        gap = Gap(angle=branch.angle, cause=cause, sentence="x", short="x")
        run = run.with_branch(branch.angle.slug, result=gap)
    assert told in advice(run)
    assert advice(run).endswith(f"give your admin the reference `{run.id}`.")
