"""The pattern: fan-out, fan-in, and what happens when a part of it fails."""

from __future__ import annotations

import asyncio

import pytest

from bot.adapters.journal_memory import MemoryJournal
from bot.playground.slack.workspace import PATIENCE
from bot.research.active_run import ActiveRun
from bot.research.errors import ModelRefused, ModelTimeout, NotPosted, OutOfCredit, Refused
from bot.research.model import Finding, Limit, Report, Unwritten, Usage
from bot.research.run import Research
from bot.research.run_state import Phase, Run
from bot.research.voice import VOICES
from bot.research.words.en import NBSP, sentence
from tests.support.fakes import REPORT, FakeModel, ForgetfulJournal, RecordingRoom, question

ANGLES = ["angle/historical", "angle/technical", "angle/societal"]


class Desk:
    """A run under way, with everything that it touches."""

    def __init__(self) -> None:
        self.model, self.room, self.journal = FakeModel(), RecordingRoom(), ForgetfulJournal()
        self.live = ActiveRun(Run.of(question()))

    async def run(self, run_timeout: float = 360, model_timeout: float = 90) -> Run:
        async with asyncio.timeout(PATIENCE):
            research = Research(self.model, self.room, run_timeout, model_timeout)
            return await research.run(self.live, self.journal)


@pytest.fixture
def desk() -> Desk:
    return Desk()


async def test_the_quickest_angle_is_shown_while_the_others_still_work(desk: Desk) -> None:
    """Waiting for all before showing any is what this bot is there to end."""
    desk.model.close(*ANGLES)
    run = asyncio.create_task(desk.run())
    for slug in ("societal", "historical", "technical"):
        desk.model.gates[f"angle/{slug}"].set()
        await desk.room.until(slug)
    done = await run
    assert desk.room.names == ["root", "societal", "historical", "technical", "report", "closed"]
    assert done.phase is Phase.DONE


async def test_no_model_is_asked_before_the_root_message_stands(desk: Desk) -> None:
    """What nobody can see must not cost anything."""
    desk.room.refusal = NotPosted("not_in_channel")
    with pytest.raises(NotPosted):
        await desk.run()
    assert desk.model.calls == []


async def test_a_worker_sees_the_topic_and_its_own_angle_only(desk: Desk) -> None:
    """Independent voices are the point of asking three."""
    await desk.run()
    for call in desk.model.calls[:3]:
        assert "tea" in call.prompt
        assert "What the" not in call.prompt
    assert len({call.system for call in desk.model.calls[:3]}) == 3


async def test_the_report_is_made_from_all_findings_in_the_angles_order_whatever_came_first(desk: Desk) -> None:
    """A report that depended on who was quick could not be compared with another."""
    desk.model.close(*ANGLES)
    run = asyncio.create_task(desk.run())
    for step in reversed(ANGLES):
        desk.model.gates[step].set()
        await desk.room.until(step.removeprefix("angle/"))
    await run
    prompt = desk.model.calls[-1].prompt
    places = [prompt.index(f'<finding angle="{name}" words="8">') for name in ("Historical", "Technical", "Societal")]
    assert places == sorted(places)


async def test_the_report_is_begun_when_the_last_finding_is_in_even_if_it_is_not_shown_yet(desk: Desk) -> None:
    """A slow message must not make the whole run slower."""
    held = asyncio.Event()
    show = desk.room.finding

    async def slow(finding: Finding, ref: str) -> str:
        await held.wait()
        return await show(finding, ref)

    desk.room.finding = slow  # type: ignore[method-assign]
    desk.model.close("report")
    run = asyncio.create_task(desk.run())
    await desk.model.until_asked("report")
    assert desk.room.names == ["root"]
    held.set()
    desk.model.gates["report"].set()
    await run
    assert desk.room.names[-2:] == ["report", "closed"]


@pytest.mark.parametrize("voice", ["whole", "sections"])
async def test_no_model_waits_for_the_store_and_nothing_is_stored_before_what_it_is_made_of(
    desk: Desk, voice: str
) -> None:
    """Where many runs store at once it takes seconds; a crash must not leave a report of a finding that it lost."""
    last, journal = f"{ANGLES[1]}/investigate", desk.journal
    report = "report" if voice == "whole" else "report/synthesis"
    journal.gates[last] = asyncio.Event()
    async with asyncio.timeout(PATIENCE):
        run = asyncio.create_task(Research(desk.model, desk.room, voice=VOICES[voice]).run(desk.live, journal))
        await desk.model.until_asked(report)
        await desk.room.until("societal")
        assert "technical" not in desk.room.names
        journal.gates[last].set()
        await run
    made = [report] if voice == "whole" else [report, "report/section/technical"]
    assert all(journal.stored.index(last) < journal.stored.index(each) for each in made)


async def test_a_failed_angle_is_said_aloud_and_the_others_go_on(desk: Desk) -> None:
    """Two voices are better than none."""
    desk.model.answers["angle/technical"] = ModelTimeout(usage=Usage(calls=2), limit=90)
    run = await desk.run()
    (gap,) = run.gaps
    assert sentence(gap).replace(NBSP, " ") == "the model did not answer within 90 s (tried 2 times)"
    assert run.phase is Phase.PARTIAL
    assert isinstance(run.report, Report)
    assert run.report.sections[1].text.startswith("*Missing.* The technical angle could not be completed")
    assert '<gap angle="Technical">' in desk.model.calls[-1].prompt


async def test_without_a_finding_no_synthesizer_is_paid(desk: Desk) -> None:
    """A report about nothing would pass for an answer."""
    for step in ANGLES:
        desk.model.answers[step] = ModelRefused()
    run = await desk.run()
    assert run.phase is Phase.FAILED
    assert [call.step for call in desk.model.calls] == ANGLES
    assert "report" not in desk.room.names


async def test_a_report_that_fails_leaves_the_angles_standing(desk: Desk) -> None:
    """What was found and paid for stays."""
    desk.model.answers["report"] = OutOfCredit()
    run = await desk.run()
    assert run.phase is Phase.UNWRITTEN
    assert isinstance(run.report, Unwritten)
    assert len(run.findings) == 3
    assert "report" not in desk.room.names


async def test_the_time_limit_ends_all_workers_together_and_reports_on_what_is_there(desk: Desk) -> None:
    """Somebody waits for an answer: late is worse than partial."""
    desk.model.close("angle/technical", "angle/societal")
    run = await desk.run(run_timeout=0.5)
    assert [gap.cause for gap in run.gaps] == ["time_limit", "time_limit"]
    assert run.limit == Limit(cause="time_limit", most=0.5)
    assert run.phase is Phase.PARTIAL
    assert isinstance(run.report, Report)


async def test_a_report_gets_a_whole_calls_time_even_if_the_workers_used_up_the_runs(desk: Desk) -> None:
    """Else the time limit would throw away what it was meant to save."""
    desk.model.close("angle/technical", "report")
    run = asyncio.create_task(desk.run(run_timeout=0.3, model_timeout=5))
    await desk.model.until_asked("report")
    desk.model.gates["report"].set()
    assert isinstance((await run).report, Report)


async def test_a_report_that_takes_longer_than_any_call_may_is_given_up(desk: Desk) -> None:
    """A run has an end, whatever the model does."""
    desk.model.close("report")
    run = await desk.run(run_timeout=0.3, model_timeout=0.3)
    assert run.phase is Phase.UNWRITTEN
    assert run.limit == Limit(cause="time_limit", most=0.3)


async def test_an_error_of_our_own_in_one_angle_is_a_gap_like_any_other(desk: Desk) -> None:
    """A bug in one branch must not take the others with it."""
    desk.model.answers["angle/historical"] = ZeroDivisionError("secret")
    run = await desk.run()
    (gap,) = run.gaps
    assert (gap.cause, sentence(gap)) == ("internal", "something went wrong on our side")
    assert run.phase is Phase.PARTIAL


async def test_an_angle_that_cannot_be_shown_does_not_end_the_run(desk: Desk) -> None:
    """Its content still reaches people in the report."""
    desk.room.unposted.add("technical")
    run = await desk.run()
    assert run.phase is Phase.DONE
    assert "report" in desk.room.names


async def test_a_report_that_cannot_be_shown_is_never_called_done(desk: Desk) -> None:
    """No half answer passes for a whole one."""
    desk.room.unposted.add("report")
    run = await desk.run()
    assert run.phase is Phase.BROKEN
    assert desk.room.states[-1].phase is Phase.BROKEN


async def stopped(desk: Desk) -> Run:
    """A run that was stopped when one of its angles was still missing."""
    desk.model.close("angle/technical")
    running = asyncio.create_task(desk.run())
    await desk.room.until("societal")
    await desk.room.until("historical")
    desk.live.stop(by="U1")
    return await running


async def test_a_stopped_run_keeps_what_was_found_and_says_who_stopped_it(desk: Desk) -> None:
    """What was paid for is not thrown away, and nothing more is paid."""
    run = await stopped(desk)
    assert (run.phase, run.stopped_by) == (Phase.STOPPED, "U1")
    assert desk.room.states[-1] == run
    assert [finding.angle.slug for finding in run.findings] == ["historical", "societal"]
    assert [call.step for call in desk.model.calls] == ANGLES
    assert desk.room.names[-1] == "closed"


async def test_a_resumed_run_asks_only_for_what_is_missing(desk: Desk) -> None:
    """Finished angles are kept, in the thread too."""
    run = await stopped(desk)
    desk.live = ActiveRun(run.next_attempt("U2"))
    desk.model.gates["angle/technical"].set()
    desk.room.shown.clear()
    again = await desk.run()
    assert again.phase is Phase.DONE
    assert [call.step for call in desk.model.calls[3:]] == ["angle/technical", "report"]
    assert desk.room.names == ["technical", "report", "closed"]
    assert (again.again_by, again.attempt) == ("U2", 2)


async def test_a_failed_run_tried_again_counts_what_the_first_attempt_cost(desk: Desk) -> None:
    """Failed calls are paid for as well."""
    desk.model.answers |= {angle: ModelTimeout(usage=Usage(calls=2), limit=90) for angle in ANGLES}
    failed = await desk.run()
    assert failed.phase is Phase.FAILED
    desk.model.answers = {"report": desk.model.answers["report"]}
    desk.live = ActiveRun(failed.next_attempt("U2"))
    run = await desk.run()
    assert run.phase is Phase.DONE
    assert run.usage.calls == 6 + 4


async def test_after_a_failed_report_only_the_report_is_written_again(desk: Desk) -> None:
    """The angles stand in the thread, the missing ones are named there."""
    desk.model.answers |= {"report": OutOfCredit(), "angle/technical": ModelRefused()}
    unwritten = await desk.run()
    desk.model.answers["report"] = REPORT
    desk.model.calls.clear()
    desk.live = ActiveRun(unwritten.next_attempt("U2"))
    run = await desk.run()
    assert run.phase is Phase.PARTIAL
    assert [call.step for call in desk.model.calls] == ["report"]


async def test_the_states_tell_each_angle_once_it_is_shown_and_then_the_report(desk: Desk) -> None:
    """The root links to messages, so they must stand first."""
    await desk.run()
    for state in desk.room.states[:-1]:
        for branch in state.branches:
            assert branch.link or state.phase is Phase.WRITING or not branch.result
    assert desk.room.states[-1].report_link == "link/report"
    assert [branch.link for branch in desk.room.states[-1].branches] == [f"link/{a.slug}" for a in question().angles]


async def test_the_usage_of_a_run_is_the_sum_of_all_its_calls(desk: Desk) -> None:
    """What a run cost is told once, and rightly."""
    desk.model.answers["angle/technical"] = ModelTimeout(usage=Usage(calls=2), limit=90)
    run = await desk.run()
    assert run.usage.calls == 1 + 2 + 1 + 1
    assert run.usage.tokens == 900


async def test_every_step_has_its_own_name(desk: Desk) -> None:
    """A journal that stores results by name must never mix two up."""
    await desk.run()
    assert sorted(desk.journal.steps) == sorted(
        ["open", "report", "report/post"] + [f"{angle}/{step}" for angle in ANGLES for step in ("investigate", "post")]
    )


async def test_all_that_an_earlier_process_stored_is_known_before_the_run_goes_on() -> None:
    """Whoever stops it in that moment keeps what was found, and is told the truth about the report."""
    kept: dict[str, object] = {}
    research = Research(FakeModel(), RecordingRoom())
    whole = await research.run(ActiveRun(Run.of(question())), MemoryJournal(kept=kept))
    for lacking, results, written, committed in (
        ((), 3, True, True),
        (("report/post",), 3, True, True),  # Slack may have it, though nobody noted that
        (("report/post", "report", "angle/societal/post"), 2, False, False),
        (tuple(kept), 0, False, False),
    ):
        live = ActiveRun(Run.of(question()), recovered=True)
        await research.recover(live, MemoryJournal(kept={name: kept[name] for name in kept if name not in lacking}))
        assert live.run.ref == ("" if "open" in lacking else whole.ref)
        assert sum(branch.result is not None and bool(branch.link) for branch in live.run.branches) == results
        assert (live.run.report == whole.report) is written
        assert live.stoppable is not committed
        if "angle/societal/post" in lacking and results:
            assert len(live.gather().findings) == 3


async def test_an_angle_whose_text_was_refused_is_known_as_a_gap_after_a_restart() -> None:
    """It was said so already: whoever stops the run in that moment is told of no finding that nobody can read."""
    kept: dict[str, object] = {}
    room = RecordingRoom()

    async def refused(finding: Finding, ref: str) -> str:
        raise Refused("invalid_blocks")

    room.finding = refused  # type: ignore[method-assign]
    research = Research(FakeModel(), room)
    await research.run(ActiveRun(Run.of(question())), MemoryJournal(kept=kept))
    live = ActiveRun(Run.of(question()), recovered=True)
    room.shown.clear()
    stored = {name: value for name, value in kept.items() if name not in ("report", "report/post")}
    await research.recover(live, MemoryJournal(kept=stored))
    assert [gap.cause for gap in live.run.gaps] == ["text_refused"] * 3
    assert live.run.usage.calls == 3
    run = await research.run(live, MemoryJournal(kept=stored))
    assert (run.phase, room.names) == (Phase.FAILED, ["closed"])
