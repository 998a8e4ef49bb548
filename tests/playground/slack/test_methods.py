"""The methods of the Web API: what they do, and Slack's own codes for what they refuse."""

from __future__ import annotations

from typing import Any

import pytest

from bot.playground.slack.rates import Rates
from bot.playground.slack.workspace import Reaction
from tests.playground.slack.consumer import App, app


async def posted(at: App, **how: Any) -> str:
    return str((await at.client.chat_postMessage(channel=at.channel.id, text="Root", **how))["ts"])


async def test_a_reaction_stands_once_and_can_be_taken_back() -> None:
    """An eye that stays says "still waiting" for ever."""
    async with app("http") as at:
        where: dict[str, Any] = {"channel": at.channel.id, "timestamp": await posted(at), "name": "eyes"}
        await at.client.reactions_add(**where)
        assert at.channel.messages[0].reactions == [Reaction("eyes", "U0BOT")]
        assert await at.refused(at.client.reactions_add(**where)) == "already_reacted"
        seen = await at.client.conversations_history(channel=at.channel.id)
        assert seen["messages"][0]["reactions"] == [{"name": "eyes", "users": ["U0BOT"], "count": 1}]
        await at.client.reactions_remove(**where)
        assert await at.refused(at.client.reactions_remove(**where)) == "no_reaction"
        assert await at.refused(at.client.reactions_add(**where | {"timestamp": "1.2"})) == "message_not_found"
        assert await at.refused(at.client.reactions_add(**where | {"name": ":eyes:"})) == "invalid_name"
        at.channel.members.clear()
        assert await at.refused(at.client.reactions_add(**where)) == "not_in_channel"


async def test_a_private_message_is_kept_for_the_one_who_sees_it() -> None:
    """And only for whoever is there: to others Slack says nothing."""
    async with app("http") as at:
        await at.slack.say(at.channel.id, "hello", user="U1")
        where: dict[str, Any] = {"channel": at.channel.id, "text": "Only you"}
        sent = await at.client.chat_postEphemeral(user="U1", **where)
        (answer,) = at.slack.answers
        assert (answer.user, answer.channel, answer.text, answer.ts) == (
            "U1",
            at.channel.id,
            "Only you",
            sent["message_ts"],
        )
        assert await at.refused(at.client.chat_postEphemeral(user="U2", **where)) == "user_not_in_channel"
        assert await at.refused(at.client.chat_update(ts=sent["message_ts"], **where)) == "message_not_found"


async def test_a_message_of_the_bot_can_be_deleted_and_no_other() -> None:
    """Slack lets an app take back only its own words."""
    async with app("http") as at:
        ts, theirs = await posted(at), await at.slack.say(at.channel.id, "mine")
        assert await at.refused(at.client.chat_delete(channel=at.channel.id, ts=theirs.ts)) == "cant_delete_message"
        await at.client.chat_delete(channel=at.channel.id, ts=ts)
        assert at.slack.messages(at.channel.id) == [theirs]
        assert await at.refused(at.client.chat_delete(channel=at.channel.id, ts=ts)) == "message_not_found"


async def test_a_reply_has_an_address_that_names_its_thread() -> None:
    """Else the link opens the channel and not the report."""
    async with app("http") as at:
        root = await posted(at)
        reply = await posted(at, thread_ts=root)
        link = await at.client.chat_getPermalink(channel=at.channel.id, message_ts=reply)
        place = f"https://acme.slack.com/archives/{at.channel.id}/p{reply.replace('.', '')}"
        assert link["permalink"] == f"{place}?thread_ts={root}&cid={at.channel.id}"
        missing = at.client.chat_getPermalink(channel=at.channel.id, message_ts="1.2")
        assert await at.refused(missing) == "message_not_found"


async def test_a_person_is_told_with_zone_and_with_locale_if_asked() -> None:
    """A bot that forgets to ask for the locale would answer everybody in English."""
    async with app("http") as at:
        at.slack.workspace.person("U1", locale="de-DE", tz="Europe/Berlin", tz_offset=3_600)
        asked = (await at.client.users_info(user="U1", include_locale=True))["user"]
        assert (asked["locale"], asked["tz"], asked["tz_offset"]) == ("de-DE", "Europe/Berlin", 3_600)
        assert (asked["is_bot"], asked["real_name"]) == (False, "Ada Asker")
        assert "locale" not in (await at.client.users_info(user="U1"))["user"]
        assert await at.refused(at.client.users_info(user="U2")) == "user_not_found"


async def test_guests_and_people_of_other_companies_are_told_apart() -> None:
    """Nothing but their team tells external people who are met in a channel: a stranger is met in none."""
    async with app("http") as at:
        people = at.slack.workspace
        people.person("U1", is_restricted=True)
        people.person("U2", team="T0ELSE")
        people.person("U3", team="T0ELSE", enterprise="E0ELSE")

        async def traits(user: str) -> list[Any]:
            told = (await at.client.users_info(user=user, include_locale=True))["user"]
            return [told.get(name) for name in ("team_id", "is_restricted", "is_stranger", "locale")]

        people.enter("U3", at.channel.id)
        assert await traits("U1") == ["T0ACME", True, None, "en-US"]
        assert await traits("U2") == ["T0ELSE", False, True, None]
        assert await traits("U3") == ["T0ELSE", False, False, None]
        assert (await at.client.conversations_info(channel=at.channel.id))["channel"]["is_ext_shared"]
        people.enterprise = "E0ELSE"  # then it is a sister workspace of the same organization
        assert await traits("U3") == ["T0ELSE", False, None, "en-US"]
        assert (await at.client.users_info(user="U3"))["user"]["enterprise_user"]["enterprise_id"] == "E0ELSE"
        assert (await at.client.auth_test())["enterprise_id"] == "E0ELSE"


async def test_a_channel_says_whether_the_bot_is_in_it() -> None:
    """A form must not promise a post where none is possible."""
    async with app("http") as at:
        board = at.slack.workspace.add("board", members={"U1"})
        hidden = at.slack.workspace.add("hidden", "private", members={"U1"})
        told = [(await at.client.conversations_info(channel=each.id))["channel"] for each in (at.channel, board)]
        assert [each["is_member"] for each in told] == [True, False]
        assert await at.refused(at.client.conversations_info(channel=hidden.id)) == "channel_not_found"
        direct = at.slack.workspace.direct("U1")
        assert (await at.client.conversations_info(channel=direct.id))["channel"]["user"] == "U1"


NEED = {
    "channels:read": lambda at: at.client.conversations_info(channel=at.channel.id),
    "users:read": lambda at: at.client.users_info(user="U1"),
    "reactions:write": lambda at: at.client.reactions_add(channel=at.channel.id, timestamp="1.2", name="eyes"),
    "files:write": lambda at: at.client.files_upload_v2(content="x", filename="x.md"),
    "canvases:write": lambda at: at.client.canvases_create(title="x"),
    "chat:write": lambda at: at.client.chat_postEphemeral(channel=at.channel.id, user="U1", text="x"),
}


@pytest.mark.parametrize("scope", NEED)
async def test_a_call_without_its_scope_is_refused(scope: str) -> None:
    """What the manifest does not ask for fails at Slack, so it must fail here."""
    async with app("http", scopes=NEED.keys() - {scope}) as at:
        assert await at.refused(NEED[scope](at)) == "missing_scope"


@pytest.mark.parametrize(
    ("method", "a_minute"), [("reactions.remove", 20), ("reactions.add", 50), ("views.open", 100), ("users.info", 100)]
)
def test_a_method_is_taken_as_often_as_its_tier_says(method: str, a_minute: int) -> None:
    """A burst that Slack would limit must be limited here."""
    rates = Rates(lambda: 0)
    waits = [rates.retry_after(method, {}) for _ in range(a_minute + 1)]
    assert [wait > 0 for wait in waits] == [False] * a_minute + [True]
