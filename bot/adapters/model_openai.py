"""The Model port on any OpenAI-compatible endpoint: attempts are counted here and nowhere else."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace

import structlog

from bot.adapters.endpoint import Endpoint, likely_address, without_login
from bot.adapters.hedging import Copy, Hedging, kind_of
from bot.adapters.model_openai_transport import Heard
from bot.adapters.model_openai_wire import RawAnswer, Wire
from bot.adapters.model_queue import ModelQueue
from bot.adapters.prices import price
from bot.research.errors import (
    AnswerIncomplete,
    ModelError,
    ModelRefused,
    ModelTimeout,
    ProviderDown,
    RateLimited,
    Unintelligible,
    Unreachable,
)
from bot.research.model import Usage
from bot.research.ports import Call, Completion, Priority

log = structlog.get_logger(__name__)

# How many attempts a call gets that fails in this way; what is not named here fails at once.
TRIES: dict[type[ModelError], int] = {
    RateLimited: 4,
    ProviderDown: 4,
    Unreachable: 4,
    ModelTimeout: 2,
    AnswerIncomplete: 2,
    Unintelligible: 2,
}
MOST_TRIES = 4
MOST_WAITING = 60.0  # seconds between the attempts of a call, all together
AT_ONCE = (ModelTimeout, AnswerIncomplete)  # waiting would not make these better

Attempted = Callable[[str, Usage, float], None]


def _uncounted(outcome: str, usage: Usage, seconds: float) -> None:
    """Nobody counts."""


def _unheard() -> None:
    """Nobody listens."""


class OpenAIModel:
    """A model behind an endpoint, with one client for the whole process; an async context manager.

    ``attempted(outcome, usage, seconds)`` is told of every attempt: the outcome is "ok" or the cause of the failure.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        turns: ModelQueue,
        attempted: Attempted = _uncounted,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        hedging: Hedging | None = None,
    ) -> None:
        self._endpoint, self._turns, self._attempted, self._sleep = endpoint, turns, attempted, sleep
        self._hedging = hedging
        self._wire = Wire(endpoint, streamed=hedging is not None)
        self._loading: asyncio.Task[object] | None = None

    async def __aenter__(self) -> OpenAIModel:
        address = self._endpoint.base_url
        if likely_address(address) != address.rstrip("/"):
            log.warning(
                "model.address_doubtful", setting="OPENAI_BASE_URL", likely=without_login(likely_address(address))
            )
        if not self._endpoint.local:  # the tables of prices take a moment to load: no answer shall wait for them
            first = asyncio.to_thread(price, self._endpoint.model, self._endpoint.base_url, 0, 0)
            self._loading = asyncio.create_task(first)
        return self

    @property
    def learned(self) -> list[str]:
        """What the model does not take, or takes instead, as clauses for an operator: "takes max_completion_tokens"."""
        return self._wire.learned

    async def __aexit__(self, *failure: object) -> None:
        if self._loading:
            await self._loading
        await self._wire.close()

    async def write(self, call: Call) -> Completion:
        """Answer the call, trying again where that may help and is permitted.

        Raises a ModelError with the numbers of all attempts.
        """
        began, usage, waited = time.monotonic(), Usage(), 0.0
        failures: Counter[type[ModelError]] = Counter()
        while True:
            try:
                answer = await self._attempt(call, again=bool(failures))
            except ModelError as error:
                usage += error.usage
                failures[type(error)] += 1
                if isinstance(error, AnswerIncomplete) and error.thinking:
                    call = replace(call, max_tokens=2 * call.max_tokens)
                pause = _pause(error, failures, waited)
                if pause is None or not await call.permission.again(call):
                    error.usage, error.waited, error.limit = usage, waited, self._endpoint.timeout
                    raise
                await self._sleep(pause)
                waited += pause
            else:
                return Completion(answer.text, usage + answer.usage, time.monotonic() - began, self._endpoint.model)

    async def _attempt(self, call: Call, again: bool) -> RawAnswer:
        """One attempt, in its turn; the turn is not held while a call waits to be repeated."""
        async with self._turns.taken(call, again):
            ends = asyncio.get_running_loop().time() + self._endpoint.timeout
            if self._hedging and not again:
                return await self._hedged(self._hedging, call, ends)
            return await self._request(call, ends, _unheard)

    async def _hedged(self, hedging: Hedging, call: Call, ends: float) -> RawAnswer:
        """The answer to a first attempt, or to its copy where that is late, with what both used."""
        second, bill = replace(call, step=f"{call.step}/hedge", priority=Priority.HEDGE), Bill(call)
        copy = Copy(
            turn=self._turns.taken(second),
            permitted=lambda: call.permission.beside(call),
            ask=lambda: bill.of(self._request(second, ends, _unheard)),
        )
        kind = f"{kind_of(call.step)}{'' if self._wire.streams else ', whole'}"
        try:
            answer = await hedging.answer(kind, lambda heard: bill.of(self._request(call, ends, heard)), copy)
        except ModelError as error:
            error.usage = bill.used
            raise
        return replace(answer, usage=bill.total(answer, self._endpoint))

    async def _request(self, call: Call, ends: float, heard: Heard) -> RawAnswer:
        began = time.monotonic()
        try:
            async with asyncio.timeout_at(ends):
                answer = await self._wire.ask(call, heard if self._hedging else None)
        except (ModelError, TimeoutError) as failure:
            error = failure if isinstance(failure, ModelError) else ModelTimeout()
            self._tell(call, error.cause, error.usage, began, detail=str(error))
            if not error.counted:
                call.permission.spent(_used(error))
            raise error from failure.__cause__
        self._tell(call, "ok", answer.usage, began)
        call.permission.spent(answer.usage)
        return answer

    def _tell(self, call: Call, outcome: str, usage: Usage, began: float, **more: str) -> None:
        seconds = time.monotonic() - began
        self._attempted(outcome, usage, seconds)
        told = {"call": call.name, "outcome": outcome, "seconds": round(seconds, 2), "tokens": usage.tokens, **more}
        (log.info if outcome == "ok" else log.warning)("model.called", **told)


def _used(error: ModelError) -> Usage | None:
    """What an attempt used that failed; None where nobody knows, for it was cut off."""
    if isinstance(error, ModelTimeout | Unreachable):
        return None
    return error.usage if isinstance(error, AnswerIncomplete | ModelRefused) else Usage()


class Bill:
    """What the copies of one call used."""

    def __init__(self, call: Call) -> None:
        self._call, self.used, self._left = call, Usage(), 0

    async def of(self, request: Awaitable[RawAnswer]) -> RawAnswer:
        """The answer to one of them."""
        try:
            answer = await request
        except ModelError as error:
            self.used += error.usage
            raise
        except asyncio.CancelledError:
            self._left += 1
            self._call.permission.spent(None)
            raise
        self.used += answer.usage
        return answer

    def total(self, answer: RawAnswer, endpoint: Endpoint) -> Usage:
        """What all used; of one that was left only what it was asked is known, which is as long as the other's."""
        if not self._left:
            return self.used
        least = price(endpoint.model, endpoint.base_url, answer.usage.input_tokens, 0) if not endpoint.local else None
        asked = answer.usage.model_copy(
            update={"calls": 1, "output_tokens": 0, "price": least or answer.usage.price, "estimated": True}
        )
        return self.used + asked


def _pause(error: ModelError, failures: Counter[type[ModelError]], waited: float) -> float | None:
    """Seconds before the next attempt; None if there is none."""
    if failures[type(error)] >= TRIES.get(type(error), 1) or failures.total() >= MOST_TRIES:
        return None
    if isinstance(error, AT_ONCE):
        return 0
    pause = error.retry_after
    if pause is None:
        pause = 2.0 ** failures.total() * random.uniform(0.5, 1)  # noqa: S311  spreads those that failed together
    return pause if waited + pause <= MOST_WAITING else None
