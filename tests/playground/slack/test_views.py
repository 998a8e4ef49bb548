"""Forms and homes that an app shows: with a trigger, within limits, on top of each other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.playground.slack.views import View
from tests.playground.slack.consumer import App, Payload, app


def plain(text: str) -> Payload:
    return {"type": "plain_text", "text": text}


def field(name: str, **how: Any) -> Payload:
    element = {"type": "plain_text_input", "action_id": name}
    return {"type": "input", "block_id": name, "label": plain(name), "element": element} | how


def form(*blocks: Payload, **how: Any) -> Payload:
    frame = {"type": "modal", "callback_id": "form", "title": plain("Form"), "submit": plain("Send")}
    return frame | {"blocks": list(blocks or [field("topic")])} | how


HOME: Payload = {"type": "home", "blocks": [{"type": "section", "block_id": "s", "text": plain("Welcome")}]}


async def triggered(at: App, view: View | None = None) -> str:
    """A trigger id as the app gets it."""
    if view:
        await at.slack.click(view, "go")
    else:
        await at.slack.shortcut("form")
    return str(at.heard[-1]["trigger_id"])


async def opened(at: App, view: Payload) -> View:
    await at.client.views_open(trigger_id=await triggered(at), view=view)
    return at.slack.views.modals[-1]


async def test_a_trigger_opens_one_form_within_three_seconds() -> None:
    """A bot that thinks first, and opens then, opens nothing."""
    async with app("http") as at:
        trigger = await triggered(at)
        shown = await at.client.views_open(trigger_id=trigger, view=form())
        assert (shown["view"]["callback_id"], shown["view"]["state"]) == ("form", {"values": {}})
        assert shown["view"]["id"] == shown["view"]["root_view_id"] == at.slack.views.modals[0].id
        assert await at.refused(at.client.views_open(trigger_id=trigger, view=form())) == "exchanged_trigger_id"
        late = await triggered(at)
        at.slack.triggers.expire()
        assert await at.refused(at.client.views_open(trigger_id=late, view=form())) == "expired_trigger_id"
        assert await at.refused(at.client.views_open(trigger_id="x", view=form())) == "invalid_trigger_id"


WRONG = {
    "101 blocks": form(*[{"type": "divider", "block_id": str(number)} for number in range(101)]),
    "a long title": form(title=plain("x" * 25)),
    "no title": form(title=None),
    "no submit": form(submit=None),
    "too much metadata": form(private_metadata="x" * 3_001),
    "a block_id twice": form(field("topic"), field("topic")),
    "an unknown field": form(colour="red"),
    "an unknown field in a block": form(field("topic", colour="red")),
    "a block for messages": form({"type": "markdown", "block_id": "m", "text": "x"}),
    "no blocks": form() | {"blocks": []},
    "a home": HOME,
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
async def test_a_form_that_slack_would_not_show_is_refused_and_kept(wrong: Payload) -> None:
    """It is found here and not by the first person who presses the button."""
    async with app("http") as at:
        assert await at.refused(at.client.views_open(trigger_id=await triggered(at), view=wrong)) == "invalid_arguments"
        assert at.slack.violations
        assert at.slack.views.modals == []


async def test_a_form_of_the_largest_size_is_taken() -> None:
    """A check that refuses too much hides what works."""
    async with app("http") as at:
        dividers = [{"type": "divider", "block_id": str(number)} for number in range(99)]
        await opened(at, form(field("topic"), *dividers, title=plain("x" * 24), private_metadata="x" * 3_000))
        assert at.slack.violations == []


async def test_an_open_form_is_changed_unless_somebody_was_faster() -> None:
    """Two answers at once must not overwrite each other."""
    async with app("http") as at:
        view = await opened(at, form())
        first = view.hash
        await at.client.views_update(view_id=view.id, hash=first, view=form(field("other")))
        assert [block["block_id"] for block in view.blocks] == ["other"]
        update = at.client.views_update(view_id=view.id, hash=first, view=form())
        assert await at.refused(update) == "hash_conflict"
        await at.slack.close(view)
        assert await at.refused(at.client.views_update(view_id=view.id, view=form())) == "not_found"


async def test_three_forms_lie_on_each_other_and_no_fourth() -> None:
    """Slack shows no more."""
    button = {"type": "button", "action_id": "go", "text": plain("Go"), "value": "1"}
    stacked = form({"type": "actions", "block_id": "a", "elements": [button]})
    async with app("http") as at:
        first = view = await opened(at, stacked)
        for _ in range(2):
            await at.client.views_push(trigger_id=await triggered(at, view), view=stacked)
            view = at.slack.views.modals[-1]
        assert (view.depth, view.root) == (3, first)
        push = at.client.views_push(trigger_id=await triggered(at, view), view=stacked)
        assert await at.refused(push) == "push_limit_reached"
        await at.slack.close(first)
        assert [each.is_open for each in at.slack.views.modals] == [False] * 3


async def test_everybody_has_a_home_of_their_own() -> None:
    """Somebody else's runs are not to be seen there."""
    async with app("http") as at:
        assert await at.slack.open_home("U1")
        await at.slack.until(lambda: at.events)
        assert (at.events[0]["tab"], "view" in at.events[0]) == ("home", False)
        assert at.events[0]["channel"] == at.slack.workspace.direct("U1").id
        shown = await at.client.views_publish(user_id="U1", view=HOME)
        assert at.slack.views.homes["U1"].blocks[0]["text"]["text"] == "Welcome"
        stale = at.client.views_publish(user_id="U1", view=HOME, hash="1.old")
        assert await at.refused(stale) == "hash_conflict"
        await at.client.views_publish(user_id="U1", view=HOME, hash=shown["view"]["hash"])
        assert len(at.slack.views.homes["U1"].versions) == 2
        assert await at.refused(at.client.views_publish(user_id="U1", view=form())) == "invalid_arguments"
        await at.slack.open_home("U1")
        await at.slack.until(lambda: len(at.events) == 2)
        assert at.events[1]["view"]["type"] == "home"


async def test_a_form_may_come_as_text() -> None:
    """Older clients send JSON within a form."""
    async with app("http") as at:
        arguments = {"trigger_id": await triggered(at), "view": json.dumps(form())}
        await at.client.api_call("views.open", data=arguments)
        assert at.slack.views.modals[0].shown["callback_id"] == "form"
