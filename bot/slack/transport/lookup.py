"""What Slack tells of people and channels by their ids: asked once for all who want to know, and remembered."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

from bot.slack.transport.client import SLACK_ERRORS, cause, pause_wanted

log = structlog.get_logger(__name__)

T = TypeVar("T")

LOOK_SECONDS = 1.0  # for an answer: whoever waits for it is themselves waited for, by Slack, for three
KEEPING_SECONDS = 600.0
AGAIN_SECONDS = 60.0  # until what Slack did not tell is asked for again
REMEMBERED = 5_000


@dataclass(frozen=True)
class Look(Generic[T]):
    """A question to Slack, and since when it is under way."""

    task: asyncio.Task[T]
    since: float


class Lookup(Generic[T]):
    """Knows what ``ask`` finds out by an id; ``unknown`` stands for what Slack does not tell, or not in time."""

    def __init__(self, ask: Callable[[str], Awaitable[T]], unknown: T) -> None:
        self._ask, self._unknown = ask, unknown
        self._looks: OrderedDict[str, Look[T]] = OrderedDict()
        self._paused_until = 0.0  # Slack wants to hear no more of these questions before

    async def get(self, name: str) -> T:
        """What Slack tells within a second of the first who wanted to know. Never raises."""
        look = self.begin(name)
        await asyncio.wait([look.task], timeout=max(look.since + LOOK_SECONDS - _now(), 0))
        return look.task.result() if look.task.done() else self._unknown

    def begin(self, name: str) -> Look[T]:
        """Ask Slack, unless that was done a while ago at most."""
        look = self._looks.get(name)
        if not look or _now() - look.since >= self._keeping(look):
            look = self._looks[name] = Look(asyncio.create_task(self._told(name)), _now())
            self._looks.move_to_end(name)
            while len(self._looks) > REMEMBERED:
                self._looks.popitem(last=False)[1].task.cancel()
        return look

    async def close(self) -> None:
        """Ask nothing more."""
        tasks = [look.task for look in self._looks.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _keeping(self, look: Look[T]) -> float:
        return AGAIN_SECONDS if look.task.done() and look.task.result() == self._unknown else KEEPING_SECONDS

    async def _told(self, name: str) -> T:
        if _now() < self._paused_until:
            return self._unknown
        try:
            return await self._ask(name)
        except SLACK_ERRORS as error:
            log.info("name.unknown", cause=cause(error))
            self._paused_until = _now() + pause_wanted(error)
            return self._unknown


def _now() -> float:
    return asyncio.get_running_loop().time()
