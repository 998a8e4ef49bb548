"""/research in, thread out: the main job from end to end, in both modes."""

from __future__ import annotations

import asyncio
import re
from functools import partial

import pytest

from bot.playground import model as ms
from bot.playground.slack.workspace import Message
from bot.research.words.en import NBSP
from tests.support.story import Mode, Story, story

ANGLES = ["historical", "technical", "societal"]
SECTIONS = ["Historical Overview", "Technical Mechanisms", "Societal Impact", "Synthesis"]


def parts(told: Story, root: Message) -> list[str]:
    return [message.part for message in told.slack.thread(root)]


def shows(told: Story, root: Message, part: str) -> bool:
    return part in parts(told, root)


async def test_a_topic_becomes_three_angles_and_a_report(mode: Mode) -> None:
    """The main job."""
    async with story(mode) as told:
        gates = {slug: asyncio.Event() for slug in ANGLES}
        for slug, gate in gates.items():
            told.model.answer(f"angle/{slug}", gate=gate)
        root = await told.research("nuclear fusion")
        await told.model.until(lambda: len(told.model.requests) == 3)  # all three at once

        for slug in ("societal", "historical", "technical"):
            gates[slug].set()
            await told.slack.until(partial(shows, told, root, f"angle/{slug}"))
        await told.ended(root)

        assert parts(told, root) == ["angle/societal", "angle/historical", "angle/technical", "report"]
        slowest = max(request.ended for request in told.model.asked("angle/*") if request.ended)
        shown = [message.versions[0].at for message in told.slack.thread(root)]
        assert all(at < slowest for at in shown[:2])
        assert [call.step for call in told.model.requests][3:] == ["report"]
        assert root.title == "Research: nuclear fusion"


async def test_the_command_is_answered_privately_and_at_once(mode: Mode) -> None:
    """Whoever typed it must know that it arrived; nobody else needs to."""
    async with story(mode) as told:
        delivery = await told.slack.command("nuclear fusion", told.channel.id)
        assert delivery.acked
        assert told.slack.answers[0].text == (
            "Starting research on “nuclear fusion”. You can follow it in this channel; the results go in its thread."
        )
        assert told.slack.answers[0].payload["response_type"] == "ephemeral"


async def test_nothing_is_asked_of_a_model_before_the_root_message_stands(mode: Mode) -> None:
    """What nobody can see must not cost anything."""
    async with story(mode) as told:
        root = await told.ended(await told.research("tea"))
        assert told.model.requests[0].began > root.versions[0].at


async def test_the_report_rests_on_all_findings_in_the_angles_order(mode: Mode) -> None:
    """Whoever was quick must not decide what the report says."""
    async with story(mode) as told:
        gate = asyncio.Event()
        told.model.answer("angle/historical", gate=gate)
        root = await told.research("tea")
        await told.slack.until(lambda: len(told.slack.thread(root)) == 2)
        gate.set()
        await told.ended(root)
        prompt = told.model.asked("report")[0].prompt
        places = [prompt.index(f"The {slug} view begins here") for slug in ANGLES]
        assert places == sorted(places)
        report = told.slack.thread(root)[-1]
        headings = [line[3:] for line in report.blocks[1]["text"].splitlines() if line.startswith("## ")]
        assert headings == SECTIONS


async def test_the_root_tells_each_state_and_ends_as_a_summary(mode: Mode) -> None:
    """A reader who never opens the thread still learns the result."""
    async with story(mode) as told:
        root = await told.ended(await told.research("tea"))
        first, last = root.versions[0], root.versions[-1]
        assert first.text.startswith("Research on tea. Starting: 3 angles, then a report. Historical: working.")
        assert last.text.startswith("Research on tea is done, 3 of 3 angles. The views agree. They differ in detail.")
        assert "4 model calls, 1,200 tokens" in told.ending(root)
        assert "model call" not in last.text
        assert len(root.versions) <= 6
        button = next(block for block in root.blocks if block["type"] == "actions")["elements"][0]
        report = told.slack.thread(root)[-1]
        assert report.ts.replace(".", "") in button["url"]
        assert (await told.slack.click(root, "research.report.open")).acked


async def test_after_some_runs_the_root_says_how_long_one_usually_takes(mode: Mode) -> None:
    """Whoever knows that it takes a minute waits for it; a restart does not make the bot forget."""
    async with story(mode) as told:
        for _ in range(5):
            assert "usually" not in (await told.ended(await told.research("tea"))).versions[0].text
        await told.restart()
        root = await told.ended(await told.research("coffee"))
        first = root.versions[0]
        assert re.search(r">, usually \S.* s, results will appear in this thread\.$", first.text)
        assert "usually" not in root.text


async def test_an_angle_that_fails_is_said_aloud_everywhere_and_the_others_go_on(mode: Mode) -> None:
    """Two voices are better than none, and nobody may think that there were three."""
    async with story(mode) as told:
        told.model.answer("angle/technical", "x", ms.REFUSED)
        root = await told.ended(await told.research("tea"))
        failed = next(message for message in told.slack.thread(root) if message.part == "angle/technical")
        assert "✕  *Failed:* the model declined to write about this topic." in failed.blocks[1]["text"]["text"]
        report = told.slack.thread(root)[-1]
        assert report.blocks[1]["text"]["text"] == "✕  *One angle is missing:* technical. The model declined it."
        assert "*Missing.* The technical angle could not be completed: the model declined it." in str(report.blocks)
        assert root.text.startswith("Research on tea is partly done: 2 of 3 angles. The technical angle failed.")
        assert root.blocks[1]["text"]["text"].startswith("✕  *Partly done:* the technical angle failed.")


async def test_when_all_angles_fail_there_is_a_plain_end_and_no_report(mode: Mode) -> None:
    """A report about nothing would pass for an answer."""
    async with story(mode) as told:
        told.model.answer("*", "x", *[ms.BAD_KEY] * 3)
        root = await told.ended(await told.research("tea"))
        assert "report" not in parts(told, root)
        assert told.model.asked("report") == []
        assert "Failed: none of the 3 angles could be completed. The model provider rejected our key." in root.text
        assert root.metadata
        assert root.metadata["event_payload"]["run_id"] in root.text


async def test_when_the_report_fails_the_angles_stay_and_the_root_says_so(mode: Mode) -> None:
    """What was found and paid for is not thrown away."""
    async with story(mode) as told:
        told.model.answer("report", "x", *[ms.TRUNCATED] * 2)
        root = await told.ended(await told.research("tea"))
        assert len(told.slack.thread(root)) == 3
        assert "Failed: the report could not be written. All 3 angles are in the thread." in root.text
        assert root.text.replace(NBSP, " ").count("done in") == 3


async def test_the_time_limit_ends_the_workers_and_reports_on_what_is_there(mode: Mode) -> None:
    """Somebody waits: late is worse than partial."""
    async with story(mode, run_timeout=2) as told:
        told.model.answer("angle/societal", "x", ms.HANG)
        root = await told.ended(await told.research("tea"))
        assert "Limit reached: this run may use at most 2 s. The report covers what was found" in root.text
        assert "report" in parts(told, root)
        await told.model.until(lambda: told.model.asked("angle/societal")[0].cut)


async def test_the_time_limit_with_nothing_found_is_a_failure(mode: Mode) -> None:
    """There is nothing to report on."""
    async with story(mode, run_timeout=0.2) as told:
        told.model.answer("*", "x", *[ms.HANG] * 3)
        root = await told.ended(await told.research("tea"))
        assert "Failed: this run may use at most under 1 s, and no angle was ready within that." in root.text


async def test_a_command_delivered_twice_is_one_run(mode: Mode) -> None:
    """Slack delivers again whatever it is not sure about."""
    async with story(mode) as told:
        root = await told.research("tea", trigger_id="1.2.3")
        assert (await told.slack.command("tea", told.channel.id, trigger_id="1.2.3")).acked
        await told.ended(root)
        assert len(told.slack.messages(told.channel.id)) == 1
        assert len(told.model.requests) == 4


@pytest.mark.parametrize("words", ["", "help", "HELP", "\u200b\u2060"])
async def test_words_that_are_no_topic_are_answered_privately(mode: Mode, words: str) -> None:
    """They must not cost four model calls."""
    async with story(mode) as told:
        assert (await told.slack.command(words, told.channel.id)).acked
        assert told.slack.answers[0].text.startswith("How to use /research.")
        assert told.slack.messages(told.channel.id) == []


async def test_a_topic_reaches_the_model_as_it_was_typed(mode: Mode) -> None:
    """R&D is not R&amp;D."""
    async with story(mode) as told:
        root = await told.ended(await told.research("R&D <costs>"))
        assert "R&D <costs>" in told.model.requests[0].prompt
        assert root.text.startswith("Research on R&amp;D &lt;costs&gt; is done")


@pytest.mark.parametrize(("topic", "said"), [("x", "I need a topic"), ("x" * 301, "This topic has 301 characters")])
async def test_a_topic_that_is_too_short_or_too_long_is_refused_privately(mode: Mode, topic: str, said: str) -> None:
    """Before anything is posted or paid."""
    async with story(mode) as told:
        assert (await told.slack.command(topic, told.channel.id)).acked
        assert told.slack.answers[0].text.startswith(said)
        assert told.model.requests == []


async def test_a_channel_where_the_bot_may_not_post_is_explained_to_the_asker(mode: Mode) -> None:
    """Silence would look like a bot that is down."""
    async with story(mode) as told:
        closed = told.slack.workspace.add("board", kind="private", members=set())
        assert (await told.slack.command("tea", closed.id)).acked
        await told.slack.until(lambda: len(told.slack.answers) == 2)
        assert any(each.text.startswith("I can't post in this channel") for each in told.slack.answers)
        assert told.model.requests == []


async def test_a_long_angle_comes_in_parts_that_slack_takes(mode: Mode) -> None:
    """Nothing is cut off and nothing is dropped."""
    async with story(mode) as told:
        paragraphs = [f"Paragraph {number}. " + "word " * 100 for number in range(30)]
        told.model.answer("angle/technical", "\n\n".join(paragraphs))
        root = await told.ended(await told.research("tea"))
        pages = [message for message in told.slack.thread(root) if message.part.startswith("angle/technical")]
        assert len(pages) > 3
        assert pages[0].title == f"Technical angle (1 of {len(pages)})"
        assert [page.part for page in pages[:2]] == ["angle/technical", "angle/technical/2"]
        whole = "\n".join(block["text"] for page in pages for block in page.blocks if block["type"] == "markdown")
        assert [line for line in whole.split() if line.isdigit() or line[:-1].isdigit()] == [f"{n}." for n in range(30)]


async def test_a_last_state_that_slack_did_not_take_is_shown_again(mode: Mode) -> None:
    """A root that says "working" for ever is a lie."""
    async with story(mode) as told:
        told.slack.fault("chat.update", error="internal_error", fits=lambda args: "is done" in args["text"])
        root = await told.ended(await told.research("tea"))
        assert "is done" in root.text


async def test_runs_side_by_side_keep_to_their_own_threads(mode: Mode) -> None:
    """A finding in somebody else's thread would be worse than none."""
    async with story(mode) as told:
        roots = [await told.research(f"topic {number}") for number in range(5)]
        for number, root in enumerate(roots):
            await told.ended(root)
            assert f"topic {number}" in root.text
            assert sorted(parts(told, root)) == sorted(["report", *(f"angle/{slug}" for slug in ANGLES)])
            assert all(
                f"topic {number}." in m.text or f"topic {number}," in m.text for m in told.slack.thread(root)[:3]
            )


async def test_a_run_that_gets_no_answer_from_slack_for_its_root_costs_nothing(mode: Mode) -> None:
    """And the asker is told so."""
    async with story(mode) as told:
        told.slack.fault("chat.postMessage", error="message_limit_exceeded")
        assert (await told.slack.command("tea", told.channel.id)).acked
        await told.slack.until(lambda: len(told.slack.answers) == 2)
        assert any(each.text.startswith("Something went wrong on our side.") for each in told.slack.answers)
        assert told.model.requests == []


async def test_a_run_in_a_direct_message_has_no_mention_of_its_only_reader(mode: Mode) -> None:
    """There is nobody else to tell apart."""
    async with story(mode) as told:
        told.channel = told.slack.workspace.add("direct", kind="im")
        root = await told.ended(await told.research("tea"))
        assert told.slack.answers[0].text == "Starting research on “tea”. Everything will appear here."
        assert not [
            message for message in [root, *told.slack.thread(root)] if "<@" in message.text + str(message.blocks)
        ]


async def test_a_model_that_fails_for_a_moment_leaves_no_mark_on_the_thread(mode: Mode) -> None:
    """But its attempts are counted in the cost."""
    async with story(mode) as told:
        told.model.answer("angle/historical", ms.default_text, ms.EMPTY)
        root = await told.ended(await told.research("tea"))
        assert root.text.startswith("Research on tea is done, 3 of 3 angles.")
        assert "5 model calls" in told.ending(root)


async def test_a_rate_limited_post_waits_as_long_as_slack_says(mode: Mode) -> None:
    """A 429 is no reason to lose an angle."""
    async with story(mode) as told:
        told.slack.fault("chat.postMessage", retry_after=1, fits=lambda args: "thread_ts" in args)
        root = await told.ended(await told.research("tea"))
        assert len(told.slack.thread(root)) == 4
