"""The Home tab and the first words in direct messages, in both modes."""

from __future__ import annotations

from typing import Any

import pytest

from bot.playground.slack.checks import view_problems
from bot.playground.slack.views import View
from bot.research.model import Place
from bot.research.run_state import Phase, Run
from bot.research.words.en import NBSP
from bot.service.quotas import Allowance
from bot.slack.listeners.visibility import Visibility
from bot.slack.messages.ephemeral import OPEN_FORM
from bot.slack.messages.home import OPEN_RUN, Shelf, home_view
from bot.slack.messages.modal import POST_TO, TOPIC
from tests.slack.format.nasty_texts import NASTY
from tests.support.fakes import question
from tests.support.story import Mode, Story, story


async def home(told: Story, user: str = "U0ASKER") -> View:
    """What somebody sees who opens the Home tab."""
    known = told.slack.views.homes.get(user)
    before = len(known.versions) if known else 0
    await told.slack.open_home(user)
    await told.slack.until(lambda: user in told.slack.views.homes)
    await told.slack.until(lambda: len(told.slack.views.homes[user].versions) > before)
    return told.slack.views.homes[user]


def rows(view: View | dict[str, Any], name: str) -> list[str]:
    """The paragraphs of one of its lists."""
    blocks = view.blocks if isinstance(view, View) else view["blocks"]
    return [block["text"]["text"] for block in blocks if block["block_id"].startswith(f"research.home.{name}.")]


def text(view: View, block: str) -> str:
    return str(next(each for each in view.blocks if each["block_id"] == f"research.home.{block}"))


async def test_a_home_before_any_run_says_how_to_begin(mode: Mode) -> None:
    """The first look decides whether there is a second."""
    async with story(mode) as told:
        view = await home(told)
        assert rows(view, "run") == ["You haven't asked for any research yet."]
        assert rows(view, "team_run") == ["Nothing has been researched in public channels yet."]
        assert text(view, "howto").count("•") == 5
        assert (await told.slack.click(view, OPEN_FORM)).acked
        await told.slack.until(lambda: told.slack.views.modals)
        form = told.slack.views.modals[0]
        assert (await told.slack.submit(form, {TOPIC: "tea", POST_TO: told.channel.id})).acked
        await told.ended(await told.newest(0))


async def test_a_home_shows_ones_own_runs_with_their_state_and_the_way_to_them(mode: Mode) -> None:
    """Nobody remembers in which channel they asked."""
    async with story(mode) as told:
        root = await told.ended(await told.research("tea & <b>"))
        gate = told.hold("historical")["historical"]
        await told.research("coffee")
        await told.says(told.slack.messages(told.channel.id)[-1], "Working: 2 of 3 angles done.")
        view = await home(told)
        working, done = rows(view, "run")
        assert working.startswith(f"*coffee*\n◐ Working: 2 of 3{NBSP}angles done · <#{told.channel.id}> · <!date^")
        assert done.startswith(f"*tea &amp; &lt;b&gt;*\n✓ Done: 3 of 3{NBSP}angles · <#{told.channel.id}> · <!date^")
        assert "Showing" not in text(view, "runs_more")  # for nothing is left out
        assert root.ts.replace(".", "") in text(view, "run.2")
        assert (await told.slack.click(view, OPEN_RUN, block="research.home.run.2")).acked
        gate.set()


async def test_a_home_is_shown_anew_when_a_run_of_its_owner_ends(mode: Mode) -> None:
    """A page that says "working" for ever is a lie."""
    async with story(mode) as told:
        gate = told.hold("historical")["historical"]
        await told.research("tea")
        view = await home(told)
        assert "◐ Working" in rows(view, "run")[0]
        assert "in progress: 1" in text(view, "usage")
        versions = len(view.versions)
        gate.set()
        await told.slack.until(lambda: "✓ Done" in rows(view, "run")[0])
        assert len(view.versions) == versions + 1


async def test_a_home_shows_what_has_been_used_of_what_there_is(mode: Mode) -> None:
    """Better to know a limit than to run into it."""
    async with story(mode, runs_per_user=2, runs_per_user_day=20) as told:
        await told.ended(await told.research("tea"))
        assert "today: 1 of 20" in text(await home(told), "usage")
        assert "today: 0 of 20" in text(await home(told, "U0OTHER"), "usage")


async def test_a_home_shows_others_only_what_they_can_read_anyway(mode: Mode) -> None:
    """A topic in a private channel is a secret by its name alone."""
    async with story(mode) as told:
        await told.ended(await told.research("open topic"))
        told.channel = told.slack.workspace.add("closed", kind="private")
        await told.ended(await told.research("closed topic"))
        told.channel = told.slack.workspace.direct("U0ASKER")
        await told.ended(await told.research("own topic"))
        gate = told.hold("historical")["historical"]
        await told.research("topic under way")
        view = await home(told, "U0OTHER")
        (only,) = rows(view, "team_run")
        assert only.startswith("*open topic*")
        assert rows(view, "run") == ["You haven't asked for any research yet."]
        own = rows(await home(told), "run")
        assert [row.split("*")[1] for row in own] == ["topic under way", "own topic", "closed topic", "open topic"]
        assert "direct message" in own[1]
        gate.set()


async def test_a_home_that_cannot_be_read_from_the_store_is_left_as_it_was(mode: Mode) -> None:
    """An old page is better than a broken bot."""
    async with story(mode) as told:
        view = await home(told)
        told.slack.fault("views.publish", error="internal_error")
        event = await told.slack.open_home()
        assert event
        await told.slack.until(lambda: event.over)
        assert event.acked
        assert len(view.versions) == 1


@pytest.mark.parametrize("topic", NASTY)
def test_a_full_home_is_one_that_slack_takes(topic: str) -> None:
    """Ten runs of each kind, whatever they are called, and whoever stopped them."""
    asked = question(topic[:300] or "tea", place=Place(team="T1", channel="C1", public=True), asker="U1")
    run = Run.of(asked).model_copy(update={"ref": "C1/1.1", "phase": Phase.STOPPED, "stopped_by": "U1"})
    shelf = Shelf((run,) * 12, 37)
    view = home_view("U1", shelf, shelf, Allowance(1, 2, 3, 0), "https://acme.slack.com/")
    assert view_problems(view, "home") == []
    assert len(rows(view, "run")) == len(rows(view, "team_run")) == 10
    assert "Stopped by you" in rows(view, "run")[0]
    assert "Showing 10 of 37." in str(view)
    assert all(len(row) <= 3_000 for row in rows(view, "run"))


async def test_the_first_look_into_direct_messages_is_welcomed_once(mode: Mode) -> None:
    """An empty page tells nobody what to do; a second welcome is noise."""
    async with story(mode) as told:
        direct = told.slack.workspace.direct("U0ASKER")
        await told.slack.open_home(tab="messages")
        await told.slack.until(lambda: told.slack.messages(direct.id))
        (welcome,) = told.slack.messages(direct.id)
        assert welcome.text.startswith("Hello. Send me a topic and I will look at it from three angles")
        assert (await told.slack.click(welcome, OPEN_FORM)).acked
        await told.slack.until(lambda: told.slack.views.modals)
        await told.restart()
        for _ in range(2):
            await told.slack.open_home(tab="messages")
        await told.slack.until(lambda: all(event.over for event in told.slack.events.told))
        await home(told)
        assert told.slack.messages(direct.id) == [welcome]


async def test_direct_messages_in_which_something_was_said_get_no_welcome(mode: Mode) -> None:
    """Whoever has written already knows how."""
    async with story(mode) as told:
        direct = told.slack.workspace.direct("U0ASKER")
        await told.slack.say(direct.id, "hello")
        await told.slack.open_home(tab="messages")
        await told.slack.until(lambda: any(call.method == "conversations.history" for call in told.slack.calls))
        await home(told)
        assert not any(message.text.startswith("Hello. Send me") for message in told.slack.messages(direct.id))


async def test_what_was_asked_in_a_channel_that_is_private_now_is_shown_to_others_no_more(mode: Mode) -> None:
    """Who was not let in must not read its topics; where Slack does not tell, nothing is shown either."""
    async with story(mode) as told:
        silent = {told.channel.id}  # whoever asks: at the end of a run its asker's Home is drawn too
        told.slack.fault(
            "conversations.info", error="fatal_error", times=1_000, fits=lambda args: args["channel"] in silent
        )
        await told.ended(await told.research("tea"))
        assert "tea" not in rows(await home(told, "U0OTHER"), "team_run")[0]
        silent.clear()
        now = [0.0]
        visibility = Visibility(told.bot.workspace, lambda: now[0])
        for kind, seconds, public in (("public", 0, True), ("private", 59, True), ("private", 2, False)):
            told.channel.kind, now[0] = kind, now[0] + seconds  # type: ignore[assignment]
            assert bool(await visibility.public([told.channel.id])) is public
        assert await visibility.public([told.channel.id, "C0GONE"]) == set()
