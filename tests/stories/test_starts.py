"""Runs that begin with a message: a mention in a channel or a thread, a topic in direct messages; in both modes."""

from __future__ import annotations

import asyncio

import pytest

from bot.playground.slack.workspace import BOT_USER, Message
from bot.research.model import Place, Question
from bot.service.peers import Alone
from bot.slack.listeners.starts import MessageStarts
from bot.slack.messages.root import STOP
from bot.slack.transport.client import Workspace
from tests.support.fakes import question
from tests.support.story import Mode, Story, story

ANGLES = ["historical", "technical", "societal"]
PARTS = sorted(["root", "report", *(f"angle/{slug}" for slug in ANGLES)])


async def starts(told: Story, message: Message, direct: bool = False) -> bool:
    """Whether a run began with this message."""
    await told.slack.heard(message)
    return await told.bot.desk.find(question(key=f"{message.channel}/{message.ts}").run_id) is not None


async def mention(told: Story, words: str, thread_ts: str | None = None) -> Message:
    return await told.slack.say(told.channel.id, f"<@{BOT_USER}> {words}", thread_ts=thread_ts)


async def first_reply(told: Story, message: Message) -> Message:
    await told.slack.until(lambda: told.slack.thread(message))
    return told.slack.thread(message)[0]


def place(message: Message) -> str:
    """How a message's address ends."""
    return f"p{message.ts.replace('.', '')}"


async def test_a_mention_is_researched_in_its_own_thread(mode: Mode) -> None:
    """The channel sees one message, the one that somebody wrote."""
    async with story(mode) as told:
        message = await mention(told, "R&D <costs>")
        assert await starts(told, message)
        root = await told.ended(await first_reply(told, message))
        assert root.title == "Research: R&D <costs>"
        assert sorted(told.parts(message)) == PARTS
        assert told.parts(message)[0] == "root"
        assert told.slack.messages(told.channel.id) == [message]


@pytest.mark.parametrize(
    ("said", "topic"),
    [("Hey {}, tidal power", "tidal power"), ("tidal power, {}", "tidal power"), ("{}: tea {}", "tea")],
)
async def test_the_topic_is_what_follows_the_mention(mode: Mode, said: str, topic: str) -> None:
    """A greeting is not what somebody wants to know about."""
    async with story(mode) as told:
        message = await told.slack.say(told.channel.id, said.format(f"<@{BOT_USER}>", f"<@{BOT_USER}>"))
        assert await starts(told, message)
        assert (await told.ended(await first_reply(told, message))).title == f"Research: {topic}"


async def test_what_is_forwarded_to_the_bot_or_comes_along_is_the_topic(mode: Mode) -> None:
    """The text of such a message is empty; what it is about stands beside it."""
    async with story(mode) as told:
        source, own = told.slack.workspace.add("source"), told.slack.workspace.direct("U0ASKER")
        asked = await told.slack.say(source.id, f"why is R&D <slow>, <@{BOT_USER}>?", "U0OTHER")
        alert = await told.slack.bot_says(source.id, "New alert", shown=({"type": "markdown", "text": "Disk is full"},))
        shared = await told.slack.forward(asked, told.channel.id, f"<@{BOT_USER}>")
        assert await starts(told, shared)
        assert (await first_reply(told, shared)).title == "Research: why is R&D <slow>, @research?"
        assert not told.slack.thread(asked)[1:]  # the mention in what is forwarded was somebody else's
        for message in (
            await told.slack.forward(asked, own.id),
            await told.slack.forward(alert, own.id),
            await told.slack.say(own.id, "", files=("Q3 & Q4.pdf",)),
        ):
            assert await starts(told, message, direct=True)
        read = {f"Research: {words}" for words in ("why is R&D <slow>, @research?", "Disk is full", "Q3 & Q4.pdf")}
        await told.slack.until(lambda: {each.title for each in told.slack.messages(own.id)} - {""} == read)
        assert not await starts(told, await told.slack.forward(asked, told.channel.id))


async def test_people_and_channels_in_a_topic_are_words_for_all_who_read_it(mode: Mode) -> None:
    """A model knows nothing of ids, and nobody is pinged by what somebody else wants to know."""
    async with story(mode) as told:
        hidden = told.slack.workspace.add("secret", kind="private")
        told.slack.workspace.person("U0GRACE", name="Grace H.")
        words = f"tea of <@U0GRACE> and <@U0NOBODY>\u200b in <#{told.channel.id}>, <#{hidden.id}>"
        read = "tea of @Grace H. and a teammate in #energy, a channel"
        message = await mention(told, words)
        assert await starts(told, message)
        root = await told.ended(await first_reply(told, message))
        assert root.title == f"Research: {read}"
        shown = str([root.blocks, *(each.text for each in told.slack.thread(message))])
        asked = str([call.prompt for call in told.model.requests])
        assert f"<topic>\\n{read}\\n</topic>" in asked
        assert not [each for each in ("U0GRACE", "U0NOBODY", hidden.id) if each in shown + asked]
        for told.slack.should_escape in (False, True):
            root = await told.ended(await told.research("tea of <@U0GRACE>"))
            assert root.title == "Research: tea of @Grace H."


async def test_a_mention_in_a_thread_is_researched_there_and_all_links_lead_there(mode: Mode) -> None:
    """People ask where they talk; a link that opens another place is a dead end."""
    async with story(mode) as told:
        talk = await told.slack.say(told.channel.id, "we should know more about tea", "U0OTHER")
        written = asyncio.Event()
        told.model.answer("report", gate=written)
        assert await starts(told, await mention(told, 'tea --angles "law"', talk.ts))
        await told.slack.until(lambda: len(told.slack.thread(talk)) >= 3)
        _, root, law = told.slack.thread(talk)
        await told.slack.until(lambda: f"{place(law)}?thread_ts={talk.ts}&cid={told.channel.id}" in str(root.blocks))
        written.set()
        await told.ended(root)
        report = told.slack.thread(talk)[3]
        assert f"{place(report)}?thread_ts={talk.ts}&cid={told.channel.id}" in str(root.blocks)
        assert (await told.slack.command("list", told.channel.id)).acked
        link = f"{told.slack.workspace.url}archives/{root.channel}/{place(root)}?thread_ts={talk.ts}"
        assert link in str(told.slack.answers[-1].payload["blocks"])


async def test_a_message_told_twice_is_one_run(mode: Mode) -> None:
    """Slack tells of a mention as a mention and as a message, and again where it is in doubt."""
    async with story(mode) as told:
        message = await mention(told, "tea")
        assert await starts(told, message)
        assert await starts(told, message)
        await told.ended(await first_reply(told, message))
        assert await starts(told, message)
        assert sorted(told.parts(message)) == PARTS
        assert len(told.model.requests) == 4


async def test_a_run_in_a_thread_can_be_stopped_by_button_and_by_word(mode: Mode) -> None:
    """Wherever a run stands, there is a way to end it."""
    async with story(mode) as told:
        told.hold(*ANGLES)
        message = await mention(told, "tea")
        await starts(told, message)
        root = await first_reply(told, message)
        await told.model.until(lambda: len(told.model.requests) == 3)
        await told.click(root, STOP)
        await told.says(root, "Stopped by <@U0ASKER>")
        other = await mention(told, "coffee")
        await starts(told, other)
        second = await first_reply(told, other)
        await told.model.until(lambda: len(told.model.requests) == 6)
        assert not await starts(told, await mention(told, "\u200f*stop*\ufeff"))
        await told.says(second, "Stopped by <@U0ASKER>")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "How to use /research."),
        ("x", "I need a topic, for example: /research nuclear fusion"),
        ("tea --depth", "There is no option --depth."),
        ('tea --angles "a,b,c,d,e,f,g"', "That is 7 angles; the limit is 6."),
    ],
)
async def test_a_mention_that_is_no_topic_is_answered_for_its_writer_only_and_once(
    mode: Mode, words: str, said: str
) -> None:
    """A channel is not the place to teach somebody a command, and not twice."""
    async with story(mode) as told:
        message = await mention(told, words)
        assert not await starts(told, message)
        assert not await starts(told, message)
        (answer,) = told.slack.answers
        assert answer.user == "U0ASKER"
        assert answer.text.startswith(said)
        assert told.slack.messages(told.channel.id) == [message]
        assert told.model.requests == []


async def test_a_mention_over_a_limit_is_refused_where_it_was_written(mode: Mode) -> None:
    """Silence would look like a bot that is down."""
    async with story(mode, runs_per_user=1) as told:
        gates = told.hold(*ANGLES)
        await starts(told, await mention(told, "tea"))
        assert not await starts(told, await mention(told, "coffee"))
        await told.heard("You already have 1 run in progress, the limit.")
        for gate in gates.values():
            gate.set()


async def test_a_topic_in_direct_messages_is_researched_there(mode: Mode) -> None:
    """Nobody else is there: no mention, and every new message is a new topic."""
    async with story(mode) as told:
        told.channel = told.slack.workspace.direct("U0ASKER")
        message = await told.slack.say(told.channel.id, "nuclear fusion")
        assert await starts(told, message, direct=True)
        root = await told.ended(await told.newest(1))
        assert root.thread_ts is None
        assert sorted(told.parts(root)) == [*PARTS[:3], "report"]
        assert "<@" not in str([root.blocks, *(each.blocks for each in told.slack.thread(root))])
        hint = "Ask a question in this thread, or send a new topic as a new message."
        assert root.blocks[-1]["block_id"] == "research.root.hint"
        assert root.text.endswith(f"check facts before relying on them. {hint}")


async def test_what_is_no_topic_in_direct_messages_is_answered_as_a_message(mode: Mode) -> None:
    """There everybody sees everything: nothing has to be private."""
    async with story(mode) as told:
        told.channel = told.slack.workspace.direct("U0ASKER")
        assert not await starts(told, await told.slack.say(told.channel.id, "`help`\u200b!"), direct=True)
        answer = told.slack.messages(told.channel.id)[-1]
        assert answer.user == BOT_USER
        assert answer.text.startswith("How to use /research.")
        assert told.slack.answers == []


async def test_a_mention_where_the_root_is_refused_is_explained_in_direct_messages(mode: Mode) -> None:
    """A message brings no address for private answers."""
    async with story(mode) as told:
        told.slack.fault("chat.postMessage", error="restricted_action_thread_locked")
        message = await mention(told, "tea & more")
        assert await starts(told, message)
        direct = told.slack.workspace.direct("U0ASKER")
        await told.slack.until(lambda: told.slack.messages(direct.id))
        (note,) = told.slack.messages(direct.id)
        where = f"<#{told.channel.id}>"
        assert note.text.startswith(
            f"Your research on “tea &amp; more” in {where} was not started. Only some people can"
        )
        assert told.model.requests == []


@pytest.mark.parametrize("done", [False, True])
async def test_a_root_whose_answer_was_lost_is_looked_for_in_the_thread(mode: Mode, done: bool) -> None:
    """It does not stand in the channel: who looks there posts it twice."""
    async with story(mode) as told:
        told.slack.fault("chat.postMessage", error="internal_error", done=done)
        message = await mention(told, "tea")
        await starts(told, message)
        await told.ended(await first_reply(told, message))
        assert sorted(told.parts(message)) == PARTS


async def test_a_run_in_a_thread_that_shuts_goes_on_in_direct_messages(mode: Mode) -> None:
    """What was paid for reaches the asker, in a thread of its own there."""
    async with story(mode) as told:
        told.channel = told.slack.workspace.add("energy-2", kind="private")
        gates = told.hold(*ANGLES)
        message = await mention(told, "tea")
        await starts(told, message)
        await first_reply(told, message)
        await told.model.until(lambda: len(told.model.requests) == 3)
        told.channel.archived = True
        for gate in gates.values():
            gate.set()
        direct = told.slack.workspace.direct("U0ASKER")
        await told.slack.until(lambda: len(told.slack.messages(direct.id)) == 2)
        moved = await told.ended(told.slack.messages(direct.id)[1])
        assert sorted(told.parts(moved)) == [*PARTS[:3], "report"]


async def test_a_deleted_root_in_a_thread_stops_its_run(mode: Mode) -> None:
    """The thread itself stays: only the root tells that somebody wants no more of it."""
    async with story(mode) as told:
        gates = told.hold(*ANGLES)
        message = await mention(told, "tea")
        await starts(told, message)
        root = await first_reply(told, message)
        await told.model.until(lambda: len(told.model.requests) == 3)
        told.slack.delete(root)
        gates["technical"].set()
        await told.model.until(lambda: told.model.asked("angle/societal")[0].cut)
        assert told.model.asked("report") == []


async def test_a_run_in_a_thread_goes_on_after_a_restart(mode: Mode) -> None:
    """What its place is must be kept with it."""
    async with story(mode) as told:
        gates = told.hold(*ANGLES)
        message = await mention(told, "tea")
        await starts(told, message)
        await told.model.until(lambda: len(told.model.requests) == 3)
        gates["historical"].set()
        await told.slack.until(lambda: len(told.slack.thread(message)) == 2)
        await told.bot.desk.worker.drain(0)
        told.model.answer("angle/*")
        await told.restart()
        await told.slack.until(lambda: len(told.slack.thread(message)) == 5)
        assert sorted(told.parts(message)) == PARTS


async def test_a_mention_in_a_thread_is_a_topic_and_no_question_too(mode: Mode) -> None:
    """Two events bring it, the second when the run has made the thread one of ours."""
    async with story(mode) as told:
        talk = await told.slack.say(told.channel.id, "we should know more about tea", "U0OTHER")
        message = await mention(told, "tea", talk.ts)
        assert await starts(told, message)
        await told.slack.until(lambda: len(told.slack.thread(talk)) > 1)
        root = told.slack.thread(talk)[1]
        for restarted in (False, True):
            for event in told.slack.events.about(message.ts):
                assert (await told.slack.redeliver(event, same_id=False)).acked
            if not restarted:
                await told.ended(root)
                await told.restart()
        assert sorted(told.parts(talk)) == sorted(["", *PARTS])  # the mention stands there as well
        assert told.model.asked("follow-up/*") == []


async def test_stop_in_a_mention_stops_one_run_though_two_events_bring_it(mode: Mode) -> None:
    """The second event would stop somebody's other run."""
    async with story(mode) as told:
        gates = told.hold(*ANGLES)
        roots = [await told.research(topic) for topic in ("tea", "coffee")]
        message = await mention(told, "stop")
        await told.slack.heard(message)
        await told.slack.until(lambda: "Stopped" in roots[1].text)
        await told.heard("Stopped.")
        await told.bot.desk.settled(str((roots[1].metadata or {})["event_payload"]["run_id"]))
        assert len(told.bot.desk.active_runs) == 1
        assert "Stopped" not in roots[0].text
        for gate in gates.values():
            gate.set()


class SlowCommand:
    """Hears nobody out before its event is set."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.heard_words: list[str] = []

    async def heard(self, words: str, key: str, asker: str, at: Place) -> Question:
        self.heard_words.append(words)
        await self.go.wait()
        return question(words, key=key)

    def shallower(self, question: Question) -> bool:
        return False


async def test_a_message_that_takes_long_to_take_up_is_taken_up_all_the_same_and_once() -> None:
    """Slack delivers it again because nobody answered in time: that must find what became of it."""
    command = SlowCommand()
    starts = MessageStarts(command, Workspace(None), Alone())  # type: ignore[arg-type]
    message = {"channel": "C1", "user": "U1", "ts": "1.0", "thread_ts": "", "text": "tea", "direct": False}
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(starts.from_message(**message), 0.01)  # type: ignore[arg-type]
    command.go.set()
    taken = await starts.from_message(**message)  # type: ignore[arg-type]
    assert taken
    assert (taken.topic, command.heard_words) == ("tea", ["tea"])
