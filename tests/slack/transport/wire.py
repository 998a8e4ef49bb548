"""A wire that takes messages: it writes down what was sent and when, and answers as it was told."""

from __future__ import annotations

import asyncio
from collections import defaultdict

from bot.slack.transport.outbox import Lane, Rank, Send
from tests.support.virtual_time import now


class Wire:
    """Sends take ``takes`` seconds; ``answers`` holds the errors that the next sends of a name end with."""

    def __init__(self, takes: float = 0) -> None:
        self.takes = takes
        self.sent: list[tuple[float, str]] = []
        self.answers: defaultdict[str, list[Exception]] = defaultdict(list)
        self.told: list[tuple[str, float]] = []

    @property
    def names(self) -> list[str]:
        """What was sent, in order."""
        return [name for _, name in self.sent]

    @property
    def times(self) -> list[float]:
        """When it was sent, in seconds since the test began."""
        return [at for at, _ in self.sent]

    def lane(self, pace: float = 0) -> Lane:
        """A lane that tells this wire how long its messages waited."""
        return Lane(pace, lambda rank, seconds: self.told.append((rank, round(seconds, 6))))

    def message(self, name: str) -> Send[str]:
        """Something to send, known by its name; its ts is "ts of <name>"."""

        async def send() -> str:
            self.sent.append((now(), name))
            await asyncio.sleep(self.takes)
            if self.answers[name]:
                raise self.answers[name].pop(0)
            return f"ts of {name}"

        return send


def queue(lane: Lane, wire: Wire, *names: str, line: str = "", rank: Rank = Rank.ANGLE) -> list[asyncio.Future[str]]:
    """Queue messages of one line and rank in this order."""
    return [lane.add(rank, line, wire.message(name)) for name in names]
