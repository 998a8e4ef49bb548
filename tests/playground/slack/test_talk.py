"""What people write reaches the app as Slack would tell it, in both modes."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.playground.slack import delivery
from bot.playground.slack.talk import escaped
from bot.playground.slack.workspace import BOT_USER, PATIENCE, Kind
from tests.playground.slack.consumer import App, NoAck, Payload, app
from tests.support.story import Mode


async def test_a_mention_comes_twice_with_two_ids_and_one_ts(mode: Mode) -> None:
    """Whoever answers both answers one person twice."""
    async with app(mode) as at:
        message = await at.slack.say(at.channel.id, "<@U0BOT> what of R&D?")
        events = await at.slack.heard(message)
        assert [event.acked for event in events] == [True, True]
        said, mentioned = sorted(at.heard, key=lambda payload: payload["event"]["type"], reverse=True)
        assert (said["event"]["type"], mentioned["event"]["type"]) == ("message", "app_mention")
        assert said["event_id"] != mentioned["event_id"]
        for key in ("ts", "client_msg_id", "user", "text"):
            assert said["event"][key] == mentioned["event"][key]
        assert said["event"]["text"] == "<@U0BOT> what of R&amp;D?"
        assert (said["event"]["channel_type"], "channel_type" in mentioned["event"]) == ("channel", False)
        assert said["authorizations"][0] == {
            "enterprise_id": None,
            "team_id": "T0ACME",
            "user_id": BOT_USER,
            "is_bot": True,
            "is_enterprise_install": False,
        }


async def test_what_somebody_of_another_company_writes_says_so(mode: Mode) -> None:
    """Where two companies talk, an event tells whose person wrote, and is still told to our workspace."""
    async with app(mode) as at:
        await at.slack.heard(await at.slack.say(at.channel.id, "hello"))
        at.slack.workspace.person("U0GUEST", team="T0ELSE")
        await at.slack.heard(await at.slack.say(at.channel.id, "hello", "U0GUEST"))
        ours, theirs = at.heard
        assert [each["is_ext_shared_channel"] for each in (ours, theirs)] == [False, True]
        assert "user_team" not in ours["event"]
        assert [theirs["event"][name] for name in ("team", "user_team", "source_team")] == ["T0ELSE"] * 3
        assert (theirs["team_id"], theirs["authorizations"][0]["team_id"]) == ("T0ACME", "T0ACME")


@pytest.mark.parametrize(
    ("kind", "told"), [("public", "channel"), ("private", "group"), ("im", "im"), ("mpim", "mpim")]
)
async def test_every_kind_of_channel_has_its_own_name_in_events(mode: Mode, kind: Kind, told: str) -> None:
    """By it the bot tells a direct message from a channel; there no mention comes."""
    async with app(mode) as at:
        place = at.slack.workspace.add("place", kind)
        await at.slack.heard(await at.slack.say(place.id, "<@U0BOT> hello"))
        assert [event["channel_type"] for event in at.events if event["type"] == "message"] == [told]
        assert ("app_mention" in [event["type"] for event in at.events]) == (kind != "im")


async def test_where_the_bot_is_no_member_it_hears_nothing(mode: Mode) -> None:
    """A bot that counts on it would wait for ever."""
    async with app(mode) as at:
        place = at.slack.workspace.add("else", members={"U1"})
        assert await at.slack.heard(await at.slack.say(place.id, "<@U0BOT> hello")) == []
        await at.slack.join(place.id, BOT_USER)
        await at.slack.heard(await at.slack.say(place.id, "hello"))
        assert sorted(event.get("subtype", "") for event in at.events) == ["", "channel_join"]


@pytest.mark.parametrize(
    "how",
    [
        {"subscribed": {"app_mention"}},
        {"scopes": {"app_mentions:read", "chat:write"}},
        {"subscribed": {"app_mention", "message.channels"}, "scopes": {"app_mentions:read"}},
    ],
)
async def test_only_events_that_were_asked_for_and_allowed_come(mode: Mode, how: Any) -> None:
    """A bot that works here without its scopes would be deaf at Slack."""
    async with app(mode, **how) as at:
        await at.slack.heard(await at.slack.say(at.channel.id, "<@U0BOT> hello"))
        assert [event["type"] for event in at.events] == ["app_mention"]


async def test_a_reply_names_its_thread_and_its_parents_author(mode: Mode) -> None:
    """Else nobody could tell a follow-up from a new topic."""
    async with app(mode) as at:
        root = await at.client.chat_postMessage(channel=at.channel.id, text="Root")
        reply = await at.slack.say(at.channel.id, "Why?", thread_ts=root["ts"])
        shown = await at.slack.say(at.channel.id, "For all", thread_ts=root["ts"], broadcast=True)
        await at.slack.heard(reply)
        await at.slack.heard(shown)
        told = {event["ts"]: event for event in at.events}
        assert (told[reply.ts]["thread_ts"], told[reply.ts]["parent_user_id"]) == (root["ts"], BOT_USER)
        assert (told[shown.ts]["subtype"], told[shown.ts]["root"]["ts"]) == ("thread_broadcast", root["ts"])
        listed = await at.client.conversations_replies(channel=at.channel.id, ts=root["ts"])
        assert [each["text"] for each in listed["messages"]] == ["Root", "Why?", "For all"]
        assert (listed["messages"][0]["thread_ts"], listed["messages"][0]["reply_count"]) == (root["ts"], 2)


async def test_an_edit_and_a_deletion_are_messages_too(mode: Mode) -> None:
    """Answered as questions they would make a bot talk to itself."""
    async with app(mode) as at:
        message = await at.slack.say(at.channel.id, "Why?")
        await at.slack.heard(message)
        at.slack.edit(message, "Why not?")
        await at.slack.heard(message)
        at.slack.delete(message)
        await at.slack.heard(message)
        _, edited, deleted = at.events
        assert (edited["subtype"], edited["hidden"]) == ("message_changed", True)
        assert (edited["message"]["text"], edited["previous_message"]["text"]) == ("Why not?", "Why?")
        assert edited["message"]["edited"]["user"] == "U0ASKER"
        assert edited["ts"] != message.ts == edited["message"]["ts"]
        assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", message.ts)


async def test_a_deleted_root_with_replies_becomes_a_stone(mode: Mode) -> None:
    """Slack tells that as an edit, and a bot that waits for a deletion would work on for nobody."""
    async with app(mode) as at:
        root = await at.slack.say(at.channel.id, "Root")
        await at.slack.say(at.channel.id, "Reply", thread_ts=root.ts)
        at.slack.delete(root)
        await at.slack.heard(root)
        stone = next(event for event in at.events if event.get("subtype"))
        assert (stone["subtype"], stone["message"]["subtype"]) == ("message_changed", "tombstone")
        assert stone["message"]["thread_ts"] == stone["previous_message"]["ts"] == root.ts


async def test_other_bots_and_files_are_told_apart_from_people(mode: Mode) -> None:
    """Two bots that answer each other never end."""
    async with app(mode) as at:
        classic = await at.slack.bot_says(at.channel.id, "Build failed", classic=True)
        modern = await at.slack.bot_says(at.channel.id, "<@U0BOT> hello")
        shared = await at.slack.say(at.channel.id, "", files=("plan.pdf",))
        for message in (classic, modern, shared):
            await at.slack.heard(message)
        told = {(event["type"], event["ts"]): event for event in at.events}
        assert (told["message", classic.ts]["subtype"], "user" in told["message", classic.ts]) == ("bot_message", False)
        assert told["app_mention", modern.ts]["bot_id"] == "B0OTHER"
        assert told["message", shared.ts]["subtype"] == "file_share"
        assert told["message", shared.ts]["files"][0]["name"] == "plan.pdf"


async def test_the_app_hears_its_own_messages_as_well(mode: Mode) -> None:
    """Slack does not spare it that: neither its posts nor its edits."""
    async with app(mode, echo=True) as at:
        posted = await at.client.chat_postMessage(channel=at.channel.id, text="Working")
        await at.client.chat_update(channel=at.channel.id, ts=posted["ts"], text="Done")
        await at.client.chat_delete(channel=at.channel.id, ts=posted["ts"])
        await at.slack.heard(posted["ts"])
        said, edited, deleted = sorted(at.events, key=lambda event: str(event["event_ts"]))
        assert (said["bot_id"], edited["message"]["bot_id"]) == ("B0BOT", "B0BOT")
        assert (edited["subtype"], deleted["subtype"]) == ("message_changed", "message_deleted")


async def test_one_slow_ack_holds_no_other_message_back(mode: Mode) -> None:
    """People write beside each other, and so are they heard."""
    async with app(mode) as at:
        gate = asyncio.Event()

        async def slow(payload: Payload) -> None:
            if payload["event"]["text"] == "slow":
                await gate.wait()

        at.answer = slow
        held = await at.slack.say(at.channel.id, "slow")
        for number in range(5):
            await at.slack.heard(await at.slack.say(at.channel.id, f"quick {number}"))
        assert not at.slack.events.told[0].over
        gate.set()
        assert (await at.slack.heard(held))[0].acked


async def test_what_is_not_acknowledged_comes_again_and_says_so(mode: Mode, monkeypatch: pytest.MonkeyPatch) -> None:
    """A retry may be the first copy that anybody acts upon."""
    async with app(mode) as at:
        at.slack.events.retry_pauses = (0.0, 0.0)
        monkeypatch.setattr(delivery, "ACK_SECONDS", 0.1)
        failures = iter([True, False])

        async def answer(payload: Payload) -> None:
            monkeypatch.setattr(delivery, "ACK_SECONDS", PATIENCE)  # from the second try on
            if next(failures, False):
                raise NoAck

        at.answer = answer
        (event,) = await at.slack.heard(await at.slack.say(at.channel.id, "hello"))
        assert [delivery.acked for delivery in event.deliveries] == [False, True]
        assert at.heard[0] == at.heard[1]
        assert at.retries[1] == ("1", "timeout" if mode == "socket" else "http_error")


async def test_an_event_may_come_again_with_the_same_or_another_id(mode: Mode) -> None:
    """Once is what a person wrote, however often it is told."""
    async with app(mode) as at:
        (event,) = await at.slack.heard(await at.slack.say(at.channel.id, "hello"))
        assert (await at.slack.redeliver(event, "http_timeout")).acked
        assert (await at.slack.redeliver(event, same_id=False)).acked
        first, same, other = at.heard
        assert first == same
        assert other["event_id"] != first["event_id"]
        assert other["event"] == first["event"]
        assert at.retries[1] == ("1", "http_timeout")


async def test_an_event_waits_for_a_socket() -> None:
    """What is written while the bot restarts must reach the bot that comes back."""
    async with app("socket") as first:
        first.slack.events.retry_pauses = (0.0,)
        first.slack.sockets.cut()
        message = await first.slack.say(first.channel.id, "hello")
        await first.slack.until(lambda: first.slack.events.told[0].deliveries)
        opened = await first.client.apps_connections_open(app_token=first.slack.app_token)
        await acknowledge_one(first, opened["url"])
        (event,) = await first.slack.heard(message)
        assert [delivery.acked for delivery in event.deliveries] == [False, True]


async def acknowledge_one(at: App, url: str) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await socket.receive_json(timeout=5)
        envelope = await socket.receive_json(timeout=5)
        assert (envelope["retry_attempt"], envelope["retry_reason"]) == (1, "timeout")
        await socket.send_json({"envelope_id": envelope["envelope_id"]})
        await at.slack.until(lambda: at.slack.events.told[0].over)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a < b && c > d", "a &lt; b &amp;&amp; c &gt; d"),
        ("<@U0BOT> <#C1|energy> <!here>", "<@U0BOT> <#C1|energy> <!here>"),
        ("see https://x.org/?a=1&b=2", "see <https://x.org/?a=1&amp;b=2>"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_what_people_type_is_kept_as_slack_keeps_it(typed: str, kept: str) -> None:
    """The bot must undo exactly that."""
    assert escaped(typed) == kept
