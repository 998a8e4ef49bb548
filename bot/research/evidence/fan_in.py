"""Texts that are made of findings, under the gate: they cite what the findings cite, by the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.research.beside import beside
from bot.research.evidence.gate import Rests, marked
from bot.research.evidence.repair import Checked, repaired
from bot.research.evidence.shelf import Shelf
from bot.research.model import Checks, Finding, Question, Source
from bot.research.model_call import Writer
from bot.research.ports import Call
from bot.research.prompts import prompt


@dataclass(frozen=True)
class Basis:
    """What such a text ``rests`` on: the pages of findings, and what was held against them.

    The numbers of known texts need no source: of what was asked, and of findings that have no pages, of which code can
    say nothing. Where nothing was ``searched`` a text stays as it is written.
    """

    rests: Rests
    searched: bool

    @classmethod
    def of(cls, question: Question, findings: Sequence[Finding], sources: Sequence[Source], *known: str) -> Basis:
        """The basis of a text that is made of these findings; ``known`` are more texts whose numbers need no source."""
        named = (text for each in findings for text in (each.angle.title, each.angle.brief))
        unsourced = (each.text for each in findings if not each.sources)
        held = tuple(each.text for each in findings if each.sources)
        searched = any(each.sources or each.unsourced or each.checks is not None for each in findings)
        needless = (question.topic, question.notes, *named, *known, *unsourced)
        return cls(Rests(Shelf(tuple(sources)), needless, held), searched)

    @property
    def shelf(self) -> Shelf:
        """Its pages, with their numbers in the run."""
        return self.rests.shelf

    @property
    def rules(self) -> str:
        """What its writer is told of citing; "" where there is nothing to cite."""
        return f"\n{prompt('cite_findings')}" if self.shelf else ""

    async def marked(self, text: str) -> Checked:
        """The text with a mark behind each sentence that does not pass."""
        if not self.searched:
            return Checked(text)
        return await beside(self.rests.size(text), lambda: self._marked(text))

    async def mended(self, writer: Writer, call: Call, text: str) -> Checked:
        """The same once what does not pass was written anew."""
        return await (repaired(writer, call, text, self.rests) if self.shelf else self.marked(text))

    def checks(self, texts: Sequence[str]) -> Checks | None:
        """How much of these texts passes."""
        return self.rests.gate("\n\n".join(texts)).checks if self.shelf else None

    def _marked(self, text: str) -> Checked:
        gated = self.rests.gate(text)
        return Checked(marked(gated), gated.checks if self.shelf else None)
