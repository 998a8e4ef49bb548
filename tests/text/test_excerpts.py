"""As much of a text as there is room for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.excerpts import first_sentences


@given(st.text(), st.integers(1, 80))
def test_first_sentences_are_a_beginning_of_the_text_and_keep_to_the_limit(text: str, limit: int) -> None:
    """A summary is never invented and never too long."""
    beginning = first_sentences(text, limit)
    assert len(beginning) <= limit
    assert " ".join(text.split()).startswith(beginning)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("One. Two. Three that is long.", "One. Two."),
        ("A figure of 3.5 per cent. Then more text.", "A figure of 3.5 per cent."),
        ("Tea. “It is hot.” More and more text.", "Tea. “It is hot.”"),
        ("茶は熱い。茶は緑。茶は古い飲み物であり、世界中で飲まれている。", "茶は熱い。茶は緑。"),
        ("It fell. [3c] See more of it here.", "It fell. [3c]"),
        ("It fell.[3c][4a] See more of it.", "It fell.[3c][4a]"),
        ("茶は熱い。[3c] 茶は緑であり、世界中で長く飲まれている。", "茶は熱い。[3c]"),
        ("Never ending text without a mark at all here", ""),
    ],
)
def test_first_sentences_end_with_a_whole_one(text: str, said: str) -> None:
    """A summary cut in mid-sentence reads like a fault."""
    assert first_sentences(text, 26) == said
