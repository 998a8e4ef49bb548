"""What is taken out of a page's text, and which addresses are public."""

from __future__ import annotations

import ipaddress
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from bot.adapters.web.pages_guard import Intranet, public
from bot.adapters.web.pages_text import on_one_line, readable_text

OURS = re.compile(r"[\[［【]\s*\d+\s?[a-zA-Z]{0,2}\s*[\]］】]")
PIECES = st.sampled_from(
    ["[", "]", "【", "】", "［", "］", "3", "2b", "12, 13", " ", "\u200b", "tea", "\n", "٣", "a", "note 3"]
)


@pytest.mark.parametrize(
    "note",
    [
        "[3]",
        "[2b]",
        "【2b】",
        "［12］",
        "[a]",
        "[12, 13]",
        "[2b–2d]",
        "[ 4 ]",
        "[^2]",
        "[note 3]",
        "[edit]",
        "[٣]",
        "[2\u200bb]",
        "[²ᵇ]",
    ],
)
def test_marks_of_notes_are_gone(note: str) -> None:
    assert readable_text(f"Tea came in 1610{note} from China.") == "Tea came in 1610 from China."


@pytest.mark.parametrize("words", ["[sic]", "[…]", "[they said]", "f[x, y, z] = 3", "(3)", "the array [red, green]"])
def test_other_words_in_brackets_stay(words: str) -> None:
    assert words in readable_text(f"Tea {words} was dear.")


@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_text_of_a_page_holds_what_reads_as_our_ids(text: str) -> None:
    assert not OURS.search(readable_text(text))


@given(st.text())
def test_text_is_lines_without_space_around_them_and_reading_it_again_changes_nothing(text: str) -> None:
    once = readable_text(text)
    assert once == readable_text(once)
    assert all(line and line == line.strip() for line in once.split("\n") if once)


@given(st.text(), st.integers(5, 50))
def test_a_title_is_one_line_of_at_most_so_many_characters(text: str, most: int) -> None:
    assert len(on_one_line(text, most)) <= most
    assert "\n" not in on_one_line(text, most)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
        "ff02::1", "::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:1::", "fec0::1",
        "2001:db8::1", "no address", "",
    ],
)  # fmt: skip
def test_what_is_not_of_the_open_internet_is_not_public(address: str) -> None:
    assert not public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
def test_what_is_of_the_open_internet_is_public(address: str) -> None:
    assert public(address)


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=4, network="127.0.0.0/8"))
def test_no_way_to_write_a_private_address_makes_it_public(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    for wrapped in (
        f"::ffff:{address}",
        f"::{address}",
        f"64:ff9b::{address}",
        f"2002:{number >> 16:x}:{number & 65535:x}::",
    ):
        assert not public(wrapped)


@pytest.mark.parametrize(
    ("allowed", "url", "holds"),
    [
        ("wiki.example", "http://wiki.example/a", True),
        ("wiki.example", "https://WIKI.example.:8443/a", True),
        ("wiki.example:8080", "http://wiki.example:8080/a", True),
        ("wiki.example:8080", "http://wiki.example/a", False),
        ("wiki.example:443", "https://wiki.example/a", True),
        ("wiki.example", "http://notwiki.example/", False),
        ("wiki.example", "http://wiki.example.evil.example/", False),
        ("10.0.0.5:80", "http://10.0.0.5/", True),
        ("[fd00::5]:8080", "http://[fd00::5]:8080/", True),
        ("fd00::5", "http://[fd00::5]/", True),
    ],
)
def test_a_host_of_the_intranet_is_known_by_its_name_and_port(allowed: str, url: str, holds: bool) -> None:
    assert Intranet([allowed]).holds(URL(url)) is holds
