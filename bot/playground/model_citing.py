"""How a model writes that cites: sentences of the passages in its prompt, with their ids, and mistakes where wanted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

FEWEST_WORDS = 5  # of a sentence that is worth citing
A_PARAGRAPH = 3  # sentences
KNOWN = "**It ends well.**"  # what a model adds by itself
NOWHERE = "99z"  # an id that no passage has

_PASSAGE = re.compile(r"\[(?P<id>\d+[a-z]+)\] (?:[^\n]*?, \d{4}(?:-\d\d)*|[^:\n]*): (?P<text>.+)", re.DOTALL)
_MARKER = re.compile(r" \[(?P<id>\d+[a-z]+)\]")
_FAULTY = re.compile(r"(?m)^(?P<number>\d+)\. (?P<sentence>.+?) \(.*\)$")
_NUMBER = re.compile(r"(?<![\w-])\d[\d.,]*")
_OTHER_DIGITS = str.maketrans("123456789", "567891234")


class Mistake(Enum):
    """What may be wrong with a sentence that is cited."""

    NUMBER = auto()  # one that no passage has
    SOURCE = auto()  # the id of a passage of another page
    ID = auto()  # one that was never given
    MARKER = auto()  # none behind it
    LINK = auto()  # an address of the model's own in place of it


@dataclass(frozen=True)
class Statement:
    """What a passage says: a sentence without its full stop, and the passage's id."""

    text: str
    id: str

    @property
    def page(self) -> str:
        """The number of the page."""
        return self.id.rstrip("abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True)
class Citing:
    """A way to cite: the first sentence has the first of the ``mistakes``, and so on; None and all others are right.

    One that is ``stubborn`` writes a sentence that it is asked to repair once more as it was.
    """

    mistakes: tuple[Mistake | None, ...] = ()
    stubborn: bool = False

    def text(self, prompt: str) -> str:
        """A sentence of each passage, and one of its own; "" where the prompt has none."""
        given = statements(prompt)
        written = self.written(given, given)
        paragraphs = [" ".join(written[at : at + A_PARAGRAPH]) for at in range(0, len(written), A_PARAGRAPH)]
        return "\n\n".join([*paragraphs, KNOWN]) if paragraphs else ""

    def written(self, chosen: Sequence[Statement], given: Sequence[Statement]) -> list[str]:
        """The chosen ones as sentences."""
        mistakes = [*self.mistakes, *[None] * len(chosen)]
        return [_sentence(each, mistake, given) for each, mistake in zip(chosen, mistakes, strict=False)]

    def repair(self, prompt: str) -> str:
        """The sentences that did not pass, a line each: what the passage says that is closest to it."""
        given, asked = statements(prompt), _FAULTY.finditer(_between("sentences", prompt))
        return "\n".join(f"{each['number']}. {self._anew(each['sentence'], given)}" for each in asked)

    def _anew(self, sentence: str, given: Sequence[Statement]) -> str:
        if self.stubborn or not given:
            return sentence
        words = set(sentence.split())
        return _sentence(max(given, key=lambda each: len(words & set(each.text.split()))), None, given)


def statements(prompt: str) -> list[Statement]:
    """What the passages of a prompt say, one each: the first sentence with a number, or else the first."""
    found = map(_PASSAGE.match, _between("passages", prompt).split("\n\n"))
    return [Statement(_telling(each["text"]), each["id"]) for each in found if each]


def stated(text: str) -> Statement | None:
    """The first sentence of a text that cites a passage, None if none does."""
    found = (_MARKER.search(sentence) for sentence in _sentences(text))
    return next((Statement(each.string[: each.start()], each["id"]) for each in found if each), None)


def _between(tag: str, prompt: str) -> str:
    found = re.search(f"<{tag}>\n(.*?)\n</{tag}>", prompt, re.DOTALL)
    return found[1] if found else ""


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+|\n+", text)


def _telling(text: str) -> str:
    whole = [each for each in _sentences(text) if len(each.split()) >= FEWEST_WORDS] or [text]
    return next((each for each in whole if _NUMBER.search(each)), whole[0]).rstrip(".!? ")


def _sentence(said: Statement, mistake: Mistake | None, given: Sequence[Statement]) -> str:
    text, marker = said.text, f" [{said.id}]"
    match mistake:
        case Mistake.NUMBER:
            text = _NUMBER.sub(lambda found: found[0].translate(_OTHER_DIGITS), text, count=1)
        case Mistake.SOURCE:
            marker = next((f" [{each.id}]" for each in given if each.page != said.page), marker)
        case Mistake.ID:
            marker = f" [{NOWHERE}]"
        case Mistake.MARKER:
            marker = ""
        case Mistake.LINK:
            marker = f" ([source](https://invented.example/{said.page}))"
    return f"{text}{marker}."
