"""What was stopped or had failed before the bot was restarted; in both modes."""

from __future__ import annotations

import pytest

from bot.playground import model as ms
from bot.playground.slack.workspace import Message
from bot.slack.messages.controls import RETRY
from bot.slack.messages.root import RESUME, STOP
from tests.support.story import Mode, Story, first_seen, run_id, story

ANGLES = ["historical", "technical", "societal"]
REPLIES = [f"angle/{slug}" for slug in ANGLES] + ["report"]


async def stopped(told: Story) -> Message:
    """A run that was stopped with one angle, and then the bot was restarted."""
    gates = told.hold(*ANGLES)
    root = await told.research("tea")
    await told.model.until(lambda: len(told.model.requests) == 3)
    gates["societal"].set()
    await told.slack.until(lambda: told.parts(root) == ["angle/societal"])
    await told.click(root, STOP, "U0OTHER")
    await told.says(root, "Stopped by <@U0OTHER>")
    await told.restart()
    told.model.answer("*")
    told.model.requests.clear()
    return root


async def test_a_stopped_run_is_not_gone_on_with_after_a_restart(mode: Mode) -> None:
    """Whoever stopped it will not look again."""
    async with story(mode) as told:
        root = await stopped(told)
        await told.ended(await told.research("coffee"))
        assert not [call for call in told.model.requests if call.name.startswith(run_id(root))]
        assert told.parts(root) == ["angle/societal"]
        assert "Stopped by <@U0OTHER>" in root.text


async def test_resume_works_after_a_restart(mode: Mode) -> None:
    """The button is still there, so it keeps its promise: what was found is kept."""
    async with story(mode) as told:
        root = await stopped(told)
        await told.click(root, RESUME)
        await told.says(root, "is done, 3 of 3 angles")
        assert sorted(call.step for call in told.model.requests) == ["angle/historical", "angle/technical", "report"]
        assert sorted(told.parts(root)) == sorted(REPLIES)
        assert len(told.slack.messages(told.channel.id)) == 1


async def test_try_again_after_a_failed_report_works_after_a_restart(mode: Mode) -> None:
    """It writes the report from what is kept, not from what a process remembers."""
    async with story(mode) as told:
        told.model.answer("report", "x", *[ms.TRUNCATED] * 2)
        root = await told.says(await told.research("tea"), "the report could not be written.")
        await told.restart()
        told.model.answer("report")
        told.model.requests.clear()
        await told.click(root, RETRY)
        await told.says(root, "is done, 3 of 3 angles")
        assert [call.step for call in told.model.requests] == ["report"]
        assert all(f"The {slug} view begins here" in told.model.requests[0].prompt for slug in ANGLES)


async def test_a_third_attempt_in_a_third_process_goes_on_from_the_second(mode: Mode) -> None:
    """Attempts add up, each with a name of its own."""
    async with story(mode) as told:
        root = await stopped(told)
        gates = told.hold("historical", "technical")
        await told.click(root, RESUME)
        gates["historical"].set()
        await told.slack.until(lambda: len(told.parts(root)) == 2)
        await told.click(root, STOP)
        await told.says(root, "Stopped by <@U0ASKER>")
        await told.restart()
        told.model.answer("*")
        told.model.requests.clear()
        await told.click(root, RESUME)
        await told.says(root, "is done, 3 of 3 angles")
        assert [call.step for call in told.model.requests] == ["angle/technical", "report"]


@pytest.mark.parametrize("end", ["done", "stopped"])
async def test_an_old_stop_button_is_stale_in_a_new_process(mode: Mode, end: str) -> None:
    """A client that slept must not change what has ended."""
    async with story(mode) as told:
        if end == "stopped":
            root = await stopped(told)
        else:
            root = await told.says(await told.research("tea"), "is done")
            await told.restart()
        before = root.text
        await told.click(first_seen(root), STOP)
        await told.heard("This button belongs to an older version of the message. The run has already finished.")
        assert root.text == before


async def test_the_days_runs_are_counted_through_a_restart(mode: Mode) -> None:
    """Else a crash would be a way around the limit."""
    async with story(mode, runs_per_user_day=1) as told:
        root = await stopped(told)
        await told.click(root, RESUME)
        await told.heard("You have used your 1 run for today. You can start the next one")
        assert "Stopped by" in root.text
