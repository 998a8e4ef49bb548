"""A thread as a team lives with it: a wish, a gap and its retry, questions, an export, silence; in both modes."""

from __future__ import annotations

import asyncio

from bot.playground import model as ms
from bot.playground.slack.workspace import BOT_USER, Message
from tests.support.story import Mode, Story, run_id, story

ANSWER = "The technical angle says that the leaf is oxidised; the societal angle adds who pays for it."
NOT_THERE = "NOT IN THE FINDINGS\nThese findings do not say what a tonne costs. They cover who grows it."


async def shown(told: Story, root: Message, part: str, count: int = 1) -> Message:
    """Wait until a part stands in the thread; give the newest."""
    await told.slack.until(lambda: sum(m.part.startswith(part) for m in told.slack.thread(root)) >= count)
    return [message for message in told.slack.thread(root) if message.part.startswith(part)][-1]


async def long_story(told: Story) -> Message:
    """Two teammates and their thread, from the command to the silence; give the root message."""
    slack, channel = told.slack, told.channel.id
    told.model.answer("follow-up/*", lambda call: NOT_THERE if "cost" in call.prompt[-60:] else ANSWER)
    told.model.answer("angle/societal", gate=(gate := asyncio.Event()))
    told.model.answer("angle/technical", ms.default_text, ms.REFUSED)
    root = await told.research("tea", user="U0ASKER")
    gap = await shown(told, root, "angle/technical")
    await shown(told, root, "angle/historical")
    wish = await slack.say(channel, "Please look at Kenya, too.", "U0MATE", thread_ts=root.ts)
    await slack.until(lambda: wish.reactions)
    gate.set()
    report = await shown(told, root, "report")
    await told.ended(root)
    await shown(told, root, "answer/")
    await slack.click(gap, "research.angle.retry", user="U0MATE")
    await shown(told, root, "note/updated")
    await slack.until(lambda: root.text.startswith("Research on tea is done, 3 of 3 angles."))
    await slack.say(channel, "How is it made?", "U0MATE", thread_ts=root.ts)
    await shown(told, root, "answer/", 2)
    await slack.say(channel, f"<@{BOT_USER}> what does a tonne cost?", "U0ASKER", thread_ts=root.ts)
    await shown(told, root, "answer/", 3)
    await slack.click(report, "research.report.export_md", user="U0MATE")
    await slack.until(lambda: slack.uploads and slack.uploads[0].shared)
    await slack.click(report, "research.report.feedback", user="U0MATE", option=f"up:{run_id(root)}")
    await slack.say(channel, "mute", "U0ASKER", thread_ts=root.ts)
    await shown(told, root, "note/muted")
    await slack.heard(await slack.say(channel, "So, who brings the kettle?", "U0MATE", thread_ts=root.ts))
    return root


async def test_a_long_thread_holds_together_from_top_to_bottom(mode: Mode) -> None:
    """Each part works alone; people see them together."""
    async with story(mode) as told:
        root = await long_story(told)
        kinds = [message.part.partition("/")[0] or message.user for message in told.slack.thread(root)]
        assert kinds[:6] == ["angle", "angle", "U0MATE", "angle", "report", "answer"]
        assert kinds[6:] == ["note", "U0MATE", "answer", "U0ASKER", "answer", BOT_USER, "U0ASKER", "note", "U0MATE"]
        technical = [message for message in told.slack.thread(root) if message.part == "angle/technical"]
        assert [message.text.partition(". ")[2][:24] for message in technical] == ["The technical view begin"]
        report = next(message for message in told.slack.thread(root) if message.part == "report")
        assert "missing" not in report.text
        assert len(told.model.asked("follow-up/*")) == 3
