"""Numbers of pages, the same in every text of a run: each angle has ten of its own, by its place in the run. Pure.

So angles need not agree on who is next, and a page keeps its number through crashes and retries.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

BLOCK = 10  # numbers of an angle: 1 to 10, 11 to 20, …


def numbers(pages: Sequence[str], position: int, before: Mapping[str, int] | None = None) -> dict[int, int]:
    """The number in the run of each page, by its place among those of a text; both count from 1.

    ``position`` is the angle's in its run, from 1. A page that was shown ``before`` keeps its number, the others get
    the next ones that no page has had; a page beyond the angle's ten has none.
    """
    kept = before or {}
    first = BLOCK * (position - 1) + 1
    free = iter(sorted(set(range(first, first + BLOCK)) - set(kept.values())))
    given = ((place, kept.get(url) or next(free, 0)) for place, url in enumerate(pages, 1))
    return {place: number for place, number in given if number}


def in_turn(pages: Sequence[str]) -> dict[int, int]:
    """Each page by its place, from 1: for a text that is only material for another."""
    return {place: place for place, _ in enumerate(pages, 1)}
