"""Ends the work of a run from outside, as a time-out would: with an error of our choice instead of a TimeoutError."""

from __future__ import annotations

import asyncio
from types import TracebackType


class Lifeline:
    """An async context manager whose body is cancelled by ``cut(error)``; leaving it then raises that error."""

    def __init__(self) -> None:
        self._task: asyncio.Task[object] | None = None
        self._error: BaseException | None = None

    def cut(self, error: BaseException) -> None:
        """Cancel the body if it still runs; the first error counts."""
        if self._task and not self._error:
            self._error = error
            self._task.cancel()

    async def __aenter__(self) -> Lifeline:
        self._task = asyncio.current_task()
        self._cancelling = self._task.cancelling() if self._task else 0
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        task, self._task = self._task, None
        # Somebody else may have cancelled the task as well: that one is not ours to swallow.
        if task and self._error and task.uncancel() <= self._cancelling and kind in (None, asyncio.CancelledError):
            raise self._error from error
