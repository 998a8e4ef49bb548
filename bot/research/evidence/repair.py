"""What the gate does not let pass goes back once, a sentence a line; what still fails is marked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.research.beside import beside
from bot.research.evidence.gate import Fault, Gated, marked, mended
from bot.research.evidence.shelf import Shelf
from bot.research.model import Checks, Failure, Usage
from bot.research.model_call import TOKENS_PER_WORD, TimeLimit, ask
from bot.research.ports import Call, Model
from bot.research.prompts import fenced, prompt
from bot.research.words import FAULTS

MOST_SENTENCES = 30  # of a text that go back; the others are marked
SPARE_WORDS = 1.5  # times the words of a sentence, for the one in its place

_LINE = re.compile(r"(?m)^[ \t]*+(?:[-*][ \t]++)?+(\d{1,3})[.):][ \t]++(\S.*)$")


@dataclass(frozen=True)
class Repaired:
    """A text after it went back; ``usage`` and ``seconds`` are those of the call, nothing where none was needed."""

    text: str
    checks: Checks
    usage: Usage = Usage()
    seconds: float = 0


async def repaired(
    model: Model,
    call: Call,
    gated: Gated,
    shelf: Shelf,
    known: Sequence[str],
    limit: TimeLimit,
    at_least: float = 0,
    held: Sequence[str] = (),
) -> Repaired:
    """Have the faulty sentences of a call's text written anew, and mark what does not pass even then.

    Where that cannot be done, the sentences are marked as they are.
    """
    usage, seconds = Usage(), 0.0
    if gated.faults:
        answer = await ask(model, _call(call, gated.faults, shelf), limit, at_least)
        usage, seconds = answer.usage, answer.seconds
        if not isinstance(answer, Failure):
            written = {int(line[1]): line[2].strip() for line in _LINE.finditer(answer.text)}
            before = gated
            gated = await beside(
                len(answer.text) + len(gated.text), lambda: mended(before, written, shelf, known, held)
            )
    return Repaired(marked(gated), gated.checks, usage, seconds)


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
