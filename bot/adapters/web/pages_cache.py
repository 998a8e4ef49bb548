"""Pages that were read within the hour, as many as there is room for; and one reading for all who want the same."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Awaitable, Callable

from bot.research.errors import PageError
from bot.research.ports import Page

KEPT_SECONDS = 3_600.0
FAILED_SECONDS = 5.0  # a page that could not be read may be back
MOST_LETTERS = 8_000_000  # of all pages together
OVERHEAD = 1_000  # letters that an entry counts for beside its text

Outcome = Page | PageError


class PageCache:
    """Remembers pages and, for a moment, failures."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[float, Outcome]] = OrderedDict()
        self._letters = 0
        self._under_way: dict[str, asyncio.Task[Outcome]] = {}
        self._waiting: Counter[str] = Counter()

    def get(self, url: str) -> Outcome | None:
        """What was read there, None where that is not known any more."""
        until, outcome = self._kept.get(url, (0.0, None))
        if outcome and until > asyncio.get_running_loop().time():
            self._kept.move_to_end(url)
            return outcome
        self._forget(url)
        return None

    async def once(self, url: str, read: Callable[[], Awaitable[Page]]) -> Page:
        """Read it, or wait for whoever does already; raises PageError. Nobody reads on when nobody waits any more."""
        task = self._under_way.get(url)
        if not task:
            task = self._under_way[url] = asyncio.create_task(self._outcome(url, read))
        self._waiting[url] += 1
        try:
            outcome = await asyncio.shield(task)
        finally:
            self._waiting[url] -= 1
            if not self._waiting[url]:
                del self._waiting[url]
                self._under_way.pop(url, None)
                task.cancel()
        if isinstance(outcome, PageError):
            raise PageError(outcome.cause, str(outcome))
        return outcome

    async def _outcome(self, url: str, read: Callable[[], Awaitable[Page]]) -> Outcome:
        try:
            outcome: Outcome = await read()
        except PageError as error:
            outcome = error
        self._keep(url, outcome)
        return outcome

    def _keep(self, url: str, outcome: Outcome) -> None:
        self._forget(url)
        seconds = KEPT_SECONDS if isinstance(outcome, Page) else FAILED_SECONDS
        self._kept[url] = (asyncio.get_running_loop().time() + seconds, outcome)
        self._letters += _letters(outcome)
        while self._letters > MOST_LETTERS:
            self._forget(next(iter(self._kept)))

    def _forget(self, url: str) -> None:
        if url in self._kept:
            self._letters -= _letters(self._kept.pop(url)[1])


def _letters(outcome: Outcome) -> int:
    return OVERHEAD + (len(outcome.text) if isinstance(outcome, Page) else 0)
