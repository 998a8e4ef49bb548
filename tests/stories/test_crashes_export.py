"""The bot is killed at every point of an export, and started again: it stands in the thread once."""

from __future__ import annotations

import pytest

from bot.slack.messages.controls import EXPORT_CANVAS, EXPORT_FILE
from tests.support.crashes import Crashing, crashing

FILE_DONE = "The .md file is in the thread."
CANVAS_DONE = "The canvas is in the thread. Everyone in this channel can open it."
# The button, Slack's method that is not answered, and whether Slack did what it was asked.
POINTS = {
    "the file has no address yet": (EXPORT_FILE, "files.getUploadURLExternal", False),
    "the file is on its way": (EXPORT_FILE, "files.completeUploadExternal", False),
    "the file stands and nobody knows": (EXPORT_FILE, "files.completeUploadExternal", True),
    "the canvas is being made": (EXPORT_CANVAS, "canvases.create", False),
    "the canvas is being opened to readers": (EXPORT_CANVAS, "canvases.access.set", True),
    "the way to the canvas stands and nobody knows": (EXPORT_CANVAS, "chat.postMessage", True),
}


@pytest.mark.parametrize("point", POINTS)
async def test_an_export_that_a_crash_interrupts_is_made_once(point: str, sqlite_url: str) -> None:
    """What was pressed and acknowledged comes, and comes once."""
    button, method, done = POINTS[point]
    async with crashing(sqlite_url) as told:
        await told.ask()
        root = await told.ended()
        report = told.slack.thread(root)[-1]
        told.slack.fault(method, hang=True, done=done)
        assert (await told.slack.click(report, button)).acked
        await told.slack.until(lambda: any(call.answer is None for call in told.slack.calls))
        await told.kill()
        await told.start()
        wanted = FILE_DONE if button == EXPORT_FILE else CANVAS_DONE
        await told.slack.until(lambda: wanted in [answer.text for answer in told.slack.answers])
        added = told.slack.thread(root)[4:]
        assert len(added) == 1
        assert shared(told) == (1 if button == EXPORT_FILE else 0)
        assert all(canvas.access == {told.channel.id: "read"} for canvas in told.slack.canvases)
        assert len(told.slack.canvases) == (0 if button == EXPORT_FILE else 1)


def shared(told: Crashing) -> int:
    return sum(bool(upload.shared) for upload in told.slack.uploads)
