"""A report that grows: each section is written while other angles still work, the synthesis once all are in."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.journal_memory import MemoryJournal
from bot.playground.slack.workspace import PATIENCE
from bot.research.active_run import ActiveRun
from bot.research.angles import own_angles
from bot.research.errors import AnswerIncomplete, ModelRefused, ModelTimeout, OutOfCredit
from bot.research.model import Confidence, Draft, Finding, Gap, Report, Synthesis, Unwritten, Usage
from bot.research.model_call import TimeLimit
from bot.research.ports import Completion
from bot.research.run import Research
from bot.research.run_state import Phase, Run
from bot.research.sections import put_together, write_synthesis
from bot.research.voice import SECTIONS
from tests.support.fakes import REPORT, FakeModel, RecordingRoom, question

SLUGS = ("historical", "technical", "societal")
ANGLES = [f"angle/{slug}" for slug in SLUGS]
PARTS = [f"report/{slug}" for slug in SLUGS]
STORED = [f"report/section/{slug}" for slug in SLUGS]
MERGED = "Tea moved from medicine to habit. Its trade shaped empires.\n\n## Synthesis\nTrade came before taste."


class Desk:
    """A run under way, with everything that it touches, which may begin again with what its journal keeps."""

    def __init__(self) -> None:
        self.model, self.room = FakeModel(), RecordingRoom()
        self.kept: dict[str, object] = {}
        self.live = ActiveRun(Run.of(question()))
        self.model.answers["report/synthesis"] = MERGED
        self.model.answers |= {f"report/{slug}": f"The {slug} part." for slug in SLUGS}

    @property
    def research(self) -> Research:
        return Research(self.model, self.room, voice=SECTIONS)

    @property
    def asked(self) -> list[str]:
        return [call.step for call in self.model.calls]

    async def run(self) -> Run:
        async with asyncio.timeout(PATIENCE):
            return await self.research.run(self.live, MemoryJournal(kept=self.kept))

    async def go_on(self, run: Run) -> Run:
        """Another attempt, which begins with an empty journal."""
        self.live, self.kept = ActiveRun(run), {}
        self.model.calls.clear()
        self.room.shown.clear()
        return await self.run()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def texts(run: Run) -> list[str]:
    assert isinstance(run.report, Report)
    return [section.text for section in run.report.sections]


async def test_a_section_is_written_while_other_angles_still_work(desk: Desk) -> None:
    """Waiting for all before writing any takes twice as long."""
    desk.model.close("angle/technical", "angle/societal")
    run = asyncio.create_task(desk.run())
    await desk.model.until_asked("report/historical")
    assert [step for step in desk.model.ended if step in ANGLES] == ["angle/historical"]
    for gate in desk.model.gates.values():
        gate.set()
    assert (await run).phase is Phase.DONE
    assert sorted(desk.asked) == sorted([*ANGLES, *PARTS, "report/synthesis"])


async def test_the_synthesis_is_begun_with_the_last_finding_beside_sections_that_are_still_written(desk: Desk) -> None:
    """It needs the findings, not the sections."""
    desk.model.close(*PARTS)
    run = asyncio.create_task(desk.run())
    await desk.model.until_asked("report/synthesis")
    assert not set(PARTS) & set(desk.model.ended)
    assert "report" not in desk.room.names
    for gate in desk.model.gates.values():
        gate.set()
    assert texts(await run) == [*(f"The {slug} part." for slug in SLUGS), "Trade came before taste."]
    assert desk.room.names.count("report") == 1


async def test_a_section_sees_its_own_finding_and_of_the_others_the_titles(desk: Desk) -> None:
    """So that it does not repeat them, and rests on nothing else."""
    await desk.run()
    (call,) = [call for call in desk.model.calls if call.step == "report/technical"]
    assert "What the angle/technical call found." in call.prompt
    assert not any(f"What the angle/{other} call found." in call.prompt for other in ("historical", "societal"))
    assert "Historical Overview" in call.prompt
    assert "80 to 110 words" in call.system


async def test_the_synthesis_is_given_how_well_each_angle_is_supported(desk: Desk) -> None:
    """So that it can lean on what is better supported."""
    desk.model.answers |= {
        "angle/historical": "It began in China.\n\nConfidence: high, because all agree.",
        "angle/technical": ModelTimeout(usage=Usage(calls=2), limit=90),
    }
    run = await desk.run()
    (call,) = [call for call in desk.model.calls if call.step == "report/synthesis"]
    assert "| Historical | high | all agree | 4 | 2 s | 1 |" in call.prompt
    assert "| Technical | missing |  |  |  | 2 |" in call.prompt
    assert "| Societal | not stated |  | 8 | 2 s | 1 |" in call.prompt
    assert run.findings[0].confidence == Confidence(level="high", reason="all agree")
    assert run.findings[0].text == "It began in China."


async def test_a_confidence_alone_is_no_finding(desk: Desk) -> None:
    """An empty text would pass for an answer."""
    desk.model.answers["angle/technical"] = "Confidence: high, because nothing is missing."
    run = await desk.run()
    assert [(gap.angle.slug, gap.cause) for gap in run.gaps] == [("technical", "empty_or_cut")]


async def test_a_section_that_fails_is_taken_from_its_finding_and_says_so(desk: Desk) -> None:
    """Its words are there, and nobody takes them for more than they are."""
    desk.model.answers["report/technical"] = AnswerIncomplete()
    run = await desk.run()
    assert run.phase is Phase.DONE
    assert texts(run)[1] == (
        "*From the technical angle, in its own words, as this section could not be written (the model's answer was "
        "incomplete):* What the angle/technical call found. A second sentence."
    )


async def test_a_gap_has_no_section_written(desk: Desk) -> None:
    """Whatever stood there would rest on nothing."""
    desk.model.answers["angle/technical"] = ModelRefused()
    run = await desk.run()
    assert "report/technical" not in desk.asked
    assert run.phase is Phase.PARTIAL
    assert texts(run)[1].startswith("*Missing.* The technical angle could not be completed")


async def test_a_report_without_its_synthesis_stands_with_its_sections_and_says_what_is_missing(desk: Desk) -> None:
    """What was written is not thrown away, and half a report is called half."""
    desk.model.answers["report/synthesis"] = OutOfCredit()
    run = await desk.run()
    assert run.phase is Phase.PARTIAL
    assert texts(run)[:3] == [f"The {slug} part." for slug in SLUGS]
    assert texts(run)[3].startswith("*Missing.* The synthesis could not be written: our account with the model")
    assert (run.repeatable, run.retryable) == (True, ())
    assert "rewritten" not in desk.room.names


async def test_trying_again_asks_for_the_synthesis_alone_and_rewrites_the_report_in_its_place(desk: Desk) -> None:
    """Sections are paid for once."""
    desk.model.answers["report/synthesis"] = OutOfCredit()
    lacking = await desk.run()
    desk.model.answers["report/synthesis"] = MERGED
    run = await desk.go_on(lacking.next_attempt("U2"))
    assert desk.asked == ["report/synthesis"]
    assert run.phase is Phase.DONE
    assert texts(run)[3] == "Trade came before taste."
    assert desk.room.names == ["report", "rewritten", "closed"]
    assert run.usage.calls == 3 + 3 + 1 + 1


async def test_trying_again_after_an_outage_writes_the_sections_that_failed_with_the_synthesis(desk: Desk) -> None:
    """A report must not stay a stump for good."""
    desk.model.answers |= {"report/synthesis": OutOfCredit(), "report/technical": OutOfCredit()}
    lacking = await desk.run()
    desk.model.answers |= {"report/synthesis": MERGED, "report/technical": "The technical part."}
    run = await desk.go_on(lacking.next_attempt("U2"))
    assert sorted(desk.asked) == ["report/synthesis", "report/technical"]
    assert texts(run)[:3] == [f"The {slug} part." for slug in SLUGS]
    assert run.usage.calls == 3 + 3 + 1 + 2


async def test_angles_may_be_called_like_other_steps_of_a_run() -> None:
    """What an angle is called is the asker's, and must not meet a step of ours."""
    desk = Desk()
    asked = question(angles=own_angles(["Post", "Note", "Section", "Open"]))
    desk.live = ActiveRun(Run.of(asked))
    desk.model.answers["angle/note"] = ModelRefused()
    partial = await desk.run()
    assert partial.phase is Phase.PARTIAL
    del desk.model.answers["angle/note"]
    assert (await desk.go_on(partial.retrying(["note"], "U2"))).phase is Phase.DONE
    assert desk.room.names[-2:] == ["rewritten", "closed"]


async def test_a_report_that_was_written_when_the_run_was_stopped_is_shown_when_it_is_resumed(desk: Desk) -> None:
    """It is paid for, and the one in the thread says that something is missing."""
    desk.model.answers["report/synthesis"] = OutOfCredit()
    lacking = await desk.run()
    stopped = lacking.next_attempt("U2").rewritten(put_together(lacking, Synthesis(summary="a.", text="b.")))
    stopped = stopped.model_copy(update={"phase": Phase.STOPPED, "stopped_by": "U1"})
    run = await desk.go_on(stopped.next_attempt("U1"))
    assert desk.asked == []
    assert desk.room.names == ["report", "rewritten", "closed"]
    assert (run.phase, texts(run)[3]) == (Phase.DONE, "b.")


async def test_what_a_retry_wrote_before_it_was_stopped_is_shown_and_not_paid_again(desk: Desk) -> None:
    """It holds what was found; only its readers have not seen it."""
    desk.model.answers["angle/technical"] = ModelTimeout(usage=Usage(calls=2), limit=90)
    partial = await desk.run()
    retried = partial.retrying(["technical"], "U2")
    retried = retried.with_branch("technical", result=found().findings[1], draft=Draft(text="The technical part."))
    written = retried.rewritten(put_together(retried, Synthesis(summary="a.", text="b.")))
    stopped = written.model_copy(update={"phase": Phase.STOPPED, "stopped_by": "U1"})
    run = await desk.go_on(stopped.next_attempt("U1"))
    assert desk.asked == []
    assert (run.phase, texts(run)[1], texts(run)[3]) == (Phase.DONE, "The technical part.", "b.")


@pytest.mark.parametrize("failing", [["report/synthesis"], ["report/synthesis", "report/technical"]])
async def test_a_report_with_a_synthesis_is_not_replaced_by_one_without(desk: Desk, failing: list[str]) -> None:
    """A retry must not take away what stood there."""
    desk.model.answers["angle/technical"] = ModelTimeout(usage=Usage(calls=2), limit=90)
    partial = await desk.run()
    good = desk.model.answers | {"report/technical": "The technical part."}
    del good["angle/technical"]
    desk.model.answers = good | dict.fromkeys(failing, OutOfCredit())
    run = await desk.go_on(partial.retrying(["technical"], "U2"))
    assert run.phase is Phase.UNWRITTEN
    assert run.standing == partial.report
    assert "report" not in desk.room.names
    desk.model.answers = good
    assert texts(await desk.go_on(run.next_attempt("U2")))[1] == "The technical part."


async def test_a_section_that_cannot_be_written_anew_stays_as_it_was(desk: Desk) -> None:
    """Whichever way the report was written before."""
    desk.model.answers |= {"angle/technical": ModelTimeout(usage=Usage(calls=2), limit=90), "report": REPORT}
    partial = await Research(desk.model, desk.room).run(desk.live, MemoryJournal())
    del desk.model.answers["angle/technical"]
    desk.model.answers["report/historical"] = OutOfCredit()
    run = await desk.go_on(partial.retrying(["technical"], "U2"))
    assert texts(run)[0] == "Tea began in China."


async def test_after_a_refusal_of_the_report_trying_again_writes_all_of_it_anew(desk: Desk) -> None:
    """Nobody knows which text is not taken; the same one again would be refused again."""
    refused = await desk.run()
    refused = refused.rewritten(Unwritten(cause="text_refused")).model_copy(
        update={"phase": Phase.UNWRITTEN, "report_link": "", "replaced": None}
    )
    await desk.go_on(refused.next_attempt("U2"))
    assert sorted(desk.asked) == sorted([*PARTS, "report/synthesis"])


async def test_what_a_retry_found_is_told_once(desk: Desk) -> None:
    """A note that comes again, or is about something else, makes people look for what has changed."""
    desk.model.answers |= {
        "angle/technical": ModelTimeout(usage=Usage(calls=2), limit=90),
        "report/synthesis": OutOfCredit(),
    }
    partial = await desk.run()
    del desk.model.answers["angle/technical"]
    unmerged = await desk.go_on(partial.retrying(["technical"], "U2"))
    assert desk.room.shown[-2] == ("rewritten", (unmerged.findings[1],))
    again = await desk.go_on(unmerged.next_attempt("U2"))
    assert "rewritten" not in desk.room.names
    desk.model.answers["report/synthesis"] = MERGED
    await desk.go_on(again.next_attempt("U2"))
    assert [value for name, value in desk.room.shown if name == "rewritten"] == [()]


async def test_a_run_that_goes_on_with_the_other_way_counts_what_was_paid(desk: Desk) -> None:
    """Whoever pays has been told of each call."""
    await desk.run()
    kept = {name: desk.kept[name] for name in desk.kept if name not in ("report/post", "report/section/technical")}
    live = ActiveRun(Run.of(question()), recovered=True)
    whole = Research(desk.model, desk.room)
    await whole.recover(live, MemoryJournal(kept=kept))
    run = await whole.run(live, MemoryJournal(kept=kept))
    assert run.usage.calls == 3 + 2 + 1 + 1


def test_a_text_that_slack_refused_is_in_no_count_and_in_no_summary() -> None:
    """It is a gap, for readers as for the run."""
    run, angle = found(), question().angles[0]
    run = run.with_branch("historical", draft=Draft(text="Refused."), result=Gap(angle=angle, cause="text_refused"))
    assert run.sections == (0, 2)
    assert isinstance(put_together(run, Unwritten(cause="model_timeout")), Unwritten)


async def test_a_synthesis_that_fails_again_leaves_the_report_as_it_is_without_a_word(desk: Desk) -> None:
    """Nothing has come of it that anybody should read."""
    desk.model.answers["report/synthesis"] = OutOfCredit()
    run = await desk.go_on((await desk.run()).next_attempt("U2"))
    assert run.phase is Phase.PARTIAL
    assert "rewritten" not in desk.room.names


async def test_a_retried_angle_rewrites_its_section_and_the_synthesis_and_no_other_section(desk: Desk) -> None:
    """What stands and holds is not paid for again."""
    desk.model.answers["angle/technical"] = ModelTimeout(usage=Usage(calls=2), limit=90)
    partial = await desk.run()
    del desk.model.answers["angle/technical"]
    run = await desk.go_on(partial.retrying(["technical"], "U2"))
    assert sorted(desk.asked) == ["angle/technical", "report/synthesis", "report/technical"]
    assert run.phase is Phase.DONE
    assert texts(run)[:3] == [f"The {slug} part." for slug in SLUGS]
    assert desk.room.names[-2:] == ["rewritten", "closed"]


async def test_where_no_part_was_written_there_is_no_report_and_trying_again_writes_all_of_it(desk: Desk) -> None:
    """Excerpts of what stands in the thread already are no report."""
    sections = dict(desk.model.answers)
    desk.model.answers |= dict.fromkeys([*PARTS, "report/synthesis"], OutOfCredit())
    unwritten = await desk.run()
    assert unwritten.phase is Phase.UNWRITTEN
    assert isinstance(unwritten.report, Unwritten)
    desk.model.answers = sections
    run = await desk.go_on(unwritten.next_attempt("U2"))
    assert sorted(desk.asked) == sorted([*PARTS, "report/synthesis"])
    assert run.phase is Phase.DONE
    assert run.usage.calls == 3 + 4 + 4


async def test_what_an_earlier_process_stored_of_a_report_is_not_asked_again(desk: Desk) -> None:
    """A crash costs what was under way, nothing else."""
    whole = await desk.run()
    everything = dict(desk.kept)
    for lacking, asked, committed in (
        (["report/post"], [], True),
        (["report/post", "report/section/technical"], ["report/technical"], False),
        (["report/post", "report/synthesis"], ["report/synthesis"], False),
        (["report/post", *STORED, "report/synthesis", "angle/societal/post"], [*PARTS, "report/synthesis"], False),
    ):
        desk.kept = {name: kept for name, kept in everything.items() if name not in lacking}
        desk.live = ActiveRun(Run.of(question()), recovered=True)
        desk.model.calls.clear()
        await desk.research.recover(desk.live, MemoryJournal(kept=desk.kept))
        assert desk.live.stoppable is not committed
        again = await desk.run()
        assert sorted(desk.asked) == sorted(asked)
        assert texts(again) == texts(whole)


async def test_a_report_that_an_earlier_release_wrote_whole_gets_all_its_sections_with_a_retry(desk: Desk) -> None:
    """It has none that could stay."""
    desk.model.answers["angle/technical"] = ModelTimeout(usage=Usage(calls=2), limit=90)
    partial = await desk.run()
    old = partial.model_copy(update={"branches": tuple(b.model_copy(update={"draft": None}) for b in partial.branches)})
    del desk.model.answers["angle/technical"]
    run = await desk.go_on(old.retrying(["technical"], "U2"))
    assert sorted(desk.asked) == sorted(["angle/technical", *PARTS, "report/synthesis"])
    assert texts(run)[:3] == [f"The {slug} part." for slug in SLUGS]


class Noting(ActiveRun):
    """Says when so many sections have ended."""

    def __init__(self, run: Run, most: int) -> None:
        super().__init__(run)
        self.left_over, self.drafted_all = most, asyncio.Event()

    def drafted(self, slug: str, draft: Draft | Unwritten) -> None:
        super().drafted(slug, draft)
        self.left_over -= 1
        if not self.left_over:
            self.drafted_all.set()


async def test_a_stopped_run_keeps_the_sections_that_were_written(desk: Desk) -> None:
    """Resuming pays for what is missing only."""
    desk.model.close("angle/societal")
    desk.live = live = Noting(Run.of(question()), 2)
    run = asyncio.create_task(desk.run())
    await live.drafted_all.wait()
    await desk.room.until("historical")
    await desk.room.until("technical")
    live.stop("U1")
    stopped = await run
    assert stopped.phase is Phase.STOPPED
    desk.model.gates.clear()
    assert (await desk.go_on(stopped.next_attempt("U1"))).phase is Phase.DONE
    assert sorted(desk.asked) == ["angle/societal", "report/societal", "report/synthesis"]


def found() -> Run:
    """A run whose angles have ended."""
    run = Run.of(question())
    for angle in run.question.angles:
        run = run.with_branch(angle.slug, result=Finding(angle=angle, text=f"Found {angle.slug}. More of it."))
    return run


SYNTHESES = [
    (
        "So it is.\n\n## Synthesis\nIntro.\n\n### Historical connections\nOne.\n\n## Technical Mechanisms\nTwo.",
        "So it is.",
        "Intro.\n\n**Historical connections**\nOne.\n\n**Technical Mechanisms**\nTwo.",
    ),
    ("Tea is old. So it is.\n\n## Synthesis\nThey agree.", "Tea is old. So it is.", "They agree."),
    ("Tea is old. So it is.\n\n**Synthesis**\n\nThey agree.", "Tea is old. So it is.", "They agree."),
    ("Tea is old. So it is.\n\n**Synthesis:** They agree.", "Tea is old. So it is.", "They agree."),
    ("## Summary\nTea is old. So it is.\n\n## Synthesis\nThey agree.", "Tea is old. So it is.", "They agree."),
    ("Tea is old. So it is.\n\nThey agree.\n\nThey differ.", "Tea is old. So it is.", "They agree.\n\nThey differ."),
    ("Tea is old. So it is.", "Tea is old. So it is.", "Tea is old. So it is."),
    ("## Synthesis\nThey agree. They differ.", "They agree. They differ.", "They agree. They differ."),
    (
        "Tea is old.\n\n## Historical Overview\nOld.\n\n## Technical Mechanisms\nNew.\n\n## Synthesis\nThey agree.",
        "Tea is old.",
        "They agree.",
    ),
    (
        "Tea is old.\n\n## Synthesis\n### Connections\nThey agree.\n\n### Conflicts\nNone.",
        "Tea is old.",
        "**Connections**\nThey agree.\n\n**Conflicts**\nNone.",
    ),
    (
        "Tea is old.\n\n## Synthesis\n**Connections:** a.\n\n**Conflicts:** b.\n\n**Open:** c.\n\n**Next:** d.",
        "Tea is old.",
        "**Connections:** a.\n\n**Conflicts:** b.\n\n**Open:** c.\n\n**Next:** d.",
    ),
]


@pytest.mark.parametrize(("text", "summary", "synthesis"), SYNTHESES)
async def test_a_synthesis_is_read_apart_however_it_is_written(text: str, summary: str, synthesis: str) -> None:
    """Models keep to forms loosely."""
    desk = Desk()
    desk.model.answers["report/synthesis"] = text
    run = await desk.run()
    assert isinstance(run.report, Report)
    assert (run.report.summary, texts(run)[3]) == (summary, synthesis)


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("The part.", "The part."),
        ("## Technical Mechanisms\nThe part.", "The part."),
        ("**Technical Mechanisms**\n\nThe part.", "The part."),
        ("```markdown\nThe part.\n```", "The part."),
        ("The part.\n\n### Details\nMore.", "The part.\n\n**Details**\nMore."),
        ("The part.\n\n### Societal Impact\nMore.", "The part.\n\n**Societal Impact**\nMore."),
        ("The part.\n\n## Historical roots\nMore.", "The part.\n\n**Historical roots**\nMore."),
        ("## Historical Overview\nOld.\n\n## Technical Mechanisms\nThe part.\n\n## Synthesis\nAll.", "The part."),
    ],
)
async def test_a_section_comes_without_headings_of_the_report(desk: Desk, text: str, section: str) -> None:
    """The headings are made by code; one within a section would seem to begin another."""
    desk.model.answers["report/technical"] = text
    assert texts(await desk.run())[1] == section


class Saying:
    """A model that says one thing."""

    def __init__(self, text: str) -> None:
        self.text = text

    async def write(self, call: object) -> object:
        return Completion(self.text, Usage(), 1, "x")


WORDS = st.lists(
    st.sampled_from(["alpha", "beta.", "gamma", "\n\n", "\n", "**delta**", "- ", "| ", "``` ", "# x", "> "])
)


@given(WORDS.map(" ".join))
def test_no_word_of_a_synthesis_is_lost(text: str) -> None:
    """Whatever the model wrote stands in the summary or below."""
    text = f"word {text}"

    async def merged() -> Synthesis | Unwritten:
        return await write_synthesis(Saying(text), found(), TimeLimit(60), 60)  # type: ignore[arg-type]

    merging = asyncio.run(merged())
    assert isinstance(merging, Synthesis)
    said = f"{merging.summary} {merging.text}"
    assert all(said.count(word) >= text.count(word) for word in ("alpha", "beta", "gamma", "delta"))


async def test_both_ways_give_the_same_headings_in_the_same_order_with_the_same_gap_lines(desk: Desk) -> None:
    """Nobody can see which way a report was written."""
    desk.model.answers |= {"angle/technical": ModelRefused(), "report": "Short.\n\n## Synthesis\nTrade came."}
    by_section = (await desk.run()).report
    other = Desk()
    other.model.answers |= {"angle/technical": ModelRefused(), "report": "Short.\n\n## Synthesis\nTrade came."}
    whole = (await Research(other.model, other.room).run(other.live, MemoryJournal())).report
    assert isinstance(by_section, Report)
    assert isinstance(whole, Report)
    assert [section.title for section in by_section.sections] == [section.title for section in whole.sections]
    assert by_section.sections[1] == whole.sections[1]


def test_without_a_synthesis_the_summary_is_how_the_first_section_begins() -> None:
    """Channel readers get something that holds."""
    run = found().with_branch("technical", draft=Draft(text="The part. It goes on."))
    report = put_together(run, Unwritten(cause="model_timeout", limit=90))
    assert isinstance(report, Report)
    assert report.summary == "The part. It goes on."
