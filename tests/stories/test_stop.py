"""Stopping a run: by the button of its root message, by `/research stop`; in both modes."""

from __future__ import annotations

import asyncio

import pytest

from bot.playground import model as ms
from bot.playground.slack.workspace import Message
from bot.research.run_state import Phase, Run
from bot.slack.messages.root import STOP
from tests.support.story import Mode, Story, first_seen, is_reply, part, story

ANGLES = ["historical", "technical", "societal"]
REPLIES = [*(f"angle/{slug}" for slug in ANGLES), "report"]
LONG_REPORT = "The views agree.\n\n" + "\n\n".join(f"## Part {n}\n{'Many words. ' * 60}" for n in range(9))
STOPPED = "Stopped. Finished angles stay in the thread."
STALE = "This button belongs to an older version of the message. The run has already finished."
NOTHING = "You have no run in progress in this channel."


async def under_way(told: Story, *done: str) -> Message:
    """A run of which these angles stand, and the others wait for the model."""
    gates = told.hold(*ANGLES)
    root = await told.research("tea")
    for slug in done:
        gates[slug].set()
    await told.model.until(lambda: len(told.model.requests) == 3)
    if done:
        await told.says(root, f"Working: {len(done)} of 3 angles done.")
    return root


async def test_stop_cuts_the_calls_and_says_who_did_it_and_what_there_is(mode: Mode) -> None:
    """Whoever comes later must see that it was no failure, and nobody pays for what nobody wants."""
    async with story(mode) as told:
        root = await under_way(told, "societal")
        await told.click(root, STOP, "U0OTHER")
        await told.says(root, "Stopped by <@U0OTHER> after ")
        await told.model.until(lambda: all(call.cut for call in told.model.requests if call.step != "angle/societal"))
        assert "Historical: stopped. Technical: stopped. Societal: done in" in root.text
        assert ". No report was written." in root.text
        status = root.blocks[1]["text"]["text"]
        assert f"{told.slack.thread(root)[0].ts.replace('.', '')}?thread_ts={root.ts}" in status
        (button,) = root.blocks[2]["elements"]
        assert (button["action_id"], button["text"]["text"]) == ("research.run.resume", "Resume")
        await told.heard(STOPPED, "U0OTHER")
    assert told.parts(root) == ["angle/societal"]
    assert told.model.asked("report") == []


async def test_stop_asks_once_more_before_it_stops(mode: Mode) -> None:
    """A slip of the finger must not cost everybody's research."""
    async with story(mode) as told:
        root = await under_way(told)
        (button,) = root.blocks[2]["elements"]
        assert button["confirm"]["title"]["text"] == "Stop this research?"
        assert button["confirm"]["style"] == "danger"
        await told.click(root, STOP)


async def test_an_angle_that_waits_to_be_posted_is_not_posted_after_a_stop(mode: Mode) -> None:
    """A thread that goes on talking was not stopped."""
    async with story(mode) as told:
        over = told.limit("chat.postMessage", is_reply, seconds=3)
        gates = told.hold(*ANGLES)
        root = await told.research("tea")
        gates["historical"].set()
        await told.limited()
        await told.click(root, STOP)
        await told.says(root, "Stopped by <@U0ASKER>")
        for gate in gates.values():
            gate.set()
        over.set()
        await told.ended(await told.research("coffee"))  # it had to wait behind
        assert told.parts(root) == []
        assert "Technical: stopped." in root.text


async def test_a_report_that_is_being_written_is_given_up(mode: Mode) -> None:
    """The report is the longest call of all."""
    async with story(mode) as told:
        told.model.answer("report", "x", ms.HANG)
        root = await told.research("tea")
        await told.model.until(lambda: bool(told.model.asked("report")))
        await told.slack.until(lambda: len(told.parts(root)) == 3)
        await told.click(root, STOP)
        await told.says(root, "Stopped by <@U0ASKER>")
        await told.model.until(lambda: told.model.asked("report")[0].cut)
        assert root.text.count("done in") == 3
    assert "report" not in told.parts(root)


async def report_waits(told: Story) -> tuple[Message, asyncio.Event]:
    """A run whose report Slack puts off until the event is set."""
    over = told.limit("chat.postMessage", lambda args: part(args) == "report", seconds=3)
    root = await told.research("tea")
    await told.limited()
    return root, over


async def test_a_report_that_waits_to_be_posted_is_not_posted_after_a_stop(mode: Mode) -> None:
    """The root says that there is none."""
    async with story(mode) as told:
        root, over = await report_waits(told)
        await told.click(root, STOP)
        await told.says(root, "Stopped by <@U0ASKER>")
        over.set()
        await told.ended(await told.research("coffee"))  # it had to wait behind
        assert sorted(told.parts(root)) == sorted(f"angle/{slug}" for slug in ANGLES)


async def test_a_report_on_its_way_to_its_readers_can_be_stopped_no_more(mode: Mode) -> None:
    """The root must not say that there is none when it stands right below."""
    async with story(mode) as told:
        told.slack.fault("chat.postMessage", done=True, status=503, fits=lambda args: part(args) == "report")
        root = await told.research("tea")
        await told.slack.until(lambda: "report" in told.parts(root))
        await told.click(first_seen(root), STOP)
        await told.heard(STALE)
        await told.says(root, "is done")
        assert sorted(told.parts(root)) == sorted(REPLIES)


async def test_a_report_that_may_stand_can_be_stopped_no_more_though_slack_is_busy_now(mode: Mode) -> None:
    """Nobody knows what became of the first try, and Slack does not tell yet."""
    async with story(mode) as told:
        told.slack.fault("chat.postMessage", done=True, status=503, fits=lambda args: part(args) == "report")
        over = told.limit("conversations.replies")
        root = await told.research("tea")
        await told.limited()
        await told.click(first_seen(root), STOP)
        await told.heard(STALE)
        over.set()
        await told.says(root, "is done")


async def test_nothing_leaves_while_a_stop_is_being_kept(mode: Mode) -> None:
    """A slow store must not let the report out under a root that says that there is none."""
    async with story(mode) as told:
        keeping, go = slow_save(told)
        root, over = await report_waits(told)
        stopping = asyncio.create_task(told.click(root, STOP))
        await keeping.wait()
        over.set()
        await told.says(root, "Stopped by <@U0ASKER>")
        go.set()
        await stopping
        await told.ended(await told.research("coffee"))  # it had to wait behind
        assert "report" not in told.parts(root)


def slow_save(told: Story) -> tuple[asyncio.Event, asyncio.Event]:
    """Let the first state that says "stopped" be kept once the second event is set; the first one is set then."""
    keeping, go = asyncio.Event(), asyncio.Event()
    save = told.bot.runs.save

    async def slow(run: Run) -> None:
        if run.phase is Phase.STOPPED:
            keeping.set()
            await go.wait()
        await save(run)

    told.bot.runs.save = slow  # type: ignore[method-assign]
    return keeping, go


async def test_a_report_of_which_a_part_stands_is_posted_whole(mode: Mode) -> None:
    """A first part without its second is a half answer."""
    async with story(mode) as told:
        told.model.answer("report", LONG_REPORT)
        over = told.limit("chat.postMessage", lambda args: part(args) == "report/2")
        root = await told.research("tea")
        await told.limited()
        await told.click(first_seen(root), STOP)
        await told.heard(STALE)
        over.set()
        await told.says(root, "is done")
        assert told.parts(root)[3:] == ["report", "report/2", "report/3"]


async def test_a_run_is_stopped_before_its_root_message_stands(mode: Mode) -> None:
    """Whoever saw the typing error at once need not wait for Slack; no model is asked at all."""
    async with story(mode) as told:
        over = told.limit("chat.postMessage")
        asked = asyncio.create_task(told.research("tee"))
        await told.limited()
        assert (await told.slack.command("\u2060St\u200bop。", told.channel.id)).acked
        await told.heard(STOPPED)
        over.set()
        root = await told.says(await asked, "Stopped by <@U0ASKER> after ")
        assert "Historical: stopped. Technical: stopped. Societal: stopped." in root.text
    assert told.model.requests == []
    assert told.parts(root) == []


async def test_a_second_click_on_stop_changes_nothing(mode: Mode) -> None:
    """Two people click at once; the root names the one who stopped it."""
    async with story(mode) as told:
        root = await under_way(told)
        await asyncio.gather(told.click(first_seen(root), STOP, "U0ONE"), told.click(first_seen(root), STOP, "U0TWO"))
        await told.slack.until(lambda: {answer.user for answer in told.slack.answers} >= {"U0ONE", "U0TWO"})
        said = {answer.user: answer.text for answer in told.slack.answers[1:]}
        first = next(user for user, text in said.items() if text == STOPPED)
        assert sorted(said.values()) == [STOPPED, STALE]
        await told.says(root, f"Stopped by <@{first}>")
        assert (await told.slack.command("list", told.channel.id)).acked
        assert f"Stopped by <@{first}>" in told.slack.answers[-1].text


async def test_a_click_on_stop_after_the_end_does_nothing(mode: Mode) -> None:
    """A client that is behind must not turn a finished run into a stopped one."""
    async with story(mode) as told:
        root = await told.ended(await told.research("tea"))
        await told.click(first_seen(root), STOP)
        await told.heard(STALE)
        assert "is done" in root.text
    assert "is done" in root.text


async def test_a_click_while_the_last_state_is_on_its_way_to_slack_comes_too_late(mode: Mode) -> None:
    """The run is over for the bot: it must not be kept as stopped when its root says that it is done."""
    async with story(mode) as told:
        over = told.limit("chat.update", lambda args: "is done" in args["text"])
        root = await told.research("tea")
        await told.limited()
        await told.click(first_seen(root), STOP)
        await told.heard(STALE)
        over.set()
        await told.says(root, "is done")
        assert (await told.slack.command("list", told.channel.id)).acked
        assert "Done: 3 of 3 angles" in told.slack.answers[-1].text


async def test_stop_typed_stops_the_askers_newest_run_here(mode: Mode) -> None:
    """The one that was just sent off by mistake."""
    async with story(mode) as told:
        gates = told.hold(*ANGLES)
        first, second = await told.research("tea"), await told.research("tee")
        assert (await told.slack.command("Stop", told.channel.id)).acked
        assert told.slack.answers[-1].text == STOPPED
        await told.says(second, "Stopped by <@U0ASKER>")
        for gate in gates.values():
            gate.set()
        await told.says(first, "is done")


@pytest.mark.parametrize("whose", ["nobody's", "another person's", "in another channel"])
async def test_stop_typed_leaves_other_runs_alone(mode: Mode, whose: str) -> None:
    """Who cannot see which run is meant must not stop it by a word."""
    async with story(mode) as told:
        gates, roots = told.hold(*ANGLES), list[Message]()
        if whose == "another person's":
            roots = [await told.research("tea", user="U0OTHER")]
        if whose == "in another channel":
            roots = [await told.research("tea")]
            told.channel = told.slack.workspace.add("other")
        assert (await told.slack.command("stop", told.channel.id)).acked
        assert told.slack.answers[-1].text == NOTHING
        for gate in gates.values():
            gate.set()
        for root in roots:
            await told.says(root, "is done")
