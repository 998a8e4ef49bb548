"""`/research list` and `/research status`: what was and what is, in private; in both modes."""

from __future__ import annotations

import re
from typing import Any

from bot.playground import model as ms
from bot.playground.slack.checks import problems
from bot.playground.slack.workspace import Message
from bot.slack.messages.controls import RETRY
from bot.slack.messages.root import STOP
from tests.support.slackblocks_check import second_opinion
from tests.support.story import Mode, Story, story

EVIL = "<!channel> & *x*"
ANGLES = ["historical", "technical", "societal"]


async def listed(told: Story, word: str) -> tuple[str, list[str]]:
    """What the word is answered with: the text, and the lines of its block without the marks that break pings."""
    assert (await told.slack.command(word, told.channel.id)).acked
    payload: dict[str, Any] = told.slack.answers[-1].payload
    assert payload["response_type"] == "ephemeral"
    assert problems(payload) + second_opinion(payload) == []
    blocks = payload.get("blocks", [])
    return payload["text"], [line for block in blocks for line in block["text"]["text"].splitlines()]


def linked(line: str) -> tuple[str, str]:
    """Where the line leads, and what it says."""
    found = re.fullmatch(r"<([^|]+)\|(.+)>", line)
    assert found, line
    return found[1], found[2]


def leads_to(root: Message) -> str:
    return f"https://acme.slack.com/archives/{root.channel}/p{root.ts.replace('.', '')}?thread_ts={root.ts}&cid=" + (
        root.channel
    )


async def test_where_nothing_was_asked_the_lists_say_so(mode: Mode) -> None:
    """An empty list would look like a failure."""
    async with story(mode) as told:
        assert (await listed(told, "Status\u2063…")) == ("Nothing is in progress in this channel.", [])
        assert (await listed(told, "LIST")) == ("Nothing has been researched in this channel yet.", [])
        assert told.slack.messages(told.channel.id) == []
        assert told.model.requests == []


async def test_status_shows_what_is_in_progress_here_the_newest_first(mode: Mode) -> None:
    """Before one asks the same again."""
    async with story(mode) as told:
        await told.ended(await told.research("ended"))
        gates = told.hold(*ANGLES)
        first, second = await told.research("first"), await told.research("second", user="U0OTHER")
        await told.model.until(lambda: len(told.model.requests) == 4 + 6)
        there = told.slack.workspace.add("other")
        assert (await told.slack.command("elsewhere", there.id)).acked
        _, (title, *rows) = await listed(told, "status")
        assert title == "*In progress here*"
        assert [linked(row) for row in rows[::2]] == [(leads_to(second), "second"), (leads_to(first), "first")]
        assert all("◐ Working: 0 of 3\xa0angles done · <!date^" in row for row in rows[1::2])
        for gate in gates.values():
            gate.set()
        await told.ended(first)
        await told.ended(second)
        assert (await listed(told, "status"))[1] == []


async def test_list_shows_how_each_run_here_ended_the_newest_first(mode: Mode) -> None:
    """What was paid for is found again."""
    async with story(mode) as told:
        roots = [await told.says(await told.research("done"), "is done")]
        told.model.answer("angle/technical", ms.default_text, ms.REFUSED)
        roots.append(await told.says(await told.research("partial"), "is partly done"))
        told.model.answer("*", ms.default_text, *[ms.BAD_KEY] * 3)
        roots.append(await told.says(await told.research("failed"), "Failed"))
        gates = told.hold(*ANGLES)
        roots += [await told.research("stopped"), await told.research("working")]
        await told.model.until(lambda: len(told.model.requests) == 4 + 4 + 3 + 6)
        await told.click(roots[3], STOP, "U0OTHER")
        await told.says(roots[3], "Stopped by")
        told.slack.workspace.add("other")
        _, (title, *rows) = await listed(told, "list")
        assert title == "*Latest runs here*"
        assert [linked(row)[0] for row in rows[::2]] == [leads_to(root) for root in reversed(roots)]
        states = [row.replace("\xa0", " ").partition(" · ")[0] for row in reversed(rows[1::2])]
        assert states == [
            "✓ Done: 3 of 3 angles",
            "✕ Partly done: 2 of 3 angles, the technical angle failed",
            "✕ Failed",
            "■ Stopped by <@U0OTHER>",
            "◐ Working: 0 of 3 angles done",
        ]
        assert rows[-1].replace("\xa0", " ").endswith(" s · 4 model calls · 1,200 tokens")
        for gate in gates.values():
            gate.set()


async def test_a_run_that_takes_long_stands_where_it_was_asked(mode: Mode) -> None:
    """Newest first is by when it was asked for, whether it still goes on or not."""
    async with story(mode) as told:
        gates = told.hold(*ANGLES)
        slow = await told.research("slow")
        await told.model.until(lambda: len(told.model.requests) == 3)
        told.model.answer("*")
        await told.ended(await told.research("quick"))
        _, (_, *rows) = await listed(told, "list")
        assert [linked(row)[1] for row in rows[::2]] == ["quick", "slow"]
        for gate in gates.values():
            gate.set()
        await told.ended(slow)


async def test_runs_of_other_channels_are_not_shown(mode: Mode) -> None:
    """What a closed circle asks is nobody else's business."""
    async with story(mode) as told:
        board = told.channel
        await told.ended(await told.research("layoffs"))
        told.channel = told.slack.workspace.add("general")
        assert (await listed(told, "list"))[1] == []
        told.channel = board
        assert len((await listed(told, "list"))[1]) == 3


async def test_a_topic_in_a_list_neither_pings_nor_formats(mode: Mode) -> None:
    """A list says what was asked, as it was asked."""
    async with story(mode) as told:
        gates = told.hold(*ANGLES)
        root = await told.research(EVIL)
        await told.model.until(lambda: len(told.model.requests) == 3)
        for word in ("status", "list"):
            text, (_, row, _) = await listed(told, word)
            assert "<!channel" not in text + row
            assert linked(row)[1] == "&lt;\u200b!channel&gt; &amp; *\u200bx*\u200b"
        for gate in gates.values():
            gate.set()
        await told.ended(root)


async def test_a_list_has_at_most_twenty_runs_and_passes_slacks_limits(mode: Mode) -> None:
    """The answer that Slack refuses is no answer."""
    async with story(mode, runs_per_workspace=0, max_model_calls=100) as told:
        gates = told.hold(*ANGLES)
        for number in range(21):
            assert (await told.slack.command(f"{number:02}", told.channel.id)).acked
        await told.model.until(lambda: len({call.name.partition("/")[0] for call in told.model.requests}) == 21)
        for word in ("status", "list"):
            _, (title, *rows) = await listed(told, word)
            names = [linked(row)[1] for row in rows[::2]]
            assert names == [f"{number:02}" for number in range(20, 20 - len(names), -1)]
            assert len(names) == 20
            assert title in ("*In progress here* (the newest 20 of 21)", "*Latest runs here*")
        for gate in gates.values():
            gate.set()
        for root in told.slack.messages(told.channel.id):
            await told.ended(root)


async def test_long_topics_are_shown_whole_in_a_list_even_if_there_are_fewer(mode: Mode) -> None:
    """A cut topic may say the opposite."""
    async with story(mode, max_model_calls=100) as told:
        topics = [f"{number:03}" + "&" * 297 for number in range(20)]
        gates = told.hold(*ANGLES)
        for topic in topics:
            assert (await told.slack.command(topic, told.channel.id)).acked
        await told.model.until(lambda: len({call.name.partition("/")[0] for call in told.model.requests}) == 20)
        _, (title, *rows) = await listed(told, "list")
        shown = [linked(row)[1] for row in rows[::2]]
        assert title == f"*Latest runs here* (the newest {len(shown)} of 20)"
        assert shown == [topic.replace("&", "&amp;") for topic in reversed(topics[-len(shown) :])]
        for gate in gates.values():
            gate.set()
        for root in told.slack.messages(told.channel.id):
            await told.ended(root)


async def test_a_new_process_still_knows_what_was_and_what_can_be_done_about_it(mode: Mode) -> None:
    """People do not know when a bot was restarted, and need not."""
    async with story(mode) as told:
        told.model.answer("*", ms.default_text, *[ms.BAD_KEY] * 3)
        root = await told.says(await told.research("tea"), "Failed")
        before = await listed(told, "list")
        await told.restart()
        assert await listed(told, "list") == before
        assert (await listed(told, "status"))[1] == []
        await told.click(root, RETRY)
        await told.says(root, "is done, 3 of 3 angles")
        assert "✓ Done" in (await listed(told, "list"))[1][2]
