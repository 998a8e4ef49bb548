"""One model call of a run within its limits, ended by a whole text or by a failure that can be said to a person."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

import structlog

from bot.research.budget import Amount, Budget, Request
from bot.research.errors import ModelError
from bot.research.model import Failure, Usage
from bot.research.ports import Call, Completion, Model, Purse

log = structlog.get_logger(__name__)

LETTERS_PER_TOKEN = 4  # of what a model writes, in most languages fewer
TOKENS_PER_WORD = 16  # leaves room for reasoning that nobody sees and for scripts that take many tokens a word


class TimeLimit:
    """When a run has had its time: ``seconds`` from now on the running loop's clock; and its ``budget``."""

    def __init__(self, seconds: float, budget: Budget | None = None) -> None:
        self.seconds, self.budget = seconds, budget or Budget()
        self.started = asyncio.get_running_loop().time()

    @property
    def spent(self) -> float:
        """Seconds since the start."""
        return asyncio.get_running_loop().time() - self.started

    def until(self, at_least: float = 0) -> asyncio.Timeout:
        """A context that ends with the limit, though not before ``at_least`` seconds from now."""
        return asyncio.timeout(max(self.seconds - self.spent, at_least))

    async def admitted(self, slug: str) -> Failure | None:
        """Wait until the budget lets an angle begin; give the reason if it does not, or not in time."""
        try:
            async with self.until():
                return await self.budget.admitted(slug)
        except TimeoutError:
            return Failure(cause="time_limit", tries=0, limit=self.seconds)


async def ask(model: Model, call: Call, limit: TimeLimit, at_least: float = 0) -> Completion | Failure:
    """Make the call within the run's time limit, or within ``at_least`` seconds where less of it is left.

    A call for which the run's budget does not suffice is not made. Never raises but for a cancellation: what went wrong
    comes back as a Failure, an unexpected error is logged whole.
    """
    began, request = limit.spent, Request(limit.budget)
    try:
        async with limit.until(at_least):
            failure = await request.begin(call)
            if not failure:
                answer = await model.write(replace(call, permission=request))
                request.over(answer.usage)
                return answer
    except TimeoutError:
        failure = Failure(cause="time_limit", limit=limit.seconds, usage=Usage(calls=request.count))
    except ModelError as error:
        failure = error.failure
    except Exception:  # a run has other branches: they go on, and the reader is told
        log.exception("call.crashed", call=call.name)
        failure = Failure(cause="internal", usage=Usage(calls=request.count))
    finally:
        request.over()
    log.warning("call.failed", call=call.name, cause=failure.cause)
    return failure.model_copy(update={"seconds": limit.spent - began})


class SearchPurse(Purse):
    """What the searches of one worker use of its run's budget, and ``usage``, what they have used so far.

    Its ``name`` is that of a call: ``<run id>/<step>``.
    """

    def __init__(self, budget: Budget, name: str) -> None:
        self.name, self.usage = name, Usage()
        self._request = Request(budget)

    async def opens(self, most: Usage) -> bool:
        """Whether a search may be made that uses so much at most; it waits for what others give back."""
        return not await self._request.take(self.name.partition("/")[2], Amount.of(most))

    def spent(self, used: Usage) -> None:
        """A search is over; one of which not all is known counts with the most that it can have used."""
        self.usage += used
        self._request.spent(None if used.estimated else used)


@dataclass(frozen=True)
class Writer:
    """A model that writes within a run's limit, or within ``at_least`` seconds where less of it is left."""

    model: Model
    limit: TimeLimit
    at_least: float = 0

    async def answer(self, call: Call) -> Completion | Failure:
        """Make the call; never raises but for a cancellation."""
        return await ask(self.model, call, self.limit, self.at_least)
