"""What the tables are made of."""

from __future__ import annotations

import statistics
from collections.abc import AsyncIterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One row: ours and the plain script's, and what ours may be at the most."""

    name: str
    ours: float
    most: float
    plain: float | None = None
    unit: str = "× ideal"

    @property
    def holds(self) -> bool:
        """Whether it is as good as it has to be."""
        return self.ours <= self.most

    def __str__(self) -> str:
        plain = "" if self.plain is None else f"{self.plain:.3f}"
        mark = "holds" if self.holds else "MISSED"
        return f"{self.name:66} {self.ours:9.3f} {plain:>9} {self.most:9.3f}  {self.unit:8} {mark}"


def p95(sizes: list[float]) -> float:
    """What ninety-five of a hundred are below."""
    return statistics.quantiles(sizes, n=20)[-1]


def p99(sizes: list[float]) -> float:
    """What ninety-nine of a hundred are below."""
    return statistics.quantiles(sizes, n=100)[-1]


async def table(figures: AsyncIterator[Figure]) -> bool:
    """Print each figure as it is measured; say whether all hold."""
    print(f"{'figure':66} {'ours':>9} {'plain':>9} {'at most':>9}")
    held = True
    async for figure in figures:
        print(figure, flush=True)
        held &= figure.holds
    return held
