"""Kill -9 at random moments while people go on asking: what was lost, doubled, paid twice."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import pairwise

from bench.figures import Figure
from bench.stage import Serving, serving
from bot.playground.model import ModelServer, Request
from bot.playground.slack import Playground
from bot.playground.slack.workspace import Channel, Message

ROOMS = 5
EVERY = 0.3  # seconds between two commands
FIRST_TOKEN, SPREAD = 0.3, 0.6  # seconds in the middle, log-normal's sigma: runs of about a second
LIFE = (0.1, 2.5)  # seconds between ready and killed
KNOWN = 0.3  # seconds after which an answer that reached the bot has to be stored
PARTS = Counter(["angle/historical", "angle/technical", "angle/societal", "report"])


@dataclass
class Siege:
    """People who go on asking, and a bot that is killed again and again."""

    slack: Playground
    model: ModelServer
    rooms: list[Channel]
    luck: random.Random
    accepted: list[str] = field(default_factory=list)
    killed: list[float] = field(default_factory=list)
    asking: set[asyncio.Task[None]] = field(default_factory=set)

    async def ask(self) -> None:
        """Type one command after another; note what was acknowledged."""
        number = 0
        while True:
            number += 1
            topic = f"topic {number}"
            self.asking.add(asyncio.create_task(self._ask(topic, self.rooms[number % ROOMS])))
            await asyncio.sleep(EVERY)

    async def _ask(self, topic: str, room: Channel) -> None:
        delivery = await self.slack.command(topic, room.id)
        if delivery.acked and delivery.payload and delivery.payload["text"].startswith("Starting research"):
            self.accepted.append(topic)

    async def kill(self, bot: Serving) -> None:
        """Let the bot live for a while."""
        await asyncio.sleep(self.luck.uniform(*LIFE))
        self.killed.append(time.monotonic())
        await bot.kill()

    def roots(self) -> dict[str, list[Message]]:
        """The root messages of each topic."""
        found: dict[str, list[Message]] = {}
        for room in self.rooms:
            for root in self.slack.messages(room.id):
                found.setdefault(root.title.removeprefix("Research: "), []).append(root)
        return found

    def unfinished(self) -> int:
        """Accepted runs without their last state."""
        ends = {topic for topic, (root, *_) in self.roots().items() if " is done" in root.text}
        return len(set(self.accepted) - ends)

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

    def repeated(self) -> tuple[int, float]:
        """Answers that the bot had known and asked for again; calls repeated after they were answered, in percent."""
        calls: dict[str, list[Request]] = {}
        for call in self.model.requests:
            calls.setdefault(call.name, []).append(call)
        again = [
            one.ended
            for all_of_it in calls.values()
            for one, _ in pairwise(all_of_it)
            if one.ended and not one.cut and not self.killed_between(one.began, one.ended)
        ]
        known = sum(not self.killed_between(ended, ended + KNOWN) for ended in again)
        return known, 100 * len(again) / max(len(calls), 1)


async def kills(name: str, database_url: str, count: int) -> AsyncIterator[Figure]:
    """Besiege a bot on this database; give what came of it."""
    luck = random.Random(name)

    def delay(request: Request, text: str) -> float:
        return FIRST_TOKEN * luck.lognormvariate(0, SPREAD)

    async with Playground() as slack, ModelServer(delay) as model:
        siege = Siege(slack, model, [slack.workspace.add(f"room-{n}") for n in range(ROOMS)], luck)
        asking = asyncio.create_task(siege.ask())
        for _ in range(count):
            async with serving(slack, model, 0, database_url) as bot:
                await siege.kill(bot)
        asking.cancel()
        await asyncio.gather(*siege.asking, return_exceptions=True)  # who asked a dead bot heard nothing
        async with serving(slack, model, 0, database_url):
            with suppress(AssertionError):
                await slack.until(lambda: not siege.unfinished(), 120)
        title = f"{count} kills on {name}, {len(siege.accepted)} runs"
        (doubled, missing), (known, repeated) = siege.wrong(), siege.repeated()
        yield Figure(f"{title}: unfinished", siege.unfinished(), 0, unit="runs")
        yield Figure(f"{title}: doubled", doubled, 0, unit="messages")
        yield Figure(f"{title}: missing", missing, 0, unit="messages")
        yield Figure(f"{title}: stored answers asked for again", known, 0, unit="calls")
        yield Figure(f"{title}: completed calls repeated", repeated, 3, unit="%")
