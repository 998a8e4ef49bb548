"""Texts that Slack refuses, in whole stories: shown plainer, shown smaller, or said aloud to be missing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from bot.playground.slack.workspace import BOT_USER, Message
from bot.slack.messages.answer import MUTE, TRY_AGAIN
from bot.slack.messages.controls import RETRY, RETRY_ANGLE
from bot.slack.messages.ephemeral import START_DM
from tests.support.crashes import crashing
from tests.support.story import Mode, Story, story

Fits = Callable[[dict[str, Any]], bool]
SENTENCES = [f"word{number:02}word. And more of it. " for number in range(60)]
WORDS = "".join(SENTENCES)
LONG = WORDS.replace("word", "line")


def part_of(arguments: dict[str, Any]) -> str:
    return str((arguments.get("metadata") or {}).get("event_payload", {}).get("part", ""))


def longer_than(most: int) -> Fits:
    return lambda arguments: max(len(arguments["text"]), len(str(arguments.get("blocks") or ""))) > most


def rich(arguments: dict[str, Any]) -> bool:
    return any(block["type"] not in ("section", "actions") for block in arguments.get("blocks") or [])


def refuse(told: Story, fits: Fits, code: str = "invalid_blocks") -> asyncio.Event:
    """Let Slack refuse such messages, new ones and edits, until the event is set."""
    over = asyncio.Event()
    for method in ("chat.postMessage", "chat.update"):
        told.slack.fault(method, error=code, times=10_000, fits=lambda args: not over.is_set() and fits(args))
    return over


def replies(told: Story, root: Message, part: str) -> list[Message]:
    return [each for each in told.slack.thread(root) if each.part.startswith(part)]


async def test_texts_that_are_refused_as_blocks_are_read_as_plain_text(mode: Mode) -> None:
    """Nothing is lost, nothing stands twice, and the buttons are where they were."""
    async with story(mode) as told:
        refuse(told, rich)
        root = await told.says(await told.research("tea"), "is done, 3 of 3 angles")
        parts = told.parts(root)
        assert sorted(parts) == ["angle/historical", "angle/societal", "angle/technical", "report"]
        assert parts[-1] == "report"
        report = told.slack.thread(root)[-1]
        assert "research.report.export_md" in str(report.blocks)
        assert report.blocks[0]["text"]["text"].startswith("Report on tea. ")


@pytest.mark.parametrize("most", [2_500, 1_200, 600])
async def test_texts_that_are_refused_for_their_length_are_read_in_more_messages(most: int) -> None:
    """Whole, in order, each once, with the run's root message as usual."""
    async with story("http") as told:
        refuse(told, longer_than(most), "msg_too_long")
        told.model.answer("angle/technical", WORDS)
        told.model.answer("report", f"The views agree.\n\n{LONG}")
        root = await told.says(await told.research("tea"), "is done, 3 of 3 angles")
        for part, word in (("angle/technical", "word"), ("report", "line")):
            shown = " ".join(each.text for each in replies(told, root, part))
            places = [shown.index(f"{word}{number:02}{word}") for number in range(60)]
            assert places == sorted(places)
            assert [shown.count(f"{word}{number:02}{word}") for number in range(60)] == [1] * 60
        assert len(told.parts(root)) == len(set(told.parts(root)))


async def test_an_angle_that_is_refused_in_every_form_is_a_gap_that_can_be_retried() -> None:
    """The root must not count what nobody can read."""
    async with story("socket") as told:
        told.model.answer("angle/technical", "Unshowable words.")
        over = refuse(told, lambda args: part_of(args) == "angle/technical" and "Unshowable" in str(args))
        root = await told.says(await told.research("tea"), "is partly done: 2 of 3 angles")
        assert "Slack did not accept its text" in root.text
        (gap,) = replies(told, root, "angle/technical")
        assert "failed. The text was written, but Slack did not accept it." in gap.text
        over.set()
        told.model.answer("angle/technical", "Showable words.")
        await told.click(gap, RETRY_ANGLE)
        await told.says(root, "is done, 3 of 3 angles")
        assert [each.text.count("Showable") for each in replies(told, root, "angle/technical")] == [1]


@pytest.mark.parametrize("page", [1, 2])
async def test_a_report_that_is_refused_is_said_to_be_missing_and_can_be_written_again(page: int) -> None:
    """Half a report must not stand as if it were one, and it is not a fault of ours."""
    async with story("http") as told:
        told.model.answer("report", f"Good.\n\n{LONG}\n\nBad." if page == 2 else "Bad.")
        over = refuse(
            told, lambda args: part_of(args).startswith("report") and "Bad." in str(args), "msg_blocks_too_long"
        )
        root = await told.says(await told.research("tea"), "Slack did not accept the text of the report.")
        assert "something went wrong on our side" not in root.text
        for each in replies(told, root, "report"):
            assert each.text == "Slack did not accept the whole of this text, so it is not shown here."
        over.set()
        told.model.answer("report", "Better.")
        await told.click(root, RETRY)
        await told.says(root, "is done, 3 of 3 angles")
        assert sum("Better." in each.text for each in replies(told, root, "report")) == 1


async def test_an_answer_that_is_refused_is_said_to_have_failed_and_can_be_asked_for_again() -> None:
    """Whoever asked would wait for ever."""
    async with story("socket") as told:
        root = await told.ended(await told.research("tea"))
        over = refuse(told, lambda arguments: "Unshowable" in str(arguments), "msg_too_large")
        told.model.answer("follow-up/*", "Unshowable words.")
        await told.slack.say(told.channel.id, "What came first?", thread_ts=root.ts)
        await told.slack.until(lambda: replies(told, root, "answer/"))
        (answer,) = replies(told, root, "answer/")
        assert "I could not answer this question. The text was written, but Slack did not accept it." in answer.text
        over.set()
        told.model.answer("follow-up/*", "The leaf.")
        await told.click(answer, TRY_AGAIN)
        await told.slack.until(lambda: "The leaf." in answer.text)
        assert len(replies(told, root, "answer/")) == 1


async def test_a_root_message_that_is_refused_in_every_form_is_told_privately() -> None:
    """The command was acknowledged: somebody waits."""
    async with story("http") as told:
        refuse(told, lambda arguments: True)
        assert (await told.slack.command("tea", told.channel.id)).acked
        await told.heard("Slack did not accept my message about this topic")
        assert not told.slack.messages(told.channel.id)
        assert not told.model.requests


async def test_a_text_cut_smaller_is_found_again_after_a_crash(sqlite_url: str) -> None:
    """What stands of it must not stand twice, in whichever form."""
    async with crashing(sqlite_url) as told:
        told.model.answer("angle/technical", WORDS)
        told.model.answer("report/*", gate=asyncio.Event())

        def long_reply(arguments: dict[str, Any]) -> bool:
            return part_of(arguments) != "root" and longer_than(1_200)(arguments)

        def last(arguments: dict[str, Any]) -> bool:
            return part_of(arguments) == "angle/technical/2" and len(arguments["text"]) < 1_200

        for method in ("chat.postMessage", "chat.update"):
            told.slack.fault(method, error="msg_too_long", times=10_000, fits=long_reply)
        told.slack.fault("chat.postMessage", hang=True, done=True, fits=last)
        await told.ask()
        await told.model.until(lambda: len(told.model.asked("report/synthesis")) == 1)
        await told.slack.until(lambda: any(call.answer is None for call in told.slack.calls))
        await told.kill()
        told.model.answer("report/*")
        await told.start()
        root = await told.ended()
        parts = [message.part for message in told.slack.thread(root)]
        assert len(parts) == len(set(parts))
        shown = " ".join(each.text for each in told.slack.thread(root) if each.part.startswith("angle/technical"))
        assert all(shown.count(f"word{number:02}word") == 1 for number in range(60))


async def test_private_answers_that_are_refused_are_read_as_plain_text_and_their_buttons_work(mode: Mode) -> None:
    """Only one person waits for them, and nobody else would tell that person anything."""
    async with story(mode) as told:
        for method in ("response_url", "chat.postEphemeral"):
            told.slack.fault(
                method, error="invalid_blocks", times=10_000, fits=lambda args: "mrkdwn" in str(args.get("blocks"))
            )
        locked = told.slack.workspace.add("locked", kind="private", members=set())
        assert (await told.slack.command("tea", locked.id)).acked
        refused = await told.heard("I can't post in this channel because I'm not a member.")
        assert [block["type"] for block in refused.payload["blocks"]] == ["section", "actions"]
        assert (await told.slack.press(refused, START_DM)).acked
        direct = told.slack.workspace.direct("U0ASKER")
        await told.slack.until(lambda: told.slack.messages(direct.id))
        await told.slack.heard(await told.slack.say(told.channel.id, f"<@{BOT_USER}> help"))
        usage = await told.heard("How to use /research.")
        assert "research.form.open" in str(usage.payload["blocks"])
        root = await told.ended(await told.research("coffee"))
        for words in ("<@U0OTHER> why?", "<@U0OTHER> and when?"):
            await told.slack.heard(await told.slack.say(told.channel.id, words, thread_ts=root.ts))
        offer = await told.heard("Should I stay quiet in this thread?")
        assert (await told.slack.press(offer, MUTE)).acked
        await told.slack.until(lambda: replies(told, root, "note/"))
