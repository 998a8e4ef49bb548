"""The bot is killed at every point of a retry, and started again: it ends as if there had been no crash."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from bot.playground.model import REFUSED
from bot.playground.slack.workspace import Message
from bot.slack.messages.controls import RETRY_ANGLE
from tests.support.crashes import REPLIES, Crashing, answered, crashing

NOTE = "note/updated/technical"
LONG = "The views agree.\n\n" + "\n\n".join(f"## Part {n}\n{'Many words. ' * 60}" for n in range(10))

Reached = Callable[[Crashing, Message], Awaitable[None]]


async def press(told: Crashing, root: Message) -> None:
    assert (await told.slack.click(root, RETRY_ANGLE, "U0OTHER")).acked


async def model_owes(told: Crashing, root: Message, step: str) -> None:
    """The model does not answer this call before the bot is gone."""
    told.model.answer("report/*", gate=asyncio.Event())  # nobody sees from here when an answer is stored
    told.model.answer(step, gate=asyncio.Event())
    await press(told, root)
    await told.model.until(lambda: len(told.model.asked(step)) == 1)
    if step.startswith("report/"):  # what is shown is stored
        await told.slack.until(lambda: any("technical view begins" in each.text for each in told.slack.thread(root)))


async def slack_owes(told: Crashing, root: Message, method: str, part: str, words: str, done: bool) -> None:
    """Slack does not answer the call for this part, whether it did what it was asked or not."""

    def fits(arguments: dict[str, Any]) -> bool:
        its_part: str = arguments["metadata"]["event_payload"]["part"]
        return its_part == part and words in arguments["text"]

    told.slack.fault(method, hang=True, done=done, fits=fits)
    if part == "angle/technical" and "begins" in words:
        told.model.answer("report/*", gate=asyncio.Event())
    await press(told, root)
    await told.slack.until(lambda: any(call.answer is None for call in told.slack.calls))


EDIT, POST = "chat.update", "chat.postMessage"
POINTS: dict[str, Reached] = {
    "the angle's first edit is on its way": partial(
        slack_owes, method=EDIT, part="angle/technical", words="working again", done=False
    ),
    "the angle is being researched": partial(model_owes, step="angle/technical"),
    "the angle's edit is on its way": partial(
        slack_owes, method=EDIT, part="angle/technical", words="begins here", done=False
    ),
    "the angle is edited and nobody knows": partial(
        slack_owes, method=EDIT, part="angle/technical", words="begins here", done=True
    ),
    "section and synthesis are being written": partial(model_owes, step="report/synthesis"),
    "the report's edit is on its way": partial(slack_owes, method=EDIT, part="report", words="Report on", done=False),
    "the report's second part stands and nobody knows": partial(
        slack_owes, method=POST, part="report/2", words="", done=True
    ),
    "the note is on its way": partial(slack_owes, method=POST, part=NOTE, words="", done=False),
    "the note stands and nobody knows": partial(slack_owes, method=POST, part=NOTE, words="", done=True),
    "the last state is on its way": partial(slack_owes, method=EDIT, part="root", words="is done", done=False),
}


@pytest.mark.parametrize("point", POINTS)
async def test_a_retry_that_a_crash_interrupts_ends_as_if_there_had_been_none(point: str, sqlite_url: str) -> None:
    """What was confirmed is finished, nothing is paid twice, no part and no note stands twice."""
    async with crashing(sqlite_url) as told:
        told.model.answer("angle/technical", "", REFUSED)
        await told.ask()
        root = await told.ended()
        told.model.requests.clear()
        long = "second part" in point
        told.model.answer("*", LONG) if long else told.model.answer("*")
        if long:
            told.model.answer("angle/technical")
        await POINTS[point](told, root)
        await told.kill()
        told.model.answer("report/*", LONG) if long else told.model.answer("report/*")
        told.model.answer("angle/technical")
        await told.start()
        await told.slack.until(lambda: root.text.startswith("Research on tea is done, 3 of 3 angles"))
        await told.slack.until(lambda: NOTE in [each.part for each in told.slack.thread(root)])
        parts = [each.part for each in told.slack.thread(root)]
        more = {part for part in parts if part.startswith("report/")} if long else set()
        assert Counter(parts) == Counter(REPLIES | {NOTE} | more)
        assert bool(more) == long
        assert parts[-1] == NOTE
        texts = {each.part: each.text for each in told.slack.thread(root)}
        assert "The technical view begins here" in texts["angle/technical"]
        assert "missing" not in texts["report"]
        assert "9 model calls" in texts[f"report/{len(more) + 1}" if long else "report"]
        assert set(answered(told.model).values()) == {1}
