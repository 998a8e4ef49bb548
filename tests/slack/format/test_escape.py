"""Plain text for Slack: no ping survives, and everything else does."""

from __future__ import annotations

import html
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.format.escape import ZWSP, escape, harmless, quoted, unescape
from bot.text.typed import fit
from tests.slack.format.nasty_texts import NASTY

SEEDS = ["<!channel>", "<!here>", "<@U1>", "<!subteam^S1>", "@here", "@channel", "@everyone", "＠here", "&lt;!here&gt;"]
texts = st.one_of(
    st.text(),
    st.lists(st.sampled_from([*SEEDS, "&", "&lt;", "<", "!", "@", "\\", "`", " ", "a"])).map("".join),
    st.sampled_from(NASTY),
)


def pings(shown: str) -> list[str]:
    """What a careless client would still take for a ping, even one that decodes entities twice."""
    for _ in range(3):
        shown = html.unescape(shown)
    without_addresses = re.sub(r"https?://[^\s<>|]*", "", shown)
    return re.findall(r"<\\?[!@]|[@＠﹫]\\?(?:here|channel|everyone)", without_addresses, re.IGNORECASE)


@given(texts)
def test_no_ping_survives_in_escaped_text(text: str) -> None:
    """One topic must not wake a workspace."""
    assert not re.search(r"<", escape(text))
    assert not re.findall(r"[@＠﹫](?:here|channel|everyone)", re.sub(r"https?://\S*", "", escape(text)), re.IGNORECASE)


@given(texts)
def test_no_ping_survives_in_plain_text_fields(text: str) -> None:
    """Headers and labels show text raw."""
    assert pings(harmless(text).replace("&amp;", "")) == []


@given(texts)
def test_escaped_text_comes_back_as_it_was_but_for_what_broke_pings(text: str) -> None:
    """Escaped once, never twice."""
    assert unescape(escape(text)).replace(ZWSP, "") == fit(text).replace(ZWSP, "")


@given(texts)
def test_what_is_fit_survives_every_payload(text: str) -> None:
    """A lone surrogate would make the whole message fail."""
    json.dumps(fit(text), ensure_ascii=False).encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", fit(text))


@pytest.mark.parametrize("text", ["R&D", "a < b > c", "Zürich", "שלום", "e\u0301", "tab\there", "50 % @work"])
def test_ordinary_text_is_only_escaped(text: str) -> None:
    """What needs no change gets none."""
    assert harmless(text) == text
    assert unescape(escape(text)) == text


def test_an_address_is_left_alone() -> None:
    """A link that was changed leads nowhere."""
    assert harmless("see https://example.com/@here?x=1&y=2 now") == "see https://example.com/@here?x=1&y=2 now"


def test_slacks_entities_are_undone_once() -> None:
    """Somebody who types &amp; means &amp;."""
    assert unescape("R&amp;D &amp;lt; &lt;b&gt;") == "R&D &lt; <b>"


@given(texts)
def test_quoted_text_looks_the_same_and_cannot_end_its_bold(text: str) -> None:
    """A topic with a star in it must not turn the rest of the message upside down."""
    assert quoted(text).replace(ZWSP, "") == escape(text).replace(ZWSP, "")
    assert not re.search(rf"[*_~`](?!{ZWSP})", quoted(text))
