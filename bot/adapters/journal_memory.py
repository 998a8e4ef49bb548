"""A journal that lives as long as its run: for the terminal, for tests, for a bot without a database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from pydantic import TypeAdapter

T = TypeVar("T")


class MemoryJournal:
    """Keeps each step's result under its full name; branches share what is kept."""

    def __init__(self, prefix: str = "", kept: dict[str, object] | None = None) -> None:
        self._prefix = prefix
        self._kept: dict[str, object] = {} if kept is None else kept

    async def step(self, name: str, make: Callable[[], Awaitable[T]], kind: TypeAdapter[T]) -> T:
        """Give what this step gave before, or make it; what failed is not kept."""
        full = self._prefix + name
        if full not in self._kept:
            self._kept[full] = kind.dump_json(await make())
        return kind.validate_json(self._kept[full])  # type: ignore[arg-type]

    async def known(self, name: str, kind: TypeAdapter[T]) -> T | None:
        """What this step gave before."""
        kept = self._kept.get(self._prefix + name)
        return None if kept is None else kind.validate_json(kept)  # type: ignore[arg-type]

    def branch(self, name: str) -> MemoryJournal:
        """A journal whose names begin with this one."""
        return MemoryJournal(f"{self._prefix}{name}/", self._kept)
