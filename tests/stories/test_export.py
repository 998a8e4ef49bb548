"""Exports: a Markdown file or a canvas in the thread, each state of a run once in each form; in both modes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.adapters import engine_dbos
from bot.playground import model as ms
from bot.playground.slack.workspace import Message
from bot.slack.messages.controls import EXPORT_CANVAS, EXPORT_FILE, RETRY_ANGLE, ROOT_MENU
from tests.support.story import Mode, Story, story

FILE_DONE = "The .md file is in the thread."
CANVAS_DONE = "The canvas is in the thread. Everyone in this channel can open it."
NO_CANVAS = "Canvases aren't available in this workspace, so the .md file is in the thread instead."


async def done(told: Story, *failing: str) -> tuple[Message, Message]:
    """A run with its report, some of whose angles failed: the root message and the report."""
    for slug in failing:
        told.model.answer(f"angle/{slug}", "x", ms.REFUSED)
    root = await told.research("tea & <cake>")
    await told.slack.until(lambda: "is partly done" in root.text if failing else "is done" in root.text)
    told.model.answer("*")
    return root, next(each for each in told.slack.thread(root) if each.part == "report")


def files(told: Story, root: Message) -> list[Message]:
    return [each for each in told.slack.thread(root) if each.files]


def refuse_canvases(told: Story, times: int = 1) -> None:
    told.slack.fault("canvases.create", error="canvas_disabled_user_team", times=times)


async def test_the_report_is_exported_as_a_file_into_its_thread(mode: Mode) -> None:
    """Whoever wants to work on must not copy six messages by hand; what was typed stands there as it was typed."""
    async with story(mode) as told:
        root, report = await done(told, "technical")
        await told.click(report, EXPORT_FILE, "U0OTHER")
        await told.heard(FILE_DONE, "U0OTHER")
        (upload,) = told.slack.uploads
        assert (upload.filename, upload.title) == ("research-tea-cake.md", "Report: tea & <cake>")
        (message,) = files(told, root)
        assert upload.shared == message.ts
        assert upload.content
        text = upload.content.decode()
        assert text.startswith("# Research: tea & <cake>\n\nAsked on ")
        assert "## Synthesis\nThe historical angle says" in text
        assert "## Historical angle\nThe historical view begins here." in text
        assert "## Technical angle\n*Missing.* The technical angle could not be completed: the model declined" in text
        assert "no web sources: check facts before relying on them.  \n2 of 3 angles, " in text
        assert " s, 4 model calls" in text


async def test_the_same_state_is_exported_once_and_the_next_who_asks_gets_the_link(mode: Mode) -> None:
    """A thread full of the same file helps nobody."""
    async with story(mode) as told:
        root, report = await done(told)
        await told.click(report, EXPORT_FILE)
        await told.heard(FILE_DONE)
        await told.click(report, EXPORT_FILE, "U0OTHER")
        (message,) = files(told, root)
        link = f"p{message.ts.replace('.', '')}?thread_ts={root.ts}&cid={told.channel.id}|Open it>."
        await told.heard("The .md file is already in the thread. <", "U0OTHER")
        assert told.slack.answers[-1].text.endswith(link)


async def test_a_double_click_is_one_export(mode: Mode) -> None:
    """Impatience must not fill the thread."""
    async with story(mode) as told:
        root, report = await done(told)
        await asyncio.gather(told.click(report, EXPORT_FILE, "U0ONE"), told.click(report, EXPORT_FILE, "U0TWO"))
        await told.slack.until(lambda: {answer.user for answer in told.slack.answers} >= {"U0ONE", "U0TWO"})
        await told.slack.until(lambda: FILE_DONE in [answer.text for answer in told.slack.answers])
        assert len(files(told, root)) == len(told.slack.uploads) == 1


async def test_the_root_messages_menu_exports_as_well(mode: Mode) -> None:
    """A reader of the channel need not open the thread."""
    async with story(mode) as told:
        root, _ = await done(told)
        run = root.metadata["event_payload"]["run_id"] if root.metadata else ""
        assert (await told.slack.click(root, ROOT_MENU, option=f"export_md:{run}")).acked
        await told.heard(FILE_DONE)
        assert (await told.slack.click(root, ROOT_MENU, option=f"export_canvas:{run}")).acked
        await told.heard(CANVAS_DONE)


async def test_the_report_is_exported_as_a_canvas_that_the_channel_can_read(mode: Mode) -> None:
    """A page that only the bot can open is none."""
    async with story(mode) as told:
        root, report = await done(told)
        await told.click(report, EXPORT_CANVAS)
        await told.heard(CANVAS_DONE)
        (canvas,) = told.slack.canvases
        assert canvas.title == "Report: tea & <cake>"
        assert canvas.markdown.startswith("# Research: tea & <cake>")
        assert canvas.access == {told.channel.id: "read"}
        note = told.slack.thread(root)[-1]
        assert note.text.startswith(
            f"Exported as a canvas: <https://acme.slack.com/docs/T0ACME/{canvas.id}|Report: tea"
        )
        await told.click(report, EXPORT_CANVAS, "U0OTHER")
        await told.heard(
            f"The canvas is already in the thread. <https://acme.slack.com/docs/T0ACME/{canvas.id}|", "U0OTHER"
        )
        assert len(told.slack.canvases) == 1


async def test_where_there_are_no_canvases_the_file_comes_instead(mode: Mode) -> None:
    """The text matters, not its paper; and there is still only one of it."""
    async with story(mode) as told:
        root, report = await done(told)
        refuse_canvases(told, times=2)
        await told.click(report, EXPORT_CANVAS)
        await told.heard(NO_CANVAS)
        await told.slack.until(lambda: len(files(told, root)) == 1)
        await told.slack.until(lambda: told.slack.uploads[0].complete)
        await told.restart()
        await told.click(report, EXPORT_CANVAS, "U0OTHER")
        await told.heard(f"{NO_CANVAS} <https://acme", "U0OTHER")
        assert len(files(told, root)) == 1


async def test_another_state_of_the_run_is_another_export(mode: Mode) -> None:
    """After a retry the file of before lacks an angle."""
    async with story(mode) as told:
        root, report = await done(told, "technical")
        await told.click(report, EXPORT_FILE)
        await told.heard(FILE_DONE)
        await told.click(root, RETRY_ANGLE)
        await told.slack.until(lambda: "note/updated/technical" in told.parts(root))
        await told.says(root, "is done")
        await told.click(report, EXPORT_FILE)
        await told.heard(FILE_DONE, times=2)
        first, second = (upload.content or b"" for upload in told.slack.uploads)
        assert b"*Missing.*" in first
        assert b"*Missing.*" not in second


async def test_a_file_whose_answer_was_lost_does_not_stand_twice(mode: Mode) -> None:
    """Nobody knows what a second call would do, so the bot looks first."""
    async with story(mode) as told:
        root, report = await done(told)
        told.slack.fault("files.completeUploadExternal", dropped=True)
        await told.click(report, EXPORT_FILE)
        await told.heard(FILE_DONE)
        assert len(files(told, root)) == 1


async def test_an_export_that_slack_refuses_is_told_and_can_be_asked_for_again(mode: Mode) -> None:
    """A button that never answers again is worse than none."""
    async with story(mode) as told:
        root, report = await done(told)
        told.slack.fault("files.completeUploadExternal", error="posting_to_channel_denied")
        await told.click(report, EXPORT_FILE)
        await told.heard("The export could not be posted in the thread. Try again in a few minutes.")
        await told.click(report, EXPORT_FILE)
        await told.heard(FILE_DONE)
        assert len(files(told, root)) == 1


async def test_the_buttons_work_after_the_bot_was_restarted(mode: Mode) -> None:
    """And what was exported before is known."""
    async with story(mode) as told:
        root, report = await done(told)
        await told.click(report, EXPORT_CANVAS)
        await told.heard(CANVAS_DONE)
        await told.restart()
        await told.click(report, EXPORT_FILE)
        await told.heard(FILE_DONE)
        await told.click(report, EXPORT_CANVAS)
        await told.heard("The canvas is already in the thread.")
        assert len(files(told, root)) == 1


async def test_an_export_of_a_run_that_was_forgotten_says_so(mode: Mode) -> None:
    """The message stays in Slack when all that was found is deleted."""
    async with story(mode) as told:
        _, report = await done(told)
        run = report.metadata["event_payload"]["run_id"] if report.metadata else ""
        assert await told.bot.desk.kept(run)
        await told.bot.runs.forget([run])
        await told.click(report, EXPORT_FILE)
        await told.heard("This run's data has been deleted. Start a new run.")
        assert told.slack.uploads == []


async def test_in_direct_messages_the_canvas_is_for_the_asker(mode: Mode) -> None:
    """There is no channel whose members could read it, and nobody to silence the bot before."""
    async with story(mode) as told:
        told.channel = told.slack.workspace.direct("U0ASKER")
        root, report = await done(told)
        await told.click(report, EXPORT_CANVAS)
        await told.heard("The canvas is in the thread.")
        assert told.slack.canvases[0].access == {"U0ASKER": "read"}
        assert "mute" not in report.text
        assert report.blocks[-1]["elements"][0]["text"].endswith("I will answer from these findings.")
        assert root.channel == told.channel.id


async def test_an_export_under_way_at_a_restart_is_made_by_the_next_bot(
    mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was pressed is kept before it is acknowledged."""
    monkeypatch.setattr(engine_dbos, "LAST_SECONDS", 0.5)  # what hangs does not end by itself
    async with story(mode) as told:
        root, report = await done(told)
        told.slack.fault("files.getUploadURLExternal", hang=True)
        await told.click(report, EXPORT_FILE)
        await told.slack.until(lambda: any(is_waiting(call) for call in told.slack.calls))
        await told.restart()
        await told.heard(FILE_DONE)
        assert len(files(told, root)) == 1


def is_waiting(call: Any) -> bool:
    return bool(call.method == "files.getUploadURLExternal" and call.answer is None)
