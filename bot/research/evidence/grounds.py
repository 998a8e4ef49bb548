"""What a text rests on, and the text after the gate: only what its pages hold is let through unmarked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.research.beside import beside
from bot.research.evidence.gate import Rests, cited, renumbered
from bot.research.evidence.repair import Checked, repaired
from bot.research.evidence.shelf import Shelf
from bot.research.model import Source, Usage
from bot.research.model_call import Writer
from bot.research.ports import Call


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
    """A text after the gate, and those of its pages that it cites, both with the run's numbers."""

    checked: Checked
    sources: tuple[Source, ...] = ()


async def held(writer: Writer, call: Call, text: str, grounds: Grounds, known: Sequence[str]) -> Held:
    """Hold the text of a call against its pages; ``known`` are texts whose numbers need none."""
    rests = Rests(grounds.shelf, known)
    after = await repaired(writer, call, text, rests)
    if not rests.shelf:
        return Held(replace(after, checks=None))
    sources = tuple(
        source.model_copy(update={"number": grounds.numbers[source.number]})
        for source in cited(after.text, rests.shelf)
    )
    return Held(replace(after, text=renumbered(after.text, grounds.numbers)), sources)


async def filed(text: str, grounds: Grounds, known: Sequence[str]) -> Held:
    """A text that is only material for another: its pages are as they are for its reader, what fails stays unmarked."""
    rests = Rests(grounds.shelf, known)
    if not rests.shelf:
        return Held(Checked(text))
    gated = await beside(rests.size(text), lambda: rests.gate(text))
    return Held(Checked(gated.text, gated.checks), cited(gated.text, rests.shelf))
