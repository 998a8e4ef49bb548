"""Replies in a run's thread: which are answered, from what, and how; in both modes."""

from __future__ import annotations

import asyncio

import pytest

from bot.playground import model as ms
from bot.playground.slack.workspace import BOT_USER, Message
from tests.support.story import Mode, Story, first_seen, part, story

QUESTION = "What came first?"
ANSWER = "The historical angle says: the leaf. The technical angle agrees."


async def answered(told: Story, root: Message, count: int = 1) -> list[Message]:
    """Wait for so many answers in a thread; give them."""
    await told.slack.until(lambda: len(answers(told, root)) >= count)
    return answers(told, root)


def answers(told: Story, root: Message) -> list[Message]:
    return [message for message in told.slack.thread(root) if message.part.startswith("answer/")]


async def done(told: Story) -> Message:
    """A run that has ended."""
    told.model.answer("follow-up/*", ANSWER)
    return await told.ended(await told.research("tea"))


async def test_a_question_in_the_thread_is_answered_there_from_what_was_found(mode: Mode) -> None:
    """The thread is where the team works on."""
    async with story(mode) as told:
        root = await done(told)
        asked = await told.slack.say(told.channel.id, QUESTION, user="U0TWO", thread_ts=root.ts)
        (answer,) = await answered(told, root)
        assert answer.part == f"answer/{asked.ts}"
        assert answer.text == (f"For <@U0TWO>: {ANSWER} From the historical and technical angles.")
        assert answer.blocks[0]["elements"][0]["text"] == f"For <@U0TWO>: “{QUESTION}”"
        assert answer.blocks[1] == {"type": "markdown", "block_id": "research.answer.body", "text": ANSWER}
        assert answer.blocks[2]["elements"][0]["text"].startswith("From the historical and technical angles · under 1")
        (call,) = told.model.asked("follow-up/*")
        assert call.prompt.endswith(f"<reply>\n{QUESTION}\n</reply>")
        for slug in ("historical", "technical", "societal"):
            assert f"The {slug} view begins here." in call.prompt
        assert "<report>" in call.prompt


async def test_a_question_shows_a_sign_until_its_answer_stands(mode: Mode) -> None:
    """Nobody asks twice who sees that somebody is at it; whoever mentions the bot gets the eyes as well."""
    async with story(mode) as told:
        root = await done(told)
        place = told.channel.id, root.ts
        before = len([call for call in told.slack.calls if call.method == "chat.postMessage"])
        for count, mention in enumerate(("", f"<@{BOT_USER}> "), start=1):
            told.model.answer("follow-up/*", ANSWER, gate=(gate := asyncio.Event()))
            asked = await told.slack.say(*place[:1], f"{mention}{QUESTION}", thread_ts=root.ts)
            await told.slack.until(lambda: told.slack.workspace.status(*place).startswith("is looking"))
            if mention:
                await told.slack.until(lambda: asked.reactions)  # noqa: B023
            assert len(answers(told, root)) == count - 1
            gate.set()
            await answered(told, root, count)
            await told.slack.until(lambda: not told.slack.workspace.status(*place))
        told.model.answer("follow-up/*", "NOT FOR ME", gate=(gate := asyncio.Event()))
        await told.slack.say(told.channel.id, "so we meet at two?", thread_ts=root.ts)
        await told.slack.until(lambda: told.slack.workspace.status(*place))
        gate.set()
        await told.slack.until(lambda: not told.slack.workspace.status(*place))
        assert len([call for call in told.slack.calls if call.method == "chat.postMessage"]) == before + 2


async def test_a_slack_without_such_signs_is_asked_for_them_once(mode: Mode) -> None:
    """GovSlack knows no such method."""
    async with story(mode) as told:
        told.slack.fault("assistant.threads.setStatus", error="unknown_method", times=9)
        root = await done(told)
        for count in (1, 2):
            await told.slack.say(told.channel.id, f"{QUESTION} {count}", thread_ts=root.ts)
            await answered(told, root, count)
        assert [call.method for call in told.slack.calls].count("assistant.threads.setStatus") == 1


@pytest.mark.parametrize(
    "text", ["<@U0OTHER> what do you think?", "thanks!", "ok", "+1", ":tada:", "https://example.org/page", "🙏"]
)
async def test_what_is_not_for_the_bot_costs_nothing_and_leaves_no_trace(mode: Mode, text: str) -> None:
    """A bot that joins every talk is muted within a day."""
    async with story(mode) as told:
        root = await done(told)
        told.slack.events.retry_pauses = ()
        said = await told.slack.say(told.channel.id, text, thread_ts=root.ts)
        await told.slack.heard(said)
        await told.slack.say(told.channel.id, QUESTION, thread_ts=root.ts)
        assert len(await answered(told, root)) == 1
        assert len(told.model.asked("follow-up/*")) == 1
        assert not said.reactions


async def test_what_the_model_finds_to_be_talk_between_people_is_not_answered(mode: Mode) -> None:
    """Code cannot tell; the call that would answer can."""
    async with story(mode) as told:
        root = await done(told)
        told.model.answer("follow-up/*", lambda call: "NOT FOR ME" if "lunch" in call.prompt else ANSWER)
        said = await told.slack.say(told.channel.id, "Shall we talk about it over lunch?", thread_ts=root.ts)
        await told.model.until(lambda: len(told.model.asked("follow-up/*")) == 1)
        await told.slack.say(told.channel.id, QUESTION, thread_ts=root.ts)
        (answer,) = await answered(told, root)
        assert answer.part != f"answer/{said.ts}"
        assert "lunch" not in told.model.asked("follow-up/*")[1].prompt


async def test_a_mention_is_answered_once_though_two_events_bring_it(mode: Mode) -> None:
    """Slack sends both, each perhaps twice, with the same or another event id."""
    async with story(mode) as told:
        root = await done(told)
        asked = await told.slack.say(told.channel.id, f"<@{BOT_USER}> {QUESTION}", thread_ts=root.ts)
        events = await told.slack.heard(asked)
        assert len(events) == 2
        for event in events:
            for same_id in (True, False):
                assert (await told.slack.redeliver(event, same_id=same_id)).acked
        await answered(told, root)
        await told.slack.until(lambda: not len(told.bot.desk.active_runs) and not asked.reactions)
        assert len(answers(told, root)) == len(told.model.asked("follow-up/*")) == 1
        assert told.model.asked("follow-up/*")[0].prompt.endswith(f"<reply>\n{QUESTION}\n</reply>")


async def test_what_the_findings_do_not_hold_is_said(mode: Mode) -> None:
    """A guess that looks like a finding is worse than no answer."""
    async with story(mode) as told:
        root = await done(told)
        said = "These findings do not say what a gram costs. They cover why it is scarce."
        told.model.answer("follow-up/*", f"NOT IN THE FINDINGS\n{said}")
        await told.slack.say(told.channel.id, "What does a gram cost?", thread_ts=root.ts)
        (answer,) = await answered(told, root)
        assert said in answer.text
        assert answer.blocks[-2]["elements"][0]["action_id"] == "research.followup.new_run"
        assert answer.blocks[-1]["elements"][0]["text"].startswith(
            "Looked in all 3\N{NO-BREAK SPACE}angles and the report"
        )


async def test_a_reply_during_the_run_is_seen_goes_to_the_report_and_is_answered_after_it(mode: Mode) -> None:
    """Whoever steers in time must not have to say it again."""
    async with story(mode) as told:
        told.model.answer("follow-up/*", ANSWER)
        told.model.answer("angle/technical", gate=(gate := asyncio.Event()))
        root = await told.research("tea")
        said = await told.slack.say(told.channel.id, "Look at Kenya, too. Is it big?", thread_ts=root.ts)
        await told.slack.until(lambda: said.reactions)
        assert told.model.asked("follow-up/*") == []
        gate.set()
        (answer,) = await answered(told, root)
        assert [m.part for m in told.slack.thread(root)][-2:] == ["report", answer.part]
        (report,) = told.model.asked("report")
        assert "<wish>\nLook at Kenya, too. Is it big?\n</wish>" in report.prompt
        await told.slack.until(lambda: not said.reactions)


async def test_questions_in_one_thread_are_answered_in_order_one_at_a_time(mode: Mode) -> None:
    """An answer that overtakes another one is read as its answer."""
    async with story(mode) as told:
        root = await done(told)
        told.model.answer("follow-up/*", ANSWER, gate=(gate := asyncio.Event()))
        asked = [await told.slack.say(told.channel.id, f"Question {n}?", thread_ts=root.ts) for n in range(3)]
        await told.model.until(lambda: len(told.model.asked("follow-up/*")) == 1)
        await told.slack.until(lambda: asked[1].reactions and asked[2].reactions)
        assert len(told.model.asked("follow-up/*")) == 1
        gate.set()
        given = await answered(told, root, 3)
        assert [answer.part for answer in given] == [f"answer/{each.ts}" for each in asked]
        assert "Question 0?" in told.model.asked("follow-up/*")[1].prompt
        await told.slack.until(lambda: not any(each.reactions for each in asked))


async def failed(told: Story) -> tuple[Message, Message]:
    """A run that has ended, and what stands in its thread for an answer that failed; the next one does not."""
    root = await done(told)
    told.model.answer("follow-up/*", ANSWER, ms.REFUSED)
    await told.slack.say(told.channel.id, QUESTION, user="U0TWO", thread_ts=root.ts)
    (answer,) = await answered(told, root)
    return root, answer


async def test_an_answer_that_failed_says_so_and_is_tried_again_by_who_asked(mode: Mode) -> None:
    """The same message then shows the answer; nobody else's press does anything."""
    async with story(mode) as told:
        root, answer = await failed(told)
        assert answer.text.startswith("For <@U0TWO>: I could not answer this question. ")
        await told.slack.click(answer, "research.followup.retry", user="U0OTHER")
        await told.slack.until(lambda: told.slack.answers[-1].text.startswith("This button belongs"))
        for _ in range(2):
            await told.slack.click(first_seen(answer), "research.followup.retry", user="U0TWO")
        await told.slack.until(lambda: ANSWER in answer.text)
        assert len(answers(told, root)) == 1


async def test_an_answer_that_could_not_be_shown_can_be_asked_for_once_more(mode: Mode) -> None:
    """The button that is still there must not be a dead one."""
    async with story(mode) as told:
        _, answer = await failed(told)
        told.slack.fault("chat.update", error="fatal_error", fits=lambda args: part(args).startswith("answer/"))
        await told.slack.click(answer, "research.followup.retry", user="U0TWO")
        await told.model.until(lambda: len(told.model.asked("follow-up/*")) == 2)
        await told.slack.until(lambda: any("fatal_error" in str(call.answer) for call in told.slack.calls))
        await told.slack.click(answer, "research.followup.retry", user="U0TWO")
        await told.slack.until(lambda: ANSWER in answer.text)


async def test_in_direct_messages_every_question_is_answered_and_nobody_is_named(mode: Mode) -> None:
    """There is nobody else to tell apart."""
    async with story(mode) as told:
        told.model.answer("follow-up/*", ANSWER)
        direct = told.slack.workspace.direct("U0ASKER")
        await told.slack.say(direct.id, "tea")
        await told.slack.until(lambda: any(" is done" in message.text for message in told.slack.messages(direct.id)))
        root = told.slack.messages(direct.id)[-1]
        await told.slack.say(direct.id, QUESTION, thread_ts=root.ts)
        (answer,) = await answered(told, root)
        assert answer.text.startswith(ANSWER)
        assert answer.blocks[0]["elements"][0]["text"] == f"“{QUESTION}”"
