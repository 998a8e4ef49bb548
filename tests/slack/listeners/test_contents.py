"""What a message says, wherever it says it: payloads as Slack sends them, in; words out."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.format.escape import readable
from bot.slack.listeners.contents import brought, said, to_others
from bot.text.typed import visible

Payload = dict[str, Any]


def rich(*elements: Payload) -> Payload:
    return {"type": "rich_text", "block_id": "b", "elements": list(elements)}


def section(*pieces: Payload, kind: str = "rich_text_section") -> Payload:
    return {"type": kind, "elements": list(pieces)}


def text(words: str, **more: Any) -> Payload:
    return {"type": "text", "text": words} | more


def mrkdwn(words: str) -> Payload:
    return {"type": "mrkdwn", "text": words}


def plain(words: str) -> Payload:
    return {"type": "plain_text", "text": words, "emoji": True}


LINE = section(
    text("Ask "),
    {"type": "user", "user_id": "U1"},
    text(" of "),
    {"type": "usergroup", "usergroup_id": "S1"},
    text(" in "),
    {"type": "channel", "channel_id": "C1"},
    text(": R&D <costs> ", style={"bold": True}),
    {"type": "emoji", "name": "tea", "unicode": "1f375"},
    text(" by "),
    {"type": "date", "timestamp": 1720710212, "format": "{date_num}", "fallback": "11 July"},
    text(" "),
    {"type": "link", "url": "https://x.org/?a=1&b=2", "text": "see"},
    {"type": "broadcast", "range": "here"},
    {"type": "color", "value": "#F405B3"},
)
LINE_READ = "Ask a teammate of a group in a channel: R&D <costs> :tea: by 11 July see@here#F405B3"
NESTED = rich(
    section(text("Reasons:\n")),
    {"type": "rich_text_list", "style": "bullet", "elements": [section(text("one")), section(text("two"))]},
    {"type": "rich_text_list", "style": "ordered", "indent": 1, "elements": [section(text("deeper"))]},
    section(text("a quotation"), kind="rich_text_quote"),
    section(text("x = 1 < 2"), kind="rich_text_preformatted"),
)


@pytest.mark.parametrize(
    ("blocks", "read"),
    [
        ([rich(LINE)], LINE_READ),
        ([NESTED], "Reasons:\n\none\ntwo\ndeeper\na quotation\nx = 1 < 2"),
        ([{"type": "header", "text": plain("Alert & more")}], "Alert & more"),
        ([{"type": "section", "text": mrkdwn("*Disk* is <https://x.org|full> &amp; hot")}], "*Disk* is full & hot"),
        ([{"type": "section", "fields": [mrkdwn("Host"), plain("web-1")]}, {"type": "divider"}], "Host\nweb-1"),
        ([{"type": "context", "elements": [mrkdwn("by <@U1|ada>"), {"type": "image", "alt_text": "x"}]}], "by @ada"),
        ([{"type": "markdown", "text": "## Tea\n\nis **old** & good"}], "## Tea\n\nis **old** & good"),
        (
            [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, rich(section(text("b")))], []]}],
            "a | b",
        ),
        ([{"type": "actions", "elements": [{"type": "button", "text": plain("Approve")}]}], ""),
        ([{"type": "image", "title": plain("A chart"), "alt_text": "bars"}], "A chart"),
        ([{"type": "video", "title": plain("A film"), "description": plain("of tea")}], "A film\nof tea"),
        ([{"type": "alert", "text": mrkdwn("Down"), "level": "error"}], "Down"),
        ([{"type": "card", "title": mrkdwn("Tea"), "subtitle": mrkdwn("green"), "body": mrkdwn("leaves")}], None),
        (
            [{"type": "container", "title": plain("Tea"), "child_blocks": [rich(section(text("leaves")))]}],
            "Tea\nleaves",
        ),
        ([{"type": "plan", "title": "Plan", "tasks": [{"type": "task_card", "title": "R&D"}]}], "Plan\nR&D"),
        ([{"type": "data_table", "caption": "Prices", "rows": [[{"type": "raw_text", "text": "tea"}]]}], "Prices\ntea"),
        ([{"type": "not_known_yet", "text": plain("new words")}], "new words"),
        ([{"type": "section", "text": mrkdwn("Due <!date^1392734382^{date}|Feb 18>, <!here>")}], "Due Feb 18, @here"),
        ([{"type": "section", "text": mrkdwn("Disk"), "accessory": {"type": "button", "text": plain("Mute")}}], "Disk"),
        ([{"type": "carousel", "elements": [{"type": "card", "title": mrkdwn("Tea")}]}], "Tea"),
        ([{"type": "table", "rows": [[{"type": "raw_number", "value": 5, "text": "5"}]]}], "5"),
        ([rich(section(text("so"), kind="rich_text_quote"), section(text("why?")))], "so\nwhy?"),
        ([rich(section(text("in "), {"type": "made_up", "text": "words"}))], "in words"),
        ([rich(section({"type": "link", "url": "https://x.org/a"}, text("?")))], "https://x.org/a?"),
        ("nonsense", ""),
        ([None, 5, {"type": None, "elements": {"a": 1}}, {"text": None}], ""),
    ],
)
def test_blocks_are_read_where_a_message_has_no_text(blocks: Any, read: str | None) -> None:
    """What people see is what counts, and apps write blocks."""
    read = "Tea\ngreen\nleaves" if read is None else read
    for empty in ("", " \u00a0\n", "\u200b\ufeff", "\u2800", "This content can't be displayed."):
        assert visible(readable(said({"text": empty, "blocks": blocks}))).strip() == read


def test_text_counts_where_somebody_typed_it_and_blocks_where_an_app_put_them_together() -> None:
    """An app's text is for notifications; a person's is what they typed."""
    blocks = [rich(section(text("The disk of web-1 is full")))]
    assert said({"text": "hello", "blocks": blocks}) == "hello"
    assert said({"text": "New alert", "blocks": blocks, "bot_id": "B1"}) == "The disk of web-1 is full"
    assert said({"text": "New alert", "blocks": blocks, "subtype": "bot_message"}) == "The disk of web-1 is full"
    assert said({"text": "New alert", "bot_id": "B1"}) == "New alert"
    assert said({}) == said({"text": None, "blocks": None}) == ""


SHARED = {
    "is_share": True,
    "is_msg_unfurl": True,
    "author_name": "Ada",
    "from_url": "https://acme.slack.com/archives/C1/p1",
    "fallback": "[July 6th, 2023 6:47 AM] ada: why is R&amp;D slow?",
    "text": "why is R&amp;D slow?",
    "message_blocks": [
        {
            "team": "T1",
            "channel": "C1",
            "ts": "1.0",
            "message": {"blocks": [rich(section(text("why is R&D so slow?")))]},
        }
    ],
}


ALERT = {
    "fallback": "[FIRING:1] Disk",
    "color": "danger",
    "title": "Disk",
    "title_link": "https://x.org",
    "text": "*Alert:* full",
    "fields": [{"title": "severity", "value": "critical", "short": True}],
    "footer": "monitoring",
}


@pytest.mark.parametrize(
    ("message", "read"),
    [
        ({"attachments": [SHARED]}, "why is R&D so slow?"),
        ({"attachments": [SHARED | {"message_blocks": []}]}, "why is R&D slow?"),
        ({"attachments": [SHARED | {"text": "[no preview available]", "message_blocks": []}]}, SHARED["fallback"]),
        ({"attachments": [{"fallback": "[no preview available]"}]}, ""),
        ({"attachments": [SHARED | {"message_blocks": [{"message": {"blocks": []}}]}]}, "why is R&D slow?"),
        ({"attachments": [SHARED | {"message_blocks": [{"message": {"text": "why?"}}]}]}, "why?"),
        ({"attachments": [SHARED | {"text": "", "message_blocks": [None, {"message": None}]}]}, SHARED["fallback"]),
        ({"attachments": [{"is_share": True, "attachments": [SHARED]}]}, "why is R&D so slow?"),
        (
            {"attachments": [{"is_share": True, "fallback": "[no preview available]", "attachments": [ALERT]}]},
            "Disk\n*Alert:* full\nseverity: critical",
        ),
        ({"bot_id": "B1", "subtype": "bot_message", "attachments": [ALERT]}, "Disk\n*Alert:* full\nseverity: critical"),
        ({"attachments": [{"is_list_unfurl": True, "title": "Row: tea", "fallback": "Row: tea"}]}, "Row: tea"),
        ({"files": [{"mode": "quip", "title": "Tea notes"}, {"mode": "tombstone"}]}, "Tea notes"),
        ({"attachments": [{"is_share": True, "files": [{"name": "tea.pdf"}]}], "files": [{"name": "x"}]}, "tea.pdf"),
        (
            {"attachments": [{"pretext": "New", "title": "Disk", "title_link": "https://x", "text": "is <b|full>"}]},
            "New\nDisk\nis <b|full>",
        ),
        ({"attachments": [{"fields": [{"title": "Host", "value": "web-1", "short": True}, {}]}]}, "Host: web-1"),
        ({"attachments": [{"color": "#f00", "blocks": [NESTED["elements"][0]]}]}, "Reasons:\n"),
        ({"attachments": [{"text": "one"}, {"text": "two", "fallback": "2"}]}, "one\ntwo"),
        ({"attachments": "x", "files": [{"name": "Q3 <tea> & more.pdf", "title": "t"}, {"title": "b.txt"}]}, None),
        ({"files": [{"id": "F1", "mode": "hidden_by_limit"}]}, ""),
    ],
)
def test_what_comes_with_a_message_is_read_too(message: Payload, read: str | None) -> None:
    """Forwarding is how people point at something."""
    read = "Q3 <tea> & more.pdf\nb.txt" if read is None else readable(read)
    assert readable(brought(message)) == read


def test_files_are_left_out_where_they_ask_nothing() -> None:
    """A picture between two people is no question."""
    assert brought({"files": [{"name": "tea.pdf"}]}, files=False) == ""


def test_a_message_that_only_links_to_another_says_what_that_says() -> None:
    """Its address is no topic."""
    message = {"text": f"<{SHARED['from_url']}>", "attachments": [SHARED]}
    assert said(message) == ""
    assert said(message | {"text": f"why <{SHARED['from_url']}>?"}) != ""
    reply = "https://acme.slack.com/archives/C1/p2?thread_ts=1.0&cid=C1"
    for name, url in product(("from_url", "original_url"), (reply, reply.replace("&", "&amp;"))):
        assert said({"text": f"<{reply.replace('&', '&amp;')}>", "attachments": [SHARED | {name: url}]}) == ""
    assert said({"text": "<https://x.org>", "attachments": [{"from_url": "https://x.org", "text": "x"}]}) != ""


json = st.recursive(
    st.none() | st.integers() | st.text(max_size=5) | st.sampled_from(["text", "mrkdwn", "rich_text_section"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "text", "elements", "rows", "fields", "message", "title"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@given(json, json)
def test_whatever_comes_is_read_without_a_fault(blocks: Any, attachments: Any) -> None:
    """An event that breaks the reader is delivered again and again."""
    message = {"blocks": blocks, "attachments": attachments, "files": attachments, "text": None}
    assert isinstance(said(message) + brought(message), str)


def test_a_message_within_messages_without_end_is_read_to_a_depth() -> None:
    """Whoever builds one must not bring the bot down."""
    deep: Any = {"text": "end"}
    for _ in range(400):
        deep = {"elements": [deep], "attachments": [deep]}
    assert brought({"attachments": [deep]}) == said({"blocks": [deep]}) == ""


@pytest.mark.parametrize(
    "text",
    [
        *("<@U7> why?", "<@U7|ada> why?", "\u200e<@U7> why?", "<@W7> why?", "*<@U7>* why?", "(<@U7>) why?"),
        *("<!subteam^S1> why?", "<!subteam^S1|@sales> why?", "<!here> why?", "<!here|here> why?", "<!channel> why?"),
        *("<!everyone> why?", "<!group> why?", "<@U7>, <@U8> and <@U9>: why?", "> <@U7> why?", "<@U7>"),
        *("Hi <@U7>, why?", "hey, <@U7> why?", ":wave: <@U7> why?", "cc <@U7> why?", "👋🏽 <!here> why?"),
        *("&gt; <@U7> why?", "&gt;&gt;&gt; <!here> why?", ":wave::skin-tone-3: <!channel|channel> why?"),
        *("<!subteam^S1|sales-team> and <@U7>: why?", "• <!everyone|everyone> why?", "_<!here>_ why?", "¿<@U7>?"),
    ],
)
def test_people_and_groups_at_the_beginning_are_who_a_reply_is_for(text: str) -> None:
    """Whoever answers what was asked of somebody else is muted."""
    assert to_others(text)


@pytest.mark.parametrize(
    "text",
    [
        *("why, <@U7>?", "<#C1|general> why?", "why <!here>?", "hives <@U7>?", "&lt;@U7&gt; why?"),
        *("&lt;!here&gt; why?", "&gt; so says <@U7>, why?", "<!date^1795169524^{date}|today> <@U7>?", "why not @here?"),
        *("<https://a.b|see> <@U7>?", "&amp; <@U7>?"),
    ],
)
def test_people_further_on_are_what_a_reply_is_about(text: str) -> None:
    """Nobody asks a person by a name in the middle."""
    assert not to_others(text)
