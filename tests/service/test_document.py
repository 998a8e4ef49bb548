"""The exported document of a run with sources."""

from __future__ import annotations

from hypothesis import given
from markdown_it import MarkdownIt

from bot.research.model import Checks, Finding, Passage, Report, Section, Source
from bot.research.run_state import Run
from bot.service.document import document
from bot.slack.format.escape import harmless
from tests.slack.messages.test_payloads import pings, texts
from tests.support.fakes import question

PASSAGES = (
    Passage(letter="a", text="JET made 69 MJ in one pulse."),
    Passage(letter="c", text="It had been running for forty years, and was shut down at the end of 2023."),
)
JET = Source(
    name="EUROfusion",
    title="A *record*",
    url="https://jet.example/",
    number=2,
    date="2024-02-08",
    read_at=1795169524,
    passages=PASSAGES,
)


def sourced(source: Source, unsourced: str = "") -> Run:
    """A run whose first angle rests on a page, and whose second one should do so too."""
    first, second, _ = question().angles
    run = Run.of(question()).with_branch(
        first.slug, result=Finding(angle=first, text="It made 69 MJ [2a].", sources=(source,))
    )
    run = run.with_branch(second.slug, result=Finding(angle=second, text="Nothing.", unsourced=unsourced))
    report = Report(summary="S [2c].", sections=(Section(title="Synthesis", text="So [2a]."),), checks=Checks())
    return run.model_copy(update={"report": report})


def test_an_export_lists_each_page_with_all_that_is_known_of_it() -> None:
    """The file is read where no link can be followed, and when the page may be gone."""
    made = document(sourced(JET))
    assert (
        "## Sources\n\n[2] **A \\*record\\***, EUROfusion, 2024-02-08  \n"
        "Read on 20 November 2026, 10:12 UTC: https://jet.example/\n\n"
        "> “JET made 69 MJ in one pulse.”\n\n> “It had been running" in made
    )


def test_a_number_in_an_export_leads_to_its_passage() -> None:
    """As in the thread."""
    made = document(sourced(JET))
    link = "[[2]](https://jet.example/#:~:text=JET%20made%2069%20MJ%20in%20one%20pulse)"
    assert f"## Historical angle\nIt made 69 MJ {link}.\n" in made
    assert f"## Synthesis\nSo {link}.\n" in made
    assert "S [[2]](https://jet.example/#:~:text=It%20had%20been" in made


def test_an_export_says_which_angle_has_no_sources_and_why() -> None:
    """Whoever has only the file knows as much as whoever reads the thread."""
    made = document(sourced(JET, "search_down"))
    assert "## Technical angle\nNothing.\n\nNo web sources.\n" in made
    assert "Technical: web search is not available for the moment" in made
    assert "---\n\nWritten by AI, 1 site, no web sources: technical.  \n" in made


@given(texts)
def test_whatever_a_page_says_stands_in_the_export_as_words(text: str) -> None:
    """No heading, no link and no ping of a page becomes one of the document's."""
    page = JET.model_copy(update={"name": text, "title": text, "passages": (Passage(letter="a", text=text),)})
    listed = harmless(document(sourced(page))).partition("## Sources\n")[2].partition("\n---\n")[0]
    kinds = {token.type for token in MarkdownIt("commonmark").enable("table").parse(listed)}
    assert kinds <= {f"{kind}_{side}" for kind in ("paragraph", "blockquote") for side in ("open", "close")} | {
        "inline"
    }
    assert pings(listed) == []
