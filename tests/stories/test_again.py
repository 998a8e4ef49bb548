"""Resume and Try again: another attempt at the same run, for what is missing; in both modes."""

from __future__ import annotations

import asyncio

from bot.playground import model as ms
from bot.playground.slack.workspace import Message
from bot.slack.messages.controls import RETRY
from bot.slack.messages.root import RESUME, STOP
from tests.stories.test_stop import LONG_REPORT
from tests.support.story import Mode, Story, is_reply, part, story

ANGLES = ["historical", "technical", "societal"]
GOING_ON = "This run is already in progress. Its message shows how far along it is."
REPLIES = [f"angle/{slug}" for slug in ANGLES] + ["report"]


async def stopped(told: Story, *done: str) -> Message:
    """A run that was stopped when these angles stood; from now on the model answers at once."""
    gates = told.hold(*ANGLES)
    root = await told.research("tea")
    await told.model.until(lambda: len(told.model.requests) == 3)
    for slug in done:
        gates[slug].set()
    await told.slack.until(lambda: len(told.parts(root)) == len(done))
    await told.click(root, STOP)
    await told.says(root, "Stopped by <@U0ASKER>")
    told.model.answer("*")
    told.model.requests.clear()
    return root


def steps(told: Story) -> list[str]:
    """What the model was asked for, angles in their order."""
    asked = [call.step for call in told.model.requests]
    return sorted(asked, key=lambda step: REPLIES.index(step))


async def test_a_resumed_run_goes_on_where_it_was_stopped(mode: Mode) -> None:
    """What was found and paid for is neither paid nor shown twice."""
    async with story(mode) as told:
        root = await stopped(told, "societal")
        run = root.metadata
        await told.click(root, RESUME, "U0OTHER")
        await told.says(root, "is done, 3 of 3 angles")
        assert steps(told) == ["angle/historical", "angle/technical", "report"]
        assert sorted(told.parts(root)) == sorted(REPLIES)
        assert (told.parts(root)[0], told.parts(root)[-1]) == ("angle/societal", "report")
        assert root.metadata == run
        assert "started again by <@U0OTHER>" in root.blocks[-1]["elements"][0]["text"]
        assert "4 model calls" in told.ending(root)
        assert len(told.slack.messages(told.channel.id)) == 1


async def test_while_it_goes_on_the_root_says_so_and_can_be_stopped_again(mode: Mode) -> None:
    """A second attempt is a run like any other."""
    async with story(mode) as told:
        root = await stopped(told, "societal")
        told.hold("historical", "technical")
        await told.click(root, RESUME, "U0OTHER")
        await told.says(root, "Working: 1 of 3 angles done. Historical: working.")
        assert "started again by <@U0OTHER>" in root.text
        await told.click(root, STOP)
        await told.says(root, "Stopped by <@U0ASKER>")
        told.model.answer("*")
        await told.click(root, RESUME)
        await told.says(root, "is done, 3 of 3 angles")


async def test_two_clicks_on_resume_are_one_attempt(mode: Mode) -> None:
    """Impatience must not be billed."""
    async with story(mode) as told:
        root = await stopped(told)
        gates = told.hold(*ANGLES)
        await asyncio.gather(told.click(root, RESUME, "U0ONE"), told.click(root, RESUME, "U0TWO"))
        await told.slack.until(lambda: told.slack.answers[-1].text == GOING_ON)
        for gate in gates.values():
            gate.set()
        await told.says(root, "is done")
        assert steps(told) == REPLIES


async def test_a_run_stopped_at_its_report_only_writes_the_report(mode: Mode) -> None:
    """The angles stand."""
    async with story(mode) as told:
        told.model.answer("report", "x", ms.HANG)
        root = await told.research("tea")
        await told.slack.until(lambda: len(told.parts(root)) == 3)
        await told.model.until(lambda: bool(told.model.asked("report")))
        await told.click(root, STOP)
        told.model.answer("*")
        told.model.requests.clear()
        await told.click(root, RESUME)
        await told.says(root, "is done")
        assert steps(told) == ["report"]
        assert sorted(told.parts(root)) == sorted(REPLIES)


async def test_a_report_that_was_stopped_on_its_way_to_slack_is_only_posted(mode: Mode) -> None:
    """It is written and paid for."""
    async with story(mode) as told:
        over = told.limit("chat.postMessage", lambda args: part(args) == "report", seconds=3)
        root = await told.research("tea")
        await told.limited()
        await told.click(root, STOP)
        told.model.requests.clear()
        await told.click(root, RESUME)
        over.set()
        await told.says(root, "is done")
        assert steps(told) == []
        assert told.parts(root)[-1] == "report"
        assert "4 model calls" in told.ending(root)


async def test_an_angle_stopped_on_its_way_to_slack_is_only_posted(mode: Mode) -> None:
    """It was found already."""
    async with story(mode) as told:
        over = told.limit("chat.postMessage", is_reply, seconds=3)
        gates = told.hold(*ANGLES)
        root = await told.research("tea")
        await told.model.until(lambda: len(told.model.requests) == 3)
        gates["historical"].set()
        await told.limited()
        await told.click(root, STOP)
        told.model.answer("*")
        told.model.requests.clear()
        await told.click(root, RESUME)
        over.set()
        await told.says(root, "is done")
        assert steps(told) == ["angle/technical", "angle/societal", "report"]
        assert sorted(told.parts(root)) == sorted(REPLIES)


async def test_a_report_of_which_a_part_was_refused_is_shown_anew_as_a_whole(mode: Mode) -> None:
    """Parts of two reports in a row read like one, and are none."""
    async with story(mode) as told:
        told.model.answer("report", LONG_REPORT)
        told.slack.fault("chat.postMessage", error="access_denied", fits=lambda args: part(args) == "report/2")
        root = await told.says(await told.research("tea"), "Failed: something went wrong on our side.")
        told.model.answer("report", LONG_REPORT.replace("Many words", "New words"))
        await told.click(root, RETRY)
        await told.says(root, "is done")
        report = [reply for reply in told.slack.thread(root) if reply.part.startswith("report")]
        assert sorted(reply.part for reply in report) == ["report", "report/2", "report/3"]
        assert not any("Many words" in reply.text for reply in report)


async def test_the_time_limit_begins_anew(mode: Mode) -> None:
    """Whoever resumes a run after its time wants more than gaps."""
    async with story(mode, run_timeout=2) as told:
        root = await stopped(told)
        told.model.answer("angle/technical", "x", ms.HANG)
        await told.click(root, RESUME)
        await told.says(root, "Limit reached: this run may use at most 2 s.")
        assert "The report covers what was found until then." in root.text
        assert told.parts(root)[-1] == "report"


async def test_resume_counts_on_the_limits_of_who_presses_it(mode: Mode) -> None:
    """Else other people's runs would be a way around one's own limit."""
    async with story(mode, runs_per_user=1) as told:
        root = await stopped(told)
        gates = told.hold(*ANGLES)
        own = await told.research("coffee", user="U0OTHER")
        await told.click(root, RESUME, "U0OTHER")
        await told.heard("You already have 1 run in progress, the limit. Wait for one to finish", "U0OTHER")
        assert told.slack.answers[-1].text.endswith("“coffee”. The run was not started again.")
        assert "Stopped by" in root.text
        for gate in gates.values():
            gate.set()
        await told.says(own, "is done")


async def test_a_resumed_run_takes_the_place_of_one_of_the_pressers(mode: Mode) -> None:
    """And none of its asker's, who may not even know of it."""
    async with story(mode, runs_per_user=1) as told:
        root = await stopped(told)
        gates = told.hold(*ANGLES)
        await told.click(root, RESUME, "U0OTHER")
        await told.says(root, "started again by")
        assert (await told.slack.command("coffee", told.channel.id, user="U0OTHER")).acked
        assert told.slack.answers[-1].text.startswith("You already have 1 run in progress, the limit.")
        other = await told.research("coffee")
        for gate in gates.values():
            gate.set()
        await told.says(other, "is done")
        await told.says(root, "is done")


async def test_an_attempt_counts_for_the_day_of_who_asked_for_it(mode: Mode) -> None:
    """It costs as much as a run."""
    async with story(mode, runs_per_user_day=1) as told:
        root = await stopped(told)
        await told.click(root, RESUME)
        await told.heard("You have used your 1 run for today. You can start the next one")
        await told.click(root, RESUME, "U0OTHER")
        await told.says(root, "is done")
        assert (await told.slack.command("coffee", told.channel.id, user="U0OTHER")).acked
        assert told.slack.answers[-1].text.startswith("You have used your 1 run for today.")
