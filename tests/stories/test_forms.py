"""The form: opened, filled in, checked, sent; and the shortcut that opens it; in both modes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.slack.talk import escaped
from bot.playground.slack.views import View
from bot.research.words import RUN_FORGOTTEN
from bot.service.errors import StoreDown
from bot.slack.format.escape import readable
from bot.slack.listeners.modal import SHORTCUT, beginning
from bot.slack.messages.controls import ROOT_MENU
from bot.slack.messages.ephemeral import OPEN_FORM
from bot.slack.messages.modal import MODE, NOTES, OWN_ANGLES, POST_TO, TOPIC
from bot.text.typed import fit
from tests.slack.format.nasty_texts import NASTY
from tests.support.story import Mode, Story, story

EXPIRED = "That took too long and Slack closed the request. Press the button again."


async def opened(told: Story) -> View:
    """The form that the button under `/research` opens."""
    assert (await told.slack.command("", told.channel.id)).acked
    assert (await told.slack.press(told.slack.answers[-1], OPEN_FORM)).acked
    return await shown(told)


async def shown(told: Story, count: int = 1) -> View:
    """The newest form, once there are so many."""
    await told.slack.until(lambda: len(told.slack.views.modals) == count)
    return told.slack.views.modals[-1]


async def own(told: Story, form: View) -> None:
    """Choose angles of one's own: a field for them comes."""
    assert (await told.slack.click(form, MODE, option="own")).acked
    await told.slack.until(lambda: OWN_ANGLES in str(form.blocks))


def field(form: View, name: str) -> dict[str, Any]:
    return next(block["element"] for block in form.blocks if block["block_id"] == name)


async def test_a_form_that_is_sent_is_a_run_in_the_channel_where_it_was_opened(mode: Mode) -> None:
    """Nobody should have to learn a command's options."""
    async with story(mode) as told:
        form = await opened(told)
        assert (
            await told.slack.submit(form, {TOPIC: "R&D\u2060 <costs>", NOTES: "for <@U0ASKER> and <@U9>\u200b"})
        ).acked
        assert not form.is_open
        root = await told.ended(await told.newest(0))
        assert root.title == "Research: R&D <costs>"
        assert "Asked by <@U0ASKER>" in str(root.blocks)
        notes = "<notes>\nfor @asker and a teammate\n</notes>"
        assert [notes in call.prompt for call in told.model.requests] == [True] * 4
    assert len(told.slack.answers) == 1  # how to use the command; the root tells the rest


async def test_own_angles_are_asked_for_where_they_are_wanted(mode: Mode) -> None:
    """A field that most people do not need would only be in their way; what is typed stays when it comes."""
    async with story(mode) as told:
        form = await opened(told)
        told.slack.fill(form, {TOPIC: "nuclear fusion"})
        await own(told, form)
        assert field(form, TOPIC)["initial_value"] == "nuclear fusion"
        assert (await told.slack.submit(form, {OWN_ANGLES: "fuel, and its supply\n\nlaw\n"})).acked
        root = await told.ended(await told.newest(0))
        titles = [message.title for message in told.slack.thread(root)]
        assert sorted(titles) == ["Fuel, and its supply angle", "Law angle", "Report: nuclear fusion"]


async def test_angles_can_be_taken_back(mode: Mode) -> None:
    """Whoever changes their mind twice gets the standard ones."""
    async with story(mode) as told:
        form = await opened(told)
        await own(told, form)
        assert (await told.slack.click(form, MODE, option="preset")).acked
        await told.slack.until(lambda: OWN_ANGLES not in str(form.blocks))
        assert (await told.slack.submit(form, {TOPIC: "tea"})).acked
        root = await told.ended(await told.newest(0))
        assert "angle/historical" in told.parts(root)


async def test_a_form_sent_before_its_field_came_asks_for_the_angles(mode: Mode) -> None:
    """Standard angles would not be what was chosen."""
    async with story(mode) as told:
        form = await opened(told)
        assert (await told.slack.submit(form, {TOPIC: "tea", MODE: "own"})).acked
        assert form.is_open
        assert OWN_ANGLES in str(form.blocks)
        assert told.model.requests == []


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("a\nb\nc\nd\ne\nf\ng", "That is 7 angles; the limit is 6."),
        ("law\nLaw", "The angle “Law” is there twice."),
        (" \n ", "Name at least one angle."),
    ],
)
async def test_angles_that_cannot_be_are_refused_at_their_field(mode: Mode, lines: str, said: str) -> None:
    """What was typed stays in the form, and the sentence stands where it has to be changed."""
    async with story(mode) as told:
        form = await opened(told)
        await own(told, form)
        assert (await told.slack.submit(form, {TOPIC: "tea", OWN_ANGLES: lines})).acked
        assert form.errors == {OWN_ANGLES: said}
        assert form.is_open


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ({"kind": "private", "members": set()}, "I'm not a member of that channel. Type /invite @Research there, or"),
        ({"archived": True}, "That channel is archived, so nothing can be posted there. Choose another channel."),
        ({"kind": "im", "members": {"U1", "U0ASKER"}}, "Apps can't post in direct messages between people."),
    ],
)
async def test_a_place_where_the_bot_may_not_post_is_refused_at_its_field(mode: Mode, place: Any, said: str) -> None:
    """Before the form is gone with all that was typed."""
    async with story(mode) as told:
        closed = told.slack.workspace.add("board", **place)
        form = await opened(told)
        assert (await told.slack.submit(form, {TOPIC: "tea", POST_TO: closed.id})).acked
        assert form.errors[POST_TO].startswith(said)
        assert told.model.requests == []


async def test_a_blank_topic_is_refused_at_its_field(mode: Mode) -> None:
    """Slack counts blanks as characters."""
    async with story(mode) as told:
        form = await opened(told)
        assert (await told.slack.submit(form, {TOPIC: "   "})).acked
        assert form.errors == {TOPIC: "A topic has 2 to 300 characters; this one has 0."}


async def test_a_form_over_a_limit_says_so_in_plain_words(mode: Mode) -> None:
    """A form shows no markup, and a limit is no reason to lose what was typed."""
    async with story(mode, runs_per_user_day=1) as told:
        await told.ended(await told.research("tea"))
        form = await opened(told)
        assert (await told.slack.submit(form, {TOPIC: "coffee"})).acked
        assert form.errors == {
            TOPIC: "You have used your 1 run for today. You can start the next one tomorrow at 00:00 UTC."
        }


async def test_a_form_that_cannot_be_kept_stays_open(mode: Mode, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was acknowledged is researched; what cannot be is not acknowledged as if it were."""
    async with story(mode) as told:

        async def down(question: object) -> bool:
            raise StoreDown("x")

        monkeypatch.setattr(told.bot.desk, "accept", down)
        form = await opened(told)
        assert (await told.slack.submit(form, {TOPIC: "tea"})).acked
        assert form.errors[TOPIC].startswith(
            "I can't save your question right now because my database isn't responding"
        )


async def test_a_form_sent_twice_is_one_run(mode: Mode) -> None:
    """People press twice, and Slack delivers again."""
    async with story(mode) as told:
        form = await opened(told)
        assert (await told.slack.submit(form, {TOPIC: "tea"})).acked
        form.is_open = True
        assert (await told.slack.submit(form)).acked
        await told.ended(await told.newest(0))
        assert len(told.slack.messages(told.channel.id)) == 1
        assert len(told.model.requests) == 4


async def test_a_run_for_another_channel_begins_there_and_the_sender_is_told_where(mode: Mode) -> None:
    """The form closes and nothing is seen to happen: so it is said."""
    async with story(mode) as told:
        other = told.slack.workspace.add("other", members=set())
        form = await opened(told)
        assert (await told.slack.submit(form, {TOPIC: "tea & co", POST_TO: other.id})).acked
        await told.heard(
            f"Starting research on “tea &amp; co” in <#{other.id}>. Progress and results will appear there."
        )
        await told.slack.until(lambda: told.slack.messages(other.id))
        await told.ended(told.slack.messages(other.id)[0])
        assert told.slack.messages(told.channel.id) == []


async def test_a_form_for_direct_messages_runs_there(mode: Mode) -> None:
    """For topics that are nobody else's business."""
    async with story(mode) as told:
        direct = told.slack.workspace.direct("U0ASKER")
        form = await opened(told)
        assert (await told.slack.submit(form, {TOPIC: "tea", POST_TO: direct.id})).acked
        await told.slack.until(lambda: told.slack.messages(direct.id))
        root = await told.ended(told.slack.messages(direct.id)[0])
        assert "<@" not in str(root.blocks)


async def test_a_place_that_turns_out_to_be_shut_is_explained_to_the_sender(mode: Mode) -> None:
    """Only posting shows that few may post there; the form is closed by then."""
    async with story(mode) as told:
        quiet = told.slack.workspace.add("announcements", read_only=True)
        form = await opened(told)
        assert (await told.slack.submit(form, {TOPIC: "tea", POST_TO: quiet.id})).acked
        await told.heard("Only some people can post in this channel.")
        assert told.model.requests == []


async def test_a_button_that_slack_no_longer_honours_says_so(mode: Mode) -> None:
    """Three seconds go by quickly."""
    async with story(mode) as told:
        assert (await told.slack.command("", told.channel.id)).acked
        told.slack.fault("views.open", error="expired_trigger_id")
        assert (await told.slack.press(told.slack.answers[-1], OPEN_FORM)).acked
        await told.heard(EXPIRED)
        assert told.slack.views.modals == []


async def test_a_run_again_opens_a_form_with_all_that_was_asked(mode: Mode) -> None:
    """Changes are wanted, not typing."""
    async with story(mode) as told:
        form = await opened(told)
        await own(told, form)
        await told.slack.submit(form, {TOPIC: "tea", OWN_ANGLES: "law\ncost", NOTES: "short"})
        root = await told.ended(await told.newest(0))
        run_id = (root.metadata or {})["event_payload"]["run_id"]
        assert (await told.slack.click(root, ROOT_MENU, user="U0OTHER", option=f"again:{run_id}")).acked
        again = await shown(told, 2)
        assert (await told.slack.submit(again)).acked
        second = await told.ended(await told.newest(1))
        assert second.title == root.title
        assert sorted(told.parts(second)) == sorted(told.parts(root))
        await told.bot.runs.forget([run_id])
        assert (await told.slack.click(root, ROOT_MENU, option=f"again:{run_id}")).acked
        await told.heard(RUN_FORGOTTEN)


async def test_a_message_becomes_a_topic_and_its_thread_takes_the_run(mode: Mode) -> None:
    """A question that somebody asked in a channel is answered under it."""
    async with story(mode) as told:
        message = await told.slack.say(
            told.channel.id, "Is R&D <dear>? <@U0OTHER> see https://x.org/a?b=1&c=2", "U0OTHER"
        )
        assert (await told.slack.shortcut(SHORTCUT, message)).acked
        form = await shown(told)
        assert field(form, TOPIC)["initial_value"] == "Is R&D <dear>? @asker see https://x.org/a?b=1&c=2"
        assert (await told.slack.submit(form)).acked
        await told.slack.until(lambda: told.slack.thread(message))
        root = await told.ended(told.slack.thread(message)[0])
        parts = ["root", "angle/historical", "angle/technical", "angle/societal", "report"]
        assert sorted(told.parts(message)) == sorted(parts)
        assert len(told.slack.messages(told.channel.id)) == 1
        assert f"thread_ts={message.ts}" in json.dumps(root.blocks)


async def test_what_an_app_shows_and_what_is_forwarded_becomes_a_topic(mode: Mode) -> None:
    """An alert has its words in blocks, a shared message beside an empty text, a photograph in its name."""
    async with story(mode) as told:
        here, block = told.channel.id, {"type": "section", "text": {"type": "mrkdwn", "text": "*Disk* &amp; &lt;x&gt;"}}
        alert = await told.slack.bot_says(here, "", shown=(block,))
        hook = await told.slack.bot_says(here, "New", classic=True, attached=({"title": "Disk", "text": "is full"},))
        bare = await told.slack.bot_says(here, "", classic=True, attached=({"fallback": "Disk is full"},))
        for count, (message, words) in enumerate(
            [
                (alert, "*Disk* & <x>"),
                (hook, "New"),
                (await told.slack.forward(alert, here), "*Disk* & <x>"),
                (bare, "Disk is full"),
                (await told.slack.say(here, "", files=("pump curve.pdf",)), "pump curve.pdf"),
            ],
            start=1,
        ):
            assert (await told.slack.shortcut(SHORTCUT, message)).acked
            assert field(await shown(told, count), TOPIC)["initial_value"] == words


async def test_a_message_sent_to_another_channel_runs_on_its_own_there(mode: Mode) -> None:
    """Its thread is not there."""
    async with story(mode) as told:
        other = told.slack.workspace.add("other")
        message = await told.slack.say(told.channel.id, "what about tea?", "U0OTHER")
        reply = await told.slack.say(told.channel.id, "word " * 100, "U0OTHER", thread_ts=message.ts)
        assert (await told.slack.shortcut(SHORTCUT, reply)).acked
        form = await shown(told)
        assert field(form, TOPIC)["initial_value"] == ("word " * 60).strip()
        assert (await told.slack.submit(form, {POST_TO: other.id})).acked
        await told.slack.until(lambda: told.slack.messages(other.id))
        await told.ended(told.slack.messages(other.id)[0])
        assert told.slack.thread(message) == [reply]


@given(st.one_of(st.text(), st.sampled_from(NASTY), st.text().map(lambda text: text * 60)))
def test_the_beginning_of_a_message_is_a_topic_or_nothing(text: str) -> None:
    """Slack does not open a form that holds more than its field takes."""
    begun = beginning(text)
    assert not begun or 2 <= len(begun) <= 300
    assert " ".join(fit(text).split()).startswith(begun)


@given(st.text(alphabet=st.characters(exclude_characters="<>|")))
def test_a_message_reads_as_it_was_typed(text: str) -> None:
    """What Slack escapes is its own affair."""
    assert readable(escaped(text)) == text


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("<@U1> and <@U1|ada>", "a teammate and @ada"),
        ("<#C1|general> <#C1> <#C2|>", "#general a channel #energy"),
        ("<@W2|>, <@U9> & <#G3>", "@Grace Hopper, a teammate & a channel"),
        ("<!here> <!subteam^S1|@team> <!date^1^{time}|12:00 UTC>", "@here @team 12:00 UTC"),
        ("<!subteam^S1> <!everyone> <!channel|channel> <!group>", "a group @everyone @channel @group"),
        ("<tel:123|123> <tel:4> <mailto:b@x.org> <https://x.org|>", "123 4 b@x.org https://x.org"),
        ("&lt;@W2|x&gt; &lt;#C2&gt; &lt;!here&gt;", "@x #energy <!here>"),
        ("&lt;!DOCTYPE html&gt; &lt;#include&gt; &lt;@media&gt; &lt;b&gt;", "<!DOCTYPE html> <#include> <@media> <b>"),
        (
            "<https://x.org|a page> <https://x.org/?a&amp;b> <mailto:a@x.org|a@x.org>",
            "a page https://x.org/?a&b a@x.org",
        ),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
    ],
)
def test_references_are_read_as_people_see_them(told: str, read: str) -> None:
    """A model knows nothing of ids."""
    assert readable(told, {"W2": "Grace Hopper", "C2": "energy"}) == read
