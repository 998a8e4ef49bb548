"""Whether jobs are taken: not yet, at once, for the next process, or no more. What the desk and the threads share."""

from __future__ import annotations

import asyncio
from enum import Enum


class State(Enum):
    """Whether jobs are taken."""

    CLOSED = "closed"  # not yet, or no more
    OPEN = "open"
    DRAINING = "draining"  # kept for the next process to begin with


class Intake:
    """Knows whether jobs are taken, and holds back those that the next process shall begin with."""

    def __init__(self) -> None:
        self.state = State.CLOSED
        self._put_off: set[str] = set()
        self.waiting: set[asyncio.Task[object]] = set()  # what holds a job that is put off

    def put_off(self, job_id: str) -> None:
        """Leave a job to the next process."""
        self._put_off.add(job_id)

    async def turn(self, job_id: str) -> None:
        """Wait for the turn of a job: at once, or in the next process, for which this one lets go of it."""
        task = asyncio.current_task()
        if job_id not in self._put_off or not task:
            return
        if self.state is not State.DRAINING:
            raise asyncio.CancelledError
        self.waiting.add(task)
        try:
            await asyncio.Event().wait()
        finally:
            self.waiting.discard(task)
