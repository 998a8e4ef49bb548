"""The pages of several answers as those of one text: a page that two of them cite is one page. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.research.evidence.choice import letter
from bot.research.evidence.grounds import Grounds
from bot.research.evidence.shelf import Shelf
from bot.research.model import Node, Passage, Source
from bot.text.markers import renamed

Numbering = Callable[[Sequence[str]], Mapping[int, int]]


def joined(nodes: Sequence[Node], numbering: Numbering) -> tuple[tuple[Node, ...], Grounds]:
    """The same answers with the ids of one shelf, and what a text of them may rest on.

    ``numbering`` gives the pages, in the order in which they are cited, their numbers by place; one without a number
    is left out.
    """
    pages: dict[str, list[Source]] = {}
    for source in (source for node in nodes for source in node.sources):
        pages.setdefault(source.url, []).append(source)
    given = numbering(list(pages))
    numbered = {url: given[place] for place, url in enumerate(pages, 1) if place in given}
    shelf = tuple(_one(pages[url], number) for url, number in numbered.items())
    ids = {(source.url, each.text): f"{source.number}{each.letter}" for source in shelf for each in source.passages}
    why = next((node.unsourced for node in nodes if node.unsourced), "")
    own = {number: number for number in numbered.values()}
    return tuple(_with(node, ids) for node in nodes), Grounds(Shelf(shelf, unsourced="" if shelf else why), own)


def _one(sources: Sequence[Source], number: int) -> Source:
    """One page of what several answers cite of it."""
    texts = {each.text: each for source in sources for each in source.passages}
    passages = [
        Passage(letter=letter(place), text=text, sheet=each.sheet) for place, (text, each) in enumerate(texts.items())
    ]
    return sources[0].model_copy(update={"number": number, "passages": tuple(passages)})


def _with(node: Node, ids: Mapping[tuple[str, str], str]) -> Node:
    own = {
        f"{source.number}{each.letter}": ids.get((source.url, each.text), "")
        for source in node.sources
        for each in source.passages
    }
    return node.model_copy(update={"text": renamed(node.text, own)}) if own else node
