"""The gate: what it lets through, what it mends by itself, and that it never changes a word."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.research.evidence.gate import cited, gate, marked, mended, renumbered
from bot.research.evidence.shelf import Shelf
from bot.research.model import Passage, Source
from bot.research.words import NOT_VERIFIED, not_verified
from bot.text.addresses import unlinked
from bot.text.markers import markers, rewritten

ONE = (
    "The plant was opened in 1998 and employs 1,240 people.",
    "Its output grew by 12.5 percent to 3.2 million tonnes of cement.",
)
TWO = (
    "Das Werk wurde 1998 eröffnet und beschäftigt 1.240 Menschen.",
    "Der Umsatz der Firma sank im Jahr 2021 um ein Drittel auf 48 Millionen Euro.",
)
BEYOND = "In 2007 a fire destroyed two of its seven kilns, says the brigade's report."
MARK = re.compile("|".join(f" ?{re.escape(each)}" for each in [*NOT_VERIFIED.values(), not_verified("")]))


def source(number: int, texts: tuple[str, ...]) -> Source:
    passages = tuple(Passage(letter="abcdef"[place], text=text) for place, text in enumerate(texts))
    return Source(
        name=f"Publisher {number}",
        date="2024-05-01",
        url=f"https://{number}.example/",
        number=number,
        passages=passages,
    )


SHELF = Shelf((source(1, ONE), source(2, TWO)), {1: (Passage(letter="c", text=BEYOND),)})


def why(text: str, *known: str) -> list[str]:
    return [fault.why for fault in gate(text, SHELF, known).faults]


@pytest.mark.parametrize(
    "text",
    [
        "The plant opened in 1998 [1a].",
        "The plant employs 1240 people [1a].",
        "The plant employs 1.24 thousand people [1a].",
        "The plant employs about 1,200 people [1a].",
        "Output of cement grew by 12.5 % to 3.2 million tonnes [1b].",
        "Output of cement grew by about 13 percent [1b].",
        "The plant, which employs 1,240 people, has put out 3.2 million tonnes of cement [1a, 1b].",
        "The plant opened in the 1990s [1a].",
        "The plant employs 1,240 people.[1a] It is large.",
        "The plant employs 1,240 people. [1A] It is large.",
        "The plant employs 1,240 people【1a】.",
        "Das Werk beschäftigt 1240 Menschen [2a].",
        "Der Umsatz der Firma sank auf 48 Mio. Euro [2b].",
        "The plant opened in 1998 [2a].",
        "- Staff: 1,240 [1a]",
        "| Staff | 1,240 [1a] |",
        "The plant employs 1,240 people, says Publisher 1 in 2024 [1a].",
        "Publisher 1, May 2024 [1a]",
        "Sources: [1a], [1b]",
        "Output of cement grew by \\(12.5\\,\\%\\) and the CO<sub>2</sub> of 3.2&nbsp;million tonnes too [1b].",
    ],
)
def test_what_stands_in_a_cited_passage_passes(text: str) -> None:
    gated = gate(text, SHELF)
    assert gated.faults == ()
    assert gated.checks.statements == gated.checks.checked >= 1


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("The plant opened in 1999 [1a].", "number"),
        ("The plant employs 1,420 people [1a].", "number"),
        ("Output of cement grew by 15 percent [1b].", "number"),
        ("Der Umsatz der Firma sank auf 58 Millionen Euro [2b].", "number"),
        ("The plant was founded for 300 birds in winter.", "unmarked"),
        ("The plant opened in 2024 [1a].", "number"),
        ("The plant of 2007 employs 1,240 people [1a].", "number"),
        ("Whales sing long songs beneath the arctic ice [1a].", "unlike"),
        ("Twenty-seven people of the plant were hurt.", "unmarked"),
        ("Dreiundvierzig Menschen wurden im Werk verletzt.", "unmarked"),
    ],
)
def test_what_stands_nowhere_does_not_pass(text: str, fault: str) -> None:
    assert why(text) == [fault]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("The output of cement grew by 12.5 percent [1a].", "The output of cement grew by 12.5 percent [1b]."),
        ("A fire destroyed two kilns in 2007 [1a].", "A fire destroyed two kilns in 2007 [1c]."),
        (
            "The plant opened in 1998, and a fire destroyed kilns in 2007 [1a].",
            "The plant opened in 1998, and a fire destroyed kilns in 2007 [1a][1c].",
        ),
        ("The plant employs 1,240 people.", "The plant employs 1,240 people [1a]."),
        ("The plant is old [9z].", "The plant is old."),
        ("The plant is old [1a][9z].", "The plant is old [1a]."),
        ("See [the plant](https://evil.example/x) for more.", "See the plant for more."),
        ("See https://evil.example/x for more.", "See for more."),
        ("The plant is old [1a](https://evil.example).", "The plant is old [1a]."),
        ("The plant is old ([9z]).", "The plant is old."),
        ("The plant is old **[9z]**.", "The plant is old."),
        ("The plant is old [1a–c].", "The plant is old [1a][1b][1c]."),
        ("The plant is old [1a, c].", "The plant is old [1a][1c]."),
        ("The plant is old [cite: 1a].", "The plant is old [1a]."),
        ("The plant is old.\n[1]: https://evil.example/x\n", "The plant is old.\n"),
        (
            "| staff |\n|---|\n| The plant employs 1,240 people |",
            "| staff |\n|---|\n| The plant employs 1,240 people [1a] |",
        ),
    ],
)
def test_what_code_can_mend_it_mends(text: str, read: str) -> None:
    assert gate(text, SHELF).text == read


@pytest.mark.parametrize(
    "text",
    [
        "The models GPT-4 and A320 need CO2 and 5G, says T-3.",
        "1. First of all the plant\n2. and then the town",
        "# 12 plants\nThe plant is old.",
        "```\nx = 42\n```",
        "Three plants of seven are open.",
    ],
)
def test_names_lists_headings_code_and_small_words_are_no_numbers(text: str) -> None:
    assert why(text) == []


def test_numbers_of_the_topic_need_no_source() -> None:
    assert why("The plan for 2045 is old.") == ["unmarked"]
    assert why("The plan for 2045 is old.", "energy plan 2045") == []


def test_numbers_of_findings_count_but_not_those_that_were_not_verified() -> None:
    held = ["It has 77 gates. It has 88 doors (not verified)."]
    assert [fault.numbers for fault in gate("It has 77 gates. It has 88 doors.", SHELF, (), held).faults] == [("88",)]


def test_a_number_that_was_held_before_gets_the_marker_of_its_passage_again() -> None:
    held = ["The plant employs 1,240 people [1a]. It has 77 gates."]
    assert gate("The plant employs 1,240 people.", SHELF, (), held).text == "The plant employs 1,240 people [1a]."
    assert gate("It has 77 gates.", SHELF, (), held).text == "It has 77 gates."


def test_a_sentence_is_marked_once_before_its_full_stop_in_the_texts_language() -> None:
    gated = gate("The plant was opened in 1999 [1a]. It is old.", SHELF)
    assert marked(gated) == "The plant was opened in 1999 [1a] (not verified). It is old."
    assert marked(gate(marked(gated), SHELF)) == marked(gated)
    german = gate("Das Werk ist alt, und der Umsatz sank auf 58 Millionen Euro [2b].", SHELF)
    assert marked(german).endswith("58 Millionen Euro [2b] (nicht belegt).")


def test_a_row_of_a_table_is_marked_within_it_and_its_head_is_no_statement() -> None:
    gated = gate("| year | 2031 |\n|---|---|\n| doors | 77 |", SHELF)
    assert marked(gated) == "| year | 2031 |\n|---|---|\n| doors | 77 (not verified) |"


def test_what_was_written_anew_is_taken_where_it_passes() -> None:
    gated = gate("The plant opened in 1999 [1a]. It has 77 gates.", SHELF)
    assert mended(gated, {1: "The plant opened in 1998 [1a].", 2: "It has 78 gates [1a]."}, SHELF).text == (
        "The plant opened in 1998 [1a]. It has 77 gates."
    )


def test_only_what_is_cited_is_kept() -> None:
    sources = cited("It burned [1c]. It is old [2a].", SHELF)
    assert [(each.number, [passage.letter for passage in each.passages]) for each in sources] == [
        (1, ["c"]),
        (2, ["a"]),
    ]
    assert renumbered("It burned [1c]. It is old [2a]. [3a]", {1: 11, 2: 12}) == "It burned [11c]. It is old [12a]."


def test_without_sources_markers_and_links_go_and_nothing_is_a_fault() -> None:
    gated = gate("It opened in 1998 [1a], see [here](https://x.example).", Shelf())
    assert gated.text == "It opened in 1998, see here."
    assert gated.faults == ()


WORDS = st.sampled_from(
    ["plant", "1998", "1,240", "12.5 percent", "[1a]", "[9z]", "[1b, 2a]", "【2b】", ".", "!", "\n", "\n\n", "- ", "# ",
     "| a | 7 |", "`[1a]`", "(not verified)", "opened", "Das Werk", "48 Mio. Euro", "(", ")", "GPT-4", "…",
     "在1998年。"]
)  # fmt: skip
TEXTS = st.lists(WORDS, max_size=25).map(" ".join) | st.text(max_size=120)


def words(text: str) -> list[str]:
    """The words of a text without markers, marks and links."""
    bare = MARK.sub("", rewritten(unlinked(text), lambda marker: ()))
    return re.findall(r"\w+", bare)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_no_word_is_lost_or_added_and_a_second_time_changes_nothing(text: str) -> None:
    gated = gate(text, SHELF)
    assert words(marked(gated)) == words(text)
    assert gate(gated.text, SHELF).text == gated.text
    ids = {name for marker in markers(gated.text) for name in marker.ids}
    assert ids <= {"1a", "1b", "1c", "2a", "2b"}
    assert [gated.text[start:end] for start, end in gated.places] == [fault.sentence for fault in gated.faults]


@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "[1a]",
        "a.",
        "1.2.3 ",
        "[",
        "(1",
        "$1 million ",
        "one hundred ",
        "https://a.b/ ",
        "| 1 ",
        "`x`[1a] ",
        "a.[1a] ",
        "[1a]\n",
    ],
)
def test_a_hostile_text_takes_no_longer_than_its_length(piece: str) -> None:
    before = time.process_time()
    marked(gate(piece * (8_000 // len(piece)), SHELF))
    once = time.process_time() - before
    before = time.process_time()
    marked(gate(piece * (32_000 // len(piece)), SHELF))
    assert time.process_time() - before < 12 * once + 0.5
