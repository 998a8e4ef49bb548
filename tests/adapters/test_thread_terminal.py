"""A run in a pipe or a log: plain lines, nothing twice, nothing that a terminal would obey."""

from __future__ import annotations

import asyncio
import io
import unicodedata

from bot.adapters.journal_memory import MemoryJournal
from bot.adapters.thread_terminal import PlainScreen, TerminalRoom, clean
from bot.research.active_run import ActiveRun
from bot.research.errors import ModelError, ModelRefused
from bot.research.model import Checks, Finding, Passage, Report, Section, Source
from bot.research.run import Research
from bot.research.run_state import Run
from bot.research.words.en import NBSP
from tests.support.fakes import FakeModel, question

LABEL = "tiny local model: shows the flow, not research"
REPORTED = ["◐ Report: working", "✓ Report: done"]
OBEYED = "\x1b]0;owned\x07\x1b[2J\x9b31m\rover\x08\x00"


async def shown(model: FakeModel, topic: str = "tea", label: str = "", deep: bool = False) -> str:
    """What a whole run prints."""
    out = io.StringIO()
    await Research(model, TerminalRoom(PlainScreen(out), label)).run(
        ActiveRun(Run.of(question(topic, deep=deep))), MemoryJournal()
    )
    return out.getvalue().replace(NBSP, " ")


def page(printed: str, title: str) -> list[str]:
    """The lines under a title."""
    _, _, rest = printed.partition(f"== {title} ==\n")
    return rest.partition("\n\n")[0].splitlines()


async def test_each_state_is_said_once() -> None:
    """A log that repeats itself with every change is not read."""
    lines = (await shown(FakeModel())).splitlines()
    states = [line for line in lines if line[:1] in ("✓", "◐", "○", "✕")]
    assert sorted(states) == sorted(set(states))
    angles = ["Historical", "Technical", "Societal"]
    assert states[:4] == [*(f"◐ {angle}: working" for angle in angles), "○ Report: after the angles"]
    assert sorted(states[4:]) == sorted([*(f"✓ {angle}: done in 2 s" for angle in angles), *REPORTED])


async def test_a_state_that_comes_again_unchanged_is_not_printed() -> None:
    """Ten changes of one angle are no news of the other two."""
    out = io.StringIO()
    room = TerminalRoom(PlainScreen(out))
    async with room.thread(question(), "ref", False) as thread:
        before = out.getvalue()
        thread.progress(Run.of(question()))
        assert before
        assert out.getvalue() == before


async def test_what_a_model_wrote_cannot_steer_the_terminal() -> None:
    """A text from outside must not clear the screen, rename the window or hide what stands before it."""
    model = FakeModel()
    model.answers = {"angle/historical": f"Tea{OBEYED} is old.", "report": f"All{OBEYED} agree."}
    printed = await shown(model, topic=f"tea{OBEYED}")
    assert "Tea]0;owned[2J31mover is old." in printed
    assert steering(printed) == set()


def test_a_clean_text_keeps_its_lines_and_loses_only_what_steers() -> None:
    """Cleaning must not eat a letter of any language."""
    everything = "".join(map(chr, range(0x3000)))
    assert set(everything) - set(clean(everything)) == steering(everything)


def steering(text: str) -> set[str]:
    return {character for character in text if unicodedata.category(character) == "Cc"} - {"\n", "\t"}


async def test_the_label_stands_with_every_text() -> None:
    """A tiny model's text that is cut out and passed on must not pass for research."""
    printed = await shown(FakeModel(), label=LABEL)
    for title in ("Research: tea", "Historical angle", "Technical angle", "Societal angle"):
        assert LABEL in page(printed, title)[-1]
    report = printed.partition("== Report: tea ==")[2]
    assert f"({LABEL})" in report
    assert "no web sources" not in printed.casefold()


async def test_without_a_label_the_report_says_what_it_does_not_rest_on() -> None:
    """Readers take a clean page for a checked one."""
    printed = await shown(FakeModel())
    assert "Check facts before relying on them." in printed.partition("== Report: tea ==")[2]


async def test_a_gap_is_said_where_the_angle_would_stand() -> None:
    """Nobody may take two angles for three."""
    model = FakeModel()
    model.answers["angle/technical"] = ModelRefused()
    printed = await shown(model)
    assert page(printed, "Technical angle")[0] == (
        "✕ Failed: the model declined to write about this topic. Rewording it may help."
    )
    assert "✕ Technical: failed" in printed
    assert "*Missing.* The technical angle could not be completed: the model declined it." in printed


async def test_a_deep_angle_says_how_far_it_is_and_names_what_it_lacks() -> None:
    """Who waits longer wants to see more, and must know what did not come."""
    model = FakeModel()
    model.answers |= {"angle/technical/plan": '["How?", "\\u001b[2JWhy?"]', "angle/technical/2": ModelRefused()}
    printed = await shown(model, deep=True)
    assert "◐ Technical: 1 of 2 questions" in printed
    assert "✓ Technical: done in 5 s, 1 of 2 questions" in printed
    assert page(printed, "Historical angle")[-1] == (
        "(5 s · 900 tokens · not split into questions: the model named none that could be used)"
    )
    assert "✕ One question is not answered: “[2JWhy?” (the model declined it)." in printed


async def test_a_report_that_was_not_written_is_said() -> None:
    """The angles alone must not look like the end of the story."""
    model = FakeModel()
    model.answers["report"] = ModelError()
    printed = await shown(model)
    assert "✕ Report: not written" in printed
    assert "== Report" not in printed


async def test_the_quickest_angle_is_printed_first() -> None:
    """Whoever watches has something to read while the others work."""
    model = FakeModel()
    model.close("angle/historical", "angle/technical")
    out = io.StringIO()
    research = Research(model, TerminalRoom(PlainScreen(out)))
    run = asyncio.create_task(research.run(ActiveRun(Run.of(question())), MemoryJournal()))
    await model.until_asked("angle/societal")
    for gate in model.gates.values():
        gate.set()
    await run
    titles = [line for line in out.getvalue().splitlines() if line.endswith("angle ==")]
    assert titles[0] == "== Societal angle =="


async def test_a_terminal_shows_the_numbers_of_pages_and_lists_them_under_the_report() -> None:
    """There is nothing to click in a log, and an address in each sentence is not read."""
    passage = Passage(letter="a", text="JET made 69 MJ.")
    jet = Source(
        name="EUROfusion", title="A \x1b[record](x)", url="https://jet.example/", number=2, passages=(passage,)
    )
    finding = Finding(angle=question().angles[0], text="It made 69 MJ [2a].", sources=(jet,))
    run = Run.of(question()).with_branch("historical", result=finding)
    sections = (Section(title="Synthesis", text="So it did [2a]."),)
    report = Report(summary="S.", sections=sections, checks=Checks(statements=2, checked=1))
    out = io.StringIO()
    async with TerminalRoom(PlainScreen(out)).thread(question(), "ref", False) as thread:
        await thread.finding(finding, "")
        await thread.report(run.model_copy(update={"report": report}))
    printed = out.getvalue()
    assert "It made 69 MJ [2].\n" in printed
    assert "Sources: [2] EUROfusion)" in printed
    assert "So it did [2].\n\nSources:\n\n- [2] EUROfusion, A (record)(x) https://jet.example/\n" in printed
    assert "(Written by AI, 1 of 2 cited statements checked against the pages, 1 site)" in printed
