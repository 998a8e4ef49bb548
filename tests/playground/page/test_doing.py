"""What people do on the page reaches the app as it would in Slack, and comes back to where they did it."""

from __future__ import annotations

from typing import Any

import aiohttp

from bot.playground.page.doing.clicks import SHORTCUTS
from bot.playground.slack.messages import BOT_USER
from tests.playground.page.test_shown import bot_says, whisper
from tests.playground.page.visitor import ASKER, MATE, Visitor, visitor
from tests.playground.slack.consumer import Payload
from tests.playground.slack.test_interactions import BLOCKS, FORM
from tests.playground.slack.test_views import HOME, field, form, plain
from tests.test_docs import MANIFEST


def where(message: Any) -> str:
    return f"message/{message.channel}/{message.ts}"


async def test_a_message_is_said_and_names_people() -> None:
    """Mentions are typed by name, and the app hears ids."""
    async with visitor() as here:
        assert await here.say("@Research and @teammate a: see #energy & more", MATE) == (200, "")
        (message,) = here.at.channel.messages
        assert message.text == f"<@{BOT_USER}> and <@U0TEAMA>: see <#{message.channel}|energy> &amp; more"
        assert message.user == MATE
        await here.at.slack.heard(message)
        assert {event["type"] for event in here.at.events} == {"message", "app_mention"}


async def test_a_reply_stands_in_its_thread() -> None:
    """Follow-up questions are asked there."""
    async with visitor() as here:
        root = await here.at.slack.say(here.at.channel.id, "root")
        assert (await here.say("a reply", thread=root.ts))[0] == 200
        assert here.at.channel.messages[-1].thread_ts == root.ts
        assert (await here.say("lost", thread="1700000000.000100"))[0] == 404


async def test_a_command_is_told_to_the_app_and_its_answer_to_the_person() -> None:
    """It never stands in the channel."""

    async def started(payload: Payload) -> Payload | None:
        return {"text": f"Starting: {payload['text']}"}

    async with visitor() as here:
        here.at.answer = started
        assert await here.say("/research nuclear fusion by @Teammate A") == (200, "")
        assert "Starting: nuclear fusion by @Teammate A" in await here.channel()
        assert "Starting" not in await here.channel(user=MATE)
        assert here.at.channel.messages == []


async def test_slack_itself_says_privately_what_a_command_cannot_do() -> None:
    """In its own words, so that nobody learns something else here."""
    async with visitor() as here:
        root = await here.at.slack.say(here.at.channel.id, "root")
        here.at.slack.sockets.cut()
        for text, thread, said in [
            ("/research tea", root.ts, "/research is not supported in threads. Sorry!"),
            ("/reserch tea", "", "is not a valid command."),
            ("/research tea", "", "/research failed because the app did not respond."),
            ("/invite somebody", "", "Say whom to invite"),
            ("/invite @Research", "", "Research is already in this channel."),
        ]:
            assert await here.say(text, thread=thread) == (200, "")
            shown = await here.thread(root) if thread else await here.channel()
            assert said in shown
            assert "Slackbot" in shown
        assert [message.text for message in here.at.channel.messages] == ["root"]
        assert await here.say(" /research tea") == (200, "")  # a blank before it makes it a message
        assert here.at.channel.messages[-1].text == "/research tea"


async def test_the_bot_is_invited_where_it_is_no_member() -> None:
    """Its own refusal tells people to type this."""
    async with visitor() as here:
        board = next(each for each in here.at.slack.workspace.channels.values() if each.name == "board")
        assert BOT_USER not in board.members
        assert await here.say("/invite @Research", channel=board.id) == (200, "")
        assert BOT_USER in board.members
        assert "has joined the channel" in await here.channel(f"/c/{board.id}")


async def test_nothing_and_too_much_are_not_sent() -> None:
    """What somebody typed stays with them then."""
    async with visitor() as here:
        assert await here.say(" \n ") == (400, "There is nothing to send yet.")
        status, said = await here.say("x" * 12_001)
        assert (status, said) == (400, "This message has 12,001 characters; the most is 12,000.")
        assert (await here.say("half \ud83d a character"))[0] == 200
        assert (await here.say("to nobody", channel="C404"))[0] == 404


async def test_a_click_is_told_and_answered_where_it_was() -> None:
    """A root stands in the channel and in its thread, and may be pressed in both."""
    async with visitor() as here:
        root = await bot_says(here, "Root", blocks=BLOCKS)
        for thread in ("", root.ts):
            click = {"where": where(root), "action": "stop", "block": "actions", "thread": thread}
            assert await here.do("click", MATE, **click) == (200, "")
            told = here.at.heard[-1]
            assert (told["user"]["id"], told["actions"][0]["value"]) == (MATE, "r_1")
            answer = {"text": "Stopped.", "replace_original": False}
            async with aiohttp.ClientSession() as session, session.post(told["response_url"], json=answer):
                shown = await here.shown(f"{here.energy}/t/{root.ts}", MATE)
            assert "Stopped." in str(shown["thread" if thread else "channel"])


async def test_menus_and_thumbs_say_what_was_chosen() -> None:
    """The page sends the value, Slack the whole option."""
    async with visitor() as here:
        message = await bot_says(here, "Report", blocks=BLOCKS)
        for action, option in (("menu", "own"), ("feedback", "up:r_1")):
            assert await here.do("click", where=where(message), action=action, option=option) == (200, "")
        menu, thumbs = (payload["actions"][0] for payload in here.at.heard)
        assert (menu["selected_option"]["value"], thumbs["value"]) == ("own", "up:r_1")


async def test_a_click_on_what_stands_no_more_is_said_to_be_late() -> None:
    """Messages are edited while people read them."""
    async with visitor() as here:
        message = await bot_says(here, "Root", blocks=BLOCKS)
        click = {"where": where(message), "action": "stop", "block": "actions"}
        await here.at.client.chat_update(channel=message.channel, ts=message.ts, text="Done", blocks=BLOCKS[:1])
        assert await here.do("click", **click) == (409, "This button belongs to an older version of the message.")
        assert (await here.do("click", **click | {"action": "menu", "option": "third", "block": ""}))[0] == 409
        await here.at.client.chat_delete(channel=message.channel, ts=message.ts)
        assert await here.do("click", **click) == (409, "This message was deleted meanwhile.")
        assert here.at.heard == []


async def test_nobody_presses_what_another_person_sees() -> None:
    """Numbers of private answers can be guessed."""
    async with visitor() as here:
        await whisper(here, ASKER, "Shall I be silent?", blocks=BLOCKS[1:2])
        assert (await here.do("click", MATE, where="answer/0", action="stop"))[0] == 409
        own = here.at.slack.workspace.direct(ASKER)
        secret = await here.at.client.chat_postMessage(channel=own.id, text="x", blocks=BLOCKS)
        assert (await here.do("click", MATE, where=f"message/{own.id}/{secret['ts']}", action="stop"))[0] == 409
        assert (await here.say("hello", MATE, channel=own.id))[0] == 404
        assert here.at.heard == []
        assert await here.do("click", ASKER, where="answer/0", action="stop") == (200, "")


async def test_an_app_that_does_not_answer_is_said_not_to() -> None:
    """The bot may be dead: that is one of the things to be tried here."""
    async with visitor() as here:
        message = await bot_says(here, "Root", blocks=BLOCKS)
        here.at.slack.sockets.cut()
        said = "Research did not respond. Try again in a moment."
        assert await here.do("click", where=where(message), action="stop", block="actions") == (502, said)
        assert await here.do("shortcut", where=where(message), shortcut="research.shortcut") == (502, said)


async def test_the_shortcut_of_a_message_is_that_of_the_manifest() -> None:
    """What stands in the menu is what Slack would put there."""
    offered = {each["callback_id"]: each["name"] for each in MANIFEST["features"]["shortcuts"]}
    assert offered == SHORTCUTS
    async with visitor() as here:
        message = await here.at.slack.say(here.at.channel.id, "Heat pumps?")
        for callback, name in SHORTCUTS.items():
            assert f'data-shortcut="{callback}">{name}' in await here.channel()
            assert await here.do("shortcut", MATE, where=where(message), shortcut=callback) == (200, "")
            told = here.at.heard[-1]
            assert (told["callback_id"], told["user"]["id"], told["message"]["ts"]) == (callback, MATE, message.ts)
        assert (await here.do("shortcut", where=where(message), shortcut="other"))[0] == 409


async def opened(here: Visitor, view: Payload = FORM) -> str:
    """A form that the asker has before them; where it is."""
    message = await bot_says(here, "Root", blocks=BLOCKS)
    await here.do("click", where=where(message), action="stop", block="actions")
    await here.at.client.views_open(trigger_id=here.at.heard[-1]["trigger_id"], view=view)
    return f"view/{here.at.slack.views.modals[-1].id}"


def answering(**answer: Any) -> Any:
    """An app that answers each form so."""

    async def answered(payload: Payload) -> Payload | None:
        return answer if payload["type"] == "view_submission" else None

    return answered


async def test_a_form_is_shown_to_its_person_filled_in_and_sent() -> None:
    """What was typed, what stood there already, and the conversation from which it was opened."""
    async with visitor() as here:
        form_ = await opened(here)
        (shown,) = await here.forms()
        assert f'value="{here.at.channel.id}" selected' in shown
        assert await here.forms(MATE) == []
        assert (await here.do("submit", MATE, where=form_, values={}))[0] == 409
        assert await here.do("submit", where=form_, values={"topic": "tea", "mode": "own"}) == (200, "")
        values = here.at.heard[-1]["view"]["state"]["values"]
        assert values["topic"]["topic"]["value"] == "tea"
        assert values["mode"]["mode"]["selected_option"]["value"] == "own"
        assert values["place"]["place"]["selected_conversation"] == here.at.channel.id
        assert await here.forms() == []
        assert await here.do("submit", where=form_, values={"topic": "tea"}) == (409, "This form is closed.")


async def test_what_a_form_lacks_is_said_at_its_field_before_it_is_sent() -> None:
    """Slack's own client does so, and the app never hears of it."""
    async with visitor() as here:
        form_ = await opened(here)
        heard = len(here.at.heard)
        for topic, said in [
            (None, "Please complete this required field."),
            ("t", "Type at least 2 characters."),
            ("t" * 11, "Type at most 10 characters; these are 11."),
        ]:
            assert await here.do("submit", where=form_, values={"topic": topic}) == (200, "")
            (shown,) = await here.forms()
            assert said in shown
            assert 'aria-invalid="true"' in shown
        assert len(here.at.heard) == heard


async def test_errors_of_the_app_stand_at_their_fields_with_what_was_typed() -> None:
    """Nobody types anything twice."""
    async with visitor() as here:
        form_ = await opened(here)
        here.at.answer = answering(response_action="errors", errors={"topic": "Too <b>broad</b>."})
        assert await here.do("submit", where=form_, values={"topic": "tea", "notes": "n"}) == (200, "")
        (shown,) = await here.forms()
        assert "Too &lt;b&gt;broad&lt;/b&gt;." in shown
        assert 'value="tea"' in shown


async def test_forms_give_way_lie_on_each_other_and_close_together() -> None:
    """Everything that an app may answer to a form."""
    async with visitor() as here:
        form_ = await opened(here)
        here.at.answer = answering(response_action="update", view=form(field("second"), title=plain("Changed")))
        await here.do("submit", where=form_, values={"topic": "tea"})
        assert "Changed" in (await here.forms())[0]
        here.at.answer = answering(response_action="push", view=form(field("third"), title=plain("Above")))
        await here.do("submit", where=form_, values={"second": "x"})
        assert ["Above" in shown for shown in await here.forms()] == [False, True]
        above = f"view/{here.at.slack.views.modals[-1].id}"
        assert await here.do("close", where=above) == (200, "")
        assert len(await here.forms()) == 1
        here.at.answer = answering(response_action="push", view=form(field("third"), title=plain("Above")))
        await here.do("submit", where=form_, values={"second": "x"})
        here.at.answer = answering(response_action="clear")
        above = f"view/{here.at.slack.views.modals[-1].id}"
        await here.do("submit", where=above, values={"third": "x"})
        assert await here.forms() == []


async def test_a_choice_in_a_form_is_told_with_all_that_is_typed_so_far() -> None:
    """The form changes by it, and half a word in another field does not matter."""
    async with visitor() as here:
        form_ = await opened(here)
        choice = {"where": form_, "action": "mode", "block": "mode", "option": "own"}
        for topic, kept in (("t", None), ("tea", "tea")):
            assert await here.do("click", **choice, values={"topic": topic, "mode": "own"}) == (200, "")
            values = here.at.heard[-1]["view"]["state"]["values"]
            assert (here.at.heard[-1]["type"], values["topic"]["topic"]["value"]) == ("block_actions", kept)
            assert values["mode"]["mode"]["selected_option"]["value"] == "own"
        heard = len(here.at.heard)
        plainly = {"where": form_, "action": "notes", "block": "notes", "option": "n"}
        assert await here.do("click", **plainly, values={"notes": "n"}) == (200, "")
        assert len(here.at.heard) == heard


async def test_a_form_that_nobody_answers_says_so_and_stays() -> None:
    """It can be sent again once the bot is back."""
    async with visitor() as here:
        form_ = await opened(here)
        here.at.slack.sockets.cut()
        assert await here.do("submit", where=form_, values={"topic": "tea"}) == (200, "")
        assert "We had some trouble connecting." in (await here.forms())[0]


async def test_the_app_hears_that_one_of_its_tabs_is_open_and_home_is_pressed() -> None:
    """It makes the Home tab only then."""
    async with visitor() as here:
        assert await here.do("open", tab="home") == (200, "")
        await here.at.slack.until(lambda: here.at.events)
        (event,) = here.at.events
        assert (event["type"], event["tab"], event["user"]) == ("app_home_opened", "home", ASKER)
        view = HOME | {"blocks": [*HOME["blocks"], {**BLOCKS[1], "block_id": "run"}]}
        await here.at.client.views_publish(user_id=ASKER, view=view)
        home = f"view/{here.at.slack.views.homes[ASKER].id}"
        assert await here.do("click", where=home, action="stop", block="run") == (200, "")
        assert here.at.heard[-1]["actions"][0]["action_id"] == "stop"
        assert (await here.do("click", MATE, where=home, action="stop", block="run"))[0] == 409


async def test_faults_are_applied_and_the_bot_is_restarted_by_name() -> None:
    """The panel at the foot of the rail."""
    async with visitor() as here:
        for name in ("busy", "cut"):
            assert await here.do("apply", fault=name) == (200, "")
        assert here.applied == ["busy", "cut"]
        assert await here.do("apply", fault="earthquake") == (404, "There is no such fault.")
        assert await here.do("restart") == (200, "")
        assert here.process.starts == 2
        here.process.state = "stopped"
        assert "stopped" in str((await here.shown())["bot"])
        assert await here.do("restart") == (502, "The bot was killed and did not start again: its log says why.")
        _, page = await here.get(here.energy)
        assert "Messages come late." in page
        assert "A tiny model." in page
