"""Markdown for Slack's block and for those who listen."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.format.escape import ZWSP, escape
from bot.slack.format.markdown import defuse, plain
from bot.text.typed import fit
from tests.slack.format.nasty_texts import NASTY
from tests.slack.format.test_escape import pings, texts

words = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
sentences = st.text("abcdefghijklm  ", min_size=15, max_size=60).map(
    lambda text: f"{' '.join(text.split()) or 'word'}."
)
paragraphs = st.lists(sentences, min_size=1, max_size=4).map(" ".join)
blocks = st.one_of(
    paragraphs,
    st.tuples(st.sampled_from(["##", "###"]), words).map(" ".join),
    st.lists(sentences, min_size=1, max_size=4).map(lambda items: "\n".join(f"- {item}" for item in items)),
    st.lists(sentences, min_size=1, max_size=4).map(
        lambda items: "\n".join(f"{number}. {item}" for number, item in enumerate(items, 1))
    ),
    st.tuples(words, paragraphs).map(lambda pair: f"```{pair[0]}\n{pair[1]}\n```"),
    st.lists(st.tuples(words, words), min_size=1, max_size=4).map(
        lambda rows: "\n".join(["| a | b |", "|---|---|", *(f"| {one} | {other} |" for one, other in rows)])
    ),
    paragraphs.map(lambda text: f"> {text}"),
    st.tuples(words, words).map(lambda pair: f"**{pair[0]}** and [{pair[1]}](https://example.com/{pair[0]}) *too*."),
)
documents = st.lists(blocks, min_size=1, max_size=12).map("\n\n".join)


@given(st.one_of(texts, documents))
def test_no_ping_survives_in_a_markdown_block(text: str) -> None:
    """Not in prose, not in code, not behind entities."""
    assert pings(defuse(text).replace("&amp;", "")) == []


@given(st.one_of(texts, documents))
def test_defusing_twice_changes_nothing_more(text: str) -> None:
    """A text that went through twice must not grow."""
    assert defuse(defuse(text)) == defuse(text)


@given(documents)
def test_defusing_keeps_every_word(text: str) -> None:
    """Safe text is still the text."""
    assert re.findall(r"\w+", defuse(text)) == re.findall(r"\w+", text)


@given(documents)
def test_plain_text_says_every_word_in_order(text: str) -> None:
    """Screen readers read this and nothing else."""
    said = iter(re.findall(r"\w+", plain(text)))
    without_language = re.sub(r"```\w+", "", text)
    assert all(word in said for word in re.findall(r"\w+", without_language))


@pytest.mark.parametrize("text", NASTY)
def test_nasty_texts_are_said_without_a_fault(text: str) -> None:
    """Whatever a model writes is shown."""
    assert "<!" not in escape(plain(fit(text)))


@pytest.mark.parametrize(
    ("markdown", "said"),
    [
        ("## Historical Overview\nTea is old.", "Historical Overview.\nTea is old."),
        ("**Bold** and *thin* and ~~gone~~.", "Bold and thin and gone."),
        ("Two:\n- *one* thing\n- another", "Two:\n- one thing\n- another"),
        ("See [the page](https://example.com).", "See the page (https://example.com)."),
        ("<https://example.com>", "https://example.com"),
        ("| a | b |\n|---|---|\n| 1 | **2** |", "a | b\n1 | 2"),
        ("```py\nx = 1\n```\ndone", "x = 1\ndone"),
        ("> *quoted*\n> twice", "> quoted\ntwice"),
        ("Setext\n===\ntext", "Setext.\ntext"),
        ("![a cat](https://example.com/c.png)", "a cat"),
        ("1. one\n2. **two**", "1. one\n2. two"),
    ],
)
def test_markdown_is_said_as_a_person_would_read_it_aloud(markdown: str, said: str) -> None:
    """Asterisks are not words."""
    assert plain(markdown) == said


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("# One\n#### Four", "## One\n### Four"),
        ("Setext\n===\ntext", "## Setext\n\ntext"),
        ("```\n# a comment\n```", "```\n# a comment\n```"),
        ("mail @here", f"mail @{ZWSP}here"),
    ],
)
def test_only_our_levels_of_headings_are_shown(markdown: str, shown: str) -> None:
    """A heading of the model's own must not shout louder than ours."""
    assert defuse(markdown) == shown
