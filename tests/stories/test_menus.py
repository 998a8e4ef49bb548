"""What leads on from a report: another run like it, a question as a topic, silence; in both modes."""

from __future__ import annotations

from bot.playground.slack.workspace import Message
from bot.slack.messages.controls import REPORT_MENU, ROOT_MENU
from tests.stories.test_follow_up import answered, done
from tests.support.story import Mode, Story, run_id, story


async def topic_of(told: Story, count: int = 1) -> str:
    """What the newest form has for a topic, once there are so many."""
    await told.slack.until(lambda: len(told.slack.views.modals) == count)
    (block,) = [each for each in told.slack.views.modals[-1].blocks if each.get("block_id") == "research.form.topic"]
    return str(block["element"].get("initial_value", ""))


def report_of(told: Story, root: Message) -> Message:
    return next(message for message in told.slack.thread(root) if message.part == "report")


async def test_run_again_with_changes_opens_the_form_filled_in(mode: Mode) -> None:
    """Nobody types a topic twice to change one word of it."""
    async with story(mode) as told:
        root = await done(told)
        for count, (message, menu) in enumerate(((root, ROOT_MENU), (report_of(told, root), REPORT_MENU)), 1):
            assert (await told.slack.click(message, menu, option=f"again:{run_id(root)}")).acked
            assert await topic_of(told, count) == "tea"


async def test_a_question_that_the_findings_do_not_answer_becomes_a_topic(mode: Mode) -> None:
    """What is missing is one click from being researched."""
    async with story(mode) as told:
        root = await done(told)
        told.model.answer("follow-up/*", "NOT IN THE FINDINGS\nThese findings do not say so.")
        await told.slack.say(told.channel.id, "What does a gram cost?", thread_ts=root.ts)
        (answer,) = await answered(told, root)
        assert (await told.slack.click(answer, "research.followup.new_run")).acked
        assert await topic_of(told) == "What does a gram cost?"


async def test_the_reports_menu_mutes_the_thread(mode: Mode) -> None:
    """Whoever has read enough finds it where they read."""
    async with story(mode) as told:
        root = await done(told)
        await told.slack.click(report_of(told, root), REPORT_MENU, option=f"mute:{run_id(root)}", user="U0TWO")
        await told.slack.until(lambda: told.slack.thread(root)[-1].text.startswith("Muted by <@U0TWO>"))
        await told.heard("Muted. I won't answer replies in this thread.", user="U0TWO")
