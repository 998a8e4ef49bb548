"""Texts that are made of findings, under the gate: they cite what the findings cite, by the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.research.beside import beside
from bot.research.evidence.gate import gate, marked
from bot.research.evidence.repair import repaired
from bot.research.evidence.shelf import Shelf
from bot.research.model import Checks, Finding, Question, Source, Usage
from bot.research.model_call import TimeLimit
from bot.research.ports import Call, Model
from bot.research.prompts import prompt


@dataclass(frozen=True)
class Under:
    """A text after the gate; ``checks`` are None where no finding has a source."""

    text: str
    checks: Checks | None = None
    usage: Usage = Usage()
    seconds: float = 0


@dataclass(frozen=True)
class Basis:
    """What such a text may rest on: the pages of findings, what was ``held`` against them, and what is ``known``.

    The numbers of known texts need no source: of what was asked, and of findings that have no pages, of which code can
    say nothing. Where nothing was ``searched`` a text stays as it is written.
    """

    sources: tuple[Source, ...]
    held: tuple[str, ...]
    known: tuple[str, ...]
    searched: bool

    @classmethod
    def of(cls, question: Question, findings: Sequence[Finding], sources: Sequence[Source], *known: str) -> Basis:
        """The basis of a text that is made of these findings; ``known`` are more texts whose numbers need no source."""
        named = (text for each in findings for text in (each.angle.title, each.angle.brief))
        unsourced = (each.text for each in findings if not each.sources)
        return cls(
            tuple(sources),
            tuple(each.text for each in findings if each.sources),
            (question.topic, question.notes, *named, *known, *unsourced),
            any(each.sources or each.unsourced or each.checks is not None for each in findings),
        )

    @property
    def shelf(self) -> Shelf:
        """Its pages, with their numbers in the run."""
        return Shelf(self.sources)

    @property
    def rules(self) -> str:
        """What its writer is told of citing; "" where there is nothing to cite."""
        return f"\n{prompt('cite_findings')}" if self.sources else ""

    async def marked(self, text: str) -> Under:
        """The text with a mark behind each sentence that does not pass."""
        if not self.searched:
            return Under(text)
        return await beside(len(text) + self.shelf.size, lambda: self._marked(text))

    async def mended(self, model: Model, call: Call, text: str, limit: TimeLimit, at_least: float) -> Under:
        """The same once what does not pass was written anew."""
        if not self.sources:
            return await self.marked(text)
        shelf, known, held = self.shelf, self.known, self.held
        gated = await beside(len(text) + shelf.size, lambda: gate(text, shelf, known, held))
        after = await repaired(model, call, gated, shelf, known, limit, at_least, held)
        return Under(after.text, after.checks, after.usage, after.seconds)

    def checks(self, texts: Sequence[str]) -> Checks | None:
        """How much of these texts passes."""
        if not self.sources:
            return None
        return gate("\n\n".join(texts), self.shelf, self.known, self.held).checks

    def _marked(self, text: str) -> Under:
        gated = gate(text, self.shelf, self.known, self.held)
        return Under(marked(gated), gated.checks if self.sources else None)
