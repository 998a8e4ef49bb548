"""What Slack delivers beyond what the bot knows: each is acknowledged once, noted by its type, and does no harm."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.playground.slack.answers import Asked
from bot.playground.slack.delivery import Delivery, Kind
from tests.stories.test_gate import FORM, sent, signed
from tests.support.story import Mode, Story, story

ABOUT: dict[str, Any] = {
    "user": {"id": "U0ASKER"},
    "team": {"id": "T0ACME"},
    "trigger_id": "1.2",
    "api_app_id": "A0BOT",
}
VIEW = {"id": "V1", "type": "modal", "callback_id": "other", "private_metadata": "", "state": {"values": {}}}


def event(name: str, **body: Any) -> dict[str, Any]:
    return {"type": "event_callback", "team_id": "T0ACME", "event_id": "Ev1", "event": {"type": name} | body}


def click(kind: str, **body: Any) -> dict[str, Any]:
    action = {"type": "button", "action_id": "removed.long.ago", "block_id": "b", "value": "x"}
    return ABOUT | {"type": kind, "actions": [action], "container": {"type": "message"}} | body


OTHER_COMMAND = {"command": "/other", "text": "x", "user_id": "U0ASKER", "channel_id": "C1"}
# Each as Slack's own pages describe it.
UNKNOWN: list[tuple[Kind, dict[str, Any], str]] = [
    ("events_api", event("reaction_added", user="U1", item={"type": "message"}), "reaction_added"),
    ("events_api", event("channel_rename", channel={"id": "C1", "name": "new"}), "channel_rename"),
    ("events_api", event("group_rename", channel={"id": "C1", "name": "new"}), "group_rename"),
    ("events_api", event("channel_shared", channel="C1", connected_team_id="T2"), "channel_shared"),
    ("events_api", event("channel_unshared", channel="C1", is_ext_shared=False), "channel_unshared"),
    ("events_api", event("group_left", channel="C1"), "group_left"),
    ("events_api", event("tokens_revoked", tokens={"bot": ["U1"]}), "tokens_revoked"),
    ("events_api", event("app_uninstalled"), "app_uninstalled"),
    ("events_api", event("channel_deleted", channel="C1"), "channel_deleted"),
    ("events_api", event("function_executed", function={"callback_id": "x"}, inputs={}), "function_executed"),
    ("events_api", event("grid_migration_started", enterprise_id="E1"), "grid_migration_started"),
    ("events_api", event("link_shared", channel="COMPOSER", links=[{"url": "https://x.org"}]), "link_shared"),
    ("events_api", event("team_access_revoked", team_ids=["T1"]), "team_access_revoked"),
    ("events_api", {"type": "event_callback", "event": {}}, "event_callback"),
    ("events_api", event("made_up_next_year", anything=[1, {"a": None}]), "made_up_next_year"),
    ("events_api", {"type": "app_rate_limited", "team_id": "T0ACME", "minute_rate_limited": 1}, "app_rate_limited"),
    ("slash_commands", OTHER_COMMAND, "slash_command"),
    ("interactive", ABOUT | {"type": "shortcut", "callback_id": "other"}, "shortcut"),
    ("interactive", ABOUT | {"type": "message_action", "callback_id": "other", "message": {}}, "message_action"),
    ("interactive", ABOUT | {"type": "view_submission", "view": VIEW}, "view_submission"),
    ("interactive", ABOUT | {"type": "view_closed", "view": VIEW}, "view_closed"),
    ("interactive", ABOUT | {"type": "block_suggestion", "action_id": "a", "value": "x"}, "block_suggestion"),
    ("interactive", click("block_actions"), "block_actions"),
    ("interactive", ABOUT | {"type": "block_actions"}, "block_actions"),
    ("interactive", click("interactive_message", callback_id="other", original_message={}), "interactive_message"),
    (
        "interactive",
        ABOUT | {"type": "dialog_submission", "callback_id": "other", "submission": {}},
        "dialog_submission",
    ),
    ("interactive", ABOUT | {"type": "dialog_cancellation", "callback_id": "other"}, "dialog_cancellation"),
    ("interactive", ABOUT | {"type": "made_up_next_year"}, "made_up_next_year"),
    (
        "interactive",
        ABOUT | {"type": "workflow_step_edit", "callback_id": "other", "workflow_step": {}},
        "workflow_step_edit",
    ),
]


async def delivered(told: Story, kind: Kind, payload: dict[str, Any]) -> Delivery:
    """Deliver something as Slack does."""
    return await told.slack.deliver(kind, payload)


async def test_what_nobody_hears_of_is_acknowledged_and_noted_by_its_type(
    mode: Mode, capsys: pytest.CaptureFixture[str]
) -> None:
    """A refusal has Slack deliver it three times more, and too many of them end all events of the app."""
    async with story(mode) as told:
        calls = len(told.slack.calls)
        for kind, payload, name in UNKNOWN:
            capsys.readouterr()
            delivery = await delivered(told, kind, payload)
            assert delivery.acked, name
            line = capsys.readouterr()
            assert "slack.unknown" in line.err + line.out, name
            assert name in line.err + line.out
        assert not [call for call in told.slack.calls[calls:] if call.method.startswith("chat.")]
        options = await delivered(told, "interactive", ABOUT | {"type": "block_suggestion", "action_id": "a"})
        assert options.payload == {"options": []}
        command = await delivered(told, "slash_commands", OTHER_COMMAND)
        assert command.payload
        assert command.payload["text"].startswith("I don't know this command. Type /research and a topic")


async def test_a_button_of_an_older_release_says_that_it_does_nothing_any_more(mode: Mode) -> None:
    """Whoever presses it would wait for ever."""
    async with story(mode) as told:
        root = await told.ended(await told.research("tea"))
        pressed = {"id": told.channel.id, "name": "energy"}
        url = told.slack._reply_url(Asked("U0ASKER", told.channel.id))
        assert root
        await delivered(told, "interactive", click("block_actions", channel=pressed, response_url=url))
        await told.heard("This button belongs to an older version of the bot")


@pytest.mark.parametrize("headers", [signed("ssl_check=1&token=old"), {"Content-Type": FORM}])
async def test_slack_may_look_at_the_certificate(headers: dict[str, str]) -> None:
    """It calls an address that does not answer broken, signed or not."""
    async with story("http") as told:
        assert (await sent(told, "ssl_check=1&token=old", headers))[0] == 200
        assert (await sent(told, "ssl_check=1&command=%2Fresearch&text=tea", headers))[0] == 401
        body = json.dumps({"type": "url_verification", "challenge": "abc"})
        answer = await sent(told, body, signed(body) | {"Content-Type": "application/json"})
        assert (answer[0], "abc" in answer[1]) == (200, True)
