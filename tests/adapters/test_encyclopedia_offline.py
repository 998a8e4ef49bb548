"""What an encyclopedia on this machine says of a topic: word for word, or nothing."""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

import pytest

from bot.adapters.encyclopedia_offline import MOST_LETTERS, PACKAGE, Article, article
from tests.support.encyclopedia import install

KITES = "A kite flies on a string. It is older than paper, says St. Ives. People like it."


@pytest.fixture(autouse=True)
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for packages that is looked at first."""
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def said(path: Path, extract: str) -> str:
    install(path, {"en-us": {"Kites": extract}})
    found = article("kites")
    return found.text if found else ""


@pytest.mark.parametrize("topic", ["Paper kite", "paper kite", "PAPER  KITE ", "Paper_kite"])
def test_a_title_is_found_whatever_its_case_and_its_spaces(path: Path, topic: str) -> None:
    """Nobody types a topic as an encyclopedia would."""
    install(path, {"en-us": {"Paper kite": KITES}})
    text = "A kite flies on a string. It is older than paper, says St. Ives."
    assert article(topic) == Article("Paper kite", text, "Wikipedia", "CC BY-SA 4.0")


@pytest.mark.parametrize(
    "topic", ["kite", "paper kites", "the paper kite", "paper kite: history", "paper-kite", "Papier"]
)
def test_what_is_only_like_a_title_finds_nothing(path: Path, topic: str) -> None:
    """A sentence about something else would be worse than none."""
    install(path, {"en-us": {"Paper kite": KITES}})
    assert article(topic) is None


def test_other_languages_are_looked_at_where_english_has_nothing(path: Path) -> None:
    """Accents may be typed as marks of their own."""
    spanish, french = {"Energía": "Es así.", "Radio": "Es otra cosa."}, {"Thé": "C'est ainsi."}
    install(path, {"en-us": {"Radio": "It is so."}, "es-es": spanish, "fr-fr": french})
    found = [article(unicodedata.normalize("NFD", topic)) for topic in ("energía", "thé", "radio")]
    assert [each and each.text for each in found] == ["Es así.", "C'est ainsi.", "It is so."]


def test_a_second_sentence_is_shown_only_where_there_is_room(path: Path) -> None:
    long = f"It is {'very ' * (MOST_LETTERS // 5)}old."
    assert said(path, f"A kite flies. {long} So it is.") == "A kite flies."
    assert said(path, f"{long} A kite flies.") == long


@pytest.mark.parametrize(
    ("extract", "shown"),
    [
        ("A kite  flies on a string. So it is.", ""),
        ("A kite , a toy, flies on a string.", ""),
        ("Kites may be:", ""),
        ("Kites are toys\nbirds\nbands.", ""),
        ("A kite flies. Its lift is given by  where  is the angle.", "A kite flies."),
        ("", ""),
    ],
)
def test_a_sentence_of_which_something_is_missing_is_not_shown(path: Path, extract: str, shown: str) -> None:
    """Formulas are left out of the articles: what is left of such a sentence says something else."""
    assert said(path, extract) == shown


@pytest.mark.parametrize("raw", [b"", b"{", b"[1]", b'{"Kites": 3}', b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_as_none(path: Path, raw: bytes | None) -> None:
    """A trial goes on without it, in the other languages with it."""
    install(path, {"es-es": {"Cometa": "Es un juguete."}})
    if raw is not None:
        (path / PACKAGE / "data" / "summaries_en-us.json").write_bytes(raw)
    assert article("kites") is None
    assert article("cometa") == Article("Cometa", "Es un juguete.")


def test_where_there_is_no_encyclopedia_nothing_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(path)])
    assert article("tea") is None


def test_its_code_is_never_run(path: Path) -> None:
    """It has another licence, and would bring a voice assistant along."""
    install(path, {"en-us": {"Kites": KITES}})
    assert article("kites")
    assert PACKAGE not in sys.modules
