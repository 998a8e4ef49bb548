"""An angle in depth: split, answered side by side, merged; what fails of it is named, and nothing is asked twice."""

from __future__ import annotations

import asyncio
import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.journal_memory import MemoryJournal
from bot.playground.slack.workspace import PATIENCE
from bot.research.active_run import ActiveRun
from bot.research.angles import own_angles
from bot.research.budget import RunLimits
from bot.research.deep import compared, read
from bot.research.deep_calls import LONGEST
from bot.research.errors import ModelRefused, ModelTimeout
from bot.research.model import Finding, Gap, Usage
from bot.research.ports import Call, Completion, Priority
from bot.research.run import Research
from bot.research.run_state import Phase, Run
from bot.research.voice import SECTIONS
from tests.support.fakes import FakeModel, RecordingRoom, question
from tests.support.virtual_time import in_virtual_time

QUESTIONS = ("Who grows it?", "Who trades it?", "Who drinks it?")
TECHNICAL = "angle/technical"
REPORT = ("report/technical", "report/synthesis")


class Planner(FakeModel):
    """Splits each angle into three questions of its own, and each question into two."""

    async def write(self, call: Call) -> Completion:
        if call.step.endswith("/plan") and call.step not in self.answers:
            names = QUESTIONS if call.step.count("/") == 2 else QUESTIONS[:2]
            self.answers[call.step] = json.dumps([f"{call.step}: {each}" for each in names])
        return await super().write(call)

    @property
    def asked(self) -> list[str]:
        return [call.step for call in self.calls]


class Watched(RecordingRoom):
    """A room that tells when the run has got on."""

    def __init__(self) -> None:
        super().__init__()
        self.moved = asyncio.Event()

    def progress(self, run: Run) -> None:
        super().progress(run)
        self.moved.set()


class Desk:
    """A deep run on one angle, with everything that it touches; it may be attempted again."""

    def __init__(self, *titles: str, depth: int = 2, calls: int = 0) -> None:
        self.calls = calls
        self.model, self.room, self.journal, self.depth = Planner(), Watched(), MemoryJournal(), depth
        self.live = ActiveRun(Run.of(question(deep=True, angles=own_angles(titles or ("Technical",)))))

    async def run(self) -> Run:
        async with asyncio.timeout(PATIENCE):
            limits = RunLimits(calls=self.calls)
            research = Research(self.model, self.room, voice=SECTIONS, limits=limits, max_depth=self.depth)
            return await research.run(self.live, self.journal)

    async def answered(self, *numbers: int) -> None:
        """Wait until so many of so many questions are answered."""
        async with asyncio.timeout(PATIENCE):
            while self.live.run.branches[0].answered != numbers:
                self.room.moved.clear()
                await self.room.moved.wait()

    async def again(self, run: Run) -> Run:
        """Retry what is missing, in a new journal, with a model that has forgotten its faults."""
        slugs = run.retryable
        self.model, self.journal = Planner(), MemoryJournal()
        self.live = ActiveRun(run.retrying(slugs, "U1") if slugs else run.next_attempt("U1"))
        return await self.run()


def finding(run: Run) -> Finding:
    (found,) = run.findings
    return found


async def test_an_angle_is_split_its_questions_are_answered_side_by_side_and_merged() -> None:
    """Depth is what it was asked for: more voices to one angle, and still one text."""
    desk = Desk()
    desk.model.close(*(f"{TECHNICAL}/{number}" for number in (1, 2, 3)))
    run = asyncio.create_task(desk.run())
    for number in (1, 2, 3):
        await desk.model.until_asked(f"{TECHNICAL}/{number}")
    assert TECHNICAL not in desk.model.asked
    for gate in desk.model.gates.values():
        gate.set()
    ended = await run
    assert desk.model.asked[0] == f"{TECHNICAL}/plan"
    assert Counter(desk.model.asked) == Counter(
        [
            f"{TECHNICAL}/plan",
            *(f"{TECHNICAL}/{n}" for n in (1, 2, 3)),
            TECHNICAL,
            "report/technical",
            "report/synthesis",
        ]
    )
    assert (ended.phase, finding(ended).text) == (Phase.DONE, f"What the {TECHNICAL} call found. A second sentence.")
    assert [node.text for node in finding(ended).nodes] == [
        f"What the {TECHNICAL}/{n} call found. A second sentence." for n in (1, 2, 3)
    ]


async def test_a_worker_below_an_angle_sees_the_topic_the_angle_and_its_question_only() -> None:
    """Independent answers are the point of asking several."""
    desk = Desk()
    await desk.run()
    calls = {call.step: call for call in desk.model.calls}
    own = calls[f"{TECHNICAL}/2"]
    assert all(each in own.prompt for each in ("tea", "Technical", "Who trades it?"))
    assert all(each not in own.prompt for each in ("Who grows", "call found", "Who drinks"))
    assert "80 to 120 words" in own.system
    merge = calls[TECHNICAL]
    assert all(f"What the {TECHNICAL}/{n} call found" in merge.prompt for n in (1, 2, 3))
    assert "200 to 260 words" in merge.system
    assert "Confidence: high|medium|low" in merge.system
    assert [own.priority, merge.priority, calls[f"{TECHNICAL}/plan"].priority] == [
        Priority.ANGLE,
        Priority.SECTION,
        Priority.ANGLE,
    ]


async def test_what_a_merge_says_of_its_confidence_is_read_as_a_worker_s() -> None:
    """A finding is a finding, however it came about."""
    desk = Desk()
    desk.model.answers[TECHNICAL] = "# Technical\nTea is dried.\n\nConfidence: low, because records are few"
    found = finding(await desk.run())
    assert found.text == "Tea is dried."
    assert found.confidence
    assert (found.confidence.level, found.confidence.reason) == ("low", "records are few")


async def test_with_three_levels_a_question_is_split_once_more() -> None:
    """The tree is one function: a level more is a number more."""
    desk = Desk(depth=3)
    run = await desk.run()
    below = [f"{TECHNICAL}/{n}/{m}" for n in (1, 2, 3) for m in (1, 2)]
    assert {*below, f"{TECHNICAL}/2/plan", f"{TECHNICAL}/2", TECHNICAL} <= set(desk.model.asked)
    assert max(Counter(desk.model.asked).values()) == 1
    assert [leaf.name for node in finding(run).nodes for leaf in node.leaves] == [
        "1/1",
        "1/2",
        "2/1",
        "2/2",
        "3/1",
        "3/2",
    ]


async def test_with_one_level_a_deep_run_is_a_plain_one() -> None:
    """Whoever runs the bot may switch depth off."""
    desk = Desk(depth=1)
    assert not finding(await desk.run()).unsplit
    assert sorted(desk.model.asked) == sorted([TECHNICAL, *REPORT])


@pytest.mark.parametrize(
    "plan",
    [
        json.dumps(["Only one?"]),
        json.dumps([f"Number {n}?" for n in range(20)]),
        json.dumps(["The same?"] * 4),
        json.dumps(["Short?", "long " * LONGEST]),
        json.dumps(["???", "Who?"]),
        "I cannot help with that.",
        "",
    ],
)
async def test_a_plan_that_cannot_be_used_goes_back_once_then_the_angle_is_done_plainly(plan: str) -> None:
    """An angle must not fail of how it was to be divided."""
    desk = Desk()
    desk.model.answers |= {f"{TECHNICAL}/plan": plan, f"{TECHNICAL}/plan/repair": plan}
    run = await desk.run()
    assert desk.model.asked[:3] == [f"{TECHNICAL}/plan", f"{TECHNICAL}/plan/repair", TECHNICAL]
    assert "<faults>\n" in desk.model.calls[1].prompt
    assert (run.phase, finding(run).unsplit, finding(run).usage.calls) == (Phase.DONE, True, 3)


async def test_a_plan_is_mended_when_it_is_asked_for_again() -> None:
    """Most slips are made once."""
    desk = Desk()
    desk.model.answers |= {f"{TECHNICAL}/plan": "[]", f"{TECHNICAL}/plan/repair": '["One?", "Two?"]'}
    run = await desk.run()
    assert [node.question for node in finding(run).nodes] == ["One?", "Two?"]
    assert not finding(run).unsplit
    assert finding(run).usage.calls == 5


async def test_a_refused_plan_is_not_asked_for_again() -> None:
    """Whoever refuses once refuses twice."""
    desk = Desk()
    desk.model.answers[f"{TECHNICAL}/plan"] = ModelRefused()
    assert finding(await desk.run()).unsplit
    assert desk.model.asked[:2] == [f"{TECHNICAL}/plan", TECHNICAL]


async def test_no_question_is_asked_twice_in_a_run() -> None:
    """Two angles that ask the same would be paid twice for one answer."""
    desk = Desk("Law", "Cost")
    plan = ["Who pays?", "ＷＨＯ  pays", "Who decides?", "Who knows?"]
    desk.model.answers |= {
        "angle/law/plan": json.dumps(plan),
        "angle/cost/plan": json.dumps([*plan[2:], "What?", "How?"]),
    }
    run = await desk.run()
    questions = [node.question for found in run.findings for node in found.nodes]
    assert questions == ["Who pays?", "Who decides?", "Who knows?", "What?", "How?"]


async def test_a_failed_question_is_a_gap_of_its_finding() -> None:
    """Two answers of three are worth reading, if the third is known to be missing."""
    desk = Desk()
    desk.model.answers[f"{TECHNICAL}/2"] = ModelTimeout(usage=Usage(calls=2), limit=90)
    run = await desk.run()
    (missing,) = finding(run).missing
    assert missing.question.endswith("Who trades it?")
    assert missing.failure
    assert missing.failure.cause == "model_timeout"
    merge = next(call for call in desk.model.calls if call.step == TECHNICAL)
    assert "<gap>\nangle/technical/plan: Who trades it?\n</gap>" in merge.prompt
    assert (run.phase, run.retryable, run.branches[0].answered) == (Phase.PARTIAL, ("technical",), (2, 3))
    assert (finding(run).usage.calls, run.usage.calls) == (6, 8)


async def test_an_angle_none_of_whose_questions_could_be_answered_is_a_gap() -> None:
    """Nothing is made of nothing, and nothing is paid for it."""
    desk = Desk()
    desk.model.answers |= {f"{TECHNICAL}/{n}": ModelRefused() for n in (1, 2, 3)}
    run = await desk.run()
    (gap,) = run.gaps
    assert (gap.cause, gap.usage.calls, len(gap.nodes)) == ("model_refused", 4, 3)
    assert TECHNICAL not in desk.model.asked


async def test_a_retry_asks_for_what_is_missing_only() -> None:
    """Whoever presses Retry pays for what failed, and for what is made of it."""
    desk = Desk()
    desk.model.answers[f"{TECHNICAL}/2"] = ModelRefused()
    run = await desk.again(await desk.run())
    assert sorted(desk.model.asked) == sorted([f"{TECHNICAL}/2", TECHNICAL, *REPORT])
    assert (run.phase, run.usage.calls, finding(run).missing) == (Phase.DONE, 11, ())
    assert "retrying technical" not in desk.room.names
    assert [found.angle.slug for found in desk.room.shown[-2][1]] == ["technical"]  # type: ignore[attr-defined]


async def test_a_retry_that_brings_nothing_leaves_everything_as_it_was() -> None:
    """Another merge of the same answers would cost and say nothing new."""
    desk = Desk()
    desk.model.answers[f"{TECHNICAL}/2"] = ModelRefused()
    first = await desk.run()
    desk.model.answers[f"{TECHNICAL}/2"] = ModelTimeout()
    desk.model.calls.clear()
    desk.journal, desk.live = MemoryJournal(), ActiveRun(first.retrying(("technical",), "U1"))
    run = await desk.run()
    assert desk.model.asked == [f"{TECHNICAL}/2"]
    assert (run.phase, finding(run).text, run.report) == (Phase.PARTIAL, finding(first).text, first.report)
    assert [node.failure.cause for node in finding(run).missing if node.failure] == ["model_timeout"]
    assert run.usage.calls == first.usage.calls + 1


async def test_a_finding_whose_new_merge_fails_stays_and_keeps_the_new_answer_for_the_next_retry() -> None:
    """What stands in the thread must not be lost to an attempt to complete it."""
    desk = Desk()
    desk.model.answers[f"{TECHNICAL}/2"] = ModelRefused()
    first = await desk.run()
    desk.model.answers = {TECHNICAL: ModelTimeout()}
    desk.journal, desk.live = MemoryJournal(), ActiveRun(first.retrying(("technical",), "U1"))
    second = await desk.run()
    assert (second.phase, finding(second).text) == (Phase.PARTIAL, finding(first).text)
    assert [node.name for node in finding(second).missing] == ["2"]
    third = await desk.again(second)
    assert sorted(desk.model.asked) == sorted([TECHNICAL, *REPORT])
    assert (third.phase, third.usage.calls) == (Phase.DONE, second.usage.calls + 3)


async def test_when_a_merge_fails_only_that_is_tried_again() -> None:
    """Four answers were paid for."""
    desk = Desk("Technical", "Other")
    desk.model.answers[TECHNICAL] = ModelTimeout()
    first = await desk.run()
    assert [gap.cause for gap in first.gaps] == ["model_timeout"]
    run = await desk.again(first)
    assert sorted(desk.model.asked) == sorted([TECHNICAL, *REPORT])
    assert (run.phase, run.usage.calls) == (Phase.DONE, first.usage.calls + 3)


async def test_a_stopped_run_goes_on_with_the_answers_that_it_has() -> None:
    """Stop is no way to pay twice."""
    desk = Desk()
    desk.model.close(f"{TECHNICAL}/2")
    run = asyncio.create_task(desk.run())
    await desk.model.until_asked(f"{TECHNICAL}/2")
    await desk.answered(2, 3)
    desk.live.stop("U1")
    stopped = await run
    assert (stopped.phase, stopped.usage.calls) == (Phase.STOPPED, 3)
    ended = await desk.again(stopped)
    assert sorted(desk.model.asked) == sorted([f"{TECHNICAL}/2", TECHNICAL, *REPORT])
    assert (ended.phase, ended.usage.calls) == (Phase.DONE, 7)


@in_virtual_time
async def test_a_question_that_hangs_is_a_gap_when_the_run_s_time_is_over_and_the_merge_has_its_own() -> None:
    """One slow voice must not cost the others."""
    desk = Desk()
    desk.model.close(f"{TECHNICAL}/2")
    research = Research(desk.model, desk.room, 60, 30, SECTIONS)
    run = await research.run(desk.live, desk.journal)
    (missing,) = finding(run).missing
    assert missing.failure
    assert (missing.name, missing.failure.cause, run.phase) == ("2", "time_limit", Phase.PARTIAL)
    assert run.limit


async def test_its_time_is_that_of_its_slowest_way_and_in_turn_that_of_all_its_calls() -> None:
    """Five calls of a second and a half: three of them side by side."""
    found = finding(await Desk().run())
    assert (found.seconds, found.in_turn) == (4.5, 7.5)


async def test_a_question_beyond_the_run_s_budget_is_a_named_gap_and_what_is_there_is_merged_and_reported() -> None:
    """The calls that close a run are kept for it, however many questions there are."""
    desk = Desk(calls=6)
    run = await desk.run()
    assert Counter(desk.model.asked) == Counter(
        [f"{TECHNICAL}/plan", *(f"{TECHNICAL}/{n}" for n in (1, 2)), TECHNICAL, *REPORT]
    )
    assert [(node.name, node.failure.cause) for node in finding(run).missing if node.failure] == [("3", "call_limit")]
    assert (run.phase, run.limit.cause if run.limit else "") == (Phase.PARTIAL, "call_limit")


async def test_an_attempt_that_a_crash_cut_asks_for_nothing_that_is_stored() -> None:
    """Each node is a step of its own."""
    desk = Desk(depth=3)
    desk.model.close(f"{TECHNICAL}/2/1")
    run = asyncio.create_task(desk.run())
    await desk.model.until_asked(f"{TECHNICAL}/2/1")
    await desk.answered(5, 6)
    run.cancel()
    await asyncio.wait([run])
    before, desk.model = desk.model.ended, Planner()
    desk.live = ActiveRun(Run.of(desk.live.run.question), recovered=True)
    await Research(desk.model, desk.room, voice=SECTIONS, max_depth=3).recover(desk.live, desk.journal)
    assert (desk.live.run.branches[0].answered, desk.live.run.usage.calls) == ((5, 6), len(before))
    ended = await desk.run()
    assert not set(before) & set(desk.model.asked)
    assert (ended.phase, ended.usage.calls) == (Phase.DONE, len(before) + len(desk.model.calls))


STEPS = st.lists(
    st.builds(
        lambda n, m: f"{TECHNICAL}/{n}{f'/{m}' if m else ''}", st.integers(0, 4), st.sampled_from(["", 1, 2, "plan"])
    ).map(lambda step: step.removesuffix("/0")),
    max_size=8,
    unique=True,
)


@settings(deadline=None, max_examples=100)
@given(STEPS, st.lists(st.integers(1, 5), min_size=6, max_size=6), st.integers(2, 3), st.just(0) | st.integers(1, 30))
def test_every_leaf_of_every_tree_is_answered_or_named_and_no_call_is_made_twice(
    failing: list[str], sizes: list[int], depth: int, calls: int
) -> None:
    """Whatever fails or is too much, all have an answer or a word why; and a retry brings the rest, once."""

    async def told() -> None:
        desk = Desk("Technical", "Other", depth=depth, calls=calls)
        planned = {
            f"{place}/plan": json.dumps([f"{place} {number}?" for number in range(size)])
            for place, size in zip([TECHNICAL, *(f"{TECHNICAL}/{n}" for n in range(1, 6))], sizes, strict=True)
        }
        desk.model.answers |= planned | {step: ModelRefused() for step in failing}
        first = await desk.run()
        _check(first, desk.model.asked)
        assert not calls or len(desk.model.calls) <= calls
        desk.calls = 0
        again = await desk.again(first) if first.phase is Phase.PARTIAL else first
        _check(again, desk.model.asked)
        answered = [leaf.name for node in first.branches[0].nodes for leaf in node.leaves if leaf.text]
        if again is not first:
            assert not {f"{TECHNICAL}/{name}" for name in answered} & set(desk.model.asked)
            assert again.usage.calls == first.usage.calls + len(desk.model.calls)
            assert again.phase is Phase.DONE

    asyncio.run(told())


def _check(run: Run, asked: list[str]) -> None:
    assert len(set(asked)) == len(asked)
    for branch in run.branches:
        assert branch.result
        named = {node.name for node in branch.missing}
        for leaf in (leaf for node in branch.nodes for leaf in node.leaves):
            told = any(leaf.name == name or leaf.name.startswith(f"{name}/") for name in named)
            assert leaf.text or told or isinstance(branch.result, Gap)


def test_a_plan_s_questions_are_those_that_nobody_has_asked_yet() -> None:
    """The first of two that are the same stays, wherever it stands."""
    assert read('["A b?", "C?", "a  B", "D?"]', {compared("d")}) == (("A b?", "C?"), [])
    questions, faults = read('["A?", "B?"]', {compared("a")})
    assert questions == ()
    assert "asked elsewhere" in faults[-1]


def test_a_plan_without_end_is_looked_through_in_time_that_grows_with_it() -> None:
    """Nobody can stop a thread: the run would wait for it beyond all limits."""
    text = json.dumps([f"What of {number}?" for number in range(100_000)])
    questions, faults = read(text, set())  # minutes, were each compared with all others
    assert (questions, bool(faults)) == ((), True)


async def test_a_question_that_had_failed_before_a_crash_is_paid_once() -> None:
    """A run must not say that it cost more than it did, nor run into its budget for that."""
    desk = Desk()
    desk.model.answers[f"{TECHNICAL}/2"] = ModelRefused()
    desk.model.close(f"{TECHNICAL}/3")
    running = asyncio.create_task(desk.run())
    await desk.answered(1, 3)
    async with asyncio.timeout(PATIENCE):
        while not desk.live.run.branches[0].nodes[1].failure:
            desk.room.moved.clear()
            await desk.room.moved.wait()
    running.cancel()
    await asyncio.wait([running])
    desk.model, desk.live = Planner(), ActiveRun(Run.of(desk.live.run.question), recovered=True)
    await Research(desk.model, desk.room).recover(desk.live, desk.journal)
    before = desk.live.run.usage.calls
    run = await desk.run()
    assert f"{TECHNICAL}/2" not in desk.model.asked
    assert run.usage.calls == before + len(desk.model.asked)
