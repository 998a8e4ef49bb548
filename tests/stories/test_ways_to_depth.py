"""Depth: asked for in every way there is to ask, kept wherever a topic goes; in both modes."""

from __future__ import annotations

import json

from bot.playground import model as ms
from bot.playground.slack.workspace import BOT_USER, Message
from bot.research.run_state import Run
from tests.support.processes import run as typed
from tests.support.story import Mode, Story, story


async def kept(told: Story, root: Message) -> Run:
    """A run as it is kept once its root says that it has ended."""
    await told.slack.until(lambda: " is done, " in root.text)
    found = await told.bot.desk.kept((root.metadata or {})["event_payload"]["run_id"])
    assert found
    return found


async def test_depth_is_asked_for_in_commands_mentions_and_direct_messages(mode: Mode) -> None:
    """Whoever wants more than a first look says so where they are."""
    async with story(mode) as told:
        own = told.slack.workspace.direct("U0ASKER")
        typed_root = await told.research("tea —deep --angles “law, cost”")
        mention = await told.slack.say(told.channel.id, f"<@{BOT_USER}> --deep tea")
        for words in ("tea －－ｄｅｅｐ", "deep tea"):
            await told.slack.say(own.id, words)
        await told.slack.until(lambda: told.slack.thread(mention) and len(told.slack.messages(own.id)) == 4)
        direct = sorted((each for each in told.slack.messages(own.id) if each.part), key=lambda each: each.title)
        roots = [typed_root, told.slack.thread(mention)[0], *direct]
        asked = [(await kept(told, root)).question for root in roots]
        assert [(question.topic, question.deep) for question in asked] == [
            *[("tea", True)] * 2,
            ("deep tea", False),
            ("tea", True),
        ]
        assert [angle.slug for angle in asked[0].angles] == ["law", "cost"]


async def test_a_word_that_only_begins_like_it_is_refused_before_anything_is_paid(mode: Mode) -> None:
    """A typing error must not be a plain run."""
    async with story(mode) as told:
        for words, said in (
            ("tea --deeper", "There is no option --deeper."),
            ("tea --deep=3", "--deep takes no value"),
        ):
            assert (await told.slack.command(words, told.channel.id)).acked
            assert told.slack.answers[-1].text.startswith(said)
        assert (await told.slack.command("help", told.channel.id)).acked
        assert "With --deep each angle is split into questions" in told.slack.answers[-1].text
        assert "`/research nuclear fusion --deep`" in str(told.slack.answers[-1].payload["blocks"])
        assert told.model.requests == []


async def test_a_try_in_the_terminal_takes_depth_as_an_option_and_within_the_topic() -> None:
    """One grammar, wherever somebody types."""
    async with ms.ModelServer() as model:
        at = {"OPENAI_BASE_URL": model.url, "OPENAI_MODEL": "local"}
        for words in (("tea", "--deep"), ("tea --deep",), ("tea",)):
            process = await typed("try", *words, "--json", **at)
            assert json.loads(process.out)["question"]["deep"] is (words != ("tea",))
