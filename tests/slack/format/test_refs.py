"""References to messages, and the links that people get in their place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.format.refs import made_ref, permalink, read_ref

ACME = "https://acme.slack.com/"
channels = st.from_regex(r"\A[CDG][0-9A-Z]{8,10}\Z")
stamps = st.from_regex(r"\A[0-9]{10}\.[0-9]{6}\Z")


@given(channels, stamps, stamps)
def test_a_reference_says_where_its_message_stands(channel: str, thread_ts: str, ts: str) -> None:
    """A message that is not found again is posted a second time."""
    assert read_ref(made_ref(channel, thread_ts, ts)) == (channel, ts)


@given(channels, stamps, stamps)
def test_the_permalink_that_an_earlier_release_kept_is_a_reference_too(channel: str, thread_ts: str, ts: str) -> None:
    """Its messages are edited in place, and its links lead where they led, whatever the workspace is called now."""
    kept = permalink(ACME, made_ref(channel, thread_ts, ts))
    assert read_ref(kept) == (channel, ts)
    assert permalink("https://renamed.slack.com/", kept) == kept


def test_a_link_opens_the_message_in_its_own_thread() -> None:
    """Without its thread Slack shows a reply beside what it belongs to, or not at all."""
    there = "archives/C05QK2T7H1P/p1763600002000200?thread_ts=1763600001.000100&cid=C05QK2T7H1P"
    assert permalink(ACME, made_ref("C05QK2T7H1P", "1763600001.000100", "1763600002.000200")) == ACME + there


@pytest.mark.parametrize("ref", ["", f"{ACME}docs/T1/F1", "https://example.com/archives/", "link/report"])
def test_what_is_no_message_of_slacks_stays_as_it_is(ref: str) -> None:
    """A canvas has an address, and nothing that could be edited in a thread."""
    assert read_ref(ref) == ("", "")
    assert permalink(ACME, ref) == ref
