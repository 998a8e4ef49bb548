"""Ends the work of a run from outside, as a time-out would: with an error of our choice instead of a TimeoutError."""

from __future__ import annotations

import asyncio
from types import TracebackType


class CancelScope:
    """An async context manager whose body is cancelled by ``cut(error)``; leaving it then raises that error.

    Cut before it was entered, it raises the error on entering.
    """

    def __init__(self) -> None:
        self._task: asyncio.Task[object] | None = None
        self._error: BaseException | None = None
        self._over = False

    def cut(self, error: BaseException) -> None:
        """Cancel the body, from another task, if it has not ended; the first error counts."""
        if self._over or self._error:
            return
        self._error = error
        if self._task:
            self._task.cancel()

    async def __aenter__(self) -> CancelScope:
        if self._error:
            raise self._error
        self._task = asyncio.current_task()
        self._cancelling = self._task.cancelling() if self._task else 0
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        task, self._task, self._over = self._task, None, True
        # Somebody else may have cancelled the task as well: that one is not ours to swallow.
        if task and self._error and task.uncancel() <= self._cancelling and kind in (None, asyncio.CancelledError):
            raise self._error from error
