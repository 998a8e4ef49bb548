"""What people press, choose and fill in reaches the app in Slack's shapes, in both modes."""

from __future__ import annotations

from typing import Any

import pytest

from bot.playground.slack import delivery
from bot.playground.slack.views import View
from tests.playground.slack.consumer import App, NoAck, Payload, app
from tests.playground.slack.test_views import field, form, opened, plain
from tests.support.story import Mode

OPTIONS = [{"text": plain(name), "value": name} for name in ("preset", "own")]
CONFIRM = {"type": "button", "action_id": "stop", "text": plain("Stop"), "value": "r_1", "style": "danger"}
MENU = {"type": "overflow", "action_id": "menu", "options": OPTIONS}
THUMBS = {
    "type": "feedback_buttons",
    "action_id": "feedback",
    "positive_button": {"text": plain("Useful"), "value": "up:r_1"},
    "negative_button": {"text": plain("Not useful"), "value": "down:r_1"},
}
BLOCKS: list[Payload] = [
    {"type": "section", "block_id": "text", "text": plain("Report"), "accessory": MENU},
    {"type": "actions", "block_id": "actions", "elements": [CONFIRM]},
    {"type": "context_actions", "block_id": "feedback", "elements": [THUMBS]},
]
MODE = {"type": "radio_buttons", "action_id": "mode", "options": OPTIONS, "initial_option": OPTIONS[0]}
PLACE = {
    "type": "conversations_select",
    "action_id": "place",
    "default_to_current_conversation": True,
    "response_url_enabled": True,
}
FORM = form(
    field("topic", element={"type": "plain_text_input", "action_id": "topic", "min_length": 2, "max_length": 10}),
    field("mode", element=MODE, dispatch_action=True),
    field("notes", optional=True),
    field("place", element=PLACE),
)


async def report(at: App) -> Any:
    """A message of the bot with everything to press, in a thread."""
    root = await at.client.chat_postMessage(channel=at.channel.id, text="Root")
    metadata = {"event_type": "report", "event_payload": {"part": "report"}}
    await at.client.chat_postMessage(
        channel=at.channel.id, thread_ts=root["ts"], text="Report", blocks=BLOCKS, metadata=metadata
    )
    return at.channel.messages[-1]


async def test_a_click_comes_with_the_message_as_it_stands(mode: Mode) -> None:
    """A click may be an old one: only the message tells which run and thread it is about."""
    async with app(mode) as at:
        message = await report(at)
        assert (await at.slack.click(message, "stop", user="U1")).acked
        (told,) = at.heard
        assert (told["type"], told["user"]["id"], told["channel"]["id"]) == ("block_actions", "U1", at.channel.id)
        assert told["message"]["ts"] == told["container"]["message_ts"] == message.ts
        assert told["message"]["thread_ts"] == message.thread_ts
        assert (told["message"]["blocks"], told["message"]["metadata"]) == (BLOCKS, message.metadata)
        (action,) = told["actions"]
        assert (action["block_id"], action["value"], action["style"]) == ("actions", "r_1", "danger")


async def test_people_of_other_companies_press_buttons_but_have_no_commands(mode: Mode) -> None:
    """Slack shares what an app posts, and neither its commands nor its shortcuts."""
    async with app(mode) as at:
        at.slack.workspace.person("U0GUEST", team="T0ELSE")
        message = await report(at)
        assert (await at.slack.click(message, "stop", user="U0GUEST")).acked
        (told,) = at.heard
        assert (told["user"]["team_id"], told["team"]["id"]) == ("T0ELSE", "T0ELSE")
        for use in (at.slack.command("tea", at.channel.id, "U0GUEST"), at.slack.shortcut("s", message, "U0GUEST")):
            with pytest.raises(AssertionError, match="have its commands"):
                await use


async def test_a_click_on_a_root_says_that_it_has_a_thread(mode: Mode) -> None:
    """A root with replies has a thread_ts like any reply, and taken for a reply it is lost."""
    async with app(mode) as at:
        await report(at)
        root = at.channel.messages[0]
        await at.slack.shortcut("ask", root)
        assert at.heard[0]["message"]["thread_ts"] == root.ts


async def test_a_menu_and_thumbs_say_what_was_chosen(mode: Mode) -> None:
    """Each kind of element tells it in another place."""
    async with app(mode) as at:
        message = await report(at)
        await at.slack.click(message, "menu", option="own")
        await at.slack.click(message, "feedback", option="down:r_1")
        menu, thumbs = (payload["actions"][0] for payload in at.heard)
        assert (menu["selected_option"]["value"], "value" in menu) == ("own", False)
        assert (thumbs["value"], thumbs["text"]["text"]) == ("down:r_1", "Not useful")
        for action_id, option in [("menu", "third"), ("feedback", "sideways"), ("other", None)]:
            with pytest.raises(AssertionError):
                await at.slack.click(message, action_id, option=option)


async def test_a_private_message_is_pressed_without_the_message(mode: Mode) -> None:
    """Slack does not keep what it showed to one person."""
    async with app(mode) as at:
        await at.slack.say(at.channel.id, "hello", user="U1")
        await at.client.chat_postEphemeral(channel=at.channel.id, user="U1", text="Mute?", blocks=BLOCKS[1:2])
        await at.slack.press(at.slack.answers[0], "stop")
        told = at.heard[-1]
        assert (told["container"]["is_ephemeral"], "message" in told) == (True, False)
        assert told["container"]["message_ts"] == at.slack.answers[0].ts
        assert (told["channel"]["id"], told["user"]["id"]) == (at.channel.id, "U1")


async def test_shortcuts_come_from_a_message_or_from_anywhere(mode: Mode) -> None:
    """The one knows what it is about, the other nothing but who."""
    async with app(mode) as at:
        message = await at.slack.say(at.channel.id, "Heat pumps?")
        await at.slack.heard(message)
        assert (await at.slack.shortcut("ask", message, "U1")).acked
        assert (await at.slack.shortcut("new", user="U1")).acked
        about, anywhere = at.heard[-2:]
        assert (about["type"], about["callback_id"], about["message"]["text"]) == (
            "message_action",
            "ask",
            "Heat pumps?",
        )
        assert (about["message_ts"], about["channel"]["id"]) == (message.ts, at.channel.id)
        assert (anywhere["type"], anywhere["callback_id"], "channel" in anywhere) == ("shortcut", "new", False)


async def filled(at: App) -> View:
    """The form, opened from a message of the channel."""
    message = await report(at)
    await at.slack.click(message, "stop")
    await at.client.views_open(trigger_id=at.heard[-1]["trigger_id"], view=FORM)
    return at.slack.views.modals[-1]


async def test_a_form_that_is_sent_tells_every_field(mode: Mode) -> None:
    """What was typed, what stood there already, and what was left empty."""
    async with app(mode) as at:
        view = await filled(at)
        assert (await at.slack.submit(view, {"topic": "tea"})).acked
        told = at.heard[-1]
        assert (told["type"], told["view"]["callback_id"], told["view"]["id"]) == ("view_submission", "form", view.id)
        values = told["view"]["state"]["values"]
        assert values["topic"]["topic"] == {"type": "plain_text_input", "value": "tea"}
        assert values["mode"]["mode"]["selected_option"] == OPTIONS[0]
        assert values["notes"]["notes"] == {"type": "plain_text_input", "value": None}
        assert values["place"]["place"]["selected_conversation"] == at.channel.id
        assert told["response_urls"][0]["channel_id"] == at.channel.id
        assert not view.is_open


@pytest.mark.parametrize(
    "values", [{}, {"topic": "x"}, {"topic": "x" * 11}, {"topic": "tea", "mode": "third"}, {"topic": "tea", "no": "x"}]
)
async def test_a_form_that_slacks_client_would_not_send_is_not_sent(values: Payload) -> None:
    """A test that sends it proves nothing."""
    async with app("http") as at:
        view = await filled(at)
        before = len(at.heard)
        with pytest.raises(AssertionError):
            await at.slack.submit(view, values)
        assert len(at.heard) == before


async def test_nobody_can_use_a_form_that_is_closed() -> None:
    """A test that does so proves nothing either."""
    async with app("http") as at:
        view = await filled(at)
        await at.slack.submit(view, {"topic": "tea"})
        with pytest.raises(AssertionError):
            await at.slack.submit(view, {"topic": "tea"})
        with pytest.raises(AssertionError):
            await at.slack.click(view, "mode", option="own")


async def test_errors_keep_the_form_open_at_their_fields(mode: Mode) -> None:
    """Whoever typed a thousand characters must not lose them."""
    async with app(mode) as at:
        view = await filled(at)

        async def refuse(payload: Payload) -> Payload:
            return {"response_action": "errors", "errors": {"topic": "Too dull."}}

        at.answer = refuse
        await at.slack.submit(view, {"topic": "tea"})
        assert (view.errors, view.is_open) == ({"topic": "Too dull."}, True)


OUTCOMES: list[tuple[Payload, list[bool]]] = [
    ({"response_action": "update", "view": form(field("other"))}, [True]),
    ({"response_action": "push", "view": form(field("other"))}, [True, True]),
    ({"response_action": "clear"}, [False]),
]


@pytest.mark.parametrize(("answer", "stay_open"), OUTCOMES)
async def test_an_ack_may_change_the_form(mode: Mode, answer: Payload, stay_open: list[bool]) -> None:
    """Without a trigger: the ack is the only chance."""
    async with app(mode) as at:
        view = await filled(at)

        async def respond(payload: Payload) -> Payload:
            return answer

        at.answer = respond
        await at.slack.submit(view, {"topic": "tea"})
        assert [each.is_open for each in at.slack.views.modals] == stay_open
        assert ("other" in str(at.slack.views.modals[-1].blocks)) == (answer["response_action"] != "clear")


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "update", "view": form(title=plain("x" * 25))},
        {"response_action": "close"},
    ],
)
async def test_an_ack_that_slack_does_not_understand_is_a_violation(answer: Payload) -> None:
    """The person would see "We had some trouble connecting" and nobody would know why."""
    async with app("http") as at:
        view = await filled(at)

        async def respond(payload: Payload) -> Payload:
            return answer

        at.answer = respond
        await at.slack.submit(view, {"topic": "tea"})
        assert at.slack.violations
        assert view.is_open


async def test_a_form_without_an_ack_stays_open(mode: Mode, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack shows an error and the person tries again."""
    async with app(mode) as at:
        view = await filled(at)

        async def silent(payload: Payload) -> None:
            raise NoAck

        at.answer = silent
        monkeypatch.setattr(delivery, "ACK_SECONDS", 0.1)
        assert not (await at.slack.submit(view, {"topic": "tea"})).acked
        assert view.is_open


async def test_a_choice_within_a_form_tells_what_is_typed_so_far(mode: Mode) -> None:
    """The form may grow a field by it, and what was typed must survive that."""
    async with app(mode) as at:
        view = await filled(at)
        at.slack.fill(view, {"topic": "tea"})
        assert (await at.slack.click(view, "mode", option="own")).acked
        told = at.heard[-1]
        assert (told["type"], told["container"]) == ("block_actions", {"type": "view", "view_id": view.id})
        assert "channel" not in told
        assert "message" not in told
        assert told["view"]["state"]["values"]["topic"]["topic"]["value"] == "tea"
        assert told["actions"][0]["selected_option"]["value"] == "own"
        grown = FORM | {"blocks": [*FORM["blocks"], field("angles")]}
        await at.client.views_update(view_id=view.id, hash=told["view"]["hash"], view=grown)
        await at.slack.submit(view, {"angles": "cost"})
        values = at.heard[-1]["view"]["state"]["values"]
        assert [values[name][name].get("value") for name in ("topic", "angles")] == ["tea", "cost"]


async def test_a_closed_form_is_told_only_to_who_wants_to_hear(mode: Mode) -> None:
    """An app that counts on it must say so in the view."""
    async with app(mode) as at:
        quiet = await opened(at, form())
        assert await at.slack.close(quiet) is None
        loud = await opened(at, form(notify_on_close=True, private_metadata="r_1"))
        delivery = await at.slack.close(loud)
        assert delivery
        assert delivery.acked
        told = at.heard[-1]
        assert (told["type"], told["is_cleared"], told["view"]["private_metadata"]) == ("view_closed", False, "r_1")


async def test_buttons_of_a_home_are_told_apart_by_their_blocks(mode: Mode) -> None:
    """Ten runs stand there, each with the same button."""
    runs = [
        {
            "type": "section",
            "block_id": f"run.{number}",
            "text": plain(f"Run {number}"),
            "accessory": {"type": "button", "action_id": "open", "text": plain("Open"), "value": f"r_{number}"},
        }
        for number in range(2)
    ]
    async with app(mode) as at:
        at.slack.workspace.person("U1")
        await at.client.views_publish(user_id="U1", view={"type": "home", "blocks": runs})
        await at.slack.click(at.slack.views.homes["U1"], "open", block="run.1")
        told = at.heard[-1]
        assert (told["actions"][0]["value"], told["user"]["id"], told["view"]["type"]) == ("r_1", "U1", "home")
