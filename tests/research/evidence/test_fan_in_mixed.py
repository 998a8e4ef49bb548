"""Texts of findings some of which have pages and some have none: what counts, what is marked, what stays."""

from __future__ import annotations

import asyncio
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.research.angles import HISTORICAL, SOCIETAL, TECHNICAL
from bot.research.errors import ModelTimeout
from bot.research.evidence.conflicts import conflicts
from bot.research.model import (
    Angle,
    Checks,
    Draft,
    Finding,
    Gap,
    Passage,
    Report,
    Section,
    Source,
    Synthesis,
    Unwritten,
)
from bot.research.model_call import TimeLimit
from bot.research.run_state import Run
from bot.research.sections import put_together, write_section, write_synthesis
from bot.research.synthesize import basis_of, synthesize
from bot.research.weights import table
from bot.service.answer import follow_up
from bot.service.jobs import ReplyJob
from bot.service.transcript import Answer
from bot.text.markers import markers
from tests.support.fakes import FakeModel, question

AUCTIONS = "Buyers paid 410 dollars for a chest of tea at the auction of 1881, says the customs house."
HANDS = "About 35 percent of the tea harvest is picked by hand, and the rest of it by machines in the valley."
TRADE = Finding(
    angle=HISTORICAL,
    text="Buyers paid 410 dollars for a chest [2b]. Some paid 999 dollars (not verified).",
    sources=(
        Source(name="Customs", url="https://c.example", number=2, passages=(Passage(letter="b", text=AUCTIONS),)),
    ),
    checks=Checks(statements=2, checked=1),
)
PICKED = Finding(
    angle=TECHNICAL,
    text="About 35 percent of the harvest is picked by hand [11a].",
    sources=(Source(name="Growers", url="https://g.example", number=11, passages=(Passage(letter="a", text=HANDS),)),),
    checks=Checks(statements=1, checked=1),
)
KNOWN = Finding(angle=SOCIETAL, text="Some 77 towns have a tea house.", unsourced="search_nothing")
REPORT = "Tea paid.\n\n## Historical Overview\n{}\n\n## Technical Mechanisms\n{}\n\n## Synthesis\n{}"


def run(*findings: Finding) -> Run:
    begun = Run.of(question("tea"))
    for finding in findings:
        begun = begun.with_branch(finding.angle.slug, result=finding)
    return begun


FOUND = run(TRADE, PICKED, KNOWN)


async def drafted(text: str, finding: Finding, model: FakeModel | None = None) -> Draft:
    model = model or FakeModel()
    model.answers[f"report/{finding.angle.slug}"] = text
    draft = await write_section(model, FOUND, finding, TimeLimit(5), 5)
    assert isinstance(draft, Draft)
    return draft


async def merged(text: str, model: FakeModel | None = None) -> Synthesis:
    model = model or FakeModel()
    model.answers["report/synthesis"] = text
    synthesis = await write_synthesis(model, FOUND, TimeLimit(5), 5)
    assert isinstance(synthesis, Synthesis)
    return synthesis


async def whole(text: str, model: FakeModel | None = None, of: Run = FOUND) -> Report:
    model = model or FakeModel()
    model.answers["report"] = text
    report = await synthesize(model, of, TimeLimit(5), 5)
    assert isinstance(report, Report)
    return report


async def test_a_section_is_given_the_pages_of_its_own_finding_as_data() -> None:
    model = FakeModel()
    await drafted("Tea.", PICKED, model)
    [call] = model.calls
    assert f"<passages>\n[11a] Growers: {HANDS}" in call.prompt
    assert "[2b]" not in call.prompt
    assert "Growers" not in call.system
    assert "Use no other ids" in call.system


@pytest.mark.parametrize("step", ["report", "report/synthesis"])
async def test_a_synthesizer_is_given_the_pages_of_all_findings(step: str) -> None:
    model = FakeModel()
    await (whole if step == "report" else merged)("Tea.\n\n## Synthesis\nTea.", model)
    [call] = model.calls
    assert AUCTIONS in call.prompt
    assert HANDS in call.prompt
    assert "customs" not in call.system


async def test_where_nothing_was_searched_a_text_stays_as_it_was_written() -> None:
    """A bot that does not search shows what it always has."""
    plain = run(Finding(angle=TECHNICAL, text="Tea."))
    text = "Short.\n\n## Technical Mechanisms\nIn 1950 [3], see [this](https://x.example)."
    model = FakeModel()
    report = await whole(text, model, plain)
    assert report.sections[1].text == "In 1950 [3], see [this](https://x.example)."
    assert report.checks is None
    [call] = model.calls
    assert "passage" not in call.system + call.prompt
    assert call.system.endswith("no closing remark.")


async def test_a_section_of_a_finding_without_pages_cites_none_and_counts_for_nothing() -> None:
    draft = await drafted("Some 77 towns have a tea house [11a], see [them](https://x.example).", KNOWN)
    assert draft.text == "Some 77 towns have a tea house, see them."
    assert draft.checks is None


@pytest.mark.parametrize("step", ["report", "report/synthesis"])
async def test_what_does_not_pass_in_a_synthesis_goes_back_once(step: str) -> None:
    model = FakeModel()
    model.answers[f"{step}/repair"] = "1. About 35 percent of the harvest is picked by hand [11a]."
    text = "Tea paid.\n\n## Synthesis\nSome 36 percent of the harvest is picked by hand [11a]."
    written = await (whole if step == "report" else merged)(text, model)
    said = written.text if isinstance(written, Synthesis) else written.sections[-1].text
    assert said == "About 35 percent of the harvest is picked by hand [11a]."
    assert written.usage.calls == 2
    assert [call.step for call in model.calls] == [step, f"{step}/repair"]


async def test_what_cannot_be_repaired_is_marked() -> None:
    model = FakeModel()
    model.answers["report/synthesis/repair"] = ModelTimeout(limit=90)
    synthesis = await merged("Tea paid.\n\n## Synthesis\nSome 36 percent is picked by hand [11a].", model)
    assert synthesis.text == "Some 36 percent is picked by hand [11a] (not verified)."
    assert synthesis.checks == Checks(statements=1)


async def test_a_number_that_a_finding_has_not_verified_is_not_verified_by_that() -> None:
    synthesis = await merged("Tea paid.\n\n## Synthesis\nSome paid 999 dollars. They paid 410 dollars for tea.")
    assert "999 dollars (not verified)." in synthesis.text
    assert synthesis.text.count("(not verified)") == 1


async def test_numbers_of_a_finding_without_pages_stand_unmarked_and_uncounted() -> None:
    """Code can say neither that they are right nor that they are not; the small print names such angles."""
    synthesis = await merged("Tea paid.\n\n## Synthesis\nSome 77 towns have a tea house.")
    assert synthesis.text == "Some 77 towns have a tea house."
    assert synthesis.checks == Checks()


async def test_a_report_of_sections_counts_what_stands_in_it() -> None:
    """Also where a section is taken from its finding by code, and never the line that says why."""
    began = FOUND.with_branch("technical", draft=Draft(text="Tea.", checks=Checks(statements=4, checked=3)))
    began = began.with_branch("historical", draft=Unwritten(cause="model_timeout", limit=90, tries=3))
    report = put_together(began, Synthesis(summary="", text="", checks=Checks(statements=2, checked=2)))
    assert isinstance(report, Report)
    assert report.checks == Checks(statements=4 + 2 + 2, checked=3 + 2 + 1)
    assert "chest [2b]. Some paid 999 dollars (not verified)." in report.sections[0].text


async def test_a_gap_is_said_by_code_and_counts_for_nothing() -> None:
    gap = Gap(angle=TECHNICAL, cause="model_timeout", limit=90, tries=3)
    began = FOUND.with_branch("technical", result=gap)
    report = await whole(REPORT.format("Tea.", "Some 512 people pick it [2b].", "Tea."), of=began)
    assert report.sections[1].text.startswith("*Missing.*")
    assert report.checks == Checks()


PIECES = st.lists(
    st.sampled_from(["[2b]", "[11a]", "[3a]", "【9z】", "[2b, 7c]", "tea", "410", "36 %.", "\n\n", "# x"])
)


@settings(max_examples=50)
@given(PIECES.map(" ".join))
def test_no_marker_survives_that_is_not_the_runs(text: str) -> None:
    """A number that leads nowhere, or to a page that nobody read, is worse than none."""
    shown = asyncio.run(basis_of(FOUND).marked(text)).text
    assert {name for marker in markers(shown) for name in marker.ids} <= {"2b", "11a"}
    assert not re.search(r"【|\[3a\]", shown)


async def answered(text: str, asked: str = "Why?") -> Answer:
    model = FakeModel()
    model.answers["follow-up/9"] = text
    reply = ReplyJob(run_id="r_1", thread="C1/1", ts="9", asker="U2", text=asked, asked_at=9)
    report = Report(summary="", sections=(Section(title="Synthesis", text="Some paid 999 dollars (not verified)."),))
    answer = await follow_up(model, FOUND.model_copy(update={"report": report}), [], reply, TimeLimit(5))
    assert AUCTIONS in model.calls[0].prompt
    return answer


async def test_an_answer_cites_as_the_report_does_and_is_marked_and_counted() -> None:
    answer = await answered("About 35 percent is picked by hand [11a]. Some 999 dollars were paid [99z].")
    assert answer.text == "About 35 percent is picked by hand [11a]. Some 999 dollars were paid (not verified)."
    assert answer.checks == Checks(statements=2, checked=1)


async def test_a_number_that_somebody_asks_about_needs_no_source() -> None:
    answer = await answered("Nobody says what 5,000 chests weigh.", "What do 5000 chests weigh?")
    assert answer.text == "Nobody says what 5,000 chests weigh."


def said(angle: Angle, text: str) -> Finding:
    return Finding(angle=angle, text=text)


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("Some 35 reactors run in the valley today [2b].", "Some 28 reactors run in the valley today [11a].", True),
        ("Some 35 reactors run in the valley today [2b].", "Some 28 reactors run in the valley today.", False),
        (
            "The road measures 35 km of asphalt [2b].",
            "The road measures 28 miles of asphalt [11a].",
            False,
        ),
        ("In 2010 they picked 35 percent by hand [2b].", "In 2020 they picked 28 percent by hand [11a].", False),
        ("In 2010 they picked 35 percent by hand [2b].", "In 2010 they picked 28 percent by hand [11a].", True),
        ("They pick more than 30 percent by hand [2b].", "They pick 35 percent by hand there [11a].", False),
        ("Im Tal laufen heute 35 Reaktoren [2b].", "Im Tal laufen heute 28 Reaktoren [11a].", True),
    ],
)
def test_values_differ_only_where_both_speak_of_the_same(one: str, other: str, differ: bool) -> None:
    """A contradiction that is none makes readers doubt what is right."""
    assert bool(conflicts([said(HISTORICAL, one), said(TECHNICAL, other)])) is differ


def test_a_conflict_is_named_by_both_values_with_both_sources() -> None:
    one, other = "Some 35 reactors run in the valley today [2b].", "Some 28 reactors run in the valley today [11a]."
    [found] = conflicts([said(HISTORICAL, one), said(TECHNICAL, other)])
    assert found.named_in("It is 35 [2b] or 28 [11c].")
    assert not found.named_in("It is 35 [2b] or 28.")
    assert not found.named_in("It is 35 [2b] or fewer [11a].")


def test_the_table_counts_pages_sites_and_statements_only_where_pages_were_read() -> None:
    """A run without a library has the table that it always had."""
    again = Source(name="Prices", url="https://www.c.example/prices", number=3)
    rows = table(run(TRADE.model_copy(update={"sources": (*TRADE.sources, again)}), KNOWN)).splitlines()
    assert rows[0].endswith("| Sources | Sites | Statements checked |")
    assert rows[2].endswith("| 2 | 1 | 1 of 2 |")
    assert rows[4].endswith("| 0 | 0 |  |")
    assert "Sources" not in table(run(KNOWN))
