"""The bot is killed while it answers: each question is answered once, in order, and paid for once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from bot.playground.slack.workspace import BOT_USER, Message
from tests.support.crashes import Crashing, answered, crashing
from tests.support.story import Mode

ANSWER = "The historical angle says so."
Reached = Callable[[Crashing, Message], Awaitable[list[Message]]]


async def say(told: Crashing, root: Message, *texts: str) -> list[Message]:
    return [await told.slack.say(told.channel.id, text, thread_ts=root.ts) for text in texts]


async def model_owes(told: Crashing, root: Message) -> list[Message]:
    """Two questions wait, the first of them for the model."""
    told.model.answer("follow-up/*", gate=asyncio.Event())
    asked = await say(told, root, "Why?", f"<@{BOT_USER}> and when?")
    await told.model.until(lambda: len(told.model.asked("follow-up/*")) == 1)
    await told.slack.until(lambda: asked[1].reactions)
    return asked


async def slack_owes(told: Crashing, root: Message, done: bool) -> list[Message]:
    """Two questions wait, the first of them for Slack to show its answer."""

    def fits(arguments: dict[str, Any]) -> bool:
        return str(arguments["metadata"]["event_payload"]["part"]).startswith("answer/")

    told.slack.fault("chat.postMessage", hang=True, done=done, fits=fits)
    asked = await say(told, root, "Why?", "And when?")
    await told.slack.until(lambda: any(call.answer is None for call in told.slack.calls))
    for each in asked:
        await told.slack.heard(each)
    return asked


POINTS: dict[str, Reached] = {
    "an answer is asked for": model_owes,
    "an answer is on its way": partial(slack_owes, done=False),
    "an answer stands and nobody knows": partial(slack_owes, done=True),
}


def answers(told: Crashing, root: Message) -> list[str]:
    return [message.part for message in told.slack.thread(root) if message.part.startswith("answer/")]


@pytest.mark.parametrize("point", POINTS)
async def test_questions_that_a_crash_interrupts_are_answered_once_and_in_order(point: str, sqlite_url: str) -> None:
    """What was heard is answered; what was paid for is not paid again; what stands is not said again."""
    async with crashing(sqlite_url) as told:
        told.model.answer("follow-up/*", ANSWER)
        await told.ask()
        root = await told.ended()
        asked = await POINTS[point](told, root)
        await told.kill()
        told.model.answer("follow-up/*", ANSWER)
        await told.start()
        await told.slack.until(lambda: len(answers(told, root)) == 2)
        assert answers(told, root) == [f"answer/{each.ts}" for each in asked]
        assert set(answered(told.model).values()) == {1}


async def test_a_reply_during_a_run_survives_a_crash_for_the_report_and_for_its_answer(
    mode: Mode, sqlite_url: str
) -> None:
    """Whoever steered it must not have to do so twice."""
    async with crashing(sqlite_url, mode) as told:
        told.model.answer("follow-up/*", ANSWER)
        told.model.answer("angle/technical", gate=asyncio.Event())
        await told.ask()
        await told.slack.until(lambda: told.roots("tea") and len(told.slack.thread(told.roots("tea")[0])) == 2)
        root = told.roots("tea")[0]
        (wish,) = await say(told, root, "Look at Kenya, too?")
        await told.slack.until(lambda: wish.reactions)
        await told.kill()
        told.model.answer("angle/*")
        await told.start()
        await told.slack.until(lambda: answers(told, root) == [f"answer/{wish.ts}"])
        assert "<wish>\nLook at Kenya, too?\n</wish>" in told.model.asked("report/synthesis")[-1].prompt
        parts = [message.part for message in told.slack.thread(root) if not message.user.startswith("U0ASK")]
        assert parts[-2:] == ["report", f"answer/{wish.ts}"]


async def test_a_mute_that_a_crash_interrupts_is_said_once(sqlite_url: str) -> None:
    """And it holds."""

    def fits(arguments: dict[str, Any]) -> bool:
        return str(arguments["metadata"]["event_payload"]["part"]).startswith("note/")

    async with crashing(sqlite_url) as told:
        await told.ask()
        root = await told.ended()
        told.slack.fault("chat.postMessage", hang=True, done=True, fits=fits)
        await say(told, root, "mute")
        await told.slack.until(lambda: any(call.answer is None for call in told.slack.calls))
        await told.kill()
        await told.start()
        (said,) = await say(told, root, "Why?")
        await told.slack.heard(said)
        (asked,) = await say(told, root, f"<@{BOT_USER}> why?")
        told.model.answer("follow-up/*", ANSWER)
        await told.slack.until(lambda: answers(told, root) == [f"answer/{asked.ts}"])
        notes = [message for message in told.slack.thread(root) if message.part.startswith("note/")]
        assert len(notes) == 1
