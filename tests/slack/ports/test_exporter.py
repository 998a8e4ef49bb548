"""What is exported, from whatever people and models write."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.service.document import document
from bot.slack.format.escape import harmless
from bot.slack.ports.exporter import FILENAME_LIMIT, filename, title
from bot.text.readable import readable
from bot.text.typed import fit
from tests.slack.messages.test_payloads import pings, reported, texts, topics


@given(
    st.one_of(topics, st.text(alphabet=st.characters(categories=["L", "M", "N", "Cf", "So", "P", "Zs"]), max_size=90))
)
def test_a_files_name_fits_every_file_system(topic: str) -> None:
    """A name with a slash in it is a path; one that is too long is refused."""
    name = filename(topic)
    assert name.startswith("research")
    assert name.endswith(".md")
    words = name.removeprefix("research").removesuffix(".md")
    assert all(word and unicodedata.category(word[0])[0] in "LN" for word in words.split("-")[1:])
    assert all(each == "-" or unicodedata.category(each)[0] in "LMN" for each in words)
    assert len(words) <= FILENAME_LIMIT + 1
    assert len(name.encode()) <= 255
    assert unicodedata.is_normalized("NFC", name)


@pytest.mark.parametrize(
    ("topic", "name"),
    [
        ("茶", "research-茶.md"),
        ("C++ / C#", "research-c-c.md"),
        ("...", "research.md"),
        ("Ä b", "research-ä-b.md"),
        ("A\u0308 b\u0323\u0307", "research-ä-ḅ̇.md"),
        ("हिन्दी भाषा", "research-हिन्दी-भाषा.md"),
        ("ไทยน้ำ", "research-ไทยน้ำ.md"),
        ("தமிழ் – தேநீர்", "research-தமிழ்-தேநீர்.md"),
        ("ភ្នំពេញ", "research-ភ្នំពេញ.md"),
        ("שָׁלוֹם, עולם!", "research-שָׁלוֹם-עולם.md"),
        ("می\u200cخواهم", "research-میخواهم.md"),
        ("한글 차", "research-한글-차.md"),
        ("\u0301tea ❤\ufe0f \u200btime", "research-tea-time.md"),
        ("x² ½ Ⅷ ٣", "research-x²-½-ⅷ-٣.md"),
        ("NUL.", "research-nul.md"),
        ("../etc\\con:|?*<>\x00", "research-etc-con.md"),
        ("ﬁ" * 90, f"research-{'fi' * 30}.md"),
        ("க" * 90, f"research-{'க' * 60}.md"),
        ("𝔘" * 90, f"research-{'𝔘' * 50}.md"),
        ("e\u0301\u0323x" * 90, "research-" + "ẹ\u0301x" * 20 + ".md"),
    ],
)
def test_a_files_name_keeps_the_letters_of_its_topic(topic: str, name: str) -> None:
    """Ten files that are all called the same tell nobody what is in them."""
    assert filename(topic) == unicodedata.normalize("NFC", name)


@given(topics, texts)
def test_a_document_holds_the_topic_every_text_and_every_gap(topic: str, text: str) -> None:
    """What is not in it is gone when the run is."""
    run = reported(topic, text)
    made = document(run)
    assert made.startswith(f"# Research: {' '.join(topic.split())}\n\nAsked on 20 November 2026, ")
    assert f"## Technical angle\n{readable(text)}".strip("\n") in made
    assert made.count("*Missing.* The ") == 2 + text.count("*Missing.* The ") * 2
    assert made.rstrip().endswith(f"Reference {run.id}.")


@given(topics, texts)
def test_nothing_that_is_exported_pings_anybody(topic: str, text: str) -> None:
    """A canvas is a place in Slack like any other; a file survives every encoding."""
    run = reported(topic, text)
    fit(document(run)).encode()
    assert pings(harmless(document(run))) == []
    assert pings(title(run)) == []
