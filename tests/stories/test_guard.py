"""What somebody presses counts only where its run is: names of runs can be copied, and clicks can be made up."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.playground import model as ms
from bot.playground.slack.answers import Asked
from bot.playground.slack.workspace import Message
from bot.slack.messages.controls import EXPORT_FILE, FEEDBACK, RETRY, RETRY_ANGLE, ROOT_MENU
from bot.slack.messages.root import RESUME, STOP
from tests.support.story import Mode, Story, part, story

STALE = "This button belongs to an older version of the message."


def values(run_id: str) -> list[dict[str, Any]]:
    """Each kind of click that names a run."""
    menus = [
        {"type": "overflow", "action_id": ROOT_MENU, "selected_option": {"value": f"{verb}:{run_id}"}}
        for verb in ("export_md", "export_canvas", "again", "mute")
    ]
    plain = [
        STOP,
        RESUME,
        EXPORT_FILE,
        "research.report.export_canvas",
        "research.thread.mute",
        "research.thread.unmute",
    ]
    buttons = dict.fromkeys(plain, run_id) | {
        RETRY_ANGLE: f"{run_id}/technical",
        FEEDBACK: f"down:{run_id}",
        "research.followup.retry": f"{run_id}/1.2",
        "research.followup.new_run": f"{run_id}/1.2",
    }
    return [*menus, *({"type": "button", "action_id": name, "value": value} for name, value in buttons.items())]


async def press(told: Story, action: dict[str, Any], channel: str, user: str = "U0OTHER") -> None:
    body = told.slack._told("block_actions", user, channel)
    body |= {"actions": [action | {"block_id": "b"}], "channel": {"id": channel, "name": "x"}}
    body |= {"container": {"type": "message", "channel_id": channel}}
    body |= {"response_url": told.slack._reply_url(Asked(user, channel))}
    assert (await told.slack.deliver("interactive", body)).acked


async def test_a_click_about_a_run_of_another_channel_does_nothing(mode: Mode) -> None:
    """Whoever cannot read a channel must not export, stop or repeat what was researched there."""
    async with story(mode) as told:
        gate = asyncio.Event()
        told.model.answer("angle/technical", gate=gate)
        root = await told.research("tea")
        elsewhere = told.slack.workspace.add("elsewhere")
        told.slack.workspace.enter("U0OTHER", elsewhere.id)
        run_id = root.metadata["event_payload"]["run_id"] if root.metadata else ""
        for action in values(run_id):
            await press(told, action, elsewhere.id)
        await told.heard(STALE, "U0OTHER", times=len(values(run_id)))
        gate.set()
        await told.says(root, "is done, 3 of 3 angles")
        for action in values(run_id):
            await press(told, action, elsewhere.id)
        await told.heard(STALE, "U0OTHER", times=2 * len(values(run_id)))
        assert not told.slack.uploads
        assert not told.slack.views.modals
        await press(told, {"type": "button", "action_id": EXPORT_FILE, "value": run_id}, told.channel.id)
        await told.slack.until(lambda: told.slack.uploads)


@pytest.mark.parametrize("user", ["U0ASKER", "U0OTHER"])
async def test_in_direct_messages_only_who_asked_may_press_about_a_run_elsewhere(user: str) -> None:
    """What the bot tells an asker in direct messages may have buttons."""
    async with story("http") as told:
        told.model.answer("angle/technical", "x", ms.REFUSED)
        root = await told.says(await told.research("tea"), "is partly done")
        run_id = root.metadata["event_payload"]["run_id"] if root.metadata else ""
        direct = told.slack.workspace.direct(user)
        action = {"type": "button", "action_id": EXPORT_FILE, "value": run_id}
        await press(told, action, direct.id, user)
        if user == "U0ASKER":
            await told.slack.until(lambda: told.slack.uploads)
        else:
            await told.heard(STALE, user)


def promises(told: Story, root: Message) -> list[str]:
    """What in a thread speaks of a report as of something that will be."""
    return [each.part for each in told.slack.thread(root) if "report will" in f"{each.text} {each.blocks}"]


async def promised(told: Story, *others: str) -> Message:
    """A run whose technical angle is missing, which is said, while these other angles are still being researched."""
    told.model.answer("angle/technical", "x", ms.REFUSED)
    told.hold(*others)
    root = await told.research("tea")
    await told.slack.until(lambda: "report will" in str([each.versions[0] for each in told.slack.thread(root)]))
    return root


async def kept(told: Story, root: Message, words: str) -> None:
    """Wait until the thread promises nothing more, and says this of the report where the technical angle is missing."""
    (gap,) = [each for each in told.slack.thread(root) if each.part == "angle/technical"]
    await told.slack.until(lambda: words in gap.text and words in str(gap.blocks))
    assert promises(told, root) == []


async def test_a_run_that_was_stopped_promises_no_report(mode: Mode) -> None:
    """Whoever reads the thread later would look for it."""
    async with story(mode) as told:
        root = await promised(told, "historical", "societal")
        await told.click(root, STOP)
        await told.says(root, "Stopped by <@U0ASKER>")
        await kept(told, root, "No report was written.")


async def test_a_gap_of_which_nobody_heard_whether_it_stands_promises_nothing_after_a_stop(mode: Mode) -> None:
    """It was on its way when the run was stopped, so its place is not known."""
    async with story(mode) as told:
        told.slack.fault("chat.postMessage", done=True, status=503, fits=lambda args: part(args) == "angle/technical")
        over = told.limit("conversations.replies")
        root = await promised(told, "historical", "societal")
        await told.limited()
        await told.click(root, STOP)
        await told.says(root, "Stopped by <@U0ASKER>")
        over.set()
        await kept(told, root, "No report was written.")
        assert told.parts(root) == ["angle/technical"]


async def test_a_run_that_was_stopped_while_its_report_was_written_promises_none(mode: Mode) -> None:
    """All angles have ended by then, and the gap is still a gap."""
    async with story(mode) as told:
        told.model.answer("report", "x", ms.HANG)
        root = await promised(told)
        await told.model.until(lambda: bool(told.model.asked("report")))
        await told.slack.until(lambda: len(told.parts(root)) == 3)
        await told.click(root, STOP)
        await told.says(root, "Stopped by <@U0ASKER>")
        await kept(told, root, "No report was written.")


async def test_a_run_that_broke_promises_no_report(mode: Mode) -> None:
    """It says that something went wrong, and a line below it must not say that all will be well."""
    async with story(mode) as told:
        told.slack.fault("chat.postMessage", error="not_now", fits=lambda args: part(args) == "report")
        root = await told.says(await promised(told), "Failed: something went wrong on our side.")
        await kept(told, root, "No report was written.")


async def test_a_run_whose_root_was_deleted_promises_no_report(mode: Mode) -> None:
    """Its thread can still be read."""
    async with story(mode) as told:
        gates = told.hold("historical")
        root = await promised(told, "societal")
        told.slack.delete(root)
        gates["historical"].set()
        await told.model.until(lambda: told.model.asked("angle/societal")[0].cut)
        await kept(told, root, "No report was written.")


async def test_a_report_that_comes_after_all_is_said_to_be_there(mode: Mode) -> None:
    """The gap of the first attempt has said that there is none."""
    async with story(mode) as told:
        told.model.answer("report", "x", *[ms.TRUNCATED] * 2)
        root = await told.says(await promised(told), "Failed: the report could not be written.")
        await kept(told, root, "No report was written.")
        told.model.answer("report")
        await told.click(root, RETRY)
        await told.says(root, "is partly done")
        await kept(told, root, "The report says that this one is missing.")


async def test_where_no_angle_could_be_completed_no_message_promises_a_report(mode: Mode) -> None:
    """People would wait for it."""
    async with story(mode) as told:
        told.model.answer("angle/*", "x", *[ms.REFUSED] * 9)
        root = await told.says(await told.research("tea"), "Failed: none of the 3 angles")
        assert "reword the topic and start a new run" in root.text
        await told.slack.until(lambda: all("No report was written." in each.text for each in told.slack.thread(root)))
        assert promises(told, root) == []
        alone = await told.says(await told.research('coffee --angles "legal"'), "Failed: the only angle")
        assert [
            each.versions[0].text.count("No report can be written without it.") for each in told.slack.thread(alone)
        ]
