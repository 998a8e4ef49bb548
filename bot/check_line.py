"""What a check says of one thing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """What was tried, whether it works, and what to know or do about it."""

    works: bool
    name: str
    told: str

    def __str__(self) -> str:
        return f"{'✓' if self.works else '✕'} {self.name}: {self.told}"
