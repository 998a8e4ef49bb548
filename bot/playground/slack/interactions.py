"""What people press, choose and fill in: commands, buttons, menus, shortcuts, forms, the Home tab."""

from __future__ import annotations

import itertools
import re
from typing import Any

from bot.playground.slack import forms
from bot.playground.slack.answers import Asked
from bot.playground.slack.delivery import Delivery
from bot.playground.slack.elements import FIELDS, find, standing, used
from bot.playground.slack.events import Event
from bot.playground.slack.server import Server
from bot.playground.slack.views import View
from bot.playground.slack.workspace import APP, TEAM, Message, Payload, PrivateAnswer, SlackError

MENTION = re.compile(r"<([@#])([UWCG]\w+)>")


class Interactions(Server):
    """The hands of the people who press and fill in.

    ``should_escape`` is the manifest's: whether a command brings mentions as references or as plain names.
    ``answers_commands`` says that the app answers each: then whoever types one waits for that, should the ack be empty.
    """

    should_escape = False
    answers_commands = False

    async def command(self, text: str, channel: str, user: str = "U0ASKER", trigger_id: str = "") -> Delivery:
        """Somebody types `/research` and this; the same trigger id again is the same command delivered twice."""
        self.workspace.enter(user, channel)
        self._require_installed(user)
        reply_url = self._reply_url(Asked(user, channel))
        delivery = await self.deliver(
            "slash_commands",
            {
                "token": "legacy",
                "team_id": TEAM,
                "team_domain": "acme",
                "channel_id": channel,
                "channel_name": self._called(channel),
                "user_id": user,
                "user_name": self.workspace.person(user).name,
                "command": "/research",
                "text": self._typed(text),
                "api_app_id": APP,
                "is_enterprise_install": "false",
                "response_url": reply_url,
                "trigger_id": self.triggers.give(user, channel, name=trigger_id),
            }
            | ({"enterprise_id": self.workspace.enterprise} if self.workspace.enterprise else {}),
        )
        if self.answers_commands and delivery.acked and not delivery.payload:
            await self.until(lambda: self.replied(reply_url))
        return delivery

    async def click(
        self, where: Message | View, action_id: str, user: str = "", option: str | None = None, block: str = ""
    ) -> Delivery:
        """Somebody presses a button of a message, a form or a home, or chooses there the option with this value.

        ``block`` tells elements with the same action id apart. In a view it is the person whose view it is. What is
        answered is shown in the thread that the message names, "" for the channel: a root may be pressed in both.
        """
        if isinstance(where, View):
            return await self._use_in_view(where, action_id, option, block)
        channel = self.workspace.channels[where.channel]
        container = {"type": "message", "message_ts": where.ts, "channel_id": channel.id, "is_ephemeral": False}
        container |= {"thread_ts": where.thread_ts} if where.thread_ts else {}
        context = {"container": container, "message": channel.as_sent(where)}
        action = self._action(where.blocks, action_id, block, option)
        return await self._use(action, Asked(user or "U0ASKER", channel.id, where.thread_ts or ""), context)

    async def press(
        self, answer: Payload | PrivateAnswer, action_id: str, user: str = "", option: str | None = None
    ) -> Delivery:
        """Whoever sees a private answer presses a button of it: Slack sends no message with that."""
        payload = answer.payload if isinstance(answer, PrivateAnswer) else answer
        unknown = PrivateAnswer("U0ASKER", "", payload)
        seen = next((each for each in self.answers if each.payload is payload), unknown)
        container = {"type": "message", "message_ts": seen.ts or self.workspace.next_ts(), "is_ephemeral": True}
        context = {"container": container | {"channel_id": seen.channel}}
        action = self._action(payload["blocks"], action_id, "", option)
        return await self._use(action, Asked(user or seen.user, seen.channel, seen.thread_ts, seen), context)

    async def shortcut(self, callback_id: str, message: Message | None = None, user: str = "U0ASKER") -> Delivery:
        """Somebody chooses a shortcut: of a message, or from anywhere."""
        self._require_installed(user)
        stamp: Payload = {"callback_id": callback_id, "action_ts": self.workspace.next_ts()}
        if not message:
            return await self.deliver("interactive", self._told("shortcut", user, "") | stamp)
        channel = self.workspace.channels[message.channel]
        about = {
            "channel": {"id": channel.id, "name": self._called(channel.id)},
            "message_ts": message.ts,
            "message": channel.as_sent(message),
            "response_url": self._reply_url(Asked(user, channel.id, message.thread_ts or "")),
        }
        return await self.deliver("interactive", self._told("message_action", user, channel.id) | stamp | about)

    def fill(self, view: View, values: dict[str, Any]) -> None:
        """Somebody types or chooses in a form, by action id: text, the value of an option, an id, or a list of those.

        Nothing is sent. Raises AssertionError for what Slack's client does not allow.
        """
        forms.fill(view, values)

    async def submit(self, view: View, values: dict[str, Any] | None = None) -> Delivery:
        """Somebody fills in a form and sends it; what the ack says becomes of the form.

        Raises AssertionError where Slack's own client would not send it.
        """
        forms.fill(view, values or {})
        if wrong := forms.lacking(view, {}):
            raise AssertionError(f"the client does not send this form: {wrong}")
        view.errors = {}
        told = self._told("view_submission", view.user, view.channel, view)
        delivery = await self.deliver("interactive", told | {"response_urls": self._reply_urls(view)})
        if delivery.acked:
            try:
                forms.answered(self.workspace, self.views, view, delivery.payload or {})
            except SlackError:
                view.errors = {"": "We had some trouble connecting."}  # and the violation is kept
        return delivery

    async def close(self, view: View, cleared: bool = False) -> Delivery | None:
        """Somebody closes a form, or (``cleared``) all that lie on each other; the app hears of it if it wants to."""
        forms.close(self.views, view.root if cleared else view)
        if not view.shown.get("notify_on_close"):
            return None
        told = self._told("view_closed", view.user, "", view)
        del told["trigger_id"]
        return await self.deliver("interactive", told | {"is_cleared": cleared})

    async def open_home(self, user: str = "U0ASKER", tab: str = "home") -> Event | None:
        """Somebody opens the app's Home tab, or its Messages tab; None if the app does not subscribe to that."""
        self.workspace.person(user)
        direct, home = self.workspace.direct(user), self.views.homes.get(user)
        body: Payload = {"type": "app_home_opened", "user": user, "channel": direct.id, "tab": tab}
        body |= {"event_ts": self.workspace.next_ts()} | ({"view": home.as_sent()} if home and tab == "home" else {})
        return self.events.tell("app_home_opened", body)

    async def _use_in_view(self, view: View, action_id: str, option: str | None, block: str) -> Delivery:
        _, element = find(view.blocks, action_id, block)
        forms.fill(view, {action_id: option} if element["type"] in FIELDS else {})
        action = self._action(view.blocks, action_id, block, option)
        context = {"container": {"type": "view", "view_id": view.id}, "actions": [action]}
        return await self.deliver("interactive", self._told("block_actions", view.user, "", view) | context)

    def _action(self, blocks: list[Payload], action_id: str, block_id: str, option: str | None) -> Payload:
        return used(*find(blocks, action_id, block_id), option, self.workspace.next_ts())

    async def _use(self, action: Payload, asked: Asked, context: Payload) -> Delivery:
        place = {"id": asked.channel, "name": self._called(asked.channel) if asked.channel else ""}
        about = {"channel": place, "response_url": self._reply_url(asked), "actions": [action]}
        told = self._told("block_actions", asked.user, asked.channel)
        return await self.deliver("interactive", told | context | about)

    def _told(self, kind: str, user: str, channel: str, view: View | None = None) -> Payload:
        """What Slack tells of everything that somebody does."""
        person, enterprise = self.workspace.person(user), self.workspace.enterprise
        told = {
            "type": kind,
            "user": {"id": user, "username": person.name, "name": person.name, "team_id": person.team},
            "team": {"id": person.team, "domain": "acme" if person.team == TEAM else "elsewhere"},
            "enterprise": {"id": enterprise, "name": "Organization"} if enterprise else None,
            "is_enterprise_install": False,
            "api_app_id": APP,
            "token": "legacy",
            "trigger_id": self.triggers.give(user, channel or (view.channel if view else ""), view.id if view else ""),
        }
        return told | ({"view": view.as_sent(forms.state(view))} if view else {})

    def _require_installed(self, user: str) -> None:
        """Raise AssertionError where Slack offers somebody neither commands nor shortcuts: they are not shared."""
        if self.workspace.person(user).team != TEAM:
            raise AssertionError("only people of the workspace that installed the app have its commands and shortcuts")

    def _reply_urls(self, view: View) -> list[Payload]:
        """An address for an answer in each conversation that was chosen in a field that asks for one."""
        urls = []
        values = forms.state(view)
        for block, element in standing(view.blocks):
            chosen = values.get(block["block_id"], {}).get(element["action_id"], {}).get("selected_conversation")
            if chosen and element.get("response_url_enabled"):
                named = {"block_id": block["block_id"], "action_id": element["action_id"], "channel_id": chosen}
                urls.append(named | {"response_url": self._reply_url(Asked(view.user, chosen))})
        return urls

    def _typed(self, text: str) -> str:
        """What a command brings of what is typed behind it."""

        def mentioned(found: re.Match[str]) -> str:
            sign, name = found[1], found[2]
            known = self.workspace.people.get(name) if sign == "@" else self.workspace.channels.get(name)
            called = known.name if known else name.lower()
            return f"<{sign}{name}|{called}>" if self.should_escape else f"{sign}{called}"

        pieces = MENTION.split(text)
        plain = pieces[0::3]
        kept = [mentioned(found) for found in MENTION.finditer(text)]
        escaped = [each.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for each in plain]
        return "".join(piece for pair in itertools.zip_longest(escaped, kept, fillvalue="") for piece in pair)

    def _called(self, channel: str) -> str:
        """A channel's name as commands have it."""
        at = self.workspace.channels[channel]
        names = {"public": at.name, "private": "privategroup", "im": "directmessage", "mpim": f"mpdm-{at.name}-1"}
        return names[at.kind]
