"""Long Markdown cut at its own seams."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.slack.format.escape import escape
from bot.slack.format.markdown import PARSER, plain
from bot.slack.format.split import split
from tests.slack.format.nasty_texts import NASTY
from tests.slack.format.test_markdown import documents


def said(text: str) -> list[str]:
    """The words that a listener hears; an item's number is not among them, for it is counted anew in each part."""
    return re.findall(r"\w+", re.sub(r"(?m)^\s*\d+\. ", "", plain(text)))


@given(documents, st.integers(60, 400))
def test_the_parts_keep_to_the_limit_and_together_hold_every_word_in_order(text: str, limit: int) -> None:
    """Nothing is dropped silently."""
    parts = split(text, limit)
    assert all(part.strip() for part in parts)
    assert all(len(part) <= limit for part in parts)
    rest = iter(word for part in parts for word in said(part))  # a table's head may come again in between
    assert all(word in rest for word in said(text))


@given(documents, st.integers(60, 400))
def test_no_part_leaves_a_fence_open(text: str, limit: int) -> None:
    """Else the next message is read as code, or the end of this one."""
    for part in split(text, limit):
        assert len(re.findall(r"(?m)^```", part)) % 2 == 0


@given(documents, st.integers(60, 400))
@example("| a | b |\n|---|---|\n| c | d |\n\n" * 3, 200)
@example("## a\n\n" + "aaaaaaaaaaaaaaa. " * 4, 60)
def test_no_part_has_two_tables_or_ends_with_a_heading_alone(text: str, limit: int) -> None:
    """Slack takes one table a message, and a heading belongs to what follows it."""
    parts = split(text, limit)
    for part in parts:
        assert sum(token.type == "table_open" for token in PARSER.parse(part)) <= 1
    ends_so = text.rstrip().splitlines()[-1].startswith("#")
    headings_meet = re.search(r"(?m)^#+ \w+\n\n#", text)
    if not ends_so and not headings_meet:
        assert not any(part.splitlines()[-1].startswith("#") for part in parts)


@given(documents)
def test_a_text_that_fits_is_left_as_it_is(text: str) -> None:
    """The usual case must not be touched."""
    if text.count("|---|---|") < 2:
        assert split(text, 100_000) == [text.strip("\n")]


@pytest.mark.parametrize("text", NASTY)
@pytest.mark.parametrize("limit", [200, 3_900])
def test_nasty_texts_come_in_parts_that_fit(text: str, limit: int) -> None:
    """Whatever a model writes reaches people."""
    spoken = [escape(plain(part)) for part in split(text, limit, lambda part: max(len(part), len(escape(plain(part)))))]
    assert all(len(part) <= limit for part in spoken)
    assert all(part.strip() for part in split(text, limit))


@given(
    st.text(alphabet="ab \u0301\u0323\u093f\u094d\u0e49\ufe0f\u200dक👩🏽.\u20e3", min_size=60, max_size=200),
    st.integers(40, 80),
)
def test_no_part_begins_with_a_mark_that_belongs_to_the_letter_before_it(text: str, limit: int) -> None:
    """A vowel sign alone is a dotted circle, and its letter says something else."""
    text = f"x{text.strip()}"
    parts = split(text, limit)
    assert all(len(part) <= limit for part in parts)
    assert not [part for part in parts if unicodedata.category(part[0])[0] == "M"]
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize(
    "letters",
    [
        "e\u0301",
        "क्षि",
        "น้ำ",
        "ភ្នំ",
        "שָׁ",
        "தெ",
        "각",
        "👩🏽\u200d💻",
        "🏴\U000e0067\U000e0062\U000e007f",
        "1\ufe0f⃣",
        "கௌ",
    ],
)
def test_a_character_of_any_script_is_not_cut(letters: str) -> None:
    """Text without spaces has no better seam than between two of them."""
    parts = split(letters * 60, 50)
    assert len(parts) > 1
    assert {part.replace(letters, "") for part in parts} == {""}


def test_a_cut_is_made_before_a_heading_rather_than_within_a_section() -> None:
    """A reader expects a message to begin where something begins."""
    text = "\n\n".join(f"## S{n}\n" + "word " * 20 + "\n\n" + "more " * 20 for n in range(3))
    assert [part.splitlines()[0] for part in split(text, 460)] == ["## S0", "## S2"]


def test_a_long_fence_is_closed_and_opened_again_with_its_language() -> None:
    """Code must look like code in every message."""
    parts = split("```python\n" + "x = 1\n" * 30 + "```", 80)
    assert len(parts) > 2
    assert all(part.startswith("```python\n") and part.endswith("\n```") for part in parts)
    assert sum(part.count("x = 1") for part in parts) == 30


def test_a_long_table_repeats_its_head() -> None:
    """A column without its name says nothing."""
    parts = split("| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 30, 80)
    assert all(part.startswith("| a | b |\n|---|---|\n| 1 | 2 |") for part in parts)


def test_a_numbered_list_goes_on_counting() -> None:
    """ "Step 1" twice would mislead."""
    parts = split("\n".join(f"1. step {n}" for n in range(1, 9)), 40)
    numbers = [line.partition(".")[0] for part in parts for line in part.splitlines()]
    assert numbers == [str(n) for n in range(1, 9)]


@pytest.mark.parametrize("mark", ["**{}**", "`{}`", "[{}](https://example.com)", "*{}*"])
def test_no_cut_is_made_within_a_mark(mark: str) -> None:
    """Half a link is no link."""
    whole = mark.format("three small words")
    text = " ".join([f"some text {whole}"] * 20)
    assert sum(part.count(whole) for part in split(text, 100)) == 20


@given(documents, st.integers(60, 400), st.booleans())
@example("字[12a]。字" * 60, 60, True)
def test_what_cites_a_passage_is_never_cut(text: str, limit: int, close: bool) -> None:
    """It becomes a link when the text is cut, and half of it would stand there as it is."""
    cited = text.replace(". ", ".[12a][3b] ") if close else text.replace(" ", "[12a] ")
    assert all(len(part) <= limit for part in split(cited, limit))
    marks = [found for part in split(cited, limit) for found in re.findall(r"\[\d+[a-z]\]", part)]
    assert len(marks) >= len(re.findall(r"\[\d+[a-z]\]", cited))  # a table's head may come again


def test_a_cut_is_made_behind_what_a_sentence_cites() -> None:
    """The next message would begin with the source of the one before."""
    text = "A sentence of some words that cites.[12a][3b] " * 12
    parts = [part.strip() for part in split(text, 100)]
    assert {(part[0], part[-10:]) for part in parts} == {("A", ".[12a][3b]")}


def test_an_accent_stays_with_its_letter() -> None:
    """A message that begins with a bare accent looks broken."""
    assert not any(part.startswith("\u0301") for part in split("e\u0301" * 100, 31))


HOSTILE = {
    "prose": "A sentence with **some** words in it. ",
    "items": "- an item with some words in it\n",
    "numbers": "1. a\n",
    "quotations": ">",
    "items of items": "> - 1. ",
    "brackets": "![",
    "links": "[a](https://b.example) ",
    "ticks": "`a``b ",
    "stars": "*a **b ",
    "rows": "| 1 | 2 |\n",
    "tables": "| a |\n|---|\n| b |\n\n",
    "fences": "```\na\n```\n",
    "headings": "# a\n",
    "one word": "x",
    "accents": "\u0301",
    "entities": "&",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_work_of_cutting_grows_with_the_length_only(piece: str) -> None:
    """Everybody else's acks wait for it: twice the text may take twice the work, whatever it is made of."""

    def work(length: int) -> int:
        measured = []
        text = (piece * length)[:length]

        def measure(part: str) -> int:
            measured.append(len(part) + 1)
            return len(escape(plain(part)))

        assert all(part.strip() for part in split(text, 500, measure))
        return sum(measured)

    assert [work(length) <= 8 * length for length in (3_000, 6_000, 12_000)] == [True] * 3


def test_quotations_and_items_within_one_another_are_cut_without_end() -> None:
    """Two hundred levels are nothing that a message may fail over."""
    for mark in ("> ", "  - "):
        text = "\n".join(mark * depth + f"word{depth}" for depth in range(1, 120))
        said = " ".join(split(text, 900))
        assert [f"word{depth}" for depth in range(1, 120) if f"word{depth}" not in said] == []


def test_an_item_within_an_item_begins_a_part_at_its_edge() -> None:
    """Four blanks before it would make it code."""
    text = "- one\n" + "    - another item within it\n" * 20
    assert [part[0] for part in split(text, 100)] == ["-"] * len(split(text, 100))


def test_the_rest_of_a_long_quotation_is_quoted_too() -> None:
    """Whoever sees the second message must see that it is somebody else's words."""
    assert all(part.startswith("> ") for part in split("> " + "quoted words " * 50, 100))
