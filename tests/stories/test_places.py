"""Where the bot may speak, where not, and what becomes of a run whose place is lost; in both modes."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.playground.slack.workspace import BOT_USER, Channel, Message
from bot.research.model import Place
from bot.slack.transport import client
from tests.support.story import Mode, Story, story

BUTTON = "research.run.start_dm"
REPLIES = ["angle/historical", "angle/technical", "angle/societal", "report"]


async def refused(told: Story, channel: Channel) -> Any:
    """Ask where the bot may not post; give what the asker is told."""
    before = len(told.slack.answers)
    assert (await told.slack.command("tea", channel.id)).acked
    await told.slack.until(lambda: len(told.slack.answers) == before + 2)
    return max(told.slack.answers[before:], key=lambda answer: not answer.text.startswith("Starting")).payload


def direct(told: Story, user: str = "U0ASKER") -> list[Message]:
    return told.slack.messages(told.slack.workspace.direct(user).id)


async def test_a_public_channel_is_joined(mode: Mode) -> None:
    """Nobody should have to invite a bot to where everybody may come."""
    async with story(mode) as told:
        told.channel = told.slack.workspace.add("open", members=set())
        root = await told.ended(await told.research("tea"))
        assert BOT_USER in told.channel.members
        assert len(told.slack.thread(root)) == 4


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({"kind": "private", "members": set()}, "I can't post in this channel because I'm not a member. To run it"),
        ({"kind": "im", "members": {"U1", "U2"}}, "Apps can't post in direct messages between people. Run it in our"),
        ({"kind": "mpim", "members": {"U1", "U2", "U3"}}, "Apps can't post in direct messages between people. Run"),
        ({"read_only": True}, "Only some people can post in this channel."),
        ({"thread_only": True}, "Only some people can post in this channel."),
    ],
)
async def test_a_topic_that_may_not_run_here_runs_in_direct_messages(mode: Mode, place: Any, said: str) -> None:
    """A refusal comes with a way on, and the way works."""
    async with story(mode) as told:
        hint = await refused(told, told.slack.workspace.add("closed", **place))
        promised = any("You can follow it in this channel" in each.text for each in told.slack.answers)
        assert promised is ("kind" not in place)  # only where everybody may post
        assert hint["text"].startswith(said)
        assert told.model.requests == []
        assert (await told.slack.press(hint, BUTTON)).acked
        assert (await told.slack.press(hint, BUTTON)).acked
        await told.slack.until(lambda: direct(told))
        root = await told.ended(direct(told)[0])
        assert [m.part for m in told.slack.thread(root)][-1] == "report"
        assert len(direct(told)) == 1
        assert len(told.model.requests) == 4
        assert told.slack.answers[-1].text == "Starting research on “tea” in our direct messages."
        assert told.slack.answers[-1].payload["replace_original"] is True


async def test_an_archived_channel_is_named_as_such(mode: Mode) -> None:
    """Inviting the bot would not help there."""
    async with story(mode) as told:
        hint = await refused(told, told.slack.workspace.add("old", archived=True))
        assert hint["text"].startswith("This channel is archived, so nothing can be posted here.")


async def test_a_topic_that_is_no_longer_kept_is_not_guessed(mode: Mode) -> None:
    """A button of last week must not break, nor start anything."""
    async with story(mode) as told:
        hint = await refused(told, told.slack.workspace.add("board", kind="private", members=set()))
        button = hint["blocks"][1]["elements"][0]
        button["value"] = "p_unknown"
        assert (await told.slack.press(hint, BUTTON)).acked
        await told.slack.until(lambda: told.slack.answers[-1].text.startswith("I no longer have this topic."))
        assert told.model.requests == []


async def interrupted(told: Story) -> tuple[Message, dict[str, asyncio.Event]]:
    """A run of which the first angle stands and the others wait."""
    gates = {slug: asyncio.Event() for slug in ("historical", "technical", "societal")}
    for slug, gate in gates.items():
        told.model.answer(f"angle/{slug}", gate=gate)
    root = await told.research("tea")
    gates["historical"].set()
    await told.slack.until(lambda: len(told.slack.thread(root)) == 1)
    return root, gates


@pytest.mark.parametrize("lost", ["archived", "removed"])
async def test_a_channel_that_shuts_in_mid_run_hands_over_to_direct_messages(
    mode: Mode, lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found and paid for reaches the asker, all of it and once."""
    monkeypatch.setattr(client, "NEWS_SECONDS", 0)  # no news will come of a new id
    async with story(mode) as told:
        told.channel = told.slack.workspace.add("energy-2", kind="private")
        root, gates = await interrupted(told)
        if lost == "archived":
            told.channel.archived = True
        else:
            told.channel.members.discard(BOT_USER)
        for gate in gates.values():
            gate.set()
        await told.slack.until(lambda: len(direct(told)) == 2)
        note, moved = direct(told)
        await told.ended(moved)
        why = "archived" if lost == "archived" else "I was removed"
        assert note.text == (
            f"I can no longer post in <#{told.channel.id}> ({why}). "
            "The finished angles and the report will follow here."
        )
        assert sorted(m.part for m in told.slack.thread(moved)) == sorted(REPLIES)
        assert told.slack.thread(moved)[-1].part == "report"
        assert "is done" in moved.text
        assert len(told.slack.thread(root)) == 1
        asked = await told.slack.say(moved.channel, "Who pays for it?", thread_ts=moved.ts)
        await told.slack.until(lambda: f"answer/{asked.ts}" in told.parts(moved))


async def test_a_channel_that_shuts_when_all_is_said_keeps_nobody_waiting(mode: Mode) -> None:
    """The root there can be edited no more: without word the asker would take the run for one under way."""
    async with story(mode) as told:
        told.channel = told.slack.workspace.add("energy-2")
        told.slack.fault("chat.update", error="is_archived", times=9, fits=lambda args: "is done" in args["text"])
        await told.research("tea")
        await told.slack.until(lambda: len(direct(told)) == 2)
        moved = await told.ended(direct(told)[1])
        await told.slack.until(lambda: len(told.slack.thread(moved)) == 4)
        assert sorted(told.parts(moved)) == sorted(REPLIES)


async def test_what_moved_to_direct_messages_is_nobody_elses(mode: Mode) -> None:
    """Everybody's Home lists what was researched in public, and leads there."""
    async with story(mode) as told:
        told.channel = told.slack.workspace.add("energy-2")
        _, gates = await interrupted(told)
        told.channel.archived = True
        for gate in gates.values():
            gate.set()
        await told.slack.until(lambda: len(direct(told)) == 2)
        await told.ended(direct(told)[1])
        run = await told.bot.desk.settled(str((direct(told)[1].metadata or {})["event_payload"]["run_id"]))
        assert run
        assert run.question.place == Place(team="T0ACME", channel=direct(told)[1].channel, direct=True)


async def test_a_run_in_direct_messages_is_known_there_by_its_words(mode: Mode) -> None:
    """Wherever it was asked for: who reads it there stops it there."""
    async with story(mode) as told:
        gates = told.hold("historical", "technical", "societal")
        hint = await refused(told, told.slack.workspace.add("board", kind="private", members=set()))
        assert (await told.slack.press(hint, BUTTON)).acked
        await told.slack.until(lambda: direct(told))
        (root,) = direct(told)
        await told.model.until(lambda: len(told.model.requests) == 3)
        for word, said in (("status", "tea"), ("list", "tea"), ("stop", "Stopped.")):
            assert (await told.slack.command(word, root.channel)).acked
            assert said in told.slack.answers[-1].text
        for gate in gates.values():
            gate.set()


async def test_a_deleted_root_stops_the_run_and_the_asker_hears_of_it_once(mode: Mode) -> None:
    """Whoever deletes it wants no more of it, and it must cost no more."""
    async with story(mode) as told:
        root, gates = await interrupted(told)
        told.slack.delete(root)
        gates["technical"].set()
        await told.slack.until(lambda: direct(told))
        await told.model.until(lambda: told.model.asked("angle/societal")[0].cut)
        (note,) = direct(told)
        assert note.text.startswith("The message of your research on “tea” was deleted, so I stopped the run.")
        assert told.model.asked("report") == []


async def test_a_revoked_token_stops_the_run_and_takes_the_bot_out_of_service(mode: Mode) -> None:
    """Nothing more is paid for what nobody will see, and the operator's page says why."""
    async with story(mode) as told:
        root, gates = await interrupted(told)
        await told.says(root, "1 of 3 angles done")  # or the answer to that edit might be heard after the refusal
        told.slack.refusal = "token_revoked"
        gates["technical"].set()
        await told.model.until(lambda: told.model.asked("angle/societal")[0].cut)
        assert await told.bot.lacking() == "Slack does not take our token (token_revoked)"
