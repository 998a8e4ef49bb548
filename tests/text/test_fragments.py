"""Addresses that open a page at a passage of it."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.fragments import LONGEST, LONGEST_PAGE, at_passages, at_top

PAGE = "https://fusion.example/records"
PASSAGE = (
    "The Joint European Torus produced 16 MW of fusion power in 1997. Its last campaign, in late 2023, released "
    "69 megajoules of energy from 0.2 milligrams of fuel."
)
SHORT = "JET made 16 MW in 1997."
words = st.text(min_size=1, max_size=12).filter(lambda text: not text.isspace())
passages = st.lists(words, min_size=1, max_size=90).map(" ".join)
urls = st.one_of(
    st.just(PAGE),
    st.text(max_size=600).map(lambda rest: f"https://fusion.example/{rest}"),
    st.text(max_size=40),
)


def parts(address: str) -> list[list[str]]:
    """Each directive's ends, as a browser reads them."""
    _, _, directives = address.partition(":~:")
    return [[unquote(end) for end in each.removeprefix("text=").split(",")] for each in directives.split("&") if each]


def test_a_passage_is_found_by_its_first_and_its_last_words() -> None:
    """A link that opens the page at its top sends the reader searching."""
    address = at_passages(PAGE, (PASSAGE,))
    assert address == f"{PAGE}#:~:text=The%20Joint%20European%20Torus%20produced,from%200.2%20milligrams%20of%20fuel"


def test_a_short_passage_is_told_whole() -> None:
    """Its ends would overlap."""
    assert at_passages(PAGE, (SHORT,)) == f"{PAGE}#:~:text=JET%20made%2016%20MW%20in%201997"


def test_signs_that_mean_something_in_a_directive_are_encoded() -> None:
    """A dash, a comma or an ampersand would be read as its syntax, and nothing be found."""
    address = at_passages(
        PAGE, ("D-T fuel, R&D and (more) of it, at a well-known cost, is what a plant-to-be runs-on",)
    )
    directive = address.partition(":~:text=")[2]
    assert not re.search(r"[-&()]", directive)
    assert directive.count(",") == 1
    assert parts(address) == [["D-T fuel, R&D and (more", "is what a plant-to-be runs-on"]]


def test_each_end_stands_in_one_block_of_the_page() -> None:
    """No browser finds words on both sides of a paragraph's end."""
    passage = "Records\nThe torus made sixteen megawatts of power in one short pulse.\nIt ended there."
    assert parts(at_passages(PAGE, (passage,))) == [["The torus made sixteen megawatts", "It ended there"]]


def test_no_invisible_sign_stands_in_the_words() -> None:
    """A soft hyphen or a no-break space is not found as what it looks like."""
    assert parts(at_passages(PAGE, ("Kern\u00adfusion\u200b liefert\u00a016\u00a0MW.",))) == [
        ["Kernfusion liefert 16 MW"]
    ]


def test_a_page_with_a_fragment_of_its_own_keeps_it() -> None:
    """A site may choose by it what it shows."""
    assert at_passages(f"{PAGE}#jet", (SHORT,)).startswith(f"{PAGE}#jet:~:text=JET")
    assert at_passages(f"{PAGE}#:~:text=old", (SHORT,)).startswith(f"{PAGE}#:~:text=JET")


def test_a_pdf_opens_at_its_page() -> None:
    """Its viewers know no text fragments."""
    assert at_passages(f"{PAGE}.pdf#zoom=2", (SHORT,), 12) == f"{PAGE}.pdf#page=12"


def test_several_passages_of_a_page_are_one_link_that_opens_at_the_first() -> None:
    """Two links side by side to the same page are one too many."""
    found = parts(at_passages(PAGE, (SHORT, PASSAGE)))
    assert [ends[0] for ends in found] == ["JET made 16 MW in 1997", "The Joint European Torus produced"]


def test_chinese_is_cut_at_its_signs() -> None:
    """It has no spaces, and a browser looks for whole words there too."""
    passage = "2023年，欧洲联合环状反应堆释放了能量，创下新的纪录。这一结果表明，聚变是可行的。"
    [[first, last]] = parts(at_passages(PAGE, (passage,)))
    assert passage.startswith(first)
    assert last == "聚变是可行的"
    assert passage[len(first)] in "，。"


def test_a_long_address_has_fewer_words_and_at_last_none() -> None:
    """Slack counts what stands in a link, and refuses a message that is too long."""
    long = f"{PAGE}/{'a' * 195}"
    assert [len(end.split()) for end in parts(at_passages(long, (PASSAGE,)))[0]] in ([4, 4], [3, 3])
    assert at_passages(f"{PAGE}/{'a' * 260}", (PASSAGE,)) == f"{PAGE}/{'a' * 260}"
    assert at_passages(f"{PAGE}/{'a' * 500}", (PASSAGE,)) == ""


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "ftp://a.example/b", "//a.example", "https://", "/a", "a b"]
)
def test_what_leads_nowhere_is_no_link(url: str) -> None:
    """Only pages that were read are linked."""
    assert at_top(url) == at_passages(url, (SHORT,)) == ""


@given(urls, st.lists(passages, max_size=4), st.integers(0, 3))
def test_no_address_ends_a_link_early_or_is_longer_than_there_is_room_for(
    url: str, texts: list[str], sheet: int
) -> None:
    """One odd sign in an address, and half of it stands in the text."""
    address = at_passages(url, tuple(texts), sheet)
    assert not re.search(r"[\s<>()|\"\\`\x00-\x1f\x7f]", address)
    assert len(address) <= LONGEST or ":~:text=" not in address
    assert len(address) <= LONGEST_PAGE + len("#page=3")
    assert not address or urlsplit(address).hostname == "fusion.example" or url not in address


@given(passages)
def test_every_word_that_is_looked_for_stands_in_the_passage(text: str) -> None:
    """Words that the page does not have are found nowhere."""
    plain = " ".join(re.sub("[\u00ad\u200b-\u200f\u2060\ufeff]", "", text).split())
    for ends in parts(at_passages(PAGE, (text,))):
        assert all(end in plain for end in ends)
        assert 1 <= len(ends) <= 2


@given(st.lists(words, min_size=1, max_size=12).map(" ".join))
def test_a_directive_has_no_syntax_but_its_own(text: str) -> None:
    """Whatever a page says."""
    directives = at_passages(PAGE, (text,)).partition(":~:text=")[2]
    assert directives.count(",") <= 1
    assert "-" not in directives
    assert "&" not in directives
