"""What Slack refuses goes again in plainer forms: the same words, nothing cut in two, nothing twice."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.slack.checks import problems
from bot.research.errors import NotPosted, Refused
from bot.slack.format.blocks import SECTION_LIMIT, Message, action_button, actions, section
from bot.slack.format.plainer import BRIEF_LIMIT, forms, of_content
from bot.slack.transport.outbox import Rank
from tests.slack.transport.test_posting import desk

# Slack's own lists for chat.postMessage and chat.update, and what people report beside them.
CONTENT = [
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_too_long",
    "msg_too_large",
    "msg_blocks_too_long",
    "no_text",
    "markdown_text_conflict",
    "metadata_too_large",
    "invalid_metadata_format",
    "invalid_metadata_schema",
    "metadata_must_be_sent_from_app",
    "invalid_attachments",
    "too_many_attachments",
    "attachment_payload_limit_exceeded",
    "invalid_arguments",
    "invalid_array_arg",
    "invalid_arg_name",
    "invalid_form_data",
    "invalid_charset",
    "json_not_object",
    "block_mismatch",
    "only_one_table_allowed",
    "too_many_contact_cards",
    "invalid_payload",
    "missing_text_or_fallback_or_attachments",
]
ELSEWHERE = [
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_locked",
    "message_limit_exceeded",
    "messages_tab_disabled",
    "cannot_reply_to_message",
    "message_not_found",
    "edit_window_closed",
    "cant_update_message",
    "invalid_auth",
    "token_revoked",
    "team_not_found",
    "external_channel_migrating",
    "streaming_state_conflict",
    "slack_connect_canvas_sharing_blocked",
    "slack_connect_file_link_sharing_blocked",
    "slack_connect_blocked_file_type",
    "posting_to_channel_denied",
    "update_failed",
]
RICH = Message(
    "angle",
    "r_1",
    "angle/technical",
    "Asked by <@U1> at <!date^1795169524^{time}|10:12 UTC>. Tea &lt;oxidises&gt;.",
    (
        section("research.angle.body", "Tea"),
        actions("research.angle.actions", [action_button("research.angle.retry", "Retry", "r_1/a", "Retry it")]),
    ),
)


def has_blocks(arguments: dict[str, Any]) -> bool:
    return bool(arguments.get("blocks"))


@pytest.mark.parametrize("code", CONTENT)
async def test_a_message_whose_blocks_are_refused_stands_once_as_text(code: str) -> None:
    """A text that Slack does not take was written and paid for: it must reach people."""
    async with desk() as at:
        for method in ("chat.postMessage", "chat.update"):
            at.slack.fault(method, error=code, times=100, fits=has_blocks)
        ts = await at.poster.post(at.channel.id, RICH, Rank.ANGLE)
        await at.poster.replace(at.channel.id, ts, RICH, Rank.ANGLE)
        (shown,) = at.channel.messages
        assert (shown.text, shown.blocks, shown.metadata) == (RICH.text, [], RICH.metadata)
        assert len(shown.versions) == 2


@pytest.mark.parametrize("code", ELSEWHERE)
async def test_what_is_wrong_with_the_place_is_not_tried_in_other_words(code: str) -> None:
    """Four calls that cannot succeed would keep everybody's messages waiting."""
    assert not of_content(code)
    async with desk() as at:
        at.slack.fault("chat.postMessage", error=code, times=100)
        with pytest.raises(NotPosted, match=code) as refused:
            await at.poster.post(at.channel.id, RICH, Rank.ANGLE)
        assert not isinstance(refused.value, Refused)
        assert len(at.slack.calls) == 1


async def test_what_no_form_makes_acceptable_is_refused_with_slacks_code() -> None:
    """Whoever waits must know that it is the text, not the place."""
    async with desk() as at:
        at.slack.fault("chat.postMessage", error="invalid_blocks", times=100)
        with pytest.raises(Refused, match="invalid_blocks"):
            await at.poster.post(at.channel.id, RICH, Rank.ANGLE)
        assert len(at.slack.calls) == 3


async def test_a_refusal_between_two_pauses_and_lost_answers_still_ends_in_one_message() -> None:
    """Slack may refuse, put off and lose one and the same message."""
    async with desk(patience=0.2) as at:
        at.slack.fault("chat.postMessage", error="invalid_blocks", times=100, fits=has_blocks)
        at.slack.fault("chat.postMessage", retry_after=0)
        at.slack.fault("chat.postMessage", hang=True, done=True)
        await at.poster.post(at.channel.id, RICH, Rank.ANGLE)
        assert [message.text for message in at.channel.messages] == [RICH.text]


def test_plain_sections_keep_the_words_and_the_buttons() -> None:
    """Whoever reads them must be able to go on as with any other message."""
    _, plain, text = forms(RICH)
    shown, row = plain.blocks
    assert shown["text"] == {"type": "plain_text", "text": "Asked at 10:12 UTC. Tea <oxidises>.", "emoji": False}
    assert row["elements"] == RICH.blocks[1]["elements"]
    assert (text.text, text.blocks) == (RICH.text, ())


pieces = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["<@U0ASKER>", "<!date^1795169524^{date} at {time}|26 Nov>", "&amp;", "<https://a.b|c d>", " "]),
)


@given(st.lists(pieces, max_size=80).map(" ".join), st.booleans())
def test_every_form_of_every_message_keeps_slacks_limits_and_cuts_nothing_in_two(text: str, whole: bool) -> None:
    """A second refusal for the form itself would lose it after all."""
    message = Message("note", "r_1", "note/x", f"Note. {text}", RICH.blocks, whole)
    for form in forms(message):
        assert not [why for why in problems({"text": form.text, "blocks": list(form.blocks)}) if "twice" not in why]
        assert all(len(each["text"]["text"]) <= SECTION_LIMIT for each in form.blocks if each["type"] == "section")
        if form.text != message.text:
            assert not whole
            assert len(form.text) <= BRIEF_LIMIT + 1
            assert message.text.startswith(form.text[:-1])
