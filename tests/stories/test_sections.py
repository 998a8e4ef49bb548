"""A report that grows while other angles still work, and findings that are weighed; in both modes of Slack."""

from __future__ import annotations

import asyncio

from bot.playground import model as ms
from bot.playground.slack.workspace import Message
from bot.slack.messages.controls import RETRY, RETRY_ANGLE
from bot.slack.messages.root import RESUME, STOP
from tests.support.story import Mode, Story, story

REPLIES = ["angle/historical", "angle/technical", "angle/societal", "report"]
PARTS = ["report/historical", "report/technical", "report/societal"]
STATED = "Confidence, as stated by the workers: historical high, technical not stated, societal low"


def asked(told: Story) -> list[str]:
    """What the model was asked of the report."""
    return sorted(request.step for request in told.model.asked("report*"))


def reply(told: Story, root: Message, part: str) -> Message:
    """The one message in the thread that says it is this part."""
    (message,) = [each for each in told.slack.thread(root) if each.part == part]
    return message


async def test_sections_are_written_while_an_angle_still_works_and_the_report_is_posted_once(mode: Mode) -> None:
    """Whoever waits for it waits for the synthesis alone."""
    async with story(mode, report="sections") as told:
        gates = told.hold("technical")
        root = await told.research("tea")
        await told.model.until(lambda: len(asked(told)) == 2)
        assert "angle/technical" not in told.parts(root)
        gates["technical"].set()
        await told.says(root, "is done, 3 of 3 angles")
        assert asked(told) == sorted([*PARTS, "report/synthesis"])
        assert sorted(told.parts(root)) == sorted(REPLIES)
        assert told.parts(root)[-1] == "report"
        text = reply(told, root, "report").text
        for slug in ("historical", "technical", "societal"):
            assert f"In short: The {slug} view begins here." in text
        assert "The technical angle says: The technical view begins here." in text


async def test_a_synthesis_that_fails_is_said_first_and_trying_again_writes_it_alone(mode: Mode) -> None:
    """What was written stands; what is missing is one press away."""
    async with story(mode, report="sections") as told:
        told.model.answer("report/synthesis", "x", ms.REFUSED)
        root = await told.says(await told.research("tea"), "is partly done: 3 of 3 angles. The synthesis failed.")
        report = reply(told, root, "report")
        assert "The synthesis is missing: The model declined it." in report.text
        assert "In short: The technical view begins here." in report.text
        assert RETRY in str(root.blocks)
        told.model.requests.clear()
        await told.click(report, RETRY)
        await told.says(root, "is done, 3 of 3 angles")
        await told.slack.until(lambda: "note/updated/synthesis" in told.parts(root))
        assert [request.step for request in told.model.requests] == ["report/synthesis"]
        assert "missing" not in report.text
        assert RETRY not in str(root.blocks)
        assert "The synthesis has been written" in reply(told, root, "note/updated/synthesis").text


async def test_a_retried_angle_has_its_section_written_and_the_synthesis_anew(mode: Mode) -> None:
    """No other section is paid for again."""
    async with story(mode, report="sections") as told:
        told.model.answer("angle/technical", "x", ms.REFUSED)
        root = await told.says(await told.research("tea"), "is partly done")
        told.model.answer("*")
        told.model.requests.clear()
        await told.click(reply(told, root, "angle/technical"), RETRY_ANGLE)
        await told.says(root, "is done, 3 of 3 angles")
        assert asked(told) == ["report/synthesis", "report/technical"]
        assert "In short: The technical view begins here." in reply(told, root, "report").text


async def test_a_run_that_is_stopped_while_its_report_is_written_shows_none_of_it_until_it_is_resumed(
    mode: Mode,
) -> None:
    """After a stop nothing is posted, and nothing more is paid."""
    async with story(mode, report="sections") as told:
        told.model.answer("report/*", gate=asyncio.Event())
        root = await told.says(await told.research("tea"), "Writing the report")
        await told.model.until(lambda: len(asked(told)) == 4)
        await told.click(root, STOP)
        await told.says(root, "Stopped")
        await told.model.until(lambda: all(request.cut for request in told.model.asked("report/*")))
        assert "report" not in told.parts(root)
        told.model.answer("*")
        await told.click(root, RESUME)
        await told.says(root, "is done, 3 of 3 angles")
        assert sorted(told.parts(root)) == sorted(REPLIES)


async def test_how_sure_workers_are_stands_in_the_small_print_and_in_the_export_and_not_in_their_texts(
    mode: Mode,
) -> None:
    """Readers weigh by it; the line itself is for the bot."""
    async with story(mode, report="sections") as told:
        told.model.answer("angle/historical", "Tea is old.\n\n**Confidence:** High, because all agree.")
        told.model.answer("angle/societal", "Tea is drunk.\n\nConfidence: low, because | little is known.")
        root = await told.says(await told.research("tea"), "is done")
        assert "onfidence" not in reply(told, root, "angle/historical").text
        report = reply(told, root, "report")
        assert STATED in report.text
        assert STATED in str(report.blocks)
        (synthesis,) = told.model.asked("report/synthesis")
        assert "| Historical | high | all agree | 3 |" in synthesis.prompt
        await told.click(report, "research.report.export_md")
        await told.slack.until(lambda: told.slack.uploads and told.slack.uploads[0].content)
        document = (told.slack.uploads[0].content or b"").decode()
        assert "| Historical | high | all agree | 3 |" in document
        assert "| Societal | low | / little is known | 3 |" in document
