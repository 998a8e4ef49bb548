"""A run whose angles a planner chooses: seen before a worker begins, kept over a crash, stopped, tried again."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.adapters.journal_memory import MemoryJournal
from bot.playground.model import PLAN
from bot.playground.slack.workspace import PATIENCE
from bot.research.active_run import ActiveRun
from bot.research.errors import ModelError, ModelRefused, OutOfCredit
from bot.research.run import Research
from bot.research.run_state import Phase, Run
from tests.support.fakes import FakeModel, RecordingRoom, question

SLUGS = ["licensing-and-regulation", "fuel-supply", "cost-per-unit", "public-acceptance"]
PLANNED = question(angles=())


class Planning:
    """Such a run under way, with everything that it touches."""

    def __init__(self, run: Run | None = None, kept: dict[str, object] | None = None) -> None:
        self.model, self.room, self.kept = FakeModel(), RecordingRoom(), kept if kept is not None else {}
        self.live = ActiveRun(run or Run.of(PLANNED), recovered=kept is not None)
        self.model.answers |= {"plan": json.dumps([{"title": title, "brief": brief} for title, brief in PLAN])}

    async def run(self) -> Run:
        research, journal = Research(self.model, self.room), MemoryJournal(kept=self.kept)
        async with asyncio.timeout(PATIENCE):
            if self.live.recovered:
                await research.recover(self.live, journal)
            return await research.run(self.live, journal)

    @property
    def asked(self) -> list[str]:
        return [call.step for call in self.model.calls]


async def test_the_angles_of_a_plan_are_seen_before_a_worker_begins() -> None:
    """Who sees that they miss the point can stop the run before it costs more."""
    told = Planning()
    told.model.close("plan", *(f"angle/{slug}" for slug in SLUGS))
    run = asyncio.create_task(told.run())
    await told.model.until_asked("plan")
    assert (told.room.names, told.room.states) == (["root"], [])
    told.model.gates["plan"].set()
    await told.room.until("state")
    assert [branch.angle.slug for branch in told.room.states[0].branches] == SLUGS
    assert told.asked == ["plan"]
    for gate in told.model.gates.values():
        gate.set()
    done = await run
    assert (done.phase, done.took_standard) == (Phase.DONE, False)
    assert told.asked == ["plan", *(f"angle/{slug}" for slug in SLUGS), "report"]
    assert done.usage.calls == 6
    assert [done.position(branch.angle) for branch in done.branches] == [(1, 4), (2, 4), (3, 4), (4, 4)]


async def test_a_plan_that_is_stored_is_not_asked_for_again_after_a_crash() -> None:
    """Else the angles that people have seen would give way to others."""
    told = Planning()
    await told.run()
    kept = {
        name: value for name, value in told.kept.items() if name in ("open", "plan", "angle/fuel-supply/investigate")
    }
    again = Planning(kept=kept)
    done = await again.run()
    assert (done.phase, done.usage.calls) == (Phase.DONE, 6)
    assert again.asked == [*(f"angle/{slug}" for slug in SLUGS if slug != "fuel-supply"), "report"]
    assert [branch.angle.slug for branch in again.room.states[0].branches] == SLUGS  # nobody reads of a choice again


async def test_a_run_that_is_stopped_while_it_plans_plans_when_it_is_resumed() -> None:
    """Stop works from the first moment."""
    told = Planning()
    told.model.close("plan")
    run = asyncio.create_task(told.run())
    await told.model.until_asked("plan")
    told.live.stop("U1")
    stopped = await run
    assert (stopped.phase, stopped.branches, told.asked) == (Phase.STOPPED, (), ["plan"])
    again = Planning(stopped.next_attempt("U1"))
    assert (await again.run()).phase is Phase.DONE
    assert again.asked[0] == "plan"


async def test_a_run_that_is_stopped_while_its_plan_is_mended_goes_on_with_that() -> None:
    """What the first plan cost is not paid again, and not forgotten."""
    told = Planning()
    told.model.answers |= {"plan": "none"}
    told.model.close("plan/repair")
    run = asyncio.create_task(told.run())
    await told.model.until_asked("plan/repair")
    told.live.stop("U1")
    stopped = await run
    assert (stopped.branches, stopped.usage.calls) == ((), 1)
    again = Planning(stopped.next_attempt("U1"))
    again.model.answers |= {"plan/repair": again.model.answers["plan"]}
    done = await again.run()
    assert (done.phase, done.usage.calls, again.asked[0]) == (Phase.DONE, 7, "plan/repair")
    assert "plan" not in again.asked


async def test_a_run_is_tried_again_with_the_angles_that_it_had() -> None:
    """What was planned and paid stands."""
    told = Planning()
    told.model.answers |= {"report": ModelRefused()}
    unwritten = await told.run()
    assert unwritten.phase is Phase.UNWRITTEN
    again = Planning(unwritten.next_attempt("U1"))
    done = await again.run()
    assert (done.phase, again.asked, done.usage.calls) == (Phase.DONE, ["report"], 7)


@pytest.mark.parametrize("error", [OutOfCredit(), ModelError("new")])
async def test_a_planner_that_fails_costs_nobody_the_run(error: ModelError) -> None:
    """Three angles are better than none."""
    told = Planning()
    told.model.answers |= {"plan": error}
    done = await told.run()
    assert (done.phase, done.took_standard) == (Phase.DONE, True)
    assert told.asked == ["plan", "angle/historical", "angle/technical", "angle/societal", "report"]
