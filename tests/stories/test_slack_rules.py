"""Slack as it is: limits, lost answers, private answers; in both modes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from tests.support.story import Mode, Story, is_reply, story

REPLIES = ["angle/historical", "angle/technical", "angle/societal", "report"]


def calls(told: Story, method: str) -> list[str]:
    """The parts that a method was called for, in order; refused calls too."""
    made = [call.arguments for call in told.slack.calls if call.method == method]
    return [arguments["metadata"]["event_payload"]["part"] for arguments in made]


async def test_at_the_default_pace_slack_never_has_to_say_slow_down(mode: Mode) -> None:
    """Who is told so too often is cut off."""
    async with story(mode, rated=True, slack_messages_per_second=1) as told:
        root = await told.ended(await told.research("tea"))
        assert len(told.slack.thread(root)) == 4
        assert not [call for call in told.slack.calls if call.answer and call.answer.get("error") == "ratelimited"]


async def test_a_limited_channel_takes_the_most_wanted_first(mode: Mode) -> None:
    """Somebody waits for the start of a new run; angles that are being read one by one can wait a little."""
    async with story(mode) as told:
        over = told.limit("chat.postMessage", is_reply)
        first = await told.research("first")
        await told.limited()
        second = await told.research("second")
        over.set()
        await told.ended(second)
        await told.ended(first)
        assert all(second.ts < reply.ts for reply in told.slack.thread(first))
        assert len(told.slack.thread(first)) == len(told.slack.thread(second)) == 4


async def test_a_limit_on_edits_holds_no_angle_back(mode: Mode) -> None:
    """Slack limits each method by itself; the thread matters more than the progress."""
    async with story(mode) as told:
        over = told.limit("chat.update")
        root = await told.research("tea")
        await told.slack.until(lambda: len(told.slack.thread(root)) == 4)
        assert "Starting" in root.text
        over.set()
        await told.ended(root)
        assert "is done" in root.text


async def test_the_report_is_asked_for_while_angles_wait_to_be_posted(mode: Mode) -> None:
    """A minute's wait at Slack must not become a minute's wait for the model."""
    async with story(mode) as told:
        over = told.limit("chat.postMessage", is_reply)
        root = await told.research("tea")
        await told.model.until(lambda: len(told.model.asked("report")) == 1)
        assert told.slack.thread(root) == []
        over.set()
        await told.ended(root)
        assert [message.part for message in told.slack.thread(root)][-1] == "report"


@pytest.mark.parametrize("part", ["root", *REPLIES])
async def test_a_message_whose_answer_is_lost_stands_once_in_its_place(mode: Mode, part: str) -> None:
    """Twice is wrong, and so is not at all."""
    async with story(mode) as told:
        told.slack.fault(
            "chat.postMessage", dropped=True, fits=lambda args: args["metadata"]["event_payload"]["part"] == part
        )
        root = await told.ended(await told.research("tea"))
        assert len(told.slack.messages(told.channel.id)) == 1
        assert sorted(message.part for message in told.slack.thread(root)) == sorted(REPLIES)
        assert told.slack.thread(root)[-1].part == "report"


async def test_the_log_of_a_lost_answer_names_its_own_run(mode: Mode) -> None:
    """Whoever is woken by it looks for that run."""
    with capture_logs(processors=[merge_contextvars]) as lines:
        async with story(mode) as told:
            gate = asyncio.Event()
            told.model.answer("angle/*", gate=gate)
            first, second = await told.research("first"), await told.research("second")
            told.slack.fault("chat.postMessage", dropped=True, fits=lambda args: args.get("thread_ts") == second.ts)
            gate.set()
            await told.ended(first)
            await told.ended(second)
    (lost,) = [line for line in lines if line["event"] == "message.unsent"]
    assert second.metadata
    assert lost["run"] == second.metadata["event_payload"]["run_id"]


async def test_an_edit_whose_answer_is_lost_is_made_again(mode: Mode) -> None:
    """It is harmless twice."""
    async with story(mode) as told:
        told.slack.fault("chat.update", dropped=True, fits=lambda args: "is done" in args["text"])
        root = await told.ended(await told.research("tea"))
        await told.slack.until(lambda: not len(told.bot.desk.active_runs) or "is done" in root.text)
        assert "is done" in root.text


async def test_a_slack_that_is_down_for_a_moment_costs_no_angle(mode: Mode) -> None:
    """What was paid for is shown, later."""
    async with story(mode) as told:
        root = await told.research("tea")
        told.slack.fault("chat.postMessage", status=503, times=3)
        await told.ended(root)
        assert sorted(message.part for message in told.slack.thread(root)) == sorted(REPLIES)


@pytest.mark.parametrize("words", ["--wat tea", "tea --depth=3", "tea --deeper"])
async def test_an_unknown_option_is_explained_and_not_researched(mode: Mode, words: str) -> None:
    """Else four calls are paid for a topic that nobody meant."""
    async with story(mode) as told:
        assert (await told.slack.command(words, told.channel.id)).acked
        assert told.slack.answers[0].text.startswith("There is no option --")
        assert told.slack.messages(told.channel.id) == []


@pytest.mark.parametrize("words", ["tea - a history", "tea -- a history", "is a - b = c?", "C++ vs. C--"])
async def test_dashes_within_a_topic_are_part_of_it(mode: Mode, words: str) -> None:
    """People write as they like."""
    async with story(mode) as told:
        root = await told.research(words)
        assert root.title == f"Research: {words}"


async def test_one_run_too_many_is_refused_by_the_ack_and_names_what_runs(mode: Mode) -> None:
    """A private sentence, no queue, nothing posted."""
    async with story(mode, runs_per_user=1) as told:
        told.model.answer("angle/*", gate=(gate := asyncio.Event()))
        root = await told.research("heat pumps")
        assert (await told.slack.command("tea", told.channel.id)).acked
        assert told.slack.answers[-1].text == (
            "You already have 1 run in progress, the limit. Wait for one to finish, or stop one: “heat pumps”. "
            "Not started: “tea”."
        )
        other = await told.research("tea", user="U0OTHER")
        gate.set()
        await told.ended(root)
        await told.ended(other)


async def test_the_day_and_the_workspace_have_their_limits_too(mode: Mode) -> None:
    """The one who pays sleeps better."""
    limits: dict[str, Any] = {"runs_per_user_day": 1, "runs_per_workspace_day": 2}
    async with story(mode, **limits) as told:
        for user, said in [
            ("U0ONE", "Starting research"),
            ("U0ONE", "You have used your 1 run for today. You can start the next one <!date^"),
            ("U0TWO", "Starting research"),
            ("U0THREE", "This workspace has used its 2 runs for today."),
        ]:
            assert (await told.slack.command(f"tea for {user}", told.channel.id, user=user)).acked
            assert told.slack.answers[-1].text.startswith(said)
        await told.slack.until(lambda: len(told.slack.messages(told.channel.id)) == 2)


async def test_runs_at_once_in_the_workspace_are_limited(mode: Mode) -> None:
    """Everybody shares the provider's limits."""
    async with story(mode, runs_per_workspace=1) as told:
        told.model.answer("angle/*", gate=(gate := asyncio.Event()))
        await told.research("heat pumps")
        await told.slack.command("tea", told.channel.id, user="U0OTHER")
        assert told.slack.answers[-1].text.startswith("This workspace already has 1 run in progress, the limit.")
        gate.set()
