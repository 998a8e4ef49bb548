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
    """What such a text may rest on: the findings' pages, their texts, and what was asked."""

    sources: tuple[Source, ...]
    findings: tuple[str, ...]
    known: tuple[str, ...]

    @classmethod
    def of(cls, question: Question, findings: Sequence[Finding], sources: Sequence[Source], *more: str) -> Basis:
        """The basis of a text that is made of these findings; ``more`` are other texts whose numbers need no source."""
        texts = tuple(finding.text for finding in findings)
        return cls(tuple(sources), texts, (question.topic, question.notes, *more))

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
        if not self.sources:
            return Under(text)
        return await beside(len(text) + self.shelf.size, lambda: self._marked(text))

    async def mended(self, model: Model, call: Call, text: str, limit: TimeLimit, at_least: float) -> Under:
        """The same once what does not pass was written anew."""
        if not self.sources:
            return Under(text)
        shelf, known, held = self.shelf, self.known, self.findings
        gated = await beside(len(text) + shelf.size, lambda: gate(text, shelf, known, held))
        after = await repaired(model, call, gated, shelf, known, limit, at_least, held)
        return Under(after.text, after.checks, after.usage, after.seconds)

    def checks(self, texts: Sequence[str]) -> Checks | None:
        """How much of these texts passes."""
        if not self.sources:
            return None
        return gate("\n\n".join(texts), self.shelf, self.known, self.findings).checks

    def _marked(self, text: str) -> Under:
        gated = gate(text, self.shelf, self.known, self.findings)
        return Under(marked(gated), gated.checks)
