"""What is found is plain, dated in one form, can be read, and comes once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.web.candidates import plain, usable
from bot.adapters.web.dates import plain_date
from bot.research.ports import Candidate

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def addresses(*urls: str) -> list[str]:
    return [each.url for each in usable(Candidate(url) for url in urls)]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "ftp://example.com/a",
        "file:///etc/passwd",
        "//example.com/a",
        "https://",
        "https://user:word@example.com/",
        "http://[::1/",
        "https://example.com:99999/",
        "https://example.com/film.MP4",
        "https://example.com/all.tar.gz",
        "https://example.com/sheet.xlsx?download=1",
        "https://example.com/" + "a" * 3_000,
    ],
)
def test_what_cannot_be_read_is_left_out(url: str) -> None:
    assert addresses(url) == []


@pytest.mark.parametrize("url", ["https://example.com/v1.2", "http://example.com/paper.pdf", "https://example.zip/tea"])
def test_what_can_be_read_stays(url: str) -> None:
    assert addresses(url) == [url]


def test_a_page_comes_once_whatever_marks_the_way_to_it() -> None:
    same = ["?utm_source=x&id=7", "?id=7#part", "?id=7&fbclid=abc", "?id=7"]
    assert addresses(*(f"https://www.example.com/tea{each}" for each in same)) == ["https://www.example.com/tea?id=7"]
    assert addresses("http://example.com/tea/", "https://www.Example.com/tea") == ["http://example.com/tea/"]


def test_pages_that_differ_all_come() -> None:
    assert len(addresses("https://example.com/?id=1", "https://example.com/?id=2", "https://example.com/a")) == 3


def test_there_are_ten_at_most() -> None:
    assert len(addresses(*(f"https://example.com/{n}" for n in range(30)))) == 10


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<strong>Fu</strong>sion &amp; <b>power</b>", "Fusion & power"),
        ("One<br>two<p class='x'>three", "One two three"),
        ("a < b and c > d", "a < b and c > d"),
        ("&lt;script&gt; is a tag", "<script> is a tag"),
        ("soft\u00adhyphen \u200band \u202eturned\n\tlines", "softhyphen and turned lines"),
    ],
)
def test_markup_becomes_plain_text(markup: str, text: str) -> None:
    assert plain(markup) == text


@given(st.text())
def test_any_text_becomes_one_line(text: str) -> None:
    assert len(plain(text).splitlines()) <= 1


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("2024-05-01", "2024-05-01"),
        ("2024-05-01T12:30:00.000Z", "2024-05-01"),
        ("2024-05-01 12:30:00+02:00", "2024-05-01"),
        ("2024-5-1", "2024-05-01"),
        ("2024-05", "2024-05"),
        ("2024", "2024"),
        ("May 1, 2024", "2024-05-01"),
        ("Sept. 3rd 2021", "2021-09-03"),
        ("1 May 2024", "2024-05-01"),
        ("1. März 2024", "2024-03-01"),
        ("Wed, 01 May 2024 10:00:00 GMT", "2024-05-01"),
        ("May 2024", "2024-05"),
        ("01.05.2024", "2024-05-01"),
        ("31/12/2023", "2023-12-31"),
        ("12/31/2023", "2023-12-31"),
        ("05/01/2024", "2024"),
        ("2 days ago", "2026-03-08"),
        ("an hour ago", "2026-03-10"),
        ("yesterday", "2026-03-09"),
        ("3 months ago", "2025-12"),
        ("5 years ago", "2021"),
        ("2024-02-31", "2024"),
        ("2026-05-01", ""),
        ("9999-01-01", ""),
        ("0000-00-00", ""),
        ("soon", ""),
        ("", ""),
    ],
)
def test_dates_of_every_form_become_one(written: str, date: str) -> None:
    assert plain_date(written, NOW) == date


@given(st.one_of(st.text(), st.from_regex(r"[0-9]{1,4}[-/. ][0-9]{1,3}[-/. ][0-9]{1,5}", fullmatch=True)))
def test_no_text_breaks_the_reading_of_dates(written: str) -> None:
    found = plain_date(written, NOW)
    assert found == "" or len(found) in (4, 7, 10)
