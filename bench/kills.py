"""Kill -9 at random moments while people go on asking: what was lost, doubled, paid twice."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass, field
from itertools import pairwise

import sqlalchemy as sa

from bench.figures import Figure
from bench.stage import Serving, serving
from bot.adapters.database import Database
from bot.playground.model import ModelServer, Request
from bot.playground.slack import Playground
from bot.playground.slack.workspace import Channel, Message

ROOMS = 5
EVERY = 0.3  # seconds between two commands
FIRST_TOKEN, SPREAD = 0.3, 0.6  # seconds in the middle, log-normal's sigma: runs of about a second
LIFE = (0.1, 2.5)  # seconds between ready and killed
PARTS = Counter(["angle/historical", "angle/technical", "angle/societal", "report"])


@dataclass
class Siege:
    """People who go on asking, and a bot that is killed again and again."""

    slack: Playground
    model: ModelServer
    rooms: list[Channel]
    luck: random.Random
    database_url: str
    accepted: dict[str, float] = field(default_factory=dict)  # topics, and when each was acknowledged
    killed: list[float] = field(default_factory=list)
    stored: dict[str, float] = field(default_factory=dict)  # calls whose answers are, and since when that is known
    _typed: set[asyncio.Task[None]] = field(default_factory=set)

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[None]:
        """Commands are typed one after another while this is open; what is acknowledged is noted."""
        asking = asyncio.create_task(self._ask_on())
        try:
            yield
        finally:
            asking.cancel()
            await asyncio.gather(*self._typed, return_exceptions=True)  # who asked a dead bot heard nothing

    async def _ask_on(self) -> None:
        number = 0
        while True:
            number += 1
            self._typed.add(asyncio.create_task(self._ask(f"topic {number}", self.rooms[number % ROOMS])))
            await asyncio.sleep(EVERY)

    async def _ask(self, topic: str, room: Channel) -> None:
        delivery = await self.slack.command(topic, room.id)
        if delivery.acked and delivery.payload and delivery.payload["text"].startswith("Starting research"):
            self.accepted[topic] = time.monotonic()

    async def life(self) -> None:
        """Let a bot live for a while."""
        await asyncio.sleep(self.luck.uniform(*LIFE))

    async def kill(self, bot: Serving) -> None:
        """Kill -9; note which answers are stored by then."""
        self.killed.append(time.monotonic())
        await bot.kill()
        stored = await asyncio.to_thread(answers, self.database_url)
        self.stored = dict.fromkeys(stored, time.monotonic()) | self.stored

    async def over(self) -> None:
        """Wait until all that was begun has come to its end, or will not."""
        with suppress(AssertionError):
            await self.slack.until(lambda: not self.unfinished(), 120)

    def roots(self) -> dict[str, list[Message]]:
        """The root messages of each topic."""
        found: dict[str, list[Message]] = {}
        for room in self.rooms:
            for root in self.slack.messages(room.id):
                found.setdefault(root.title.removeprefix("Research: "), []).append(root)
        return found

    def unfinished(self) -> int:
        """Runs without their last state, acknowledged or begun all the same."""
        roots = self.roots()
        ends = {topic for topic, (root, *_) in roots.items() if " is done" in root.text}
        return len({*self.accepted, *roots} - ends)

    def wrong(self) -> tuple[int, int]:
        """Messages that stand twice, messages that are missing."""
        doubled = missing = 0
        for roots in self.roots().values():
            parts = Counter(reply.part for root in roots for reply in self.slack.thread(root))
            doubled += len(roots) - 1 + (parts - PARTS).total()
            missing += (PARTS - parts).total()
        return doubled, missing

    def killed_between(self, since: float, until: float) -> bool:
        """Whether a bot was killed then: an answer to a bot that has died reaches nobody."""
        return any(since <= kill <= until for kill in self.killed)

    def asked_again(self) -> int:
        """Calls whose answer was stored before."""
        return sum(call.began > self.stored.get(call.name, call.began) for call in self.model.requests)

    def repeated(self) -> float:
        """Calls that were made again after they were answered, in percent."""
        calls: dict[str, list[Request]] = {}
        for call in self.model.requests:
            calls.setdefault(call.name, []).append(call)
        pairs = [one for all_of_it in calls.values() for one, _ in pairwise(all_of_it)]
        again = [one for one in pairs if one.ended and not one.cut and not self.killed_between(one.began, one.ended)]
        return 100 * len(again) / max(len(calls), 1)

    def figures(self, title: str) -> Iterator[Figure]:
        """What came of it all."""
        title = f"{title}, {len(self.accepted)} runs"
        doubled, missing = self.wrong()
        yield Figure(f"{title}: unfinished", self.unfinished(), 0, unit="runs")
        yield Figure(f"{title}: doubled", doubled, 0, unit="messages")
        yield Figure(f"{title}: missing", missing, 0, unit="messages")
        yield Figure(f"{title}: stored answers asked for again", self.asked_again(), 0, unit="calls")
        yield Figure(f"{title}: completed calls repeated", self.repeated(), 3, unit="%")


def answers(database_url: str) -> list[str]:
    """The names of the calls whose answers are stored."""
    database = Database(database_url)
    table = sa.text(f"SELECT workflow_uuid, function_name FROM {'' if database.is_file else 'dbos.'}operation_outputs")
    with closing(database), database.engine.connect() as connection:
        steps = [(run, step.removesuffix("/investigate")) for run, step in connection.execute(table)]
    return [f"{run}/{step.replace('report/section/', 'report/')}" for run, step in steps]


@asynccontextmanager
async def siege(name: str, database_url: str) -> AsyncIterator[Siege]:
    """A Slack and a model for bots to be killed between; the same name is the same luck."""
    luck = random.Random(name)

    def delay(request: Request, text: str) -> float:
        return FIRST_TOKEN * luck.lognormvariate(0, SPREAD)

    async with Playground() as slack, ModelServer(delay) as model:
        yield Siege(slack, model, [slack.workspace.add(f"room-{n}") for n in range(ROOMS)], luck, database_url)


async def kills(name: str, database_url: str, count: int) -> AsyncIterator[Figure]:
    """Besiege a bot on this database, which is started again each time; give what came of it."""
    async with siege(name, database_url) as here:
        async with here.asking():
            for _ in range(count):
                async with serving(here.slack, here.model, 0, database_url) as bot:
                    await here.life()
                    await here.kill(bot)
        async with serving(here.slack, here.model, 0, database_url):
            await here.over()
        for figure in here.figures(f"{count} kills on {name}"):
            yield figure
