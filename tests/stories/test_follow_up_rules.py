"""When the bot stays silent in a thread, and who may make it so; in both modes."""

from __future__ import annotations

import pytest

from bot.playground.slack.workspace import BOT_USER, Message
from tests.stories.test_follow_up import ANSWER, QUESTION, answered, answers, done
from tests.support.story import Mode, Story, story

WEEK = 7 * 86_400


async def note(told: Story, root: Message) -> Message:
    """Wait for the note that the thread is muted; give it."""
    await told.slack.until(lambda: any(message.part.startswith("note/") for message in told.slack.thread(root)))
    return next(message for message in told.slack.thread(root) if message.part.startswith("note/"))


async def unanswered(told: Story, root: Message, text: str = QUESTION) -> Message:
    """Somebody asks, and nothing comes of it."""
    said = await told.slack.say(told.channel.id, text, thread_ts=root.ts)
    await told.slack.heard(said)
    assert not said.reactions
    return said


async def test_a_muted_thread_answers_mentions_only_until_it_is_unmuted(mode: Mode) -> None:
    """Whoever wants quiet gets it at once, and everybody can see why."""
    async with story(mode) as told:
        root = await done(told)
        await told.slack.say(told.channel.id, "Mute", user="U0TWO", thread_ts=root.ts)
        muted = await note(told, root)
        assert muted.text == (
            "Muted by <@U0TWO>. I won't answer replies in this thread. "
            f"Mention <@{BOT_USER}> for a single answer, or press Unmute."
        )
        await unanswered(told, root)
        asked = await told.slack.say(told.channel.id, f"<@{BOT_USER}> {QUESTION}", thread_ts=root.ts)
        (answer,) = await answered(told, root)
        assert answer.part == f"answer/{asked.ts}"
        await told.slack.click(muted, "research.thread.unmute", user="U0THREE")
        await told.slack.until(lambda: muted.text == "Answering again, as <@U0THREE> asked.")
        await told.slack.say(told.channel.id, QUESTION, thread_ts=root.ts)
        assert len(await answered(told, root, 2)) == 2


async def test_mute_said_twice_is_said_once_and_unmute_works_by_word(mode: Mode) -> None:
    """Two people may want the same at the same time."""
    async with story(mode) as told:
        root = await done(told)
        for user in ("U0TWO", "U0THREE"):
            await told.slack.say(told.channel.id, f"<@{BOT_USER}> mute.", user=user, thread_ts=root.ts)
        muted = await note(told, root)
        await told.slack.say(told.channel.id, "> un\u00admute。 :pray:", thread_ts=root.ts)
        await told.slack.until(lambda: muted.text.startswith("Answering again"))
        await told.heard("I answer replies in this thread again.")
        assert sum(message.part.startswith("note/") for message in told.slack.thread(root)) == 1


async def test_after_two_replies_between_people_the_bot_offers_to_be_silent_once(mode: Mode) -> None:
    """It was not asked into their talk."""
    async with story(mode) as told:
        root = await done(told)
        for text in ("<@U0OTHER> have you seen this?", "<@U0TWO> yes, I have seen it", "<@U0OTHER> good"):
            await told.slack.heard(await told.slack.say(told.channel.id, text, user="U0TWO", thread_ts=root.ts))
        offer = "Should I stay quiet in this thread? Press Mute me, or reply mute."
        await told.slack.until(lambda: told.slack.answers[-1].text == offer)
        assert [answer.text for answer in told.slack.answers].count(offer) == 1
        await told.slack.press(told.slack.answers[-1], "research.thread.mute")
        await note(told, root)
        await unanswered(told, root)


@pytest.mark.parametrize("follow_ups", ["mention", "off"])
async def test_an_admin_can_have_mentions_answered_only_or_nothing(mode: Mode, follow_ups: str) -> None:
    """Some channels talk a lot."""
    async with story(mode, follow_ups=follow_ups) as told:
        root = await done(told)
        report = next(reply.text for reply in told.slack.thread(root) if reply.part == "report")
        assert "Reply here with a question" not in report
        assert ("Mention me here with a question" in report) == (follow_ups == "mention")
        await unanswered(told, root)
        asked = await told.slack.say(told.channel.id, f"<@{BOT_USER}> {QUESTION}", thread_ts=root.ts)
        await told.slack.heard(asked)
        if follow_ups == "mention":
            await answered(told, root)
        assert len(answers(told, root)) == (follow_ups == "mention")


async def test_after_seven_quiet_days_only_a_mention_wakes_the_thread(mode: Mode) -> None:
    """Nobody expects that it still listens; and whoever does can say so."""
    async with story(mode) as told:
        other, root = await done(told), await done(told)
        await told.slack.say(told.channel.id, QUESTION, thread_ts=root.ts)
        await answered(told, root)
        told.slack.workspace.later(WEEK + 60)
        await unanswered(told, root)
        await unanswered(told, other, "And here?")
        await told.slack.say(told.channel.id, f"<@{BOT_USER}> {QUESTION}", thread_ts=root.ts)
        await answered(told, root, 2)
        await told.slack.say(told.channel.id, QUESTION, thread_ts=root.ts)
        await answered(told, root, 3)


async def test_too_many_questions_are_refused_privately_with_the_time_of_the_next(mode: Mode) -> None:
    """The one who pays sleeps better, and who asks knows when to come back."""
    async with story(mode, questions_per_user_hour=1) as told:
        root = await done(told)
        await told.slack.say(told.channel.id, QUESTION, user="U0TWO", thread_ts=root.ts)
        await answered(told, root)
        await told.slack.say(told.channel.id, "And then?", user="U0TWO", thread_ts=root.ts)
        sentence = "You have asked 1 question this hour, the limit. You can ask the next one at <!date^"
        await told.slack.until(lambda: told.slack.answers[-1].text.startswith(sentence))
        await told.slack.say(told.channel.id, "And then?", user="U0THREE", thread_ts=root.ts)
        await answered(told, root, 2)


async def test_a_thread_has_its_limit_for_the_day(mode: Mode) -> None:
    """Also where many ask."""
    async with story(mode, questions_per_thread_day=1) as told:
        root = await done(told)
        await told.slack.say(told.channel.id, QUESTION, user="U0TWO", thread_ts=root.ts)
        await told.slack.say(told.channel.id, QUESTION, user="U0THREE", thread_ts=root.ts)
        sentence = "This thread has had 1 question today, the limit. You can ask the next one at <!date^"
        await told.slack.until(lambda: told.slack.answers[-1].text.startswith(sentence))
        assert len(await answered(told, root)) == 1


async def test_stop_said_in_the_thread_stops_the_run(mode: Mode) -> None:
    """Nobody looks for a button when a word will do."""
    async with story(mode) as told:
        told.hold("*")
        root = await told.research("tea")
        await told.model.until(lambda: len(told.model.asked("angle/*")) == 3)
        await told.slack.say(told.channel.id, "“ｓｔｏｐ！”\u200b", user="U0TWO", thread_ts=root.ts)
        await told.slack.until(lambda: "Stopped by <@U0TWO>" in root.text)


async def test_edits_deletions_joins_and_other_bots_are_not_heard(mode: Mode) -> None:
    """Each would be a question that nobody asked."""
    async with story(mode) as told:
        root = await done(told)
        said = await told.slack.say(told.channel.id, QUESTION, thread_ts=root.ts)
        await answered(told, root)
        told.slack.edit(said, "What came last?")
        told.slack.delete(said)
        await told.slack.heard(await told.slack.join(told.channel.id, "U0NEW"))
        await told.slack.heard(await told.slack.bot_says(told.channel.id, QUESTION, thread_ts=root.ts))
        await told.slack.say(told.channel.id, "And then?", thread_ts=root.ts)
        await answered(told, root, 2)
        assert len(told.model.asked("follow-up/*")) == 2


async def test_replies_and_notes_are_read_in_words_wherever_they_stand(mode: Mode) -> None:
    """A forwarded question has an empty text, and a model knows nothing of ids."""
    async with story(mode) as told:
        told.model.answer("follow-up/*", ANSWER)
        told.slack.workspace.person("U0GRACE", name="Grace H.")
        gates = told.hold("societal")
        root = await told.research("tea")
        wish = await told.slack.say(told.channel.id, "more on <@U0GRACE>'s tea", thread_ts=root.ts)
        await told.slack.until(lambda: wish.reactions)
        gates["societal"].set()
        await told.ended(root)
        assert "<wish>\nmore on @Grace H.'s tea\n</wish>" in told.model.asked("report")[0].prompt
        elsewhere = told.slack.workspace.add("elsewhere")
        asked = await told.slack.say(elsewhere.id, "what did <@U0GRACE> find in <#C9>?")
        for aside in ("<!subteam^S1> why?", "<!here> why?", "Hi <@U0GRACE>, <@U0TWO>: why?"):
            await told.slack.heard(await told.slack.say(told.channel.id, aside, thread_ts=root.ts))
        await told.slack.heard(await told.slack.say(told.channel.id, "", thread_ts=root.ts, files=("why.png",)))
        await told.slack.forward(asked, told.channel.id, thread_ts=root.ts)
        second = (await answered(told, root, 2))[1]
        question = "what did @Grace H. find in a channel?"
        assert [call.prompt.rpartition("<reply>\n")[2] for call in told.model.asked("follow-up/*")][1:] == [
            f"{question}\n</reply>"
        ]
        assert f"“{question}”" in str(second.blocks)


async def test_a_thread_is_answered_from_what_is_kept_after_a_restart(mode: Mode) -> None:
    """Weeks later, whatever Slack still shows."""
    async with story(mode) as told:
        root = await done(told)
        first = await told.slack.say(told.channel.id, QUESTION, thread_ts=root.ts)
        await answered(told, root)
        await told.restart()
        for event in told.slack.events.about(first.ts):
            await told.slack.redeliver(event)
        await told.slack.say(told.channel.id, "And then?", thread_ts=root.ts)
        await answered(told, root, 2)
        calls = told.model.asked("follow-up/*")
        assert len(calls) == 2
        assert f'<said by="you">\n{ANSWER}\n</said>' in calls[1].prompt
        assert not [call for call in told.slack.calls if call.method.startswith("conversations.replies")]


async def test_who_asks_about_what_was_deleted_is_told_so_once(mode: Mode) -> None:
    """A new run on "and then?" is not what anybody means."""
    async with story(mode) as told:
        root = await done(told)
        run_id = str((root.metadata or {})["event_payload"]["run_id"])
        await told.bot.desk.settled(run_id)
        await told.bot.runs.forget([run_id])
        said = await told.slack.say(told.channel.id, f"<@{BOT_USER}> and then?", thread_ts=root.ts)
        await told.slack.heard(said)
        sentence = "This run's data has been deleted. Start a new run to ask more."
        await told.slack.until(lambda: told.slack.answers[-1].text == sentence)
        assert [answer.text for answer in told.slack.answers].count(sentence) == 1
        assert len(told.slack.thread(root)) == 5
