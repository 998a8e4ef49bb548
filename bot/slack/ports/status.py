"""Signs in threads that an answer is being written: Slack shows them beside our name until we post there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self

import structlog

from bot.research import words
from bot.slack.transport.client import SLACK_ERRORS, Client, cause, first_of, pause_wanted, unanswered

log = structlog.get_logger(__name__)

RENEWAL_SECONDS = 90  # Slack takes a status away after two minutes
REFUSED_SECONDS = 3_600  # for which a refusal is taken to hold
# Slack's codes for "not in this place"; every other refusal is for all places: no such method, scope or feature.
OF_A_PLACE = {
    "channel_not_found",
    "channel_type_not_supported",
    "invalid_thread_ts",
    "is_archived",
    "method_not_supported_for_channel_type",
    "not_in_channel",
    "thread_not_found",
}
EVERYWHERE = ""


@dataclass(eq=False)
class _Status:
    """How a thread's sign stands: ``wanted`` by replies that are being answered, ``open`` while they are about it.

    ``shown`` says that Slack shows it for all that we know, ``setting`` that it is being told just now, ``crossing``
    that it was when an answer left: which of them arrived first is not known.
    """

    wanted: set[str] = field(default_factory=set)
    open: set[str] = field(default_factory=set)
    shown: bool = False
    setting: bool = False
    crossing: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class ThreadStatus:
    """The signs of a workspace, an async context manager. None of its methods waits for Slack, or raises."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._signs: dict[tuple[str, str], _Status] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._refused: dict[str, float] = {}  # where, and until when as the loop's clock tells it

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *failure: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @contextmanager
    def answering(self, channel: str, thread_ts: str, ts: str) -> Iterator[None]:
        """Show that the reply at ``ts`` is being answered, until its answer stands in the thread or this is left."""
        place = channel, thread_ts
        if not self._is_refused(channel):
            self._begin(place, ts)
        try:
            yield
        finally:
            if sign := self._signs.get(place):
                sign.wanted.discard(ts)
                sign.open.discard(ts)
                sign.changed.set()

    def answered(self, channel: str, thread_ts: str, ts: str) -> None:
        """The answer is on its way, and will take the sign away when it stands there."""
        if sign := self._signs.get((channel, thread_ts)):
            sign.wanted.discard(ts)
            sign.crossing = sign.setting

    def posted(self, channel: str, thread_ts: str) -> None:
        """A message of ours stands in a thread now: with it Slack took the sign away."""
        if sign := self._signs.get((channel, thread_ts)):
            sign.shown = sign.setting or sign.crossing
            sign.changed.set()

    def _begin(self, place: tuple[str, str], ts: str) -> None:
        known = self._signs.get(place)
        sign = known or self._signs.setdefault(place, _Status())
        sign.wanted.add(ts)
        sign.open.add(ts)
        sign.changed.set()
        if not known:
            task = asyncio.create_task(self._keep(place, sign))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _keep(self, place: tuple[str, str], sign: _Status) -> None:
        """Let a thread show its sign as long as somebody wants it."""
        try:
            while sign.open or sign.shown:
                sign.changed.clear()
                if sign.wanted or not sign.open:
                    await self._set(place, sign, words.LOOKING if sign.wanted else "")
                if sign.open:
                    await first_of(sign.changed, RENEWAL_SECONDS)
        finally:
            del self._signs[place]

    async def _set(self, place: tuple[str, str], sign: _Status, status: str) -> None:
        channel, thread_ts = place
        if self._is_refused(channel):
            sign.shown = False
            return
        sign.setting, sign.crossing = True, False
        try:
            await self._client.assistant_threads_setStatus(channel_id=channel, thread_ts=thread_ts, status=status)
            sign.shown = bool(status)
        except SLACK_ERRORS as error:
            sign.shown = bool(status) and unanswered(error)
            self._heed(channel, error)
        finally:
            sign.setting = False

    def _heed(self, channel: str, error: Exception) -> None:
        """Ask no more for a while what Slack refuses."""
        log.info("sign.unshown", cause=cause(error))
        pause = pause_wanted(error)
        if not pause and unanswered(error):
            return
        where = channel if cause(error) in OF_A_PLACE else EVERYWHERE
        self._refused[where] = asyncio.get_running_loop().time() + (pause or REFUSED_SECONDS)

    def _is_refused(self, channel: str) -> bool:
        now = asyncio.get_running_loop().time()
        return any(self._refused.get(where, 0) > now for where in (channel, EVERYWHERE))
