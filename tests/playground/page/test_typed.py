"""What people type becomes a message, a command, a mention; what an address names becomes a place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.page.doing.composer_text import Command, mentioned, read
from bot.playground.page.seeing.place import Place, permalink, within

ACME = "https://acme.slack.com/"
PEOPLE = {"Research": "U0BOT", "Teammate A": "U0A", "Teammate": "U0T"}
CHANNELS = {"energy": "C1", "energy-news": "C2"}
WORDS = st.lists(st.sampled_from([*"@#/ \n", "Research", "teammate", " a", "energy", "-news", "<@U1>", "é"])).map(
    "".join
)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("/research nuclear  fusion ", Command("research", "nuclear  fusion")),
        ("/Research", Command("research", "")),
        ("/research two\nlines", Command("research", "two\nlines")),
        ("/invite\t@Research", Command("invite", "@Research")),
        (" /research tea", "/research tea"),
        ("/ research", "/ research"),
        ("/1 of 2", "/1 of 2"),
        ("//research", "//research"),
        ("and/or", "and/or"),
        ("  tea \n", "tea"),
    ],
)
def test_a_command_begins_with_a_slash_and_a_word(text: str, meant: object) -> None:
    """Everything else is said to all."""
    assert read(text) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("@Research hello", "<@U0BOT> hello"),
        ("hello @research, and @Teammate A.", "hello <@U0BOT>, and <@U0A>."),
        ("@Teammate Ada", "<@U0T> Ada"),
        ("@Researcher", "@Researcher"),
        ("me@Research", "me@Research"),
        ("#energy and #energy-news", "<#C1> and <#C2>"),
        ("https://x.example/#energy", "https://x.example/#energy"),
        ("<@U9> @nobody", "<@U9> @nobody"),
    ],
)
def test_names_behind_their_signs_are_mentions(text: str, meant: str) -> None:
    """The longest that fits, and only whole words."""
    assert mentioned(text, PEOPLE, CHANNELS) == meant


@given(st.text() | WORDS)
def test_mentions_take_only_names_away(text: str) -> None:
    """Whatever is typed, the rest of it arrives as it was, and what is named stays named when read again."""
    names = {f"<@{id_}>": f"@{name}" for name, id_ in PEOPLE.items()}
    names |= {f"<#{id_}>": f"#{name}" for name, id_ in CHANNELS.items()}
    said = mentioned(text, PEOPLE, CHANNELS)
    if not any(mark in text for mark in names):
        back = said
        for mark, name in names.items():
            back = back.replace(mark, name)
        assert back.casefold() == text.casefold()
    assert mentioned(said, PEOPLE, CHANNELS) == said


@given(st.text() | WORDS)
def test_whatever_is_typed_is_a_message_or_a_command(text: str) -> None:
    """Nothing is lost but blanks at its ends."""
    meant = read(text)
    if isinstance(meant, Command):
        assert text.startswith("/")
        assert text.casefold().split()[0] == f"/{meant.name}".casefold()
        assert meant.text == text.rstrip()[1 + len(meant.name) :].strip()
    else:
        assert meant == text.strip()


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("archives/C1", "/c/C1"),
        ("archives/C1/p1700000000000100", "/c/C1/t/1700000000.000100#t-1700000000.000100"),
        (
            "archives/C1/p1700000000000200?thread_ts=1700000000.000100&cid=C1",
            "/c/C1/t/1700000000.000100#t-1700000000.000200",
        ),
        ("archives/C1/p1700000000000100?thread_ts=<x>", "/c/C1/t/1700000000.000100#t-1700000000.000100"),
        ("docs/T0ACME/F100", "/canvases/F100"),
        ("archives/C1/p17", None),
        ("archives/../home", None),
        ("team/U1", None),
        ("[", None),
    ],
)
def test_addresses_of_the_workspace_lead_into_the_page(address: str, path: str | None) -> None:
    """Links in messages are the workspace's own."""
    assert within(f"{ACME}{address}", ACME) == path


@given(st.text())
def test_no_address_from_elsewhere_leads_into_the_page(text: str) -> None:
    """Whatever a model writes as a link."""
    assert within(f"https://acme.slack.com.evil.example/{text}", ACME) is None
    inside = within(ACME + text, ACME)
    assert inside is None or inside.startswith(("/c/", "/canvases/"))
    assert permalink(text, text) is None or text.startswith("/archives/")


def test_a_place_has_an_address() -> None:
    """It can be kept and shared."""
    assert [Place("C1").path, Place("C1", "1.2").path, Place("D1", home=True).path] == ["/c/C1", "/c/C1/t/1.2", "/home"]
