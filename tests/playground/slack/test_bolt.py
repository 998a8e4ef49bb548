"""Bolt takes what our own Slack delivers for what Slack delivers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from tests.playground.slack.consumer import App, NoAck, Payload, app
from tests.playground.slack.test_interactions import FORM, report


def everything(client: AsyncWebClient, found: list[str]) -> AsyncApp:
    """A Bolt app that writes down which of its listeners were found."""
    bolt = AsyncApp(client=client)

    def listener(name: str) -> Any:
        async def heard(ack: AsyncAck) -> None:
            found.append(name)
            await ack()

        return heard

    for kind in ("message", "app_mention", "app_home_opened"):
        bolt.event(kind)(listener(kind))
    for action in ("stop", "menu", "feedback", "mode"):
        bolt.action({"type": "block_actions", "action_id": action})(listener(action))
    bolt.message_shortcut("ask")(listener("ask"))
    bolt.global_shortcut("new")(listener("new"))
    bolt.view_submission("form")(listener("submission"))
    bolt.view_closed("form")(listener("closed"))
    return bolt


@asynccontextmanager
async def bolted() -> AsyncIterator[tuple[App, list[str]]]:
    """Our own Slack with that app; gives what was found as well."""
    found: list[str] = []
    async with app("socket", echo=True) as at:
        bolt = everything(at.client, found)

        async def dispatch(payload: Payload) -> None:
            response = await bolt.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=payload))
            if response.status != 200:
                raise NoAck

        at.answer = dispatch
        yield at, found


async def test_bolt_hears_people_and_not_itself() -> None:
    """An event that Bolt does not know would be one that Slack does not send."""
    async with bolted() as (at, found):
        await at.slack.heard(await report(at))
        await at.slack.heard(await at.slack.say(at.channel.id, "<@U0BOT> hello"))
        await at.slack.open_home()
        await at.slack.until(lambda: len(found) == 3)
        assert sorted(found) == ["app_home_opened", "app_mention", "message"]


async def test_bolt_finds_a_listener_for_everything_that_people_press() -> None:
    """A payload that Bolt does not know would be one that Slack does not send."""
    async with bolted() as (at, found):
        message = await report(at)
        for action, option in [("stop", None), ("menu", "own"), ("feedback", "up:r_1")]:
            assert (await at.slack.click(message, action, option=option)).acked
        assert (await at.slack.shortcut("ask", message)).acked
        for _ in range(2):
            assert (await at.slack.shortcut("new")).acked
            trigger = at.heard[-1]["trigger_id"]
            await at.client.views_open(trigger_id=trigger, view=FORM | {"notify_on_close": True})
        sent, closed = at.slack.views.modals
        assert (await at.slack.click(sent, "mode", option="own")).acked
        assert (await at.slack.submit(sent, {"topic": "tea", "place": at.channel.id})).acked
        await at.slack.close(closed)
        assert found == ["stop", "menu", "feedback", "ask", "new", "new", "mode", "submission", "closed"]
