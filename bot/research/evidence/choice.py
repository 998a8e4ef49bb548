"""The passages of all pages that a worker is given: those that say most of what it looks for. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.research.evidence.shelf import MOST_OF_A_PAGE, Shelf
from bot.research.model import Passage, Source
from bot.research.ports import Page
from bot.text.passages import cut
from bot.text.ranking import scores

MOST_PASSAGES = 12  # that a worker is given


@dataclass(frozen=True)
class _Piece:
    page: int
    start: int
    text: str
    score: float = 0


def chosen(pages: Sequence[Page], subject: str, most_pages: int) -> Shelf:
    """The best passages, from different sites first; pages are numbered from 1, the best one first."""
    cut_up = [(number, start, text) for number, page in enumerate(pages) for start, text in cut(page.text)]
    found = scores(subject, [text for _, _, text in cut_up])
    pieces = [_Piece(*piece, score) for piece, score in zip(cut_up, found, strict=True)]
    best = sorted((piece for piece in pieces if piece.score > 0), key=lambda piece: -piece.score)
    order = _order(best, pages)[:most_pages]
    taken: Counter[int] = Counter()
    picks: set[_Piece] = set()
    for piece in best:
        if len(picks) < MOST_PASSAGES and piece.page in order and taken[piece.page] < MOST_OF_A_PAGE:
            taken[piece.page] += 1
            picks.add(piece)
    order = [page for page in order if taken[page]]
    sources, beyond = [], {}
    for number, page in enumerate(order, 1):
        own = [piece for piece in pieces if piece.page == page]
        given = [piece for piece in own if piece in picks]
        others = [piece for piece in own if piece not in picks]
        named = [
            Passage(letter=letter(place), text=piece.text, sheet=_sheet(pages[page], piece.start))
            for place, piece in enumerate([*given, *others])
        ]
        sources.append(_source(pages[page], number, named[: len(given)]))
        beyond[number] = tuple(named[len(given) :])
    return Shelf(tuple(sources), beyond)


def letter(place: int) -> str:
    """The letters of a passage by its place in its page: a to z, then aa, ab, …"""
    more, last = divmod(place, 26)
    return (letter(more - 1) if more else "") + chr(ord("a") + last)


def _order(best: Sequence[_Piece], pages: Sequence[Page]) -> list[int]:
    """The pages by their best passage, the first of each site before the second ones."""
    by_score = list(dict.fromkeys(piece.page for piece in best))
    sites: Counter[str] = Counter()
    turns = {}
    for page in by_score:
        site = urlsplit(pages[page].url).netloc.removeprefix("www.")
        turns[page] = sites[site]
        sites[site] += 1
    return sorted(by_score, key=lambda page: turns[page])


def _source(page: Page, number: int, passages: Sequence[Passage]) -> Source:
    return Source(
        name=page.publisher,
        url=page.url,
        number=number,
        title=page.title,
        date=page.date,
        read_at=page.read_at,
        passages=tuple(passages),
    )


def _sheet(page: Page, start: int) -> int:
    return bisect_right(page.sheets, start)
