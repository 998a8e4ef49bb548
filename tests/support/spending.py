"""A model that counts what it is made to use, whatever anybody else counts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from bot.research.budget import BYTES_PER_TOKEN
from bot.research.errors import AnswerIncomplete, ModelError, ModelTimeout, ProviderDown
from bot.research.model import Usage
from bot.research.ports import Call, Completion

PRICE_IN, PRICE_OUT = Decimal("0.000001"), Decimal("0.000004")  # dollars a token
TRIES = 3


def price(tokens_in: int, tokens_out: int) -> Decimal:
    """What so many tokens cost."""
    return tokens_in * PRICE_IN + tokens_out * PRICE_OUT


class Ending(StrEnum):
    """How one request ends."""

    WHOLE = "whole"
    REFUSED = "refused"  # it used nothing
    CUT = "cut"  # its thinking took the room of its answer
    LATE = "late"  # nobody knows what it used


@dataclass
class SpendingModel:
    """``ending`` says how a call's request ends, ``share`` which part of its room it takes, ``late`` if it has a copy.

    ``passes`` says how often others of the event loop go on before each step of a call does. Whoever asks for a plan
    gets three questions of its own.
    """

    ending: Callable[[Call], Ending] = lambda call: Ending.WHOLE
    share: Callable[[Call], float] = lambda call: 0.1
    late: Callable[[Call], bool] = lambda call: False
    passes: Callable[[], int] = lambda: 1
    requests: list[str] = field(default_factory=list)
    tokens: int = 0
    dollars: Decimal = Decimal(0)

    async def write(self, call: Call) -> Completion:
        """Answer as an adapter does: what failed is repeated where that is permitted."""
        total, room = Usage(), call.max_tokens
        for number in range(1, TRIES + 1):
            await self._others()
            try:
                answer = await self._request(call, room)
            except ModelError as error:
                total += error.usage
                if isinstance(error, AnswerIncomplete):
                    call = replace(call, max_tokens=2 * call.max_tokens)
                call.permission.spent(None if isinstance(error, ModelTimeout) else error.usage)
                if number == TRIES or not await call.permission.again(call):
                    error.usage = total
                    raise
            else:
                call.permission.spent(answer.usage)
                await self._others()
                return replace(answer, usage=total + answer.usage)
        raise AssertionError

    async def _others(self) -> None:
        for _ in range(self.passes()):
            await asyncio.sleep(0)

    async def _request(self, call: Call, room: int) -> Completion:
        tokens_in = len((call.system + call.prompt).encode()) // (2 * BYTES_PER_TOKEN)
        tokens_out = int(1 + self.share(call) * (call.max_tokens - 1))
        self.requests.append(call.step)
        await self._others()
        if self.late(call) and call.permission.beside(call):
            self.requests.append(f"{call.step}/hedge")
            await self._others()
            self.tokens += tokens_in + tokens_out
            self.dollars += price(tokens_in, tokens_out)
            call.permission.spent(None)
        ending = self.ending(call)
        if ending is Ending.REFUSED:
            raise ProviderDown
        self.tokens += tokens_in + tokens_out
        self.dollars += price(tokens_in, tokens_out)
        if ending is Ending.LATE:
            raise ModelTimeout
        used = Usage(calls=1, input_tokens=tokens_in, output_tokens=tokens_out, price=price(tokens_in, tokens_out))
        if ending is Ending.CUT:
            error = AnswerIncomplete(thinking=True)
            error.usage = used
            raise error
        plan = json.dumps([f"{call.step}: question {number}?" for number in range(3)])
        return Completion(plan if "/plan" in call.step else " tea" * min(tokens_out, room), used, 0.0, "spending")
