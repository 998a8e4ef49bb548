"""The desk beside a store that fails."""

from __future__ import annotations

import asyncio

import pytest

from bot.research.run import Research
from bot.research.run_state import Phase, Run
from bot.service.desk import Desk
from bot.service.errors import StoreDown
from bot.service.jobs import RunJob
from tests.support.fakes import FakeModel, MemoryEngine, MemoryRuns, MemoryStore, RecordingRoom, question
from tests.support.virtual_time import in_virtual_time


@in_virtual_time
async def test_a_run_that_is_begun_again_waits_for_a_store_that_is_down() -> None:
    """A restart begins many runs at once, on a database that may just be starting: an error would end them for good."""
    job, runs, ended = RunJob(question=question()), MemoryRuns(), asyncio.Queue[Run]()
    engine = MemoryEngine(MemoryStore(jobs={job.id: job}))
    desk = Desk(engine, Research(FakeModel(), RecordingRoom()), runs, ended.put_nowait)
    await desk.open()
    runs.fault = StoreDown("TimeoutError")
    async with engine.running(desk.worker.work):
        await asyncio.sleep(60)
        runs.fault = None
        async with asyncio.timeout(60):
            assert (await ended.get()).phase is Phase.DONE
    assert runs.kept[job.id].phase is Phase.DONE


@pytest.mark.parametrize("step", ["report", "report/post", "angle/technical/investigate", "angle/technical/post"])
@in_virtual_time
async def test_a_run_of_which_a_stored_step_cannot_be_read_ends_and_people_are_told(step: str) -> None:
    """A root message that says "working" for ever belongs to nobody."""
    job, runs, ended = RunJob(question=question()), MemoryRuns(), asyncio.Queue[Run]()
    engine = MemoryEngine(MemoryStore(jobs={job.id: job}, kept={job.id: {step: b'{"of": "another release"}'}}))
    room = RecordingRoom()
    desk = Desk(engine, Research(FakeModel(), room), runs, ended.put_nowait)
    await desk.open()
    async with engine.running(desk.worker.work), asyncio.timeout(60):
        assert (await ended.get()).phase is Phase.BROKEN
    assert room.states[-1].phase is Phase.BROKEN
    assert job.id not in desk.active_runs
