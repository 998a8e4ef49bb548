"""What the gate does not let pass goes back once, a sentence a line; what still fails is marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.research.beside import beside
from bot.research.evidence.gate import Fault, Rests, marked
from bot.research.evidence.shelf import Shelf
from bot.research.model import Checks, Failure, Usage
from bot.research.model_call import TOKENS_PER_WORD, Writer
from bot.research.ports import Call
from bot.research.prompts import fenced, prompt
from bot.research.words import FAULTS

MOST_SENTENCES = 30  # of a text that go back; the others are marked
SPARE_WORDS = 1.5  # times the words of a sentence, for the one in its place

_LINE = re.compile(r"(?m)^[ \t]*+(?:[-*][ \t]++)?+(\d{1,3})[.):][ \t]++(\S.*)$")


@dataclass(frozen=True)
class Checked:
    """A text after the gate; ``usage`` and ``seconds`` are those of what was written anew.

    ``checks`` are None where there was nothing to hold it against.
    """

    text: str
    checks: Checks | None = None
    usage: Usage = field(default_factory=Usage)
    seconds: float = 0


async def repaired(writer: Writer, call: Call, text: str, rests: Rests) -> Checked:
    """Hold a call's text against what it rests on, have what fails written anew, and mark what fails even then.

    Where that cannot be done, the sentences are marked as they are.
    """
    gated = await beside(rests.size(text), lambda: rests.gate(text))
    usage, seconds = Usage(), 0.0
    if gated.faults:
        answer = await writer.answer(_call(call, gated.faults, rests.shelf))
        usage, seconds = answer.usage, answer.seconds
        if not isinstance(answer, Failure):
            written = {int(line[1]): line[2].strip() for line in _LINE.finditer(answer.text)}
            before = gated
            gated = await beside(rests.size(answer.text), lambda: rests.mended(before, written))
    return Checked(marked(gated), gated.checks, usage, seconds)


def _call(call: Call, faults: Sequence[Fault], shelf: Shelf) -> Call:
    chosen = faults[:MOST_SENTENCES]
    lines = [f"{number}. {' '.join(each.sentence.split())} ({_why(each)})" for number, each in enumerate(chosen, 1)]
    words = sum(len(each.sentence.split()) for each in chosen)
    return replace(
        call,
        step=f"{call.step}/repair",
        system=prompt("repair"),
        prompt="\n\n".join([*shelf.shown(), fenced("sentences", "\n".join(lines))]),
        max_tokens=int(words * SPARE_WORDS + len(chosen)) * TOKENS_PER_WORD,
    )


def _why(fault: Fault) -> str:
    return FAULTS[fault.why].format(numbers=", ".join(fault.numbers))
