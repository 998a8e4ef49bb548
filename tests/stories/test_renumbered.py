"""A private channel is shared and gets another id: all that is kept of it follows; in both modes."""

from __future__ import annotations

import pytest

import bot.serve
from bot.playground.slack.workspace import PATIENCE, Message
from bot.slack.messages.controls import FEEDBACK, ROOT_MENU
from bot.slack.transport import client
from tests.support.story import Mode, Story, run_id, story

PARTS = ["angle/historical", "angle/societal", "angle/technical", "report"]


async def shared(told: Story) -> str:
    """The channel of a story gets another id, and the bot has acknowledged that; gives the one that it had."""
    former = told.channel.id
    told.slack.share(told.channel)
    await told.slack.until(lambda: told.slack.events.told[-1].acked)
    return former


async def answered(told: Story, root: Message, words: str) -> None:
    """A reply in a thread is answered there."""
    asked = await told.slack.say(told.channel.id, words, thread_ts=root.ts)
    await told.slack.until(lambda: f"answer/{asked.ts}" in told.parts(root))


async def listed(told: Story, word: str) -> str:
    """What a word about runs is answered with."""
    assert (await told.slack.command(word, told.channel.id)).acked
    return str(told.slack.answers[-1].payload)


async def test_runs_of_a_channel_go_on_and_are_known_under_its_new_id(
    mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The teammates see the same channel as before: nothing there may be dead, now or after a restart."""
    async with story(mode) as told:
        told.channel.kind = "private"
        told.model.answer("follow-up/*", "The leaf.")
        done = await told.ended(await told.research("tea"))
        await told.model.until(lambda: len(told.model.requests) == 4)
        gates = told.hold("technical")
        running = await told.research("coffee")
        await told.slack.until(lambda: len(told.parts(running)) == 2)
        former = await shared(told)

        await answered(told, done, "What came first?")
        assert (await told.slack.click(done, ROOT_MENU, option=f"export_md:{run_id(done)}")).acked
        await told.heard("The .md file is in the thread.")
        assert told.channel.find(told.slack.uploads[0].shared)
        for word, topics in {"status": ["coffee"], "list": ["tea", "coffee"]}.items():
            answer = await listed(told, word)
            assert all(topic in answer for topic in topics)
            assert f"archives/{told.channel.id}/p" in answer
            assert former not in answer
        await told.slack.open_home()
        await told.slack.until(lambda: f"archives/{told.channel.id}/p" in str(told.slack.views.homes))
        gates["technical"].set()
        await told.says(running, "is done, 3 of 3 angles")
        assert sorted(told.parts(running)) == PARTS

        await told.slack.say(told.channel.id, "mute", thread_ts=running.ts)
        await told.slack.until(lambda: told.slack.thread(running)[-1].text.startswith("Muted by"))

        gates = told.hold("technical")
        cut = await told.research("cocoa")
        await told.slack.until(lambda: len(told.parts(cut)) == 2)
        await shared(told)
        await told.slack.redeliver(told.slack.events.told[-1])
        with monkeypatch.context() as patched:
            patched.setattr(bot.serve, "DRAIN_SECONDS", 0)
            await told.restart()
        gates["technical"].set()
        await told.says(cut, "is done, 3 of 3 angles")
        assert sorted(told.parts(cut)) == PARTS
        report = next(each for each in told.slack.thread(done) if each.part == "report")
        assert (await told.slack.click(report, FEEDBACK, option=f"up:{run_id(done)}")).acked
        await told.heard("Noted, thank you.")
        await told.slack.heard(await told.slack.say(told.channel.id, "And then?", thread_ts=running.ts))
        await answered(told, done, "What came then?")
        assert not [part for part in told.parts(running) if part.startswith("answer/")]
        assert len(told.slack.messages(told.channel.id)) == 3


async def test_what_is_posted_between_the_change_and_the_news_of_it_waits_for_the_news(
    mode: Mode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack takes the old id no more at once: a run must not leave for direct messages because of that."""
    monkeypatch.setattr(client, "NEWS_SECONDS", PATIENCE)
    async with story(mode) as told:
        told.channel.kind = "private"
        gates = told.hold("technical")
        root = await told.research("tea")
        await told.slack.until(lambda: len(told.parts(root)) == 2)
        news = told.slack.share(told.channel, told=False)
        gates["technical"].set()
        await told.slack.until(lambda: any("channel_not_found" in str(call.answer) for call in told.slack.calls))
        early = await told.research("coffee")  # begun under the new id, of which the bot knows nothing yet
        told.slack.events.tell("channel_id_changed", news)
        await told.ended(root)
        await told.ended(early)
        assert [sorted(told.parts(each)) for each in (root, early)] == [PARTS] * 2
        told.model.answer("follow-up/*", "The leaf.")
        for each in (root, early):
            await answered(told, each, "What came first?")
        answer = await listed(told, "list")
        assert "tea" in answer
        assert "coffee" in answer
        assert all(channel.kind != "im" for channel in told.slack.workspace.channels.values())
