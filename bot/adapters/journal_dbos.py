"""The Journal port on DBOS: named steps of one workflow, whose results are stored as JSON."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import Awaitable, Callable
from itertools import chain, repeat
from typing import Any, TypeVar

import structlog
from dbos import Serializer
from pydantic import TypeAdapter
from sqlalchemy.exc import SQLAlchemyError

from bot.adapters.causes import cause
from bot.adapters.steps_dbos import StepWriter, step_of_workflow
from bot.research.beside import take_turn
from bot.service.errors import StoreDown

log = structlog.get_logger(__name__)

T = TypeVar("T")

Read = Callable[[], Awaitable[dict[int, str]]]

PAUSES = (1, 2, 5)  # seconds between tries to store a step that is made; the last one again and again


class Json(Serializer):
    """What the engine stores, as JSON; of an error its kind only.

    The engine stores a step's error as the step's result, even where it was storing that failed. Neither is a result
    here: such an error is raised instead, and the step is made or stored again.
    """

    def name(self) -> str:
        """What the engine notes beside each value, to know who can read it."""
        return "research.json"

    def serialize(self, value: Any) -> str:
        """JSON; raises what must not be stored."""
        if isinstance(value, SQLAlchemyError):
            raise value
        return json.dumps({"error": type(value).__name__} if isinstance(value, Exception) else value)

    def deserialize(self, text: str) -> Any:
        """The value."""
        return json.loads(text)


_JSON = Json()


class DBOSJournal:
    """The steps of one workflow, told apart by their names.

    The engine numbers steps in the order in which they are called, which differs from run to run where branches go on
    side by side. Here a step's number comes from its name instead, so that branches need no fixed order and may branch.
    ``failed`` is told each time that the store cannot be asked; ``read`` gives what an earlier process stored, by the
    steps' numbers, always the same value.
    """

    def __init__(self, writer: StepWriter, failed: Callable[[], None], read: Read, prefix: str = "") -> None:
        self._writer, self._failed, self._read, self._prefix = writer, failed, read, prefix

    def branch(self, name: str) -> DBOSJournal:
        """A journal whose names begin with this one."""
        return DBOSJournal(self._writer, self._failed, self._read, f"{self._prefix}{name}/")

    async def known(self, name: str, kind: TypeAdapter[T]) -> T | None:
        """The step's result as an earlier process stored it. Raises StoreDown."""
        stored = (await self._read()).get(_number(self._prefix + name))
        return None if stored is None else kind.validate_json(stored)

    async def step(self, name: str, make: Callable[[], Awaitable[T]], kind: TypeAdapter[T]) -> T:
        """Give the step's stored result, or make it and store it; what was made is kept until it can be stored."""
        full = self._prefix + name
        number, stored = _number(full), await self._surely(self._read, full)
        if number not in stored:
            made = kind.dump_json(await make()).decode()
            step = step_of_workflow(number, full, _JSON.serialize(made), _JSON.name())
            await self._surely(lambda: self._writer.store(step), full)
            stored[number] = made
            await take_turn()  # a hundred steps are stored at once, and each lets a run go on
        return kind.validate_json(stored[number])

    async def _surely(self, ask: Callable[[], Awaitable[T]], step: str) -> T:
        """Ask the store as often as it takes."""
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            try:
                return await ask()
            except (SQLAlchemyError, StoreDown) as error:
                self._failed()
                log.error("step.unstored", step=step, cause=cause(error))
                await asyncio.sleep(pause)
        raise AssertionError("the pauses never end")


def _number(name: str) -> int:
    """A positive 31-bit number for a step's name."""
    return zlib.crc32(name.encode()) >> 1
