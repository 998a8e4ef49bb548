"""What people press, say and ask for, spread over several bots on one Postgres: done once, in order, within limits."""

from __future__ import annotations

import asyncio

from bot.playground import model as ms
from bot.playground.slack.workspace import BOT_USER, Message
from bot.slack.messages.controls import EXPORT_FILE, RETRY_ANGLE
from bot.slack.messages.root import RESUME, STOP
from tests.support.replicas import replicas

UNMUTE = "research.thread.unmute"
STARTING = "Starting research on"
FILE_DONE = "The .md file is in the thread."


async def test_what_one_bot_has_done_another_goes_on_with(postgres_url: str) -> None:
    """A report outlives the bot that wrote it: each of its buttons and words works at whichever bot hears of it."""
    async with replicas(postgres_url) as told:
        first, second = told.all
        told.model.answer("angle/technical", "x", ms.REFUSED)
        root = await told.ask("tea", first)
        await told.ended(root, "is partly done")
        told.model.answer("*")
        [gap] = [each for each in told.slack.thread(root) if each.part == "angle/technical"]
        await told.click(gap, RETRY_ANGLE, second)
        await told.ended(root)
        assert (await second.process.said("run.started"))["attempt"] == 2
        report = next(each for each in told.slack.thread(root) if each.part == "report")
        for replica in told.all:
            await told.click(report, EXPORT_FILE, replica)
        await told.slack.until(lambda: FILE_DONE in [each.text for each in told.slack.answers])
        assert len(told.slack.uploads) == 1

        await told.say("Mute", first, root)
        await told.slack.until(lambda: "Muted by" in told.slack.thread(root)[-1].text)
        note = told.slack.thread(root)[-1]
        unheard = await told.say("What came first?", second, root)
        await told.slack.heard(unheard)
        await told.click(note, UNMUTE, second)
        await told.slack.until(lambda: note.text.startswith("Answering again"))
        asked = await told.say("What came first?", first, root)
        await told.slack.until(lambda: told.parts(root, "answer"))
        assert told.parts(root, "answer") == [f"answer/{asked.ts}"]
        assert not unheard.reactions

        told.model.answer("angle/*", gate=(gate := asyncio.Event()))
        other = await told.ask("coffee", first)
        await told.click(other, STOP, second)
        await told.ended(other, "Stopped by")
        gate.set()
        await told.click(other, RESUME, second)
        await told.ended(other)
        told.assert_whole(other)


async def test_questions_wait_for_their_run_and_for_each_other_wherever_they_are_heard(postgres_url: str) -> None:
    """An answer that overtakes another one is read as its answer; what steers a run must reach its report."""
    async with replicas(postgres_url) as told:
        first, second = told.all
        gates = {slug: asyncio.Event() for slug in ("historical", "technical", "societal")}
        for slug, gate in gates.items():
            told.model.answer(f"angle/{slug}", gate=gate)
        told.model.answer("follow-up/*", "The leaf.", gate=(answering := asyncio.Event()))
        root = await told.ask("tea", first)
        wish = await told.say("Look at Kenya, too. Is it big?", second, root)
        await told.slack.until(lambda: wish.reactions)  # whoever has the run was told before
        for number, gate in enumerate(gates.values(), start=1):
            gate.set()
            await told.shown(root, number + 1)  # the wish stands there, too
        await told.ended(root)
        [report] = told.model.asked("report/synthesis")
        assert "<wish>\nLook at Kenya, too. Is it big?\n</wish>" in report.prompt

        await told.model.until(lambda: len(told.model.asked("follow-up/*")) == 1)
        asked = [wish]
        for number, replica in enumerate((first, second, first)):
            asked.append(await told.say(f"And what came as number {number}?", replica, root))
        await told.slack.until(lambda: all(each.reactions for each in asked))
        assert len(told.model.asked("follow-up/*")) == 1
        answering.set()
        await told.slack.until(lambda: len(told.parts(root, "answer")) == len(asked))
        assert told.parts(root, "answer") == [f"answer/{each.ts}" for each in asked]
        calls = told.model.asked("follow-up/*")
        assert [call.prompt.count("The leaf.") for call in calls] == [0, 1, 2, 3]  # each knows the answers before


async def test_limits_are_exact_however_commands_and_questions_are_spread(postgres_url: str) -> None:
    """Two bots that count at the same time must not both have room for the last one."""
    async with replicas(postgres_url, RUNS_PER_USER="2", RUNS_PER_WORKSPACE="7", QUESTIONS_PER_USER_HOUR="3") as told:
        root = await told.ask("cocoa", told.all[0], "U0READER")
        await told.ended(root)
        told.model.answer("angle/*", gate=(gate := asyncio.Event()))

        async def spread(count: int, *people: str) -> list[str]:
            """Type so many commands at once; give who got a run."""
            before = len(told.slack.answers)
            typed = [(told.all[number % 2], people[number // 2 % len(people)]) for number in range(count)]
            each = [told.command(f"topic {number}", *where) for number, where in enumerate(typed)]
            assert all(delivery.acked for delivery in await asyncio.gather(*each))
            answers = told.slack.answers[before:]
            assert len(answers) == count
            assert all(each.text.startswith((STARTING, "You already have", "This workspace")) for each in answers)
            return [each.user for each in answers if each.text.startswith(STARTING)]

        assert len(await spread(20, "U0ONE")) == 2
        others = await spread(30, "U0TWO", "U0THREE", "U0FOUR")
        assert len(others) == 5
        assert max(map(others.count, others)) == 2
        gate.set()

        told.model.answer("follow-up/*", "The leaf.")
        for number in range(8):
            await told.say(f"What came as number {number}?", told.all[number % 2], root, "U0READER")
        await told.slack.until(lambda: len([a for a in told.slack.answers if a.user == "U0READER"]) == 1 + 5)
        await told.slack.until(lambda: len(told.parts(root, "answer")) == 3)
        assert len(told.model.asked("follow-up/*")) == 3


async def test_a_message_that_slack_tells_another_bot_again_has_one_effect(postgres_url: str) -> None:
    """Slack tells of what was not acknowledged in time again, and knows nothing of which bot had it."""
    async with replicas(postgres_url, RUNS_PER_USER="0") as told:
        first, second = told.all
        told.model.answer("angle/*", gate=asyncio.Event())
        direct = told.slack.workspace.direct("U0ASKER").id

        async def told_again(text: str, channel: str) -> None:
            message = await told.say(text, first, channel=channel)
            for event in await told.slack.heard(message):
                told.turn_to(second)
                assert (await told.slack.redeliver(event)).acked

        await told_again(f"<@{BOT_USER}> tea", told.channel.id)
        await told_again("coffee", direct)
        await told_again("cocoa", direct)
        await told.model.until(lambda: len(told.model.asked("angle/*")) == 9)
        roots = [each for each in told.slack.messages(direct) if each.user == BOT_USER]
        assert len(roots) == 2
        await told_again("stop", direct)
        await told.slack.until(lambda: "Stopped by" in roots[1].text)
        assert "Stopped by" not in roots[0].text
        await told_again(f"<@{BOT_USER}>", told.channel.id)
        assert [each.text[:7] for each in told.slack.answers] == ["How to "]
        assert len(told.model.asked("angle/*")) == 9


async def test_what_another_bot_took_up_is_not_one_too_many_when_slack_tells_of_it_again(postgres_url: str) -> None:
    """Whoever has the one run and the one answer that they may have is not told that these were refused."""
    async with replicas(postgres_url, RUNS_PER_USER="1", QUESTIONS_PER_USER_HOUR="1") as told:
        first, second = told.all

        async def told_again(message: Message) -> None:
            told.turn_to(second)
            for event in await told.slack.heard(message):
                assert (await told.slack.redeliver(event)).acked

        told.model.answer("angle/*", gate=(gate := asyncio.Event()))
        topic = await told.say(f"<@{BOT_USER}> tea", first)
        await told.model.until(lambda: len(told.model.asked("angle/*")) == 3)
        await told_again(topic)
        gate.set()
        await first.process.said("run.ended")
        question = await told.say(f"<@{BOT_USER}> Why?", first, topic)
        await told.slack.until(lambda: len(told.parts(topic, "answer")) == 1)
        while not await first.metric('research_questions_total{verdict="answered"} 1.0'):
            pass  # until the answer is kept
        await told_again(question)
        assert told.slack.answers == []
        assert len(told.model.asked("angle/*")) == 3
        assert len(told.model.asked("follow-up/*")) == 1
