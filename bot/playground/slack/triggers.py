"""Trigger ids: with one, an app may open a form, once and for three seconds."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.playground.slack.workspace import SlackError

SECONDS = 3.0


@dataclass
class Trigger:
    """What somebody did: ``channel`` and ``view`` say where, "" if not there; ``at`` in seconds of the clock."""

    user: str
    channel: str
    view: str
    at: float
    used: bool = False


class Triggers:
    """The trigger ids that were given out; ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._given: dict[str, Trigger] = {}
        self._numbers = itertools.count(time.time_ns())  # an app may remember ids from before this Slack was started

    def give(self, user: str, channel: str = "", view: str = "", name: str = "") -> str:
        """An id for what somebody did; the same ``name`` again is the same thing told twice."""
        name = name or f"{next(self._numbers)}.trigger"
        self._given.setdefault(name, Trigger(user, channel, view, self._clock()))
        return name

    def redeem(self, name: str) -> Trigger:
        """Use an id up; raises SlackError."""
        trigger = self._given.get(name)
        if not trigger:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if self._clock() - trigger.at > SECONDS:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def expire(self) -> None:
        """Let three seconds go by, for all ids that were given out."""
        for trigger in self._given.values():
            trigger.at -= SECONDS
