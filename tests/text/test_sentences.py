"""Where sentences begin and end, what leads from them to their sources, and passages of pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.language import language_of
from bot.text.markers import markers, renamed
from bot.text.passages import LONGEST, cut
from bot.text.ranking import scores
from bot.text.sentences import sentences

PIECES = st.sampled_from(
    ["It fell", ".", "[3c]", " ", "See", "z. B.", "\n", "- ", "19.", "Jh.", "12.5", "。", "!", "Dr.", "`x`"]
)
TEXTS = st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=200)


def parted(text: str) -> list[str]:
    return [text[each.start : each.end] for each in sentences(text)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("It fell.[3c] See the rest.", ["It fell.[3c]", "See the rest."]),
        ("It rose by 1.5 % [2b]. [1a] Next one.", ["It rose by 1.5 % [2b]. [1a]", "Next one."]),
        ("The U.S. Navy came, e.g. today. It left.", ["The U.S. Navy came, e.g. today.", "It left."]),
        (
            "Am 3. Mai begann es, z. B. in Bonn. Im 19. Jh. nicht.",
            ["Am 3. Mai begann es, z. B. in Bonn.", "Im 19. Jh. nicht."],
        ),
        ("J. K. Rowling wrote it. Dr. Smith read it.", ["J. K. Rowling wrote it.", "Dr. Smith read it."]),
        ("- one item. Two.\n- third [2B, 3a]", ["one item.", "Two.", "third [2B, 3a]"]),
        ("# Head 5\nOne.\n```\ncode 5.\n```\nTwo", ["One.", "Two"]),
        ("| a | 5 |\n|---|---|\n| b | 6 |", ["| b | 6 |"]),
        ("He came from the U.S. He left.", ["He came from the U.S.", "He left."]),
        ("It is run by Tea Inc. in Bonn. It grows.", ["It is run by Tea Inc. in Bonn.", "It grows."]),
        ("Es kostet 1,3 Mrd. Der Rest fehlt.", ["Es kostet 1,3 Mrd.", "Der Rest fehlt."]),
        ("It was over. iPhone sales rose.", ["It was over.", "iPhone sales rose."]),
        ("Mt. Everest is high. It grows.", ["Mt. Everest is high.", "It grows."]),
        ("这是句子。[2b]下一句！好", ["这是句子。[2b]", "下一句！", "好"]),
        ('He said "No." Then he left.', ['He said "No."', "Then he left."]),
    ],
)
def test_a_text_is_parted_into_its_sentences(text: str, said: list[str]) -> None:
    assert parted(text) == said


@given(TEXTS)
def test_sentences_are_in_order_and_share_nothing(text: str) -> None:
    at = 0
    for each in sentences(text):
        assert at <= each.start < each.end <= len(text)
        assert text[each.start : each.end].strip() == text[each.start : each.end]
        at = each.end


FORMS = [
    "[2b]",
    "[2B]",
    "【2b】",
    "［２ｂ］",
    "[^2b]",
    "[[2b]]",
    "\\[2b\\]",
    "[Passage 2b]",
    "[2b](https://x.example)",
    "[²ᵇ]",
]


@pytest.mark.parametrize("form", [*FORMS, "【2b†source】"])
def test_a_marker_is_read_in_any_form(form: str) -> None:
    assert renamed(f"It fell {form}.", {"2b": "12a"}) == "It fell [12a]."


def test_several_ids_stand_in_brackets_of_their_own_and_code_is_left_alone() -> None:
    assert renamed("It fell [2b, 3a; 2b].", {"2b": "2b", "3a": "3a"}) == "It fell [2b][3a]."
    assert renamed("Call `x[2b]` now [9z].", {}) == "Call `x[2b]` now."
    assert not markers("See [sic] and [1998] and [a].")


@given(st.text(max_size=3_000) | st.lists(PIECES, max_size=400).map("".join))
def test_passages_hold_a_pages_words_in_their_order(text: str) -> None:
    passages = cut(text)
    assert "".join("".join(each for _, each in passages).split()) == "".join(text.split())
    assert all(0 < len(each) <= 2 * LONGEST for _, each in passages)
    assert all(text[start:].startswith(each) for start, each in passages)


def test_the_passage_that_shares_rare_words_comes_first() -> None:
    found = scores(
        "tea auctions in Assam", ["Tea is tea.", "The first auctions of tea from Assam were in 1839.", "Coal."]
    )
    assert found[1] > found[0] > found[2] == 0


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How the history of tea began and why it is dear", "en"),
        ("Wie der Tee nach Europa kam und was er dort kostet", "de"),
        ("Comment le thé est arrivé en Europe et ce que cela a changé pour les villes", "fr"),
        ("Rund zwölf Prozent der Anlagen werden mit Strom betrieben.", "de"),
        ("Las ventas cayeron un 6 % en 2023.", "es"),
        ("Le vendite sono calate del 6 % nel 2023.", "it"),
        ("茶的历史", "zh"),
        ("История чая", "ru"),
        ("", ""),
    ],
)
def test_the_language_of_a_text_is_told_by_its_commonest_words(text: str, language: str) -> None:
    assert language_of(text) == language
