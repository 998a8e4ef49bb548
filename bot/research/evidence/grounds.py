"""What a text rests on, and the text after the gate: only what its pages hold is let through unmarked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.research.beside import beside
from bot.research.evidence.gate import cited, gate, renumbered
from bot.research.evidence.repair import repaired
from bot.research.evidence.shelf import Shelf
from bot.research.model import Checks, Source, Usage
from bot.research.model_call import TimeLimit
from bot.research.ports import Call, Model


@dataclass(frozen=True)
class Grounds:
    """The pages for a text, numbered as its writer sees them, and the number in the run of each.

    ``usage`` and ``seconds`` are what it took to find them.
    """

    shelf: Shelf = field(default_factory=Shelf)
    numbers: Mapping[int, int] = field(default_factory=dict)
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0


@dataclass(frozen=True)
class Held:
    """A text that was held against its pages, and those of them that it cites, both with the run's numbers.

    ``usage`` and ``seconds`` are those of what was written anew; ``checks`` are None where there were no pages.
    """

    text: str
    sources: tuple[Source, ...] = ()
    checks: Checks | None = None
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0


async def held(
    model: Model, call: Call, text: str, grounds: Grounds, known: Sequence[str], limit: TimeLimit, at_least: float = 0
) -> Held:
    """Hold the text of a call against its pages; ``known`` are texts whose numbers need none."""
    shelf = grounds.shelf
    gated = await beside(shelf.size + len(text), lambda: gate(text, shelf, known))
    if not shelf:
        return Held(gated.text)
    after = await repaired(model, call, gated, shelf, known, limit, at_least)
    sources = tuple(
        source.model_copy(update={"number": grounds.numbers[source.number]}) for source in cited(after.text, shelf)
    )
    return Held(renumbered(after.text, grounds.numbers), sources, after.checks, after.usage, after.seconds)


async def filed(text: str, grounds: Grounds, known: Sequence[str]) -> Held:
    """A text that is only material for another: its pages are as they are for its reader, what fails stays unmarked."""
    shelf = grounds.shelf
    if not shelf:
        return Held(text)
    gated = await beside(shelf.size + len(text), lambda: gate(text, shelf, known))
    return Held(gated.text, cited(gated.text, shelf), gated.checks)
