"""A question in a thread: what the model is given, and what its first line means."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.angles import HISTORICAL, TECHNICAL
from bot.research.errors import ContextTooLong
from bot.research.model import Finding
from bot.research.model_call import TimeLimit
from bot.research.run_state import Run
from bot.service.answer import BUDGET, follow_up, read, recent
from bot.service.jobs import ReplyJob
from bot.service.transcript import Answer, Entry, Verdict
from tests.support.fakes import FakeModel, question

TEXTS = st.lists(st.text(max_size=BUDGET), max_size=8)


def run(*findings: Finding) -> Run:
    begun = Run.of(question())
    for finding in findings:
        begun = begun.with_branch(finding.angle.slug, result=finding)
    return begun


def ask(text: str = "Why?", addressed: bool = False) -> ReplyJob:
    return ReplyJob(run_id="r_1", thread="C1/1", ts="9", asker="U2", text=text, asked_at=9, addressed=addressed)


def said(*texts: str) -> list[Entry]:
    return [Entry(run_id="r_1", ts=str(at), text=text, at=at) for at, text in enumerate(texts)]


FOUND = run(Finding(angle=HISTORICAL, text="Tea began in China."), Finding(angle=TECHNICAL, text="Leaves oxidise."))


async def answered(model: FakeModel, asked: ReplyJob, *before: str, of: Run = FOUND) -> Answer:
    return await follow_up(model, of, said(*before), asked, TimeLimit(5))


@pytest.mark.parametrize(
    ("text", "addressed", "verdict", "rest"),
    [
        ("It began in China.", False, Verdict.ANSWERED, "It began in China."),
        ("NOT FOR ME", False, Verdict.IGNORED, ""),
        ("**Not for me.**\nThey talk to each other.", False, Verdict.IGNORED, ""),
        ("NOT FOR ME\nBut here it is.", True, Verdict.ANSWERED, "But here it is."),
        ("NOT FOR ME", True, Verdict.DECLINED, "These findings say nothing about that."),
        ("NOT IN THE FINDINGS\nThese findings do not say.", False, Verdict.DECLINED, "These findings do not say."),
        ("NOT IN THE FINDINGS", False, Verdict.DECLINED, "These findings say nothing about that."),
        ("Not for me to say, but it began in China.", False, Verdict.ANSWERED, None),
    ],
)
def test_the_first_line_says_what_the_rest_is(text: str, addressed: bool, verdict: Verdict, rest: str | None) -> None:
    """Any other text is an answer."""
    assert read(text, addressed) == (verdict, text if rest is None else rest)


async def test_the_question_stands_last_behind_all_that_was_found_and_said() -> None:
    """What stands last weighs most, and prices fall where prompts begin alike."""
    model = FakeModel()
    await answered(model, ask("Why <@U7|ann> then?"), "When?", "In 1610.")
    prompt = model.calls[0].prompt
    places = [prompt.index(part) for part in ("tea", "Tea began", "Leaves oxidise", "When?", "In 1610.", "Why @some")]
    assert places == sorted(places)
    assert prompt.endswith("<reply>\nWhy @somebody then?\n</reply>")


async def test_an_answer_names_the_angles_that_it_rests_on() -> None:
    """Whoever doubts it knows where to look."""
    model = FakeModel()
    model.answers["follow-up/9"] = "The technical angle says so."
    assert (await answered(model, ask())).angles == ("technical",)


async def test_what_went_wrong_is_said_in_a_sentence() -> None:
    """The asker can do something about it."""
    model = FakeModel()
    model.answers["follow-up/9"] = ContextTooLong()
    answer = await answered(model, ask())
    assert (answer.verdict, answer.text.partition(" it is")[0]) == (Verdict.FAILED, "with all findings")
    nothing = await answered(FakeModel(), ask(), of=run())
    assert (nothing.verdict, nothing.usage.calls) == (Verdict.FAILED, 0)


@given(TEXTS)
def test_the_newest_of_what_was_said_fits_the_budget_and_stays_whole_and_in_order(texts: list[str]) -> None:
    """A thread of a thousand replies must not make the next one impossible."""
    entries = said(*texts)
    kept = recent(entries)
    assert kept == entries[len(entries) - len(kept) :]
    assert sum(len(entry.text) for entry in kept) <= BUDGET
    left = entries[: len(entries) - len(kept)]
    assert not left or sum(len(entry.text) for entry in [left[-1], *kept]) > BUDGET
