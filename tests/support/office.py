"""A desk with working stand-ins around it."""

from __future__ import annotations

import asyncio

from bot.playground.slack.workspace import PATIENCE
from bot.research.model import Question
from bot.research.run import Research
from bot.research.run_state import Run
from bot.service.desk import Desk
from bot.service.peers import Peers
from bot.service.quotas import Limits
from tests.support.fakes import FakeModel, MemoryEngine, MemoryRuns, RecordingRoom, question

ANGLES = ["angle/historical", "angle/technical", "angle/societal"]
STEPS = [*ANGLES, "report"]


class Office:
    """A desk with working stand-ins around it."""

    def __init__(
        self, limits: Limits | None = None, engine: MemoryEngine | None = None, peers: Peers | None = None
    ) -> None:
        self.model, self.room, self.runs = FakeModel(), RecordingRoom(), MemoryRuns()
        self.ended: list[Run] = []
        research = Research(self.model, self.room)
        self.engine = engine or MemoryEngine()
        self.desk = Desk(self.engine, research, self.runs, self.ended.append, limits or Limits(), peers=peers)

    async def open(self) -> Office:
        await self.desk.open()
        self.engine.begin_with(self.desk.worker.work)
        return self

    async def begin(self, asked: Question | None = None, held: bool = True) -> str:
        """Begin a run whose angles wait for the model; give its name."""
        if held:
            self.model.close(*ANGLES)
        asked = asked or question()
        assert await self.desk.accept(asked)
        await self.model.until_asked("angle/societal")
        return asked.run_id

    async def stopped(self, *done: str) -> str:
        """A run that was stopped when these angles were shown; from now on the model answers at once."""
        run_id = await self.begin()
        for slug in done:
            self.model.gates[f"angle/{slug}"].set()
            await self.room.until(slug)
        await self.desk.stop(run_id, "U1")
        await self.idle()
        self.model.gates.clear()
        self.model.calls.clear()
        self.room.shown.clear()
        return run_id

    def let_go(self) -> None:
        """Let the model answer whatever it was asked."""
        for gate in self.model.gates.values():
            gate.set()

    async def idle(self) -> None:
        """Wait until nothing is under way."""
        async with asyncio.timeout(PATIENCE):
            await self.engine.idle()

    @property
    def asked(self) -> list[str]:
        return [call.step for call in self.model.calls]
