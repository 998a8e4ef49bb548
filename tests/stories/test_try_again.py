"""Try again, after a report or all angles failed: the same run, for what is missing; in both modes."""

from __future__ import annotations

from bot.playground import model as ms
from bot.slack.messages.controls import RETRY
from tests.support.story import Mode, story

REPLIES = ["angle/historical", "angle/technical", "angle/societal", "report"]


async def test_trying_again_after_a_failed_report_asks_for_the_report_only(mode: Mode) -> None:
    """As the message says; the gap stays the gap that its message names."""
    async with story(mode) as told:
        told.model.answer("angle/technical", "x", ms.REFUSED)
        told.model.answer("report", "x", *[ms.TRUNCATED] * 2)
        root = await told.says(await told.research("tea"), "the report could not be written. 2 of 3 angles are")
        told.model.answer("report")
        told.model.requests.clear()
        await told.click(root, RETRY, "U0OTHER")
        await told.says(root, "is partly done: 2 of 3 angles. The technical angle failed.")
        assert [call.step for call in told.model.requests] == ["report"]
        assert sorted(told.parts(root)) == sorted(REPLIES)
        assert "started again by <@U0OTHER>" in root.blocks[-1]["elements"][0]["text"]


async def test_trying_again_after_all_angles_failed_puts_findings_where_the_gaps_stood(mode: Mode) -> None:
    """Two messages for one angle, one of them "Failed", and nobody knows what holds."""
    async with story(mode) as told:
        told.model.answer("*", "x", *[ms.BAD_KEY] * 3)
        root = await told.says(await told.research("tea"), "Failed: none of the 3 angles could be completed.")
        gaps = told.slack.thread(root)
        assert all("failed" in gap.text for gap in gaps)
        told.model.answer("*")
        await told.click(root, RETRY)
        await told.says(root, "is done, 3 of 3 angles")
        *angles, report = told.slack.thread(root)
        assert [message.ts for message in angles] == [gap.ts for gap in gaps]
        assert not any("failed" in message.text for message in angles)
        assert report.part == "report"
        assert "7 model calls" in told.ending(root)


async def test_a_gap_whose_message_was_deleted_is_followed_by_a_new_message(mode: Mode) -> None:
    """Tidying up a failed angle does not end the run."""
    async with story(mode) as told:
        told.model.answer("*", "x", *[ms.BAD_KEY] * 3)
        root = await told.says(await told.research("tea"), "Failed: none of the 3 angles could be completed.")
        told.slack.delete(told.slack.thread(root)[0])
        told.model.answer("*")
        await told.click(root, RETRY)
        await told.says(root, "is done, 3 of 3 angles")
        assert sorted(told.parts(root)) == sorted(REPLIES)
