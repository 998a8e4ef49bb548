"""A report has its sections whatever the model writes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.angles import DEFAULT, TECHNICAL
from bot.research.model import OWN_ANGLE, Angle, Finding, Gap
from bot.research.model_call import TimeLimit
from bot.research.run_state import Run
from bot.research.synthesize import assemble, synthesize
from tests.support.fakes import REPORT, FakeModel, question

TITLES = ["Historical Overview", "Technical Mechanisms", "Societal Impact", "Synthesis"]


def run(gap: bool = False) -> Run:
    started = Run.of(question())
    for angle in DEFAULT:
        started = started.with_branch(angle.slug, result=Finding(angle=angle, text=f"{angle.title} fact. More of it."))
    if gap:
        lost = Gap(angle=TECHNICAL, cause="model_timeout", sentence="x", short="the model did not answer in time")
        started = started.with_branch(TECHNICAL.slug, result=lost)
    return started


def texts(written: str, gap: bool = False) -> dict[str, str]:
    return {section.title: section.text for section in assemble(written, run(gap)).sections}


def test_a_well_behaved_answer_is_taken_as_it_is() -> None:
    """The usual case must not be touched."""
    report = assemble(REPORT, run())
    assert report.summary == "Tea moved from medicine to habit. Its trade shaped empires."
    assert report.markdown == REPORT.split("\n\n", 1)[1]


@given(st.text())
def test_every_report_has_its_sections_in_order_and_none_is_empty(written: str) -> None:
    """People look for the four headings."""
    report = assemble(written, run())
    assert [section.title for section in report.sections] == TITLES
    assert all(section.text.strip() for section in report.sections)


@given(st.lists(st.sampled_from([*TITLES, "Other"])), st.lists(st.from_regex(r"[a-z]{3,8}", fullmatch=True)))
def test_no_word_under_any_heading_is_dropped(titles: list[str], words: list[str]) -> None:
    """What was paid for is shown, whatever heading the model chose."""
    pieces = [f"## {title}\n{word}" for title, word in zip(titles, words, strict=False)]
    report = assemble("A summary.\n\n" + "\n\n".join(pieces), run())
    for word in words[: len(pieces)]:
        assert word in report.markdown.split() or word in report.summary


def test_headings_are_known_by_other_marks_and_endings_too() -> None:
    """Models decorate."""
    headings = ["# Historical Overview:", "**Technical Mechanisms**", "3. Societal Impact", "### Synthesis ###"]
    written = "Sum." + "".join(f"\n\n{heading}\n{text}" for heading, text in zip(headings, "abcd", strict=True))
    assert texts(written) == dict(zip(TITLES, "abcd", strict=True))


def test_a_heading_of_the_models_own_stays_within_its_section() -> None:
    """A fifth section would break the fixed frame."""
    assert texts(REPORT + "\n\n# Conclusion\nEnd.")["Synthesis"].endswith("### Conclusion\nEnd.")


def test_a_comment_in_code_is_not_a_heading() -> None:
    """Code must arrive as it was written."""
    written = "S.\n\n## Technical Mechanisms\n```sh\n# Synthesis\nmake\n```\n\n## Synthesis\nz"
    assert "# Synthesis\nmake" in texts(written)["Technical Mechanisms"]


def test_prose_under_a_missing_angles_heading_is_not_believed() -> None:
    """It rests on no finding: an invented section would pass off a gap as knowledge."""
    section = texts(REPORT, gap=True)["Technical Mechanisms"]
    assert section == "*Missing.* The technical angle could not be completed: the model did not answer in time."


def test_an_angle_that_the_model_left_out_speaks_for_itself() -> None:
    """A finding that exists is never shown as empty."""
    written = "Sum.\n\n## Historical Overview\na\n\n## Synthesis\nb"
    assert texts(written)["Societal Impact"].endswith("Societal fact. More of it.")


def test_text_without_any_heading_is_the_synthesis() -> None:
    """A model that ignores the frame has still written something."""
    assert texts("First part.\n\nSecond part.")["Synthesis"] == "Second part."
    assert texts("Only part.")["Synthesis"] == "Only part."


def test_without_an_opening_the_synthesis_gives_the_summary() -> None:
    """Channel readers learn the result in any case."""
    report = assemble("## Synthesis\nOne thing. " + "Another thing. " * 40, run())
    assert report.summary.startswith("One thing. Another thing.")
    assert len(report.summary) <= 450
    assert report.summary.endswith(".")


def test_a_title_over_the_report_is_not_taken_for_its_summary() -> None:
    """ "Report on tea" tells nobody anything."""
    assert assemble("# Report on tea\n\n" + REPORT, run()).summary.startswith("Tea moved")


def test_the_summary_may_not_be_longer_than_a_channel_reader_takes_in() -> None:
    """The root is not the report."""
    assert assemble("word " * 200 + ".\n\n## Synthesis\nShort.", run()).summary == "Short."


@pytest.mark.parametrize(
    "names",
    [
        ("1980s", "1990s", "2000s"),
        ("C", "C++", "C#"),
        ("2D printing", "3D printing"),
        ("1. law", "2. law"),
        ("+1", "-1"),
    ],
)
@pytest.mark.parametrize("heading", ["## {}", "**{}**", "## {}:", "### *{}*"])
def test_angles_that_differ_in_numbers_or_signs_keep_their_own_sections(names: tuple[str, ...], heading: str) -> None:
    """Whoever names decades or languages means each of them."""
    angles = tuple(Angle(slug=f"own-{n}", title=name, section=name, prompt=OWN_ANGLE) for n, name in enumerate(names))
    own = Run.of(question(angles=angles))
    for angle in angles:
        own = own.with_branch(angle.slug, result=Finding(angle=angle, text="x"))
    text = "\n\n".join(f"{heading.format(name)}\nAbout {number}." for number, name in enumerate(names))
    report = assemble(f"In short.\n\n{text}\n\n## Synthesis\nAll.", own)
    assert [section.text for section in report.sections] == [*(f"About {n}." for n in range(len(names))), "All."]


async def test_what_readers_said_is_bounded_and_the_newest_of_it_is_heard() -> None:
    """A pasted log must not cost everybody the report."""
    wishes = tuple(f"{number} " + "x" * 5_000 for number in range(10))
    model = FakeModel()
    await synthesize(model, run().model_copy(update={"wishes": wishes}), TimeLimit(60), 60)
    said = model.calls[0].prompt
    assert [number for number in range(10) if f"{number} xxx" in said] == [8, 9]
