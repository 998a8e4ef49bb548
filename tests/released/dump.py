"""Makes a dump of what this release keeps, for the tests of all later ones: ``python -m tests.released.dump``.

Three runs of three topics: one that was accepted and not begun, one that was left in its middle, one that has ended.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.adapters.database import opened
from bot.adapters.engine_dbos import DBOSEngine
from bot.adapters.runs_sql import SqlRuns
from bot.playground.slack.workspace import PATIENCE
from bot.research.model import Finding
from bot.research.ports import Call, Completion, Journal
from bot.research.run import Research
from bot.research.run_state import Run
from bot.service.desk import Desk
from bot.service.jobs import RunJob
from tests.support.fakes import FakeModel, RecordingRoom, question

ACCEPTED, LEFT, ENDED = QUESTIONS = [question(topic, key=topic) for topic in ("tea", "coffee", "cocoa")]
FILE = Path(__file__).parent / "0_1_0.sql"


class LeavingModel(FakeModel):
    """Says in each finding which run it is of; never answers one angle of the run that is left."""

    async def write(self, call: Call) -> Completion:
        if call.name == f"{LEFT.run_id}/angle/technical":
            await asyncio.Event().wait()
        answer = await super().write(call)
        return answer if call.step == "report" else replace(answer, text=f"{call.name}: {answer.text}")


class LeavingRoom(RecordingRoom):
    """Never gets to show one finding of the run that is left; tells when the other is shown and that is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.one_shown, self.one_waits = asyncio.Event(), asyncio.Event()

    def progress(self, run: Run) -> None:
        super().progress(run)
        if run.id == LEFT.run_id and any(branch.link for branch in run.branches):
            self.one_shown.set()

    async def finding(self, finding: Finding, link: str) -> str:
        if finding.text.startswith(f"{LEFT.run_id}/angle/historical"):
            self.one_waits.set()
            await asyncio.Event().wait()
        return await super().finding(finding, link)


async def keep(url: str) -> None:
    """Have the three runs get as far as they shall."""
    room, ended = LeavingRoom(), asyncio.Queue[Run]()
    async with opened(url) as database:
        engine = DBOSEngine(database)
        desk = Desk(engine, Research(LeavingModel(), room), SqlRuns(database), ended.put_nowait)

        async def work(job: RunJob, journal: Journal) -> None:
            if job.question == ACCEPTED:
                raise asyncio.CancelledError
            await desk.worker.work(job, journal)

        await desk.open()
        async with engine.running(work):
            for each in QUESTIONS:
                await engine.start(RunJob(question=each))
            async with asyncio.timeout(PATIENCE):
                await asyncio.gather(ended.get(), room.one_shown.wait(), room.one_waits.wait())
            await desk.worker.drain(0)


def dump(path: str) -> str:
    """The whole file as SQL."""
    with closing(sqlite3.connect(path)) as connection:
        return "\n".join(connection.iterdump()) + "\n"


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        asyncio.run(keep(f"sqlite:///{folder}/research.sqlite"))
        FILE.write_text(dump(f"{folder}/research.sqlite"), encoding="utf-8")
