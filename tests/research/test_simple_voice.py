"""The voice for a model too small to follow rules: short requests, whole sentences, a report put together by code."""

from __future__ import annotations

import asyncio

from bot.adapters.journal_memory import MemoryJournal
from bot.playground.slack.workspace import PATIENCE
from bot.research.active_run import ActiveRun
from bot.research.angles import own_angles
from bot.research.errors import ModelTimeout
from bot.research.model import Question, Report
from bot.research.run import Research
from bot.research.run_state import Phase, Run
from bot.research.simple_voice import simple_voice
from bot.research.words.en import sentence
from tests.support.fakes import FakeModel, RecordingRoom, question
from tests.text.test_rambling import SOUND

NOTE = "*Not written.* Set OPENAI_API_KEY."
ANGLES = ("historical", "technical", "societal")


async def researched(model: FakeModel, asked: Question | None = None) -> Run:
    async with asyncio.timeout(PATIENCE):
        research = Research(model, RecordingRoom(), voice=simple_voice(NOTE))
        return await research.run(ActiveRun(Run.of(asked or question())), MemoryJournal())


def writing(text: str) -> FakeModel:
    model = FakeModel()
    model.answers = {f"angle/{angle}": text for angle in ANGLES}
    return model


async def test_each_angle_is_asked_in_one_plain_sentence_of_its_own() -> None:
    """A model of a hundred million weights repeats whatever rules it is given."""
    model = writing(SOUND)
    await researched(model, question("R&D $costs"))
    prompts = [call.prompt for call in model.calls]
    assert len(set(prompts)) == 3
    assert all(prompt.startswith("Write a short encyclopedia text on ") for prompt in prompts)
    assert all("R&D $costs" in prompt and "\n" not in prompt and len(prompt) < 120 for prompt in prompts)
    assert all("topic" not in f"{call.system} {call.prompt}" for call in model.calls)


async def test_an_own_angle_is_asked_for_by_its_name() -> None:
    model = FakeModel()
    model.answers = {"angle/legal": SOUND, "angle/c": SOUND}
    run = await researched(model, question(angles=own_angles(["legal", "C#"])))
    assert ["Legal in connection" in model.calls[0].prompt, "C# in connection" in model.calls[1].prompt] == [True] * 2
    assert run.phase is Phase.DONE


async def test_the_report_quotes_each_finding_and_says_who_could_write_a_synthesis() -> None:
    """Four headings as ever, no call for it, and nothing that passes for a synthesis."""
    whole = f"{SOUND} Later, pots and cups of porcelain were made for it in every town of the north."
    model = writing(whole)
    run = await researched(model)
    assert {finding.text for finding in run.findings} == {whole}
    assert isinstance(run.report, Report)
    first, *others = run.report.sections
    assert [section.title for section in (first, *others)] == [
        "Historical Overview",
        "Technical Mechanisms",
        "Societal Impact",
        "Synthesis",
    ]
    assert {section.text for section in (first, *others[:-1])} == {" ".join(SOUND.split())}
    assert others[-1].text == NOTE
    assert (run.phase, run.usage.calls, len(model.calls)) == (Phase.DONE, 3, 3)


async def test_nonsense_is_asked_for_anew_and_in_the_end_is_a_gap_with_its_sentence() -> None:
    """Two angles are better than three of which one is none; all texts were paid for."""
    model = writing(SOUND)
    model.answers["angle/technical"] = "Tea tea tea. Tea tea tea. Tea tea tea."
    run = await researched(model)
    (gap,) = run.gaps
    assert (gap.cause, sentence(gap)) == ("nonsense", "the model wrote nothing that can be read as a text")
    assert (gap.usage.calls, run.phase) == (3, Phase.PARTIAL)
    assert isinstance(run.report, Report)
    assert run.report.sections[1].text.startswith("*Missing.* The technical angle could not be completed: the model")


async def test_a_call_that_fails_is_a_gap_and_nothing_found_is_no_report() -> None:
    model = FakeModel()
    model.answers = {f"angle/{angle}": ModelTimeout() for angle in ANGLES}
    run = await researched(model)
    assert [gap.cause for gap in run.gaps] == ["model_timeout"] * 3
    assert (run.phase, run.report) == (Phase.FAILED, None)


async def test_what_is_left_out_of_a_text_does_not_reach_the_reader() -> None:
    model = writing(f"Here is a text: {SOUND} The first shop was opened by the.")
    run = await researched(model)
    assert {finding.text for finding in run.findings} == {SOUND}
