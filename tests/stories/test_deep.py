"""Depth, as people see it: angles split into questions, what is missing of them named and retried; in both modes."""

from __future__ import annotations

import asyncio
import re
from collections import Counter

from bot.playground import model as ms
from bot.playground.slack.workspace import Message
from bot.slack.messages.controls import EXPORT_FILE, RETRY_ANGLE
from bot.slack.messages.root import RESUME, STOP
from tests.support.story import Mode, Story, story

UNANSWERED = "One question is not answered: “What does technical come to today?” (the model declined it)."
UNDER_WAY = "This run is still in progress. Press the button again once its report is there."


def angle(told: Story, root: Message, slug: str = "technical") -> Message:
    """The message of one angle."""
    (message,) = [each for each in told.slack.thread(root) if each.part == f"angle/{slug}"]
    return message


async def incomplete(told: Story) -> Message:
    """A deep run one question of which failed; from now on the model answers at once."""
    told.model.answer("angle/technical/2", "", ms.REFUSED)
    root = await told.says(await told.research("tea --deep"), "is partly done")
    told.model.answer("*")
    told.model.requests.clear()
    return root


def asked(told: Story) -> list[str]:
    return sorted(call.step for call in told.model.requests)


async def test_the_root_says_how_many_questions_of_an_angle_are_answered(mode: Mode) -> None:
    """A run that takes twice as long must be seen to get on."""
    async with story(mode) as told:
        gates = {number: asyncio.Event() for number in (2, 3)}
        for number, gate in gates.items():
            told.model.answer(f"angle/technical/{number}", gate=gate)
        root = await told.says(await told.research("tea --deep"), "Technical: 1 of 3 questions.")
        gates[2].set()
        await told.says(root, "Technical: 2 of 3 questions.")
        gates[3].set()
        await told.says(root, "is done, 3 of 3 angles")
        assert "The technical view begins here" in angle(told, root).text
        assert "16 model calls" in told.ending(root)
        assert max(Counter(asked(told)).values()) == 1
        assert len(told.model.asked("angle/*/plan")) == 3


async def test_a_question_that_failed_is_named_where_its_answer_is_missing_and_can_be_retried(mode: Mode) -> None:
    """A half answer must not look like a whole one, and the other half must be to be had."""
    async with story(mode) as told:
        root = await incomplete(told)
        message = angle(told, root)
        assert f"{UNANSWERED} You can retry this angle with the button Retry this angle." in message.text
        assert "1 question of the technical angle failed" in root.text
        (report,) = [each for each in told.slack.thread(root) if each.part == "report"]
        assert UNANSWERED in report.text
        assert RETRY_ANGLE in str(report.blocks)
        await told.click(message, RETRY_ANGLE, "U0OTHER")
        await told.says(root, "is done, 3 of 3 angles")
        await told.slack.until(lambda: "note/updated/technical/2" in told.parts(root))
        assert asked(told) == ["angle/technical", "angle/technical/2", "report"]
        assert "not answered" not in f"{message.text} {report.text} {root.text}"
        assert angle(told, root).ts == message.ts
        assert RETRY_ANGLE not in str(message.blocks)
        assert "19 model calls" in told.ending(root)


async def test_two_people_who_retry_an_angle_at_once_pay_once(mode: Mode) -> None:
    """The second click finds a run under way."""
    async with story(mode) as told:
        root = await incomplete(told)
        gate = asyncio.Event()
        told.model.answer("angle/technical/2", gate=gate)
        message = angle(told, root)
        await told.click(message, RETRY_ANGLE, "U0OTHER")
        await told.heard("Retrying the technical angle. The run's message shows the progress.", "U0OTHER")
        await told.says(root, "Technical: 2 of 3 questions.")
        await told.click(message, RETRY_ANGLE)
        await told.heard(UNDER_WAY)
        assert "The technical view begins here" in message.text
        gate.set()
        await told.says(root, "is done, 3 of 3 angles")
        assert asked(told) == ["angle/technical", "angle/technical/2", "report"]


async def test_a_retry_that_is_stopped_leaves_the_angle_and_its_report_as_they_were(mode: Mode) -> None:
    """Stop takes nothing away that stood there before."""
    async with story(mode) as told:
        root = await incomplete(told)
        told.model.answer("angle/technical/2", gate=asyncio.Event())
        before = angle(told, root).text
        await told.click(root, RETRY_ANGLE)
        await told.says(root, "Technical: 2 of 3 questions.")
        await told.click(root, STOP)
        await told.says(root, "Stopped by <@U0ASKER>")
        assert angle(told, root).text == before
        told.model.answer("*")
        await told.click(root, RESUME)
        await told.says(root, "is partly done")
        await told.click(root, RETRY_ANGLE)
        await told.says(root, "is done, 3 of 3 angles")
        assert len(told.model.asked("angle/technical/1")) == 0
        assert len(told.model.asked("report")) == 1


async def test_an_angle_all_of_whose_questions_failed_is_a_gap_and_a_retry_keeps_its_plan(mode: Mode) -> None:
    """Nothing can be made of no answer."""
    async with story(mode) as told:
        told.model.answer("angle/technical/*", "", *[ms.REFUSED] * 3)
        told.model.answer("angle/technical/plan")
        root = await told.says(await told.research("tea --deep"), "is partly done: 2 of 3 angles")
        assert "Failed: the model declined" in str(angle(told, root).blocks).replace("*", "")
        told.model.answer("*")
        told.model.requests.clear()
        await told.click(angle(told, root), RETRY_ANGLE)
        await told.says(root, "is done, 3 of 3 angles")
        assert asked(told) == ["angle/technical", *(f"angle/technical/{n}" for n in (1, 2, 3)), "report"]


async def test_an_angle_that_could_not_be_split_says_so(mode: Mode) -> None:
    """Whoever asked for depth must know where there is none."""
    async with story(mode) as told:
        told.model.answer("angle/technical/plan*", "I would rather not.")
        root = await told.says(await told.research("tea --deep"), "is done, 3 of 3 angles")
        assert "not split into questions: the model named none that could be used" in str(angle(told, root).blocks)
        assert angle(told, root).text.endswith("Not split into questions: the model named none that could be used.")
        assert "not split" not in str(angle(told, root, "societal").blocks)
        assert [len(told.model.asked(f"angle/technical{end}")) for end in ("/plan", "/plan/repair", "")] == [1, 1, 1]


async def test_with_three_levels_a_retry_asks_for_the_one_leaf_that_failed_and_all_above_it(mode: Mode) -> None:
    """A deeper tree is the same tree: what is beside the way to the root is not touched."""
    async with story(mode, max_depth=3, report="sections") as told:
        told.model.answer("angle/technical/2/1", "", ms.REFUSED)
        root = await told.says(await told.research("tea --deep"), "is partly done")
        assert "“How did technical/2 begin?” (the model declined it)." in angle(told, root).text
        told.model.answer("*")
        told.model.requests.clear()
        await told.click(root, RETRY_ANGLE)
        await told.says(root, "is done, 3 of 3 angles")
        above = ["angle/technical", "angle/technical/2", "angle/technical/2/1"]
        assert asked(told) == [*above, "report/synthesis", "report/technical"]


async def test_an_export_names_what_is_missing(mode: Mode) -> None:
    """A file leaves the thread that would explain it."""
    async with story(mode) as told:
        root = await incomplete(told)
        (report,) = [each for each in told.slack.thread(root) if each.part == "report"]
        await told.click(report, EXPORT_FILE)
        await told.heard("The .md file is in the thread.")
        exported = (told.slack.uploads[0].content or b"").decode()
        assert UNANSWERED in exported
        assert "| Time | Model calls |" in exported
        assert re.search(r"\| Technical \|.* 5 \|", exported)  # a plan, three questions, one text of them
