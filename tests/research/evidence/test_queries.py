"""What is searched for an angle: the topic and a word of the angle, as long as any provider takes it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.research.angles import DEFAULT, HISTORICAL, own_angles
from bot.research.evidence.queries import MOST_LETTERS, MOST_WORDS, queries, read
from tests.support.fakes import question


@pytest.mark.parametrize("angle", DEFAULT, ids=lambda angle: angle.slug)
def test_each_query_names_the_topic_and_no_two_angles_ask_the_same(angle: object) -> None:
    asked = {each.slug: queries(question("green tea"), each) for each in DEFAULT}
    assert all(query.startswith("green tea ") for own in asked.values() for query in own)
    assert len({query for own in asked.values() for query in own}) == 6


def test_the_words_of_a_standard_angle_are_those_of_the_topics_language() -> None:
    assert queries(question("Kernfusion"), HISTORICAL, language="de")[0] == "Kernfusion Geschichte"


def test_an_own_angle_is_searched_by_its_title() -> None:
    [angle] = own_angles(["patents"])
    assert queries(question("tea"), angle)[0] == "tea Patents"


def test_notes_are_searched_as_well() -> None:
    assert "hospitals" in queries(question("tea", notes="for hospitals"), HISTORICAL)[1]


def test_a_question_of_a_deep_angle_is_searched_by_its_own_words() -> None:
    assert "Who grows it?" in queries(question("tea"), HISTORICAL, "Who grows it?")[0]


@given(st.text(min_size=1, max_size=300), st.text(max_size=1_000), st.text(max_size=200))
def test_a_query_is_never_longer_than_providers_take(topic: str, notes: str, part: str) -> None:
    for query in queries(question(topic, notes=notes), HISTORICAL, part):
        assert 0 < len(query) <= MOST_LETTERS
        assert len(query.split()) <= MOST_WORDS


def test_queries_of_a_model_are_read_from_any_wrapping() -> None:
    assert read('Here they are:\n```json\n["tea clippers", "tea auctions", "more"]\n```') == [
        "tea clippers",
        "tea auctions",
    ]
    assert read("I cannot help with that.") == []
