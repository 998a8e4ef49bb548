"""What somebody presses counts only where its run is: names of runs can be copied, and clicks can be made up."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.slack.controls import EXPORT_FILE, FEEDBACK, RETRY_ANGLE
from bot.slack.menus import ROOT_MENU
from bot.slack.root import RESUME, STOP
from tests import model_server as ms
from tests.story import Mode, Story, story

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
    body |= {"response_url": told.slack._reply_url(user, channel)}
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


async def test_where_no_angle_could_be_completed_no_message_promises_a_report(mode: Mode) -> None:
    """People would wait for it."""
    async with story(mode) as told:
        told.model.answer("angle/*", "x", *[ms.REFUSED] * 9)
        root = await told.says(await told.research("tea"), "Failed: none of the 3 angles")
        assert "reword the topic and start a new run" in root.text
        await told.slack.until(lambda: all("No report was written." in each.text for each in told.slack.thread(root)))
        assert not [each for each in told.slack.thread(root) if "will name this gap" in str(each.blocks)]
        alone = await told.says(await told.research('coffee --angles "legal"'), "Failed: the only angle")
        assert [
            each.versions[0].text.count("No report can be written without it.") for each in told.slack.thread(alone)
        ]
