"""How often Slack takes a call: a tier for each method, a message a second for each channel."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from bot.playground.slack.workspace import Payload

TIER_2, TIER_3, TIER_4 = 20, 50, 100  # calls a minute

# chat.postMessage has a rule of its own; chat.getPermalink takes hundreds a minute.
TIERS = {
    "apps.connections.open": TIER_3,  # older pages of Slack's have Tier 1
    "canvases.access.set": TIER_3,
    "canvases.create": TIER_2,
    "chat.delete": TIER_3,
    "chat.postEphemeral": TIER_4,
    "chat.update": TIER_3,
    "conversations.canvases.create": TIER_2,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.join": TIER_3,
    "conversations.open": TIER_3,
    "conversations.replies": TIER_3,
    "files.completeUploadExternal": TIER_4,
    "files.getUploadURLExternal": TIER_4,
    "reactions.add": TIER_3,
    "reactions.remove": TIER_2,
    "users.info": TIER_4,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
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
