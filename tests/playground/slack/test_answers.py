"""Private answers stand where their person was, and give way to what replaces them."""

from __future__ import annotations

import dataclasses

import aiohttp

from bot.playground.slack.answers import Asked, PrivateAnswer, standing
from tests.playground.slack.consumer import App, Payload, app
from tests.playground.slack.test_interactions import BLOCKS, report

OFFER = PrivateAnswer("U1", "C1", {"text": "Shall I be silent?"})


async def answer(at: App, text: str, **how: object) -> None:
    """Say something through the address that came with the last click."""
    address = at.heard[-1]["response_url"]
    async with aiohttp.ClientSession() as session, session.post(address, json={"text": text} | how) as taken:
        assert taken.status == 200


def shown(at: App) -> list[str]:
    return [each.text for _, each in standing(at.slack.answers)]


async def test_an_answer_to_a_click_in_a_thread_is_in_that_thread() -> None:
    """Slack's own answer names no thread, and whoever pressed looks nowhere else."""
    async with app("http") as at:
        reply = await report(at)
        root = at.channel.messages[0]
        for pressed in (reply, root, dataclasses.replace(root, thread_ts=root.ts, versions=reply.versions)):
            await at.slack.click(pressed, "stop") if pressed is not root else await at.slack.shortcut("ask", root)
            await answer(at, "Noted.")
        assert [each.thread_ts for each in at.slack.answers] == [root.ts, "", root.ts]
        assert all(each.at > reply.ts for each in at.slack.answers)


async def test_a_private_message_knows_its_thread() -> None:
    """It is an offer about that thread and no other."""
    async with app("http") as at:
        await at.slack.say(at.channel.id, "hello", user="U1")
        (said,) = at.channel.messages
        await at.client.chat_postEphemeral(
            channel=at.channel.id, user="U1", text="Mute?", blocks=BLOCKS[1:2], thread_ts=said.ts
        )
        await at.slack.press(at.slack.answers[0], "stop")
        await answer(at, "Silent.", replace_original=True)
        assert [each.thread_ts for each in at.slack.answers] == [said.ts, said.ts]
        assert shown(at) == ["Silent."]


async def test_what_replaces_an_answer_stands_in_its_place() -> None:
    """Else an offer that was taken could be taken again."""
    async with app("http") as at:
        for text in ("first", "second"):
            await at.slack.say(at.channel.id, text, user="U1")
            await at.client.chat_postEphemeral(channel=at.channel.id, user="U1", text=text, blocks=BLOCKS[1:2])
        await at.slack.press(at.slack.answers[0], "stop")
        await answer(at, "instead", replace_original=True)
        await answer(at, "beside")
        assert shown(at) == ["instead", "second", "beside"]


async def test_what_a_command_is_acknowledged_with_stands_where_it_was_typed() -> None:
    """Whatever the app posts before it acknowledges comes after it."""
    async with app("socket") as at:

        async def post_first(payload: Payload) -> Payload:
            await at.client.chat_postMessage(channel=at.channel.id, text="Research: tea")
            return {"text": "Starting."}

        at.answer = post_first
        await at.slack.command("tea", at.channel.id)
        (said,), (posted,) = at.slack.answers, at.channel.messages
        assert (said.text, said.at < posted.ts) == ("Starting.", True)


def test_an_answer_may_be_replaced_again_and_again() -> None:
    """The last one is what is to be seen."""
    again = [OFFER]
    for text in ("once", "twice"):
        again.append(Asked("U1", "C1", "", again[-1]).answered({"text": text, "replace_original": True}, "1.0"))
    assert [(number, each.text) for number, each in standing(again)] == [(2, "twice")]
