"""Long Markdown cut at its own seams: before a heading, between blocks, sentences, words; never within a mark. Pure."""

from __future__ import annotations

from collections.abc import Callable

from bot.slack.format.pieces import Piece, Seam, finer, pieces
from bot.text.typed import fit

Measure = Callable[[str], int]
LONG = 4  # times the limit


def split(markdown: str, limit: int, measure: Measure = len) -> list[str]:
    """Parts in order that each measure at most ``limit`` and stand on their own; one table a part, as Slack has it.

    The text is read once; beyond that each part is measured a few times, so that the work grows with the length only.
    """
    text = fit(markdown).strip("\n")
    if not text.strip():
        return []
    whole = pieces(text)
    long = len(text) > LONG * limit  # not worth measuring as a whole
    size = len(text) if long else measure(text)
    if not long and size <= limit and len({piece.table for piece in whole if piece.table}) <= 1:
        return [text]
    return _Packer(whole, limit, measure, size / len(text)).parts()


class _Packer:
    """Fills each part with as much as fits, up to its best seam; ``rate`` is what a character measured lately."""

    def __init__(self, whole: list[Piece], limit: int, measure: Measure, rate: float) -> None:
        self._rest = whole[::-1]  # the next one last
        self._limit, self._measure, self._rate = limit, measure, max(rate, 0.01)

    def parts(self) -> list[str]:
        """All parts."""
        found = []
        while self._rest:
            part = self._part()
            if part.strip():
                found.append(part)
        return found

    def _part(self) -> str:
        budget = self._limit / self._rate
        while True:
            taken, all_of_it = self._reach(budget)
            if not taken:
                self._refine()
                continue
            count = taken if all_of_it else self._seam(taken)
            if count < len(self._rest) and self._under_heading(self._rest[-count - 1]):
                self._refine(count)
                continue
            part = _joined(self._rest[-count:][::-1])
            size = self._measure(part)
            self._rate = max(size / max(len(part), 1), 0.01)
            if size <= self._limit or (count == 1 and len(self._rest[-1].text.strip()) <= 1):
                del self._rest[-count:]
                return part
            if count == 1:
                self._refine()
            budget = min(budget, len(part)) * min(0.95, self._limit / size * 0.99)

    def _reach(self, budget: float) -> tuple[int, bool]:
        """How many of the next pieces may be in one part, and whether those are all that there are."""
        length, table = len(self._rest[-1].above) + len(self._rest[-1].below), 0
        for count, piece in enumerate(reversed(self._rest)):
            length += len(piece.text)
            other = piece.table and table and piece.table != table
            if other or length - (len(piece.text) - len(piece.text.rstrip("\n"))) > budget:
                return (count, False) if count or len(piece.text.strip()) > 1 else (1, len(self._rest) == 1)
            table = piece.table or table
        return len(self._rest), True

    def _seam(self, reach: int) -> int:
        """How many pieces to take: up to the best seam within reach, of equally good ones the last."""
        following = self._rest[-reach - 1 : -1] if reach < len(self._rest) else self._rest[:-1]
        best = min(range(len(following)), key=lambda place: following[place].seam)
        return len(following) - best

    def _under_heading(self, piece: Piece) -> bool:
        """Whether a heading would be left alone before this piece, which is no heading and made of several words."""
        begun = piece.text.lstrip()
        return piece.seam == Seam.HEADED and not begun.startswith("#") and len(begun.split(maxsplit=1)) > 1

    def _refine(self, place: int = 0) -> None:
        """Put smaller pieces in the place of the next one, or of one behind it."""
        at = len(self._rest) - 1 - place
        self._rest[at : at + 1] = finer(self._rest[at])[::-1]


def _joined(taken: list[Piece]) -> str:
    """Pieces as a part of its own, in the frame that they were taken out of."""
    first, last = taken[0], taken[-1]
    text = "".join(piece.text for piece in taken).strip("\n")
    if first.above:
        text = text if f"{text}\n".startswith(first.above) else f"{first.above}{text}"
    elif Seam.ITEM < first.seam < Seam.LINE:
        text = _dedented(text)  # an item within an item would be code on its own
    elif Seam.SENTENCE <= first.seam < Seam.HEADED:
        text = f"{first.quoted}{text}"
    return f"{text}\n{last.below}" if last.below and not text.endswith(last.below) else text


def _dedented(text: str) -> str:
    indent = len(text) - len(text.lstrip(" "))
    return "\n".join(line[min(indent, len(line) - len(line.lstrip(" "))) :] for line in text.split("\n"))
