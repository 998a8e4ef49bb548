"""The bot is killed in every kind of node of a deep angle, and started again: nothing that is stored is asked again."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from bot.playground.model import REFUSED
from bot.playground.slack.workspace import Message
from bot.slack.messages.controls import RETRY_ANGLE
from tests.support.crashes import Crashing, answered, crashing

PLACE = "angle/technical"
QUESTIONS = [f"{PLACE}/{number}" for number in (1, 2, 3)]
REPORT = ["report/technical", "report/synthesis"]
# Where it is killed: the step that the model owes then, what the root says by then, and what is asked before.
POINTS = {
    "plan": (f"{PLACE}/plan", "Technical: working.", []),
    "repair": (f"{PLACE}/plan/repair", "Technical: working.", [f"{PLACE}/plan"]),
    "question": (f"{PLACE}/2", "Technical: 2 of 3 questions.", [f"{PLACE}/plan", QUESTIONS[0], QUESTIONS[2]]),
    "merge": (PLACE, "Technical: 3 of 3 questions.", [f"{PLACE}/plan", *QUESTIONS]),
}


async def owed(told: Crashing, step: str, said: str) -> Message:
    """Wait until the model owes this step and all before it is stored, as the root message tells."""
    await told.model.until(lambda: len(told.model.asked(step)) == 1)
    await told.slack.until(lambda: any(said in root.text for root in told.roots("tea")))
    (root,) = told.roots("tea")
    return root


async def killed(told: Crashing, step: str, said: str) -> None:
    """Kill the bot while the model owes this step; start another one, which the model answers."""
    await owed(told, step, said)
    await told.kill()
    told.model.answer(step)
    await told.start()


@pytest.mark.parametrize("point", POINTS)
async def test_a_deep_run_that_a_crash_interrupts_asks_for_nothing_twice(point: str, sqlite_url: str) -> None:
    """Each node is stored by itself: a tree is too dear to be walked again."""
    step, said, before = POINTS[point]
    async with crashing(sqlite_url) as told:
        if point == "repair":
            told.model.answer(f"{PLACE}/plan", "I would rather not.")
        told.model.answer(step, gate=asyncio.Event())
        assert (await told.slack.command("tea --deep --angles technical", told.channel.id)).acked
        await killed(told, step, said)
        root = await told.ended()
        repaired = [f"{PLACE}/plan/repair"] if point == "repair" else []
        everything = [f"{PLACE}/plan", *repaired, *QUESTIONS, PLACE, *REPORT]
        assert answered(told.model) == Counter(
            f"{told.model.requests[0].name.partition('/')[0]}/{each}" for each in everything
        )
        times = Counter(call.step for call in told.model.requests)
        assert [times[each] for each in (step, *before)] == [2, *[1] * len(before)]
        parts = [message.part for message in told.slack.thread(root)]
        assert parts == [PLACE, "report"]
        assert "is done" in root.text


async def test_a_retry_of_a_question_that_a_crash_interrupts_asks_for_that_question_only(sqlite_url: str) -> None:
    """What an earlier attempt found stands in the run, what this one found in its journal."""
    async with crashing(sqlite_url) as told:
        told.model.answer(f"{PLACE}/2", "", REFUSED)
        assert (await told.slack.command("tea --deep --angles technical", told.channel.id)).acked
        root = await told.ended()
        told.model.requests.clear()
        told.model.answer(f"{PLACE}/2")
        told.model.answer(PLACE, gate=asyncio.Event())
        assert (await told.slack.click(root, RETRY_ANGLE, "U0OTHER")).acked
        await killed(told, PLACE, "Technical: 3 of 3 questions.")
        await told.slack.until(lambda: "is done" in root.text)
        asked = [call.step for call in told.model.requests if call.ended and not call.cut]
        assert sorted(asked) == sorted([f"{PLACE}/2", PLACE, *REPORT])
