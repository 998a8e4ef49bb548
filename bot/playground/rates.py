"""How often Slack takes a call: a tier for each method, a message a second for each channel."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from bot.playground.workspace import Payload

# Calls a minute; chat.postMessage has a rule of its own.
TIERS = {
    "chat.update": 50,
    "conversations.history": 50,
    "conversations.join": 50,
    "conversations.open": 50,
    "conversations.replies": 50,
}
POSTS_A_MINUTE, POST_BURST = 60, 4  # the burst is a guess at what Slack calls short


@dataclass
class _Bucket:
    """Fills up at a steady rate; every call takes a token."""

    size: float
    per_second: float
    tokens: float
    at: float

    def wait(self, now: float) -> float:
        """Take a token: 0; or say for how many seconds there is none."""
        self.tokens = min(self.tokens + (now - self.at) * self.per_second, self.size)
        self.at = now
        if self.tokens < 1:
            return (1 - self.tokens) / self.per_second
        self.tokens -= 1
        return 0


class Rates:
    """What is still to be had; ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def retry_after(self, method: str, arguments: Payload) -> int:
        """Whole seconds as Slack's header has them, 0 if the call may be made now."""
        if method == "chat.postMessage":
            name, a_minute, size = f"{method} {arguments.get('channel')}", POSTS_A_MINUTE, POST_BURST
        elif method in TIERS:
            name, a_minute, size = method, TIERS[method], TIERS[method]
        else:
            return 0
        now = self._clock()
        bucket = self._buckets.setdefault(name, _Bucket(size, a_minute / 60, size, now))
        return math.ceil(bucket.wait(now))
