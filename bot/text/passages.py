"""The text of a page in passages of 60 to 90 words, cut at sentences. Pure."""

from __future__ import annotations

import re

FEWEST, MOST = 60, 90  # words
WIDE = 4.0  # letters that make a word in scripts without spaces
LONGEST = 900  # characters, of whatever words
USUAL = LONGEST / MOST  # characters of a word, the space behind it included

_PAUSE = re.compile(r"[,;:，；、：]\s*|\s+[–—-]\s+|\s+")
# The first letter stands in front of all alternatives, so that a search skips to it.
_END = re.compile(
    r"[.!?…。！？\n](?:(?<=[.!?…])(?<![.!?…]{2})[.!?…]*+[\"'”’»)\]]*+(?=\s)\s*+"
    r"|(?<=[。！？])(?<![。！？]{2})[。！？]*+[”’」』）]*+\s*+|(?<=\n)(?<!\n\n)\n*+)"
)
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SHORT = re.compile(r"(?:\b\w{1,3}|\b\d{1,2})\.$")


def cut(text: str) -> list[tuple[int, str]]:
    """Where each passage begins, and its text; what is shorter than a passage is one as well."""
    passages: list[tuple[int, str]] = []
    begin, words = 0, 0.0
    for start, end in _pieces(text):
        size = length(text[start:end])
        if words and (words + size > MOST or (words >= FEWEST and text[begin:start].rstrip(" ").endswith("\n"))):
            _add(passages, text, begin, start)
            begin, words = start, 0.0
        words += size
        if words >= FEWEST:
            _add(passages, text, begin, end)
            begin, words = end, 0.0
    _add(passages, text, begin, len(text))
    return passages


def length(text: str) -> float:
    """How many words a text has, or as many as it would have with spaces, or of a usual length."""
    wide = 0 if text.isascii() else len(_WIDE.findall(text))
    return max(len(text.split()) + wide / WIDE, len(text) / USUAL)


def _add(passages: list[tuple[int, str]], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    if kept := piece.strip():  # with the page's own line ends: a link to a passage must know where its blocks end
        passages.append((start + len(piece) - len(piece.lstrip()), kept))


def _pieces(text: str) -> list[tuple[int, int]]:
    """Sentences, and parts of those that are longer than a passage."""
    pieces: list[tuple[int, int]] = []
    start = 0
    for found in _END.finditer(text):
        if found[0][0] == "." and _SHORT.search(text, max(found.start() - 4, start), found.start() + 1):
            continue
        pieces += _parts(text, start, found.end())
        start = found.end()
    return [*pieces, *_parts(text, start, len(text))] if start < len(text) else pieces


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A sentence, cut at its pauses where it is longer than a passage; at any letter where it has none."""
    if length(text[start:end]) <= MOST:
        return [(start, end)]
    cuts, begin = [start], start
    for pause in _PAUSE.finditer(text, start, end):
        if pause.end() - begin > LONGEST // 2:
            begin = pause.end()
            cuts.append(begin)
    return [
        (at, min(at + LONGEST // 2, stop))
        for first, stop in zip(cuts, [*cuts[1:], end], strict=True)
        for at in range(first, stop, LONGEST // 2)
    ]
