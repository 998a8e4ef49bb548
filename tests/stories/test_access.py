"""Who may start research, and where: refused privately in every way to start, while all may read; in both modes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.playground.slack.workspace import BOT_USER, Message
from bot.slack.listeners.modal import SHORTCUT
from bot.slack.messages.controls import RETRY_ANGLE, ROOT_MENU
from bot.slack.messages.modal import POST_TO, TOPIC
from bot.slack.messages.root import RESUME, STOP
from tests.stories.test_follow_up import ANSWER, QUESTION, answered, answers
from tests.stories.test_forms import opened, shown
from tests.stories.test_retry import partial
from tests.stories.test_retry import reply as part
from tests.stories.test_starts import first_reply
from tests.support.pages import page
from tests.support.story import Mode, Story, story

USER_OFF = "Your account may not start research. Ask your admin if you need it."
CHANNEL_OFF = "Research is switched off for this channel by your admin."
GUEST, ELSEWHERE = {"is_restricted": True}, {"team": "T0ELSE"}


async def set_to(told: Story, **lists: str) -> None:
    """Restart the bot with these settings."""
    told.settings = told.settings.model_copy(update=lists)
    await told.restart()


async def command(told: Story, text: str, user: str = "U0ASKER") -> str:
    """What somebody is told who types the command and this."""
    assert (await told.slack.command(text, told.channel.id, user)).acked
    return told.slack.answers[-1].text


async def mentions(told: Story, topic: str, user: str, thread_ts: str | None = None) -> None:
    await told.slack.heard(await told.slack.say(told.channel.id, f"<@{BOT_USER}> {topic}", user, thread_ts))


async def direct(told: Story, user: str) -> str:
    """What the bot says to a topic in its direct messages with somebody, first of all."""
    own = told.slack.workspace.direct(user)
    await told.slack.say(own.id, "tea", user)
    await told.slack.until(lambda: len(told.slack.messages(own.id)) == 2)
    return told.slack.messages(own.id)[1].text


async def stopped(told: Story) -> Message:
    """A run that somebody stopped."""
    gates = told.hold("historical")
    root = await told.research("coffee")
    await told.click(root, STOP)
    await told.says(root, "Stopped by")
    gates["historical"].set()
    told.model.answer("angle/historical")
    return root


async def refusals(told: Story) -> Mapping[str, int]:
    """How many the operator sees to be refused, by what is off."""
    lines = [line for line in (await page(told.bot.port, "/metrics"))[1].splitlines() if '_off"' in line]
    return {line.split('"')[1]: int(float(line.split()[-1])) for line in lines}


@pytest.mark.parametrize("lists", [{"deny_users": "U0TWO"}, {"allow_users": "U0ASKER"}])
async def test_who_may_not_start_research_is_told_so_in_every_way_to_start_and_may_read(
    mode: Mode, lists: dict[str, Any]
) -> None:
    """Nothing is posted and nothing paid for; all that costs nothing stays open to them."""
    async with story(mode, **lists) as told:
        root, rest = await partial(told), await stopped(told)
        told.model.requests.clear()
        posted = len(told.slack.messages(told.channel.id))
        assert await command(told, "milk", "U0TWO") == USER_OFF
        await mentions(told, "milk", "U0TWO")
        await told.heard(USER_OFF, "U0TWO", times=2)
        assert await direct(told, "U0TWO") == USER_OFF
        for count, (message, button) in enumerate(((part(told, root, "angle/technical"), RETRY_ANGLE), (rest, RESUME))):
            await told.click(message, button, "U0TWO")
            await told.heard(USER_OFF, "U0TWO", times=3 + count)
        run_id = str((root.metadata or {})["event_payload"]["run_id"])
        assert (await told.slack.shortcut(SHORTCUT, root, "U0TWO")).acked
        forms = [await shown(told)]
        assert (await told.slack.click(root, ROOT_MENU, "U0TWO", option=f"again:{run_id}")).acked
        forms += [await shown(told, 2)]
        for form in reversed(forms):
            assert (await told.slack.submit(form, {TOPIC: "milk"})).acked
            assert form.errors == {TOPIC: USER_OFF}
        assert await refusals(told) == {"user_off": 7, "channel_off": 0}
        assert "tea" in await command(told, "list", "U0TWO")
        assert (await command(told, "", "U0TWO")).startswith("How to use")
        assert len(told.slack.messages(told.channel.id)) == posted + 1  # their own mention
        assert told.model.requests == []
        await told.ended(await told.research("milk"))


async def test_who_may_not_ask_gets_no_answer_but_the_same_sentence(mode: Mode) -> None:
    """An answer costs as well, and silence would look like a bot that is down; whoever talks to others is told once."""
    async with story(mode, deny_users="U0TWO") as told:
        told.model.answer("follow-up/*", ANSWER)
        root = await told.ended(await told.research("tea"))
        for count, question in ((1, QUESTION), (1, QUESTION), (2, f"<@{BOT_USER}> {QUESTION}")):
            await told.slack.heard(await told.slack.say(told.channel.id, question, "U0TWO", root.ts))
            await told.heard(USER_OFF, "U0TWO", times=count)
        await told.slack.say(told.channel.id, "thanks!", "U0TWO", root.ts)
        await told.slack.say(told.channel.id, QUESTION, "U0ASKER", root.ts)
        await answered(told, root)
        await told.slack.say(told.channel.id, "mute", "U0TWO", root.ts)
        await told.slack.until(lambda: "Muted by <@U0TWO>" in told.slack.thread(root)[-1].text)
        await told.heard(USER_OFF, "U0TWO", times=2)
        assert len(answers(told, root)) == 1


async def test_where_research_is_off_nothing_starts_and_nothing_is_asked_on(mode: Mode) -> None:
    """Direct messages and other channels stay open, and what stands in the channel can be read."""
    async with story(mode) as told:
        root, rest = await partial(told), await stopped(told)
        told.model.requests.clear()
        await set_to(told, deny_channels=told.channel.id)
        assert await command(told, "milk") == CHANNEL_OFF
        await mentions(told, "milk", "U0ASKER")
        await told.heard(CHANNEL_OFF, times=2)
        await told.click(part(told, root, "angle/technical"), RETRY_ANGLE)
        await told.heard(CHANNEL_OFF, times=3)
        await told.click(rest, RESUME)
        await told.heard(CHANNEL_OFF, times=4)
        await told.slack.say(told.channel.id, QUESTION, thread_ts=root.ts)
        await told.heard(CHANNEL_OFF, times=5)
        form = await opened(told)
        assert (await told.slack.submit(form, {TOPIC: "milk"})).acked
        assert form.errors == {POST_TO: CHANNEL_OFF}
        assert told.model.requests == []
        assert await refusals(told) == {"user_off": 0, "channel_off": 6}
        assert "tea" in await command(told, "list")
        told.channel = told.slack.workspace.add("other")
        assert (await told.slack.submit(form, {TOPIC: "milk", POST_TO: told.channel.id})).acked
        await told.ended(await told.newest(0))
        assert (await direct(told, "U0ASKER")).startswith("Research on tea.")


async def test_a_list_of_channels_lets_all_others_out(mode: Mode) -> None:
    async with story(mode) as told:
        other = told.slack.workspace.add("other")
        await set_to(told, allow_channels=other.id)
        assert await command(told, "tea") == CHANNEL_OFF
        told.channel = other
        await told.ended(await told.research("tea"))


async def test_guests_read_and_ask_on_but_start_nothing(mode: Mode) -> None:
    """They see what the team lets them see; what a run costs is the team's to decide."""
    async with story(mode) as told:
        told.slack.workspace.person("U0GUEST", **GUEST)
        told.model.answer("follow-up/*", ANSWER)
        root = await told.ended(await told.research("tea"))
        assert await command(told, "milk", "U0GUEST") == USER_OFF
        assert await direct(told, "U0GUEST") == USER_OFF
        await told.slack.say(told.channel.id, QUESTION, "U0GUEST", root.ts)
        (answer,) = await answered(told, root)
        assert answer.text.startswith("For <@U0GUEST>: ")
        assert "tea" in await command(told, "list", "U0GUEST")
        await set_to(told, allow_guests="on")
        await told.ended(await told.research("milk", user="U0GUEST"))


async def test_people_of_another_company_start_nothing_in_a_shared_channel(mode: Mode) -> None:
    """Slack shares no command with them, but mentions, messages and buttons; it calls none of them a stranger."""
    async with story(mode) as told:
        told.slack.workspace.person("U0ELSE", **ELSEWHERE)
        told.model.answer("follow-up/*", ANSWER)
        root = await partial(told)
        await mentions(told, "milk", "U0ELSE")
        await told.heard(USER_OFF, "U0ELSE")
        await told.click(part(told, root, "angle/technical"), RETRY_ANGLE, "U0ELSE")
        await told.heard(USER_OFF, "U0ELSE", times=2)
        assert await direct(told, "U0ELSE") == USER_OFF
        await mentions(told, QUESTION, "U0ELSE", root.ts)
        await answered(told, root)
        await set_to(told, allow_external="on")
        await told.click(part(told, root, "angle/technical"), RETRY_ANGLE, "U0ELSE")
        await told.says(root, "is done, 3 of 3 angles")


async def test_colleagues_of_another_workspace_of_our_organization_are_none_of_another_company(mode: Mode) -> None:
    async with story(mode) as told:
        told.slack.workspace.enterprise = "E0ACME"
        told.slack.workspace.person("U0SISTER", team="T0SISTER", enterprise="E0ACME")
        await told.restart()
        message = await told.slack.say(told.channel.id, f"<@{BOT_USER}> milk", "U0SISTER")
        await told.ended(await first_reply(told, message))


@pytest.mark.parametrize("fault", [{"error": "missing_scope"}, {"hang": True}, {"status": 503}])
async def test_what_slack_does_not_tell_holds_nobody_up(mode: Mode, fault: dict[str, object]) -> None:
    """Whom it does not tell of counts as a member: else a bad minute at Slack would shut the team out."""
    async with story(mode) as told:
        told.slack.workspace.person("U0GUEST", **GUEST)
        told.slack.fault("users.info", **fault)
        await told.ended(await told.research("tea", user="U0GUEST"))


async def test_slack_is_asked_about_people_once_and_only_where_it_matters(mode: Mode) -> None:
    """Whoever lets everybody in, or names those who may, has nothing to ask."""

    def asked(told: Story) -> int:
        return len([call for call in told.slack.calls if call.method == "users.info"])

    async with story(mode) as told:
        for topic in ("tea", "milk"):
            await told.ended(await told.research(topic))
        assert asked(told) == 1
        await set_to(told, allow_guests="on", allow_external="on")
        await told.ended(await told.research("coffee"))
        await set_to(told, allow_guests="off", allow_users="U0ASKER")
        await told.ended(await told.research("cocoa"))
        form = await opened(told)
        assert (await told.slack.submit(form, {TOPIC: "water"})).acked
        await told.ended(await told.newest(4))
        assert asked(told) == 1
