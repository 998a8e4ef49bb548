"""What leaves for Slack, in the order that people need it: one writer for all that Slack limits together."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, TypeVar

import structlog

from bot.slack.transport.client import first_of

log = structlog.get_logger(__name__)

T = TypeVar("T")
Send = Callable[[], Coroutine[Any, Any, T]]

BURST = 3  # messages that may go at once after a pause; Slack takes short bursts above its one a second


class Rank(IntEnum):
    """Who goes first when messages must wait: the smaller number."""

    FIRST = 0  # roots, answers and last states: somebody waits for them
    REPORT = 1
    ANGLE = 2
    UPDATE = 3


class Later(Exception):
    """This message shall be tried again in that many seconds; the rest of its line waits for it, nothing else does."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.0f} s")
        self.seconds = seconds


class Held(Later):
    """Slack takes nothing of this kind for that many seconds: the whole lane waits."""


Waited = Callable[[str, float], None]


class Sending(asyncio.Future[T]):
    """What becomes of a message; ``left`` says that it is on its way to Slack, or has arrived for all that we know."""

    left = False


@dataclass(eq=False)
class _Item:
    """Something to send; ``line`` names those that must not overtake each other, ``due`` is a time of the loop.

    It is sent in the context of whoever queued it, so that the log names the right run.
    """

    number: int
    rank: Rank
    line: str
    send: Send[Any]
    due: float
    since: float
    context: Context = field(default_factory=copy_context)
    done: Sending[Any] = field(default_factory=Sending)


class Lane:
    """One writer for what Slack limits together: the posts of a channel, or the edits of a workspace.

    ``pace`` is messages a second, 0 for none; ``waited(rank, seconds)`` is told of each that left. What waits goes by
    rank, except that within a line nothing overtakes: what stands before a more urgent message of its line goes with
    that one's rank.
    """

    def __init__(self, pace: float, waited: Waited) -> None:
        self._pace, self._waited = pace, waited
        self._items: list[_Item] = []
        self._numbers = itertools.count()
        self._changed = asyncio.Event()
        self._tokens, self._counted, self._held = float(BURST), 0.0, 0.0
        self._writer: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        return len(self._items)

    def add(self, rank: Rank, line: str, send: Send[T], due: float = 0) -> Sending[T]:
        """Queue something; the future gives what ``send`` gave or raised. After Later or Held it is called again."""
        now = asyncio.get_running_loop().time()
        item = _Item(next(self._numbers), rank, line, send, due, max(now, due))
        item.done.add_done_callback(lambda _: self._drop(item))
        self._items.append(item)
        self._changed.set()
        if not self._writer or self._writer.done():
            self._writer = asyncio.create_task(self._write(), context=Context())
        return item.done

    async def close(self) -> None:
        """Send nothing more."""
        if self._writer:
            self._writer.cancel()
            await asyncio.wait([self._writer])
        for item in list(self._items):
            item.done.cancel()

    def _drop(self, item: _Item) -> None:
        """Sent, or no longer wanted: whoever waited for it was cancelled."""
        if item in self._items:
            self._items.remove(item)
            self._changed.set()

    async def _write(self) -> None:
        while self._items:
            self._changed.clear()
            now = asyncio.get_running_loop().time()
            item, pause = self._next(now)
            if item is None:
                await first_of(self._changed, pause)
            else:
                await self._send(item, now)

    def _next(self, now: float) -> tuple[_Item | None, float]:
        """What goes now; or nothing, and for how many seconds at the most there is nothing."""
        open_at = max(self._held, self._paced(now))
        if open_at > now:
            return None, open_at - now
        lines: dict[str, list[_Item]] = {}
        for item in self._items:
            lines.setdefault(item.line or str(item.number), []).append(item)
        heads = {min(each.rank for each in line): line[0] for line in reversed(lines.values()) if line[0].due <= now}
        if heads:
            return heads[min(heads)], 0
        return None, min(line[0].due for line in lines.values()) - now

    def _paced(self, now: float) -> float:
        """When the next message may go."""
        if not self._pace:
            return 0
        self._tokens = min(self._tokens + (now - self._counted) * self._pace, BURST)
        self._counted = now
        return now if self._tokens >= 1 else now + (1 - self._tokens) / self._pace

    async def _send(self, item: _Item, now: float) -> None:
        self._tokens -= 1
        before, item.done.left = item.done.left, True
        try:
            sent = await asyncio.create_task(item.send(), context=item.context)
        except Later as later:
            item.done.left = before or not isinstance(later, Held)
            self._delay(item, later)
            return
        except Exception as error:  # noqa: BLE001  whoever waits for it hears of it
            item.done.left = before
            if not item.done.done():
                item.done.set_exception(error)
        else:
            if not item.done.done():
                item.done.set_result(sent)
        self._waited(item.rank.name.lower(), now - item.since)
        self._drop(item)

    def _delay(self, item: _Item, later: Later) -> None:
        until = asyncio.get_running_loop().time() + later.seconds
        if isinstance(later, Held):
            log.warning("outbox.held", seconds=later.seconds, waiting=len(self._items))
            self._held = until
        else:
            item.due = until


class Outbox:
    """The lanes of a workspace, each made when it is first needed; an async context manager."""

    def __init__(self, pace: float, waited: Waited = lambda rank, seconds: None) -> None:
        self._pace, self._waited = pace, waited
        self._lanes: dict[str, Lane] = {}
        self.edits = Lane(0, waited)

    async def __aenter__(self) -> Outbox:
        return self

    async def __aexit__(self, *failure: object) -> None:
        for lane in [self.edits, *self._lanes.values()]:
            await lane.close()

    @property
    def depth(self) -> int:
        """How many messages wait."""
        return len(self.edits) + sum(len(lane) for lane in self._lanes.values())

    def posts(self, channel: str) -> Lane:
        """The lane of a channel's new messages."""
        return self._lanes.setdefault(channel, Lane(self._pace, self._waited))
