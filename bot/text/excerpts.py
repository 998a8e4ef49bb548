"""As much of what was written as there is room for: whole sentences, whole texts."""

from __future__ import annotations

import re
from collections.abc import Sequence

SUMMARY_LIMIT = 450  # characters: what a channel reader takes in without opening the thread

# A sentence ends at its mark, the closing quotes and the markers of its sources behind it; the marks of Chinese,
# Japanese and Hindi need no space.
_MARKERS = r"(?: ?\[[0-9]{1,4}[a-z]{1,2}\])*+"
_SENTENCE_END = re.compile(rf"[.!?…]++[\"'”’»)\]]*+{_MARKERS}(?=\s|$)|[。！？।]++[”’」』）]*+{_MARKERS}|$")


def first_sentences(text: str, limit: int = SUMMARY_LIMIT) -> str:
    """The longest beginning of the text that ends with a sentence and has at most ``limit`` characters, else ""."""
    text = " ".join(text.split())[: limit + 1]
    ends = [found.end() for found in _SENTENCE_END.finditer(text)]
    return text[: max((end for end in ends if end <= limit), default=0)].strip()


def newest(texts: Sequence[str], budget: int) -> list[str]:
    """The last of some texts, in their order, as many as there are characters for; a text is never cut."""
    kept: list[str] = []
    for text in reversed(texts):
        budget -= len(text)
        if budget < 0:
            break
        kept.insert(0, text)
    return kept
