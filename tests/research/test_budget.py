"""What a run may use: calls, tokens and dollars."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from decimal import Decimal
from random import Random
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.adapters.journal_memory import MemoryJournal
from bot.playground.slack.workspace import PATIENCE
from bot.research.active_run import ActiveRun
from bot.research.angles import own_angles
from bot.research.budget import Budget, Request, RunLimits
from bot.research.model import LIMITS, Draft, Finding, Gap, Limit, Node, Report, Unwritten, Usage
from bot.research.model_call import SearchPurse
from bot.research.ports import Call, Priority
from bot.research.run import Research
from bot.research.run_state import Branch, Phase, Run
from bot.research.voice import SECTIONS, VOICES, WHOLE, Voice
from bot.research.words.en import NBSP, sentence
from tests.support.fakes import FakeModel, RecordingRoom, question
from tests.support.spending import Ending, SpendingModel, price
from tests.support.virtual_time import in_virtual_time, now

T = TypeVar("T")

ANGLES = ["angle/historical", "angle/technical", "angle/societal"]


class Unsteady(MemoryJournal):
    """A journal in which a step is stored once others have had so many turns on the event loop."""

    def __init__(self, passes: Callable[[], int], prefix: str = "", kept: dict[str, object] | None = None) -> None:
        super().__init__(prefix, kept)
        self._passes = passes

    async def step(self, name: str, make: Callable[[], Awaitable[T]], kind: TypeAdapter[T]) -> T:
        made = await super().step(name, make, kind)
        for _ in range(self._passes()):
            await asyncio.sleep(0)
        return made

    def branch(self, name: str) -> Unsteady:
        return Unsteady(self._passes, f"{self._prefix}{name}/", self._kept)


async def ended(
    model: SpendingModel | FakeModel,
    limits: RunLimits,
    voice: Voice = WHOLE,
    run: Run | None = None,
    depth: int = 2,
    passes: Callable[[], int] = lambda: 0,
) -> Run:
    """How a run ends on that model within these limits."""
    async with asyncio.timeout(PATIENCE):
        research = Research(model, RecordingRoom(), voice=voice, limits=limits, max_depth=depth)
        return await research.run(ActiveRun(run or Run.of(question())), Unsteady(passes))


def of_dollars(most: str) -> RunLimits:
    """No more than so many dollars."""
    return RunLimits(dollars=Decimal(most), price=price)


@pytest.mark.parametrize(("calls", "begun"), [(2, 1), (3, 2), (4, 3), (60, 3)])
async def test_as_many_angles_begin_as_leave_a_call_for_the_report(calls: int, begun: int) -> None:
    """What was found and is not merged was paid for nothing."""
    model = SpendingModel()
    run = await ended(model, RunLimits(calls=calls))
    assert model.requests == [*ANGLES[:begun], "report"]
    assert [gap.cause for gap in run.gaps] == ["call_limit"] * (3 - begun)
    assert isinstance(run.report, Report)
    assert run.limit == (Limit(cause="call_limit", most=calls) if begun < 3 else None)


@pytest.mark.parametrize(("calls", "begun"), [(3, 1), (4, 1), (5, 2), (7, 3)])
async def test_an_angle_that_begins_can_have_its_section(calls: int, begun: int) -> None:
    """A section is a part of the report as the synthesis is."""
    run = await ended(SpendingModel(), RunLimits(calls=calls), SECTIONS)
    assert [isinstance(branch.draft, Draft) for branch in run.branches] == [True] * begun + [False] * (3 - begun)
    assert isinstance(run.report, Report)
    assert run.report.unmerged is None


async def test_an_angle_that_was_not_begun_is_named_with_the_limit() -> None:
    """A reader must not take the report for a whole one."""
    run = await ended(SpendingModel(), RunLimits(calls=3))
    (gap,) = run.gaps
    assert sentence(gap).replace(NBSP, " ") == "the run reached its limit of 3 model calls"
    assert isinstance(run.report, Report)
    assert "reached its limit of 3" in run.report.sections[2].text
    assert run.phase is Phase.PARTIAL
    assert gap.usage == Usage()


async def test_where_not_even_one_angle_fits_nothing_is_asked() -> None:
    """Half a run costs money and is of no use to anybody."""
    model = SpendingModel()
    run = await ended(model, of_dollars("0.001"))
    assert model.requests == []
    assert run.phase is Phase.FAILED
    assert run.limit == Limit(cause="price_limit", most=0.001)


async def test_where_nothing_fits_no_plan_is_made_either() -> None:
    """Nobody needs the angles of a run that cannot be."""
    model = SpendingModel()
    run = await ended(model, RunLimits(tokens=1_000), run=Run.of(question(angles=())))
    assert model.requests == []
    assert (len(run.gaps), run.phase) == (3, Phase.FAILED)


async def test_an_angle_waits_for_what_the_others_do_not_use() -> None:
    """Of what a call may use it mostly uses a tenth: what was kept for the rest of it is there for others."""
    model = SpendingModel(share=lambda call: 0.05)
    run = await ended(model, RunLimits(tokens=30_000))
    assert model.requests == [*ANGLES, "report"]
    assert not run.gaps
    assert model.tokens < 30_000


async def test_a_search_of_a_model_waits_for_what_another_gives_back() -> None:
    """It is counted with the most that it may use, which is mostly more than it does."""
    most = Usage(calls=1, input_tokens=900, output_tokens=100)
    budget = Budget(RunLimits(tokens=1_500))
    purse = SearchPurse(budget, "r_1/angle/technical/search")
    assert await purse.opens(most)
    second = asyncio.create_task(purse.opens(most))
    await asyncio.sleep(0)
    assert not second.done()
    purse.spent(Usage(calls=1, input_tokens=400, output_tokens=50))
    assert await second
    purse.spent(Usage(calls=1, estimated=True))  # which counts with all that it may have used
    assert not await purse.opens(most)
    assert purse.usage.calls == 2


async def test_a_failed_call_is_repeated_as_long_as_what_closes_the_run_stays_reserved() -> None:
    """A repeat must not take the report's place."""
    model = SpendingModel(ending=lambda call: Ending.REFUSED if call.step == ANGLES[1] else Ending.WHOLE)
    run = await ended(model, RunLimits(calls=5))
    assert model.requests.count(ANGLES[1]) == 2
    assert len(model.requests) == 5
    assert [gap.cause for gap in run.gaps] == ["provider_down"]
    assert isinstance(run.report, Report)


async def test_a_request_that_nobody_waited_for_counts_with_all_that_it_may_have_used() -> None:
    """The provider may have written and charged it all the same."""
    model = SpendingModel(
        ending=lambda call: Ending.LATE if call.step in ANGLES[:2] else Ending.WHOLE, share=lambda call: 1
    )
    run = await ended(model, RunLimits(tokens=40_000))
    assert [gap.cause for gap in run.gaps] == ["model_timeout", "model_timeout", "token_limit"]
    assert model.tokens <= 40_000


async def test_an_angle_does_not_wait_for_what_begins_after_it_alone() -> None:
    """A section that an earlier attempt left out is written once all angles have ended: the run would never end."""
    first = await ended(SpendingModel(), RunLimits(calls=5), SECTIONS)
    without = first.with_branch("technical", draft=None).retrying(["societal"], "U1")
    model = SpendingModel()
    run = await ended(model, RunLimits(calls=3), SECTIONS, without)
    assert [gap.cause for gap in run.gaps] == ["call_limit"]
    assert len(model.requests) <= 3


async def test_an_angle_that_waits_until_the_time_is_up_is_a_gap_for_that() -> None:
    """A run must not take longer for its budget."""
    model = FakeModel()
    model.close("angle/historical")
    research = Research(model, RecordingRoom(), run_timeout=0.3, limits=RunLimits(tokens=24_500))
    async with asyncio.timeout(PATIENCE):
        run = await research.run(ActiveRun(Run.of(question())), MemoryJournal())
    assert {gap.cause for gap in run.gaps} <= {"time_limit", "token_limit"}  # both are true in that moment
    assert [call.step for call in model.calls] == ["angle/historical"]
    assert run.phase is Phase.FAILED


@pytest.mark.parametrize(("calls", "copies"), [(4, 0), (5, 1), (60, 4)])
async def test_a_late_call_has_a_copy_as_long_as_what_closes_the_run_stays_reserved(calls: int, copies: int) -> None:
    """A copy is worth less than any call that it would take the place of."""
    model = SpendingModel(late=lambda call: True)
    run = await ended(model, RunLimits(calls=calls))
    assert len([step for step in model.requests if step.endswith("/hedge")]) == copies
    assert run.phase is Phase.DONE


async def test_somebody_who_asks_again_gets_the_budget_anew() -> None:
    """It was a person who wanted more of it."""
    first = await ended(SpendingModel(), RunLimits(calls=3))
    model = SpendingModel()
    again = await ended(model, RunLimits(calls=3), run=first.retrying(["societal"], "U1"))
    assert model.requests == ["angle/societal", "report"]
    assert again.phase is Phase.DONE
    assert again.usage.calls == 5


@pytest.mark.parametrize("shown", [False, True])
async def test_a_crash_does_not_renew_the_budget(shown: bool) -> None:
    """Else a bot that starts over and over would pay without an end."""
    model, kept = FakeModel(), dict[str, object]()
    model.close("angle/societal")
    room = RecordingRoom()
    research = Research(model, room, limits=RunLimits(calls=4))
    first = ActiveRun(Run.of(question()))
    work = asyncio.create_task(research.run(first, MemoryJournal(kept=kept)))
    await room.until("historical")
    await room.until("technical")
    work.cancel()
    await asyncio.wait([work])
    before = first.run if shown else Run.of(question())  # where others see how it stands, or see it when it has ended
    second, journal = ActiveRun(before, recovered=True), MemoryJournal(kept=kept)
    await research.recover(second, journal)
    assert second.spent.calls == 2
    fewer = Research(SpendingModel(), RecordingRoom(), limits=RunLimits(calls=3))
    run = await fewer.run(second, journal)
    assert [gap.cause for gap in run.gaps] == ["call_limit"]
    assert isinstance(run.report, Report)


class Dice:
    """Chance, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self.likely = self._random.choice([0.0, 0.2, 0.6])

    def ending(self, call: Call) -> Ending:
        """How a request ends."""
        return self._random.choice(list(Ending)) if self._random.random() < self.likely else Ending.WHOLE

    def late(self, call: Call) -> bool:
        """Whether a second copy is wanted."""
        return self._random.random() < self.likely

    def passes(self) -> int:
        """How often others go on first."""
        return self._random.choice([0, 0, 1, 2, 8])

    def share(self, call: Call) -> float:
        """How much of its room it takes."""
        return self._random.choice([0.01, 0.1, 1.0])


def merged(run: Run) -> bool:
    """Whether nothing of what was found is missing for the limits."""
    parts = [run.report, run.unmerged, *(branch.draft for branch in run.branches)]
    return not any(isinstance(part, Unwritten) and part.cause in LIMITS for part in parts)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 6),
    st.sampled_from(sorted(VOICES)),
    st.integers(0, 20),
    st.sampled_from([0, 10_000, 30_000, 60_000, 150_000]),
    st.sampled_from(["0", "0.01", "0.05", "0.1", "0.4"]),
    st.integers(0, 10_000),
)
def test_whatever_fails_no_limit_is_exceeded_and_nothing_is_lost(
    angles: int, voice: str, calls: int, tokens: int, dollars: str, seed: int
) -> None:
    """The property that the rest of these tests are examples of."""
    dice = Dice(seed)
    run = Run.of(question(angles=own_angles([f"Angle {number}" for number in range(angles)])))
    limits = RunLimits(calls, tokens, Decimal(dollars), price)
    for _ in range(3):
        model = SpendingModel(dice.ending, dice.share, dice.late, dice.passes)
        run = asyncio.run(ended(model, limits, VOICES[voice], run, passes=dice.passes))
        assert not calls or len(model.requests) <= calls
        assert not tokens or model.tokens <= tokens
        assert not limits.dollars or model.dollars <= limits.dollars
        assert all(isinstance(branch.result, Finding | Gap) for branch in run.branches)
        assert merged(run)
        assert bool(run.limit) == any(gap.cause in LIMITS for gap in run.gaps)
        run = run.retrying(run.retryable, "U1") if run.retryable else run.next_attempt("U1")


def nodes_of(nodes: Sequence[Node]) -> Iterator[Node]:
    """All questions of a tree."""
    for node in nodes:
        yield node
        yield from nodes_of(node.nodes)


def unmerged(branch: Branch) -> bool:
    """Whether an answer of its tree is missing above it for the limits."""
    result = branch.result
    assert result
    gaps = [(node.nodes, node.failure) for node in nodes_of(result.nodes)]
    whole = [*gaps, (result.nodes, result if isinstance(result, Gap) else None)]
    return any(why and why.cause in LIMITS and any(each.text for each in below) for below, why in whole)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 3),
    st.integers(2, 3),
    st.integers(3, 60),
    st.sampled_from([0, 60_000, 120_000, 300_000]),
    st.sampled_from(["0", "0.1", "0.3", "1"]),
    st.integers(0, 10_000),
)
def test_whatever_fails_in_a_deep_run_every_question_is_answered_or_named(
    angles: int, depth: int, calls: int, tokens: int, dollars: str, seed: int
) -> None:
    """A question that was paid for stands in the report, whatever could not be asked any more."""
    dice = Dice(seed)
    run = Run.of(question(deep=True, angles=own_angles([f"Angle {number}" for number in range(angles)])))
    limits = RunLimits(calls, tokens, Decimal(dollars), price)
    for _ in range(3):
        model = SpendingModel(dice.ending, dice.share, dice.late, dice.passes)
        run = asyncio.run(ended(model, limits, SECTIONS, run, depth, dice.passes))
        assert len(model.requests) <= calls
        assert not tokens or model.tokens <= tokens
        assert not limits.dollars or model.dollars <= limits.dollars
        for branch in run.branches:
            assert branch.result
            assert all(node.text or node.failure for node in nodes_of(branch.result.nodes))
            assert not unmerged(branch)
        assert merged(run)
        run = run.retrying(run.retryable, "U1") if run.retryable else run.next_attempt("U1")


def test_a_limit_that_an_earlier_release_kept_was_one_of_time() -> None:
    """There was no other, and it was kept as its seconds."""
    kept = Run.of(question()).model_dump(mode="json") | {"limit": 360.0}
    assert Run.model_validate(kept).limit == Limit(cause="time_limit", most=360)


@in_virtual_time
async def test_an_angle_does_not_wait_for_a_merge_that_will_never_be() -> None:
    """Once no question of an angle could be answered nothing is made of them: what was kept for that is for others."""
    run = Run.of(question(deep=True, angles=own_angles(["History", "Technical", "Future"])))
    model = SpendingModel(ending=lambda call: Ending.REFUSED if call.step[-2:] in ("/1", "/2", "/3") else Ending.WHOLE)
    began = now()
    run = await ended(model, RunLimits(tokens=60_000), run=run)
    assert now() - began < 60
    assert "time_limit" not in [gap.cause for gap in run.gaps]
    assert model.tokens <= 60_000


async def test_nothing_is_kept_for_an_angle_that_ended_while_it_waited() -> None:
    """When all have run out of time in the same moment the report still gets all that is left."""
    run = Run.of(question())
    budget = Budget(RunLimits(calls=2), to_come=WHOLE.to_come)
    budget.open(run)
    for branch in (*run.branches[1:], run.branches[0]):
        budget.ended(Gap(angle=branch.angle, cause="time_limit"))
    report = Call(run.id, "report", "", "", Priority.REPORT, max_tokens=1)
    request = Request(budget)
    assert await request.begin(report) is None
    request.spent(Usage())
    assert await request.again(report)


async def test_a_retry_keeps_a_call_for_the_section_that_its_answer_makes_stale() -> None:
    """A section that rests on less than its finding is written anew: a repeat must not take its place."""
    deep = Run.of(question(deep=True, angles=own_angles(["Technical"])))
    first = await ended(
        SpendingModel(lambda call: Ending.REFUSED if call.step.endswith("/2") else Ending.WHOLE),
        RunLimits(calls=12),
        SECTIONS,
        deep,
    )
    endings = iter([Ending.REFUSED])
    model = SpendingModel(lambda call: next(endings, Ending.WHOLE))
    run = await ended(model, RunLimits(calls=4), SECTIONS, first.retrying(first.retryable, "U1"))
    assert model.requests == ["angle/technical/2"]
    assert (merged(run), [node.name for node in run.lacking[0].missing]) == (True, ["2"])


def split_in_two(*answers: Node | None) -> Node:
    """A node below which two questions stand, those that are given answered already."""
    return Node(nodes=tuple(each or Node(name=str(n), question="Why?") for n, each in enumerate(answers, 1)))


async def test_what_an_earlier_process_split_has_its_merges_reserved_before_others_go_on() -> None:
    """Else the answers to the questions of a question were paid for nothing."""
    below = tuple(Node(name=f"1/{n}", question="Who?", text="They do.") for n in (1, 2))
    run = Run.of(question(deep=True, angles=own_angles(["First", "Second"])))
    run = run.with_branch("first", tree=split_in_two(None, None)).with_branch(
        "second", tree=split_in_two(Node(name="1", question="Who?", nodes=below), Node(name="2", text="Rain."))
    )
    model = SpendingModel()
    run = await ended(model, RunLimits(calls=7), SECTIONS, run, depth=3)
    assert sorted(model.requests) == [
        "angle/first",
        "angle/first/1",
        "angle/second",
        "angle/second/1",
        "report/first",
        "report/second",
        "report/synthesis",
    ]
    assert not any(map(unmerged, run.branches))


async def test_a_deep_run_that_goes_on_where_depth_is_off_takes_what_it_has() -> None:
    """Whoever switches depth off between two starts must not lose answers, nor what they cost."""
    run = Run.of(question(deep=True, angles=own_angles(["Technical"])))
    answered = Node(name="1", question="Who?", text="They do.", usage=Usage(calls=1))
    run = run.with_branch("technical", tree=split_in_two(answered, None))
    model = SpendingModel()
    run = await ended(model, RunLimits(), SECTIONS, run, depth=1)
    assert model.requests[:2] == ["angle/technical/2", "angle/technical"]
    assert run.usage.calls == 1 + len(model.requests)


def of_two_angles(calls: int) -> tuple[Run, Budget]:
    """A deep run of two angles, and its budget, with both of them admitted."""
    run = Run.of(question(deep=True, angles=own_angles(["First", "Second"])))
    budget = Budget(RunLimits(calls=calls), to_come=SECTIONS.to_come)
    budget.open(run)
    return run, budget


def call_of(step: str) -> Call:
    """A call of an angle."""
    return Call("r_1", step, "", "", Priority.ANGLE, max_tokens=1)


def answered(budget: Budget, run: Run) -> None:
    """Its first question has been answered."""
    budget.noted("first", split_in_two(None, None))
    budget.noted("first", Node(name="1", question="Why?", text="They do."))


@pytest.mark.parametrize(
    "free",
    [
        lambda budget, run: budget.ended(Gap(angle=run.branches[0].angle, cause="provider_down")),
        lambda budget, run: budget.noted("first", Node(unsplit=True)),
        answered,
    ],
    ids=["ended", "unsplit", "answered"],
)
async def test_a_request_waits_for_an_angle_at_work_though_no_call_is_under_way(
    free: Callable[[Budget, Run], None],
) -> None:
    """An angle that only stores a step may not need all that was kept for it."""
    run, budget = of_two_angles(calls=7)
    assert not budget.keep(call_of(f"angle/first/{part}") for part in (1, 2))
    waiting = asyncio.create_task(Request(budget).begin(call_of("angle/second/1")))
    await asyncio.sleep(0)
    assert not waiting.done()
    free(budget, run)
    assert await waiting is None
