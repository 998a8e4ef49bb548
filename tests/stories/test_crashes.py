"""The bot is killed at every point of a run, and started again: nothing lost, nothing twice, nothing paid twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from bot.playground.model import REFUSED
from bot.playground.slack.workspace import PrivateAnswer
from bot.slack.listeners.modal import SHORTCUT
from bot.slack.messages.ephemeral import START_DM
from bot.slack.messages.root import RESUME, STOP
from tests.support.crashes import REPLIES, Crashing, answered, crashing
from tests.support.story import Mode

Reached = Callable[[Crashing], Awaitable[None]]


async def slack_owes(told: Crashing, method: str, part: str, done: bool) -> None:
    """Slack does not answer the call for this part, whether it did what it was asked or not."""

    def fits(arguments: dict[str, Any]) -> bool:
        its_part: str = arguments["metadata"]["event_payload"]["part"]
        return its_part == part and (method != "chat.update" or "is done" in arguments["text"])

    told.slack.fault(method, hang=True, done=done, fits=fits)
    if not part.startswith("angle/"):
        await told.ask()
    else:  # what is shown, or on its way, is stored; the others first, or they may have to wait until the bot gives up
        told.model.answer("report/*", gate=asyncio.Event())
        told.model.answer(part, gate=(others_stand := asyncio.Event()))
        await told.ask()
        await told.shown(2)
        others_stand.set()
    await told.slack.until(lambda: any(call.answer is None for call in told.slack.calls))


async def model_owes(told: Crashing, pattern: str, calls: int, standing: int) -> None:
    """The model does not answer these calls before the bot is gone; so many messages stand in the thread."""
    told.model.answer("report/*", gate=asyncio.Event())  # nobody sees from here when an answer is stored
    told.model.answer(pattern, gate=asyncio.Event())
    await told.ask()
    await told.model.until(lambda: len(told.model.asked(pattern)) == calls)
    await told.slack.until(lambda: sum(len(told.slack.thread(root)) for root in told.roots("tea")) == standing)


POINTS: dict[str, Reached] = {
    "the root message is on its way": partial(slack_owes, method="chat.postMessage", part="root", done=False),
    "the root message stands and nobody knows": partial(slack_owes, method="chat.postMessage", part="root", done=True),
    "all angles are asked for": partial(model_owes, pattern="angle/*", calls=3, standing=0),
    "an angle is on its way": partial(slack_owes, method="chat.postMessage", part="angle/technical", done=False),
    "an angle stands and nobody knows": partial(
        slack_owes, method="chat.postMessage", part="angle/technical", done=True
    ),
    "sections are asked for, an angle still works": partial(model_owes, pattern="*/technical", calls=1, standing=2),
    "sections and synthesis are asked for": partial(model_owes, pattern="report/*", calls=4, standing=3),
    "the report is on its way": partial(slack_owes, method="chat.postMessage", part="report", done=False),
    "the report stands and nobody knows": partial(slack_owes, method="chat.postMessage", part="report", done=True),
    "the last state is on its way": partial(slack_owes, method="chat.update", part="root", done=False),
}


ON_POSTGRES = ["the root message stands and nobody knows", "sections and synthesis are asked for"]
CASES = [(point, "sqlite") for point in POINTS] + [(point, "postgres") for point in ON_POSTGRES]


@pytest.mark.parametrize(("point", "database_url"), CASES, indirect=["database_url"])
async def test_a_run_that_a_crash_interrupts_ends_as_if_there_had_been_none(point: str, database_url: str) -> None:
    """What was acknowledged is finished; what was answered is not paid again; what stands is not said again."""
    async with crashing(database_url) as told:
        await POINTS[point](told)
        await told.kill()
        told.model.answer("*")
        await told.start()
        root = await told.ended()
        told.assert_whole(root)
        assert set(answered(told.model).values()) == {1}


async def test_an_angle_that_was_said_to_have_failed_stays_so_after_a_crash(
    mode_and_database: tuple[Mode, str],
) -> None:
    """What people have read holds; another try is theirs to ask for."""
    mode, database_url = mode_and_database
    async with crashing(database_url, mode) as told:
        told.model.answer("angle/technical", "", REFUSED)
        told.model.answer("angle/historical", "Tea is old.\n\nConfidence: high, because all agree.")
        told.model.answer("report/*", gate=asyncio.Event())
        await told.ask()
        await told.shown(3)
        await told.kill()
        told.model.answer("*")
        await told.start()
        root = await told.ended()
        told.assert_whole(root)
        assert len(told.model.asked("angle/technical")) == 1
        (technical,) = [reply for reply in told.slack.thread(root) if reply.part == "angle/technical"]
        assert ": failed. The model declined to write about this topic." in technical.text
        assert (
            "Confidence, as stated by the workers: historical high, societal not stated"
            in told.slack.thread(root)[-1].text
        )


@pytest.mark.parametrize("wanted", ["button", "word"])
async def test_a_run_can_be_stopped_from_the_first_moment_after_a_restart(wanted: str, database_url: str) -> None:
    """Nobody may be told that nothing is in progress while it goes on and costs money."""
    async with crashing(database_url) as told:
        told.model.answer("angle/societal", gate=asyncio.Event())
        await told.ask()
        await told.slack.until(lambda: told.roots("tea") and len(told.slack.thread(told.roots("tea")[0])) == 2)
        (root,) = told.roots("tea")
        await told.kill()
        await told.start()
        if wanted == "button":
            assert (await told.slack.click(root, STOP)).acked
        else:
            assert (await told.slack.command("status", told.channel.id)).acked
            assert "tea" in told.slack.answers[-1].text
            assert (await told.slack.command("stop", told.channel.id)).acked
        await told.slack.until(lambda: "Stopped" in root.text)
        await told.slack.until(lambda: any(answer.text.startswith("Stopped.") for answer in told.slack.answers))


async def test_a_topic_that_found_no_place_is_still_there_after_a_restart(database_url: str) -> None:
    """The message beside the button promises half an hour, whatever becomes of the process meanwhile."""
    async with crashing(database_url) as told:
        closed = told.slack.workspace.add("closed", kind="private", members=set())
        assert (await told.slack.command("milk", closed.id)).acked

        def hints() -> list[PrivateAnswer]:
            """It may come before the acknowledgement is written down, or behind it."""
            return [each for each in told.slack.answers if each.text.startswith("I can't post in this channel")]

        await told.slack.until(hints)
        [hint] = hints()
        await told.kill()
        await told.start()
        assert (await told.slack.press(hint.payload, START_DM)).acked
        direct = told.slack.workspace.direct("U0ASKER").id
        await told.slack.until(
            lambda: any(each.text.startswith("Research on milk is done") for each in told.slack.messages(direct))
        )


async def test_a_run_that_moved_to_direct_messages_goes_on_there_after_a_crash(database_url: str) -> None:
    """Its channel takes nothing any more; what the asker has been told and shown there is not said again."""
    async with crashing(database_url) as told:
        gate, direct = asyncio.Event(), told.slack.workspace.direct("U0ASKER").id
        told.model.answer("angle/technical", gate=gate)
        told.model.answer("angle/societal", gate=asyncio.Event())
        told.model.answer("report/*", gate=asyncio.Event())
        await told.ask()
        await told.slack.until(lambda: told.roots("tea") and told.slack.thread(told.roots("tea")[0]))
        told.channel.archived = True
        gate.set()
        await told.slack.until(lambda: len(told.slack.messages(direct)) == 2)
        root = told.slack.messages(direct)[1]
        await told.stand(root, 2)
        await told.kill()
        told.model.answer("*")
        await told.start()
        await told.slack.until(lambda: root.text.startswith("Research on tea is done"))
        told.assert_whole(root)
        assert len(told.slack.messages(direct)) == 2
        assert set(answered(told.model).values()) == {1}


async def test_a_run_stopped_right_after_a_restart_keeps_what_was_found(mode_and_database: tuple[Mode, str]) -> None:
    """The new process must not show, nor pay for, less than the old one knew."""
    mode, database_url = mode_and_database
    async with crashing(database_url, mode) as told:
        told.model.answer("report/*", gate=asyncio.Event())
        await told.ask()
        root = await told.shown(3)
        await told.kill()
        await told.start()
        assert (await told.slack.click(root, STOP)).acked
        await told.slack.until(lambda: "Stopped" in root.text)
        assert "Historical: done in" in root.text
        told.model.answer("*")
        assert (await told.slack.click(root, RESUME)).acked
        await told.ended()
        told.assert_whole(root)
        assert set(answered(told.model).values()) == {1}


async def test_a_report_that_may_stand_can_be_stopped_no_more_after_a_restart(sqlite_url: str) -> None:
    """The root must not say that there is none when it stands right below."""
    async with crashing(sqlite_url) as told:
        await POINTS["the report stands and nobody knows"](told)
        (root,) = told.roots("tea")
        await told.kill()
        await told.start()
        assert (await told.slack.click(root, STOP)).acked
        assert await told.ended() is root
        told.assert_whole(root)


async def test_a_run_that_moved_and_was_all_but_kept_is_found_where_it_stands(sqlite_url: str) -> None:
    """Its asker reads on and asks on there; a root that says "working" for ever would belong to nobody."""
    async with crashing(sqlite_url) as told:
        gate, direct = asyncio.Event(), told.slack.workspace.direct("U0ASKER").id
        told.model.answer("angle/technical", gate=gate)
        await told.ask()
        await told.slack.until(lambda: told.roots("tea") and len(told.slack.thread(told.roots("tea")[0])) == 2)
        told.channel.archived = True
        told.slack.fault(
            "chat.update", hang=True, fits=lambda args: args["channel"] == direct and "is done" in args["text"]
        )
        gate.set()
        await told.slack.until(lambda: any(call.answer is None for call in told.slack.calls))
        root = told.slack.messages(direct)[1]
        await told.kill()
        await told.start()
        await told.slack.until(lambda: root.text.startswith("Research on tea is done"))
        asked = await told.slack.say(direct, "Who pays for it?", thread_ts=root.ts)
        await told.slack.until(lambda: f"answer/{asked.ts}" in [reply.part for reply in told.slack.thread(root)])
        assert set(answered(told.model).values()) == {1}
        assert len(told.slack.messages(direct)) == 2


async def test_a_form_that_was_taken_is_a_run_after_a_crash_and_its_root_stands_once(database_url: str) -> None:
    """The form is closed and gone; the root is looked for in the thread that it replies to, not in the channel."""
    async with crashing(database_url) as told:
        message = await told.slack.say(told.channel.id, "tea")
        assert (await told.slack.shortcut(SHORTCUT, message)).acked
        await told.slack.until(lambda: told.slack.views.modals)
        told.slack.fault("chat.postMessage", hang=True, done=True)
        assert (await told.slack.submit(told.slack.views.modals[0])).acked
        await told.slack.until(lambda: any(call.answer is None for call in told.slack.calls))
        await told.kill()
        await told.start()
        await told.slack.until(lambda: len(told.slack.thread(message)) == 5)
        root, *replies = told.slack.thread(message)
        await told.slack.until(lambda: root.text.startswith("Research on tea is done"))
        assert root.part == "root"
        assert sorted(reply.part for reply in replies) == sorted(REPLIES)
        assert len(told.slack.thread(message)) == 5
        assert set(answered(told.model).values()) == {1}
