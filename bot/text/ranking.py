"""How well passages fit what is looked for, by BM25. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from bot.text.content_words import content_words

SATURATION, BY_LENGTH = 1.2, 0.75  # the usual constants of BM25: k1 and b


def scores(query: str, texts: Sequence[str]) -> list[float]:
    """The score of each text, 0 for one that shares no word with the query."""
    wanted = Counter(content_words(query))
    counted = [Counter(word for word in content_words(text) if word in wanted) for text in texts]
    lengths = [len(text) for text in texts]
    usual = (sum(lengths) / len(lengths) if lengths else 0) or 1
    held = Counter(word for words in counted for word in words)
    rare = {word: math.log(1 + (len(texts) - held[word] + 0.5) / (held[word] + 0.5)) for word in held}
    return [
        sum(
            wanted[word] * rare[word] * times * (SATURATION + 1)
            / (times + SATURATION * (1 - BY_LENGTH + BY_LENGTH * length / usual))
            for word, times in words.items()
        )
        for words, length in zip(counted, lengths, strict=True)
    ]  # fmt: skip
