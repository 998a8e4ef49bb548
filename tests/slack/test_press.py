"""What is exported, from whatever people and models write."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.research.document import document
from bot.research.readable import readable
from bot.slack.mrkdwn import fit, harmless
from bot.slack.press import FILENAME_LIMIT, filename, title
from tests.slack.test_payloads import pings, reported, texts, topics


@given(topics)
def test_a_files_name_fits_every_file_system(topic: str) -> None:
    """A name with a slash in it is a path; one that is too long is refused."""
    name = filename(topic)
    assert re.fullmatch(r"research(-[^\W_]+)*\.md", name)
    assert len(name) <= FILENAME_LIMIT + len("research-.md")


@given(st.sampled_from(["茶", "C++ / C#", "...", "Ä b"]))
def test_a_files_name_keeps_the_letters_of_its_topic(topic: str) -> None:
    """Ten files that are all called the same tell nobody what is in them."""
    known = {"茶": "research-茶.md", "C++ / C#": "research-c-c.md", "...": "research.md", "Ä b": "research-ä-b.md"}
    assert filename(topic) == known[topic]


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
