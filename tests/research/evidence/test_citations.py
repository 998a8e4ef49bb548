"""The markers of a text as people see them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.evidence.citations import Citations, linked, numbered
from bot.research.evidence.provenance import provenance, unsearched, unsourced
from bot.research.model import Checks, Finding, Node, Passage, Report, Section, Source
from bot.research.run_state import Run
from bot.research.words import NBSP
from tests.support.fakes import question

JET = Source(
    name="EUROfusion",
    url="https://jet.example/a_(b)?x=1&y=2",
    number=12,
    passages=(Passage(letter="a", text="JET made 16 MW."), Passage(letter="c", text="It ended in 2023.")),
)
NIF = Source(
    name="LLNL", url="https://www.nif.example/a.pdf", number=3, passages=(Passage(letter="b", text="x", sheet=4),)
)
BOTH = (NIF, JET)
PAGES = Citations(BOTH)
AT_JET = "https://jet.example/a_%28b%29?x=1&y=2#:~:text="


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It made 16 MW [12a].", f"It made 16 MW [[12]]({AT_JET}JET%20made%2016%20MW)."),
        ("It did.[3b] See", "It did.[[3]](https://www.nif.example/a.pdf#page=4) See"),
        ("Both [12a][12c].", f"Both [[12]]({AT_JET}JET%20made%2016%20MW&text=It%20ended%20in%202023)."),
        ("Both [12a][3b].", f"Both [[12]]({AT_JET}JET%20made%2016%20MW)[[3]](https://www.nif.example/a.pdf#page=4)."),
        (
            "A passage that is not kept [12z].",
            "A passage that is not kept [[12]](https://jet.example/a_%28b%29?x=1&y=2).",
        ),
        ("Nobody's [99a].", "Nobody's."),
        ("Nobody's [99a][3b].", "Nobody's [[3]](https://www.nif.example/a.pdf#page=4)."),
        ("`x[12a]` and a list[3]", "`x[12a]` and a list[3]"),
        ("```\nx [12a]\n```", "```\nx [12a]\n```"),
    ],
)
def test_a_marker_becomes_a_link_to_its_passage(text: str, shown: str) -> None:
    """A reader checks a statement with one click."""
    assert PAGES.shown(text, linked) == shown


def test_without_sources_a_text_stays_as_it_is() -> None:
    """What looks like a marker in an older run is the model's own."""
    assert Citations(()).shown("As in [12a], [3b].", linked) == "As in [12a], [3b]."


def test_a_page_is_named_once_and_by_its_number() -> None:
    """The line of sources is a list of what can be opened."""
    assert PAGES.cited("One [12a], two [3b], one again [12c], nobody's [99a].") == [NIF, JET]


@given(st.lists(st.sampled_from(["word ", "[12a]", "[3b]", "[99z]", "`", "\n", "    ", "- ", "[", "](", "*", "12a"])))
def test_nothing_but_markers_changes(pieces: list[str]) -> None:
    """The text is the model's, word for word."""
    text = "".join(pieces)
    assert re.sub(r" |\[\d+[a-z]?\]", "", numbered(text, BOTH)) == re.sub(r" |\[\d+[a-z]?\]", "", text)


def run(report: str, **sources: tuple[Source, ...]) -> Run:
    """A run with a report; angles without sources should have had some."""
    made = Run.of(question())
    for angle in made.question.angles:
        own = sources.get(angle.slug, ())
        finding = Finding(angle=angle, text="x", sources=own, unsourced="" if own else "search_credit")
        made = made.with_branch(angle.slug, result=finding)
    checks = Checks(statements=15, checked=14)
    return made.model_copy(
        update={"report": Report(summary="S.", sections=(Section(title="T", text=report),), checks=checks)}
    )


def test_a_report_says_how_much_of_it_was_checked_and_on_how_many_sites() -> None:
    """Two pages of a site are one voice."""
    other = NIF.model_copy(update={"number": 4, "url": "https://nif.example/b"})
    told = run("One [12a], two [3b], three [4b].", historical=(NIF, other), technical=(JET,))
    assert provenance(told) == [
        "Written by AI",
        "14 of 15 cited statements checked against the pages, 2 sites",
        "no web sources: societal",
    ]


def test_why_an_angle_has_no_sources_is_said_with_its_name_where_others_have_some() -> None:
    """Whoever runs the bot can do something about it."""
    some, none = run("x", technical=(JET,)), run("x")
    assert unsearched(none) == ["Web search is not available: the search provider's account is used up."]
    assert unsearched(some)[0].startswith("Historical, Societal: web search is not available")
    assert provenance(none) == []


def test_questions_that_were_answered_from_memory_are_told_beside_those_that_have_sources() -> None:
    """The pages of the others would vouch for them."""
    (angle, *others), (found, bare) = question().angles, [Node(name=str(n), text="x") for n in (1, 2)]
    nodes = (found, bare.model_copy(update={"unsourced": "pages_none"}))
    finding = Finding(angle=angle, text="x [3b]", sources=(NIF,), checks=Checks(), nodes=nodes)
    assert unsourced(finding) == [f"no web sources for 1 of 2{NBSP}questions"]
    each = {each.slug: finding.model_copy(update={"angle": each}) for each in (angle, *others)}
    made = Run.of(question())
    for slug, result in each.items():
        made = made.with_branch(slug, result=result)
    assert unsearched(made) == [
        f"Historical (1 of 2{NBSP}questions), Technical (1 of 2{NBSP}questions), Societal (1 of 2{NBSP}questions): "
        "web search found pages, but none of them could be read."
    ]


def test_an_angle_that_was_never_searched_for_says_nothing_of_it() -> None:
    """Runs of older releases look as they did."""
    angle = question().angles[0]
    assert unsourced(Finding(angle=angle, text="x")) == []
    assert unsourced(Finding(angle=angle, text="x", checks=Checks())) == ["no web sources"]
    assert unsearched(Run.of(question()).with_branch(angle.slug, result=Finding(angle=angle, text="x"))) == []


def test_a_report_that_stands_during_a_retry_keeps_its_links() -> None:
    """It is read, exported and asked about while an angle is researched anew, and where that comes to nothing."""
    before = run("One [12a].", technical=(JET,))
    retried = before.retrying(["technical"], "U1").with_branch("technical", result=None, retried=before.findings[1])
    assert retried.sources == (JET,)
    again = JET.model_copy(update={"passages": ()})
    found = retried.with_branch("technical", result=before.findings[1].model_copy(update={"sources": (again, NIF)}))
    assert found.sources == (NIF, again)
