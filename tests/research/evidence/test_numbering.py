"""A page's number in its run: the same in every text, through crashes and retries."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.research.evidence.numbering import BLOCK, numbers

PAGES = st.lists(st.sampled_from([f"https://example.org/{number}" for number in range(15)]), unique=True, max_size=10)


def test_the_third_angle_begins_with_21() -> None:
    assert numbers(["https://a.example/", "https://b.example/"], 3) == {1: 21, 2: 22}


def test_a_retry_keeps_the_numbers_of_pages_that_it_reads_again_and_takes_the_next_free_ones() -> None:
    before = {"https://a.example/": 1, "https://b.example/": 3}
    assert numbers(["https://c.example/", "https://b.example/", "https://d.example/"], 1, before) == {1: 2, 2: 3, 3: 4}


@given(st.lists(PAGES, min_size=2, max_size=4), st.integers(1, 6))
def test_no_two_pages_of_a_run_share_a_number_and_none_changes(attempts: list[list[str]], position: int) -> None:
    known: dict[str, int] = {}
    for pages in attempts:
        given_now = {pages[place - 1]: number for place, number in numbers(pages, position, known).items()}
        assert given_now == given_now | {url: number for url, number in known.items() if url in pages}
        known |= given_now
    assert len(set(known.values())) == len(known)
    assert all(BLOCK * (position - 1) < number <= BLOCK * position for number in known.values())
