"""Texts that are made of findings: they cite what the findings cite, and name where these differ."""

from __future__ import annotations

from bot.adapters.journal_memory import MemoryJournal
from bot.research.active_run import ActiveRun
from bot.research.evidence.conflicts import conflicts
from bot.research.evidence.reading import Library
from bot.research.model import Angle, Finding, Report
from bot.research.run import Research
from bot.research.run_state import Run
from bot.research.voice import SECTIONS, VOICES
from tests.research.evidence.test_sourced_run import Citing, Web
from tests.support.fakes import RecordingRoom, question

FACT = "Tea has been grown on hillsides in this province since the year 1901"


async def reported(model: Citing, voice: str = "sections", web: Web | None = None) -> Report:
    out = web or Web()
    research = Research(model, RecordingRoom(), voice=VOICES[voice], library=Library(out, out))
    run = await research.run(ActiveRun(Run.of(question("tea"))), MemoryJournal())
    assert isinstance(run.report, Report)
    return run.report


def section(report: Report, title: str) -> str:
    return next(each.text for each in report.sections if each.title == title)


async def test_a_section_cites_only_its_own_finding_and_what_fails_is_marked() -> None:
    model = Citing()
    model.answers["report/technical"] = f"{FACT} [11a]. It fell to 17 percent [11a]. Nobody knows [1a] why [99z]."
    report = await reported(model)
    text = section(report, "Technical Mechanisms")
    assert f"{FACT} [11a]." in text
    assert "It fell to 17 percent [11a] (not verified)." in text
    assert "Nobody knows why." in text
    assert "report/technical/repair" not in model.asked


async def test_a_synthesis_goes_back_once_and_its_checks_are_those_of_the_report() -> None:
    model = Citing()
    model.answers["report/synthesis"] = f"{FACT} [11a].\n\n## Synthesis\nIt fell to 17 percent [11a]. {FACT} [1a]."
    model.answers["report/synthesis/repair"] = f"1. {FACT} [11a]."
    report = await reported(model)
    assert section(report, "Synthesis") == f"{FACT} [11a]. {FACT} [1a]."
    assert report.checks is not None
    assert report.checks.statements == report.checks.checked
    assert report.checks.statements >= 2
    assert model.asked.count("report/synthesis/repair") == 1


async def test_a_whole_report_is_held_against_the_pages_of_all_angles() -> None:
    model = Citing()
    model.answers["report"] = (
        f"{FACT} [11a].\n\n## Historical Overview\n{FACT} [1a].\n\n"
        "## Technical Mechanisms\nIt fell to 17 percent [11a].\n\n## Societal Impact\nTea is known.\n\n"
        "## Synthesis\nAll agree."
    )
    report = await reported(model, "whole")
    assert section(report, "Technical Mechanisms") == "It fell to 17 percent [11a] (not verified)."
    assert report.checks is not None
    assert (report.checks.statements, report.checks.checked) == (2, 1)


async def test_without_a_library_nothing_is_said_of_sources_and_no_number_is_marked() -> None:
    model = Citing()
    model.answers["report/technical"] = "It fell to 17 percent."
    research = Research(model, RecordingRoom(), voice=SECTIONS)
    run = await research.run(ActiveRun(Run.of(question("tea"))), MemoryJournal())
    assert isinstance(run.report, Report)
    assert section(run.report, "Technical Mechanisms") == "It fell to 17 percent."
    assert run.report.checks is None
    assert not any("passages" in call.system + call.prompt for call in model.calls)


def finding(slug: str, text: str) -> Finding:
    return Finding(angle=Angle(slug=slug, title=slug, section=slug, prompt=slug), text=text)


def test_different_values_of_one_quantity_are_a_conflict_and_rounding_or_other_things_are_none() -> None:
    one = finding("technical", "About 35 percent of the harvest is picked by hand [11a]. It began in 1901 [11a].")
    other = finding("societal", "Some 28 percent of the harvest is picked by hand [21b]. It began in 1902 [21a].")
    [found] = conflicts([one, other])
    assert found.first == ("technical", "About 35 percent of the harvest is picked by hand [11a].")
    assert found.named_in("The angles say 35 percent [11a] and 28 percent [21b].")
    assert not found.named_in("The angles say 35 percent.")
    assert not conflicts([one, finding("societal", "Some 35.3 percent of the harvest is picked by hand [21b].")])
    assert not conflicts([one, finding("societal", "Some 28 percent of all towns have an auction [21b].")])


async def test_a_conflict_that_the_synthesis_does_not_name_is_named_by_code() -> None:
    model, web = Citing(), Web()
    web.share = lambda number: 40 + number
    model.answers["angle/historical"] = "Tea is known."
    model.answers["angle/technical"] = "About 41 percent of the harvest is picked by hand [1a]."
    model.answers["angle/societal"] = "About 42 percent of the harvest is picked by hand [2a]."
    report = await reported(model, web=web)
    call = model.call("report/synthesis")
    assert "<conflict>\nAbout 41 percent of the harvest is picked by hand [11" in call.prompt
    assert "41 percent" in section(report, "Synthesis")
    assert "42 percent" in section(report, "Synthesis")
    assert "angle differ: " in section(report, "Synthesis")
