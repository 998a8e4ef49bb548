"""A model that cites: as a worker, as a synthesizer and where its sentences go back; right, and wrong as wanted."""

from __future__ import annotations

import json
import time

import pytest

from bot.playground.model import Request, citing, default_text
from bot.playground.model_citing import Mistake
from bot.research.evidence.shelf import Shelf
from bot.research.model import Passage, Source
from bot.research.prompts import fenced

SHELF = Shelf(
    (
        Source(
            name="Tea: a review",
            url="https://a.example/",
            number=1,
            date="2024-05-01",
            passages=(
                Passage(
                    letter="a", text="Tea is a drink that people like.\nIt was grown in 12 provinces in 1998. So it is."
                ),
                Passage(letter="b", text="Picking\nIt is picked by hand in the morning."),
            ),
        ),
        Source(
            name="Growers",
            url="https://b.example/",
            number=2,
            passages=(Passage(letter="a", text="40.5 percent of it is green tea."),),
        ),
    )
)
KNOWN = "**It ends well.**"
HARVEST, PICKED, GREEN = (
    "It was grown in 12 provinces in 1998",
    "It is picked by hand in the morning",
    "40.5 percent of it is green tea",
)


def asked(step: str, *prompt: str) -> Request:
    messages = [{"role": "user", "content": "\n\n".join([fenced("topic", "tea"), *prompt])}]
    return Request(f"r_1/{step}", "chat", {"messages": messages}, time.monotonic())


def written(*mistakes: Mistake | None) -> str:
    answer = citing(*mistakes)
    assert callable(answer)
    return answer(asked("angle/technical", *SHELF.shown()))


def test_each_passage_is_cited_with_its_id() -> None:
    """The sentence that it is cited for has a number, where there is one."""
    assert written() == f"{HARVEST} [1a]. {PICKED} [1b]. {GREEN} [2a].\n\n{KNOWN}"


@pytest.mark.parametrize(
    ("mistake", "sentence"),
    [
        (Mistake.NUMBER, "It was grown in 56 provinces in 1998 [1a]."),
        (Mistake.SOURCE, f"{HARVEST} [2a]."),
        (Mistake.ID, f"{HARVEST} [99z]."),
        (Mistake.MARKER, f"{HARVEST}."),
        (Mistake.LINK, f"{HARVEST} ([source](https://invented.example/1))."),
    ],
)
def test_a_sentence_is_wrong_as_wanted_and_the_others_are_right(mistake: Mistake, sentence: str) -> None:
    assert written(mistake) == f"{sentence} {PICKED} [1b]. {GREEN} [2a].\n\n{KNOWN}"
    assert written(None, None, Mistake.NUMBER).endswith(f"[1b]. 80.9 percent of it is green tea [2a].\n\n{KNOWN}")


def test_sentences_that_go_back_are_written_anew_line_by_line_or_stay_wrong() -> None:
    wrong = ("It was grown in 56 provinces (or so) in 1998 [1a].", "55 percent is green tea.")
    lines = f"1. {wrong[0]} (these numbers do not stand there: 56)\n2. {wrong[1]} (it cites no passage: 55)"
    request = asked("angle/technical/repair", *SHELF.shown(), fenced("sentences", lines))
    assert default_text(request) == f"1. {HARVEST} [1a].\n2. {GREEN} [2a]."
    stubborn = citing(stubborn=True)
    assert callable(stubborn)
    assert stubborn(request).splitlines()[1] == f"2. {wrong[1]}"


@pytest.mark.parametrize("step", ["report", "report/synthesis", "report/technical"])
def test_a_report_quotes_a_sentence_of_each_finding_that_cites(step: str) -> None:
    finding = fenced("finding", f"Tea is known. {GREEN} [12b]. {KNOWN}", angle="Technical", words=9)
    assert f"{GREEN} [12b]." in default_text(asked(step, finding))


def test_a_section_cites_what_it_is_given_of_the_pages() -> None:
    finding = fenced("finding", f"{GREEN} [2a].", angle="Technical", words=9)
    assert f"{PICKED} [1b]." in default_text(asked("report/technical", finding, *SHELF.shown()))


def test_a_report_may_have_a_mistake_that_its_findings_have_not() -> None:
    finding = fenced("finding", f"{GREEN} [2a].", angle="Technical", words=9)
    answer = citing(Mistake.NUMBER)
    assert callable(answer)
    assert "80.9 percent of it is green tea [2a]." in answer(asked("report/synthesis", finding, *SHELF.shown()))


def test_other_queries_are_about_the_topic() -> None:
    assert json.loads(default_text(asked("angle/technical/queries"))) == ["tea figures", "tea study"]


def test_without_passages_nothing_is_cited() -> None:
    assert "[" not in default_text(asked("angle/technical"))
