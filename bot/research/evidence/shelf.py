"""The pages that a text may cite, with the passages that its writer is given. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from bot.research.model import Passage, Source
from bot.research.prompts import fenced

MOST_OF_A_PAGE = 3  # passages that a writer is given
LONGEST_PASSAGE = 900  # characters, of 90 words in most languages
_ENDS = ".!?…:;,。！？"
LONGEST_NAME = 100  # characters of who publishes a page


@dataclass(frozen=True)
class Shelf:
    """Sources by their numbers; ``beyond`` are the passages of a source that its writer was not given.

    ``unsourced`` is the code of why there is none, "" where there should be none.
    """

    sources: tuple[Source, ...] = ()
    beyond: Mapping[int, tuple[Passage, ...]] = field(default_factory=dict)
    unsourced: str = ""

    def __bool__(self) -> bool:
        return bool(self.sources)

    @property
    def size(self) -> int:
        """How many characters its passages have, those that were not given too."""
        own = sum(len(each.text) for source in self.sources for each in source.passages)
        return own + sum(len(each.text) for others in self.beyond.values() for each in others)

    def passages(self) -> Iterable[tuple[str, Source, Passage]]:
        """Each passage that the writer is given, with its id and its page."""
        return ((f"{source.number}{each.letter}", source, each) for source in self.sources for each in source.passages)

    def shown(self) -> list[str]:
        """The passages as data for a prompt, each introduced by its id and where it comes from; none, nothing."""
        return list(self._shown)

    @cached_property
    def _shown(self) -> tuple[str, ...]:
        lines = [f"[{name}] {_from(source)}: {_on_one_line(passage.text)}" for name, source, passage in self.passages()]
        return (fenced("passages", "\n\n".join(lines)),) if lines else ()


@lru_cache(maxsize=8)  # a budget asks for the same one whenever an angle begins or ends
def longest_shelf(pages: int) -> Shelf:
    """A shelf with as many letters as one may have with so many pages."""
    passages = tuple(Passage(letter="a", text="." * LONGEST_PASSAGE) for _ in range(MOST_OF_A_PAGE))
    name = "." * LONGEST_NAME
    return Shelf(tuple(Source(name=name, url="", number=number + 1, passages=passages) for number in range(pages)))


def _on_one_line(text: str) -> str:
    """A passage whose lines stand behind one another; a heading is no beginning of the sentence that follows it."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    return " ".join([*(line if line[-1] in _ENDS else f"{line}." for line in lines[:-1]), *lines[-1:]])


def _from(source: Source) -> str:
    return ", ".join(filter(None, [source.name, source.date]))
