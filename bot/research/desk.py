"""The desk: takes questions, has each researched once, and owns every run until it has ended."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable

import structlog
from structlog.contextvars import bound_contextvars

from bot.research.errors import Closed, NotPosted, ThreadLost
from bot.research.limits import UNLIMITED, Limits
from bot.research.model import Question, Run
from bot.research.ports import Journal
from bot.research.run import Research

log = structlog.get_logger(__name__)

REMEMBERED = 10_000  # keys: far more commands than can be redelivered at once
LAST_WORDS = 3.0  # seconds for the last states of runs that had to be cut off


class Desk:
    """Accepts questions and runs them side by side.

    ``journal`` makes the journal of a run from its id; ``ended`` is told of each run that came to an end.
    """

    def __init__(
        self,
        research: Research,
        journal: Callable[[str], Journal],
        ended: Callable[[Run], None],
        limits: Limits = UNLIMITED,
    ) -> None:
        self._research, self._journal, self._ended, self._limits = research, journal, ended, limits
        self._accepted: OrderedDict[str, Question] = OrderedDict()
        self._runs: dict[asyncio.Task[None], Question] = {}
        self._closed = False

    @property
    def in_flight(self) -> int:
        """How many runs have begun and not ended."""
        return len(self._runs)

    async def accept(self, question: Question) -> bool:
        """Take a question and begin its run; False if its key was taken before.

        Raises Closed while stopping, LimitReached where there are as many runs as there may be.
        """
        if self._closed:
            raise Closed
        if question.key in self._accepted:
            return False
        self._limits.admit(question, self._runs.values(), self._accepted.values())
        self._accepted[question.key] = question
        if len(self._accepted) > REMEMBERED:
            self._accepted.popitem(last=False)
        task = asyncio.create_task(self._run(question), name=question.run_id)
        self._runs[task] = question
        task.add_done_callback(self._runs.pop)
        return True

    async def drain(self, seconds: float) -> None:
        """Take no more questions; let the runs finish for that long, then cut off the rest and let them say so."""
        self._closed = True
        for patience in (seconds, LAST_WORDS):
            if self._runs:
                await asyncio.wait(self._runs, timeout=patience)
            for run in list(self._runs):
                run.cancel()

    async def _run(self, question: Question) -> None:
        place = question.place
        with bound_contextvars(run=question.run_id, team=place.team, channel=place.channel):
            log.info("run.started")
            try:
                run = await self._research.run(question, self._journal(question.run_id))
            except ThreadLost as error:
                log.warning("run.stopped", cause=str(error))
            except NotPosted as error:
                log.warning("run.unopened", cause=str(error))
            except Exception:
                log.exception("run.crashed")
            else:
                cost = {"calls": run.usage.calls, "tokens": run.usage.tokens}
                log.info("run.ended", outcome=run.phase, seconds=round(run.seconds, 1), **cost)
                self._ended(run)
