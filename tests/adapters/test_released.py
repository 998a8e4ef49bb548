"""What released versions kept, read by this one."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.adapters.database import opened
from bot.adapters.engine_dbos import DBOSEngine
from bot.adapters.runs_sql import SqlRuns
from bot.playground.slack.workspace import PATIENCE
from bot.research.run import Research
from bot.research.run_state import Phase, Run
from bot.service.desk import Desk
from tests.released.dump import ACCEPTED, ENDED, LEFT
from tests.support.fakes import FakeModel, RecordingRoom

DUMPS = sorted((Path(__file__).parent.parent / "released").glob("*.sql"))


class Upgraded:
    """A process of this release on what another one left."""

    def __init__(self, engine: DBOSEngine, runs: SqlRuns) -> None:
        self.model, self.room, self.runs = FakeModel(), RecordingRoom(), runs
        self.ended = asyncio.Queue[Run]()
        self.desk = Desk(engine, Research(self.model, self.room), runs, self.ended.put_nowait)

    def asked(self, run_id: str) -> list[str]:
        """What the model was asked for a run."""
        return sorted(call.step for call in self.model.calls if call.run == run_id)


@pytest.fixture(params=DUMPS, ids=lambda dump: dump.stem)
async def upgraded(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Upgraded]:
    with closing(sqlite3.connect(tmp_path / "research.sqlite")) as connection:
        connection.executescript(request.param.read_text(encoding="utf-8"))
    async with opened(f"sqlite:///{tmp_path}/research.sqlite") as database:
        engine = DBOSEngine(database)
        new = Upgraded(engine, SqlRuns(database))
        await new.desk.open()
        async with engine.running(new.desk.worker.work):
            yield new
            await new.desk.worker.drain(0)


async def test_a_new_release_goes_on_with_the_runs_that_an_old_one_left(upgraded: Upgraded) -> None:
    """An upgrade must neither lose a run, nor pay twice for what is stored, nor read an old run wrongly.

    Each dump under tests/released was made by the release of its name, with ``python -m tests.released.dump``: real
    runs on a fake model and a fake room, cut off by the desk's own drain, then the file as sqlite3 dumps it. Whoever
    releases a version whose stored shape differs adds a dump and keeps the old ones as they are.
    """
    async with asyncio.timeout(PATIENCE):
        runs = [await upgraded.ended.get() for _ in range(2)]
    assert {run.id: run.phase for run in runs} == {ACCEPTED.run_id: Phase.DONE, LEFT.run_id: Phase.DONE}
    assert upgraded.asked(ACCEPTED.run_id) == ["angle/historical", "angle/societal", "angle/technical", "report"]
    assert upgraded.asked(LEFT.run_id) == ["angle/technical", "report"]
    assert upgraded.asked(ENDED.run_id) == []
    shown = upgraded.room.names
    assert {name: shown.count(name) for name in ("root", "societal", "historical", "technical", "report")} == {
        "root": 1,  # of the run that was not begun
        "societal": 1,  # the other run's stood already
        "historical": 2,
        "technical": 2,
        "report": 2,
    }


async def test_a_new_release_lists_what_an_old_one_kept_for_people(upgraded: Upgraded) -> None:
    """What was researched before an upgrade is still worth reading."""
    run = await upgraded.runs.find(ENDED.run_id)
    assert run
    assert (run.phase, run.question, len(run.findings)) == (Phase.DONE, ENDED, 3)
    assert run.report_link == "link/report"
    assert run.usage.calls == 4
    assert run in await upgraded.runs.latest(ENDED.place.team, ENDED.place.channel, 5)


async def test_what_an_old_release_kept_is_shown_to_nobody_but_who_asked_for_it(upgraded: Upgraded) -> None:
    """It is not known who may read it."""
    asker, team = ENDED.asker, ENDED.place.team
    runs, total = await upgraded.runs.by_asker(team, asker, 5)
    assert ENDED.run_id in [run.id for run in runs]
    assert total >= 1
    assert ENDED.run_id not in [run.id for run in (await upgraded.runs.public(team, 5))[0]]


@pytest.mark.parametrize(("resumed_at", "known"), [("null", 1), ("1.5", 0)])
async def test_how_long_a_run_took_in_an_old_release_still_tells_how_long_one_takes(
    tmp_path: Path, resumed_at: str, known: int
) -> None:
    """An upgrade must not make the bot forget that, nor take those runs for deep ones."""
    dump = re.sub('(?<="resumed_at":)[0-9.]+', resumed_at, DUMPS[0].read_text("utf-8"))
    with closing(sqlite3.connect(tmp_path / "research.sqlite")) as connection:
        connection.executescript(dump)
    async with opened(f"sqlite:///{tmp_path}/research.sqlite") as database:
        runs = SqlRuns(database)
        run = await runs.find(ENDED.run_id)
        assert run
        assert [took.seconds for took in await runs.took(False, 50)] == [run.seconds] * known
        assert await runs.took(True, 50) == []
