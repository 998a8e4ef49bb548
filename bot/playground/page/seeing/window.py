"""What one person sees of the workspace in one place: a function of the two, asked anew after every change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from functools import partial
from typing import Any

from jinja2.environment import TemplateModule

from bot.playground.controls import Controls
from bot.playground.page import draw
from bot.playground.page.drawing.names import Names
from bot.playground.page.people import PEOPLE, SLACKBOT, called, direct, open_to
from bot.playground.page.seeing.articles import Articles, answers_for
from bot.playground.page.seeing.entries import Entry, entry
from bot.playground.page.seeing.place import Place, within
from bot.playground.slack import Playground, forms
from bot.playground.slack.views import View
from bot.playground.slack.workspace import Channel


class NotThere(Exception):
    """There is no such place for this person."""


@dataclass(frozen=True)
class Sight:
    """Who looks at what; private answers and forms are those ``since`` then, a ts: the page was loaded."""

    user: str
    place: Place
    since: str


@dataclass(frozen=True)
class Shown:
    """What is seen: the place's ``title``, its ``path``, and the entries of each list of the page by its name."""

    title: str
    path: str
    has_thread: bool
    lists: Mapping[str, Sequence[Entry]]

    def as_sent(self) -> dict[str, Any]:
        """For the page's script."""
        lists = {name: [each.as_sent() for each in entries] for name, entries in self.lists.items()}
        return {"title": self.title, "path": self.path, "thread": self.has_thread, "lists": lists}


class Window:
    """Draws what people see; ``parts`` are the templates' macros, ``zone`` is that of the readers' clock."""

    def __init__(self, slack: Playground, controls: Controls, parts: TemplateModule, zone: tzinfo) -> None:
        self._slack, self._workspace, self._controls = slack, slack.workspace, controls
        self._parts: Any = parts
        self._zone = zone
        self._within = partial(within, workspace=self._workspace.url)
        self._articles = {user: Articles(self._workspace, parts) for user in PEOPLE}  # each keeps what one person sees

    def shown(self, sight: Sight) -> Shown:
        """What somebody sees; raises NotThere."""
        place, channel, names = self._found(sight), self._channel(sight), self.names(sight.user)
        lists = {
            "places": self._places(sight, place),
            "bar": [entry("bar", self._parts.bar(place, called(channel)))],
            "head": [entry(f"head/{place.channel}", self._parts.head(place, channel, called(channel)))],
            "forms": [self._form(view, names) for view in self._forms(sight)],
            "bot": [entry("bot", self._parts.bot(self._controls.bot.state))],
            **(self._home(sight, names) if place.home else self._conversation(sight, place, channel, names)),
        }
        return Shown(called(channel), place.path, bool(place.thread), lists)

    def names(self, user: str) -> Names:
        """What ids mean to somebody today."""
        people = {id_: person.real_name for id_, person in self._workspace.people.items()} | {SLACKBOT: "Slackbot"}
        channels = {id_: called(each).lstrip("#") for id_, each in open_to(self._workspace, user).items()}
        now = datetime.now(self._zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return Names(people, channels, self._zone, self._within, now)

    def _channel(self, sight: Sight) -> Channel:
        seen = open_to(self._workspace, sight.user)
        if sight.place.channel not in seen:
            raise NotThere
        return seen[sight.place.channel]

    def _found(self, sight: Sight) -> Place:
        """The place, with the thread in which a reply stands where that was named; raises NotThere."""
        place, channel = sight.place, self._channel(sight)
        if not place.thread:
            return place
        named = next((each for each in channel.messages if each.ts == place.thread), None)
        if not named:
            raise NotThere
        return replace(place, thread=named.thread_ts or named.ts)

    def _places(self, sight: Sight, place: Place) -> list[Entry]:
        seen = open_to(self._workspace, sight.user).values()
        channels = [each for each in seen if each.kind != "im"]
        own = direct(self._workspace, sight.user)
        return [entry("places", self._parts.places(channels, own, place, PEOPLE[sight.user]))]

    def _conversation(self, sight: Sight, place: Place, channel: Channel, names: Names) -> dict[str, list[Entry]]:
        who, name, articles = PEOPLE[sight.user], called(channel), self._articles[sight.user]
        answers = answers_for(self._workspace, sight.user, channel.id, sight.since)
        messages = articles.channel(place, answers, names)
        lists = {
            "channel": messages or [entry("empty", self._parts.empty(channel.kind == "im"))],
            "composer": [entry(f"composer/{channel.id}", self._parts.composer(channel.id, "", f"Message {name}", who))],
        }
        if not place.thread:
            return lists
        status = self._workspace.status(channel.id, place.thread)
        about = (channel.id, place.thread, "Reply in thread", who)
        return lists | {
            "thread-head": [entry(f"thread-head/{channel.id}", self._parts.thread_head(channel.id, name))],
            "thread": articles.thread(place, answers, names),
            "thread-status": [entry("status", self._parts.status(status))] if status else [],
            "thread-composer": [entry(f"composer/{place.thread}", self._parts.composer(*about))],
        }

    def _home(self, sight: Sight, names: Names) -> dict[str, list[Entry]]:
        home = self._slack.views.homes.get(sight.user)
        if not home:
            return {"channel": [entry("home", self._parts.home("", self._parts.no_home()))]}
        return {"channel": [entry("home", self._parts.home(home.id, draw.blocks(home.blocks, names, place="home")))]}

    def _forms(self, sight: Sight) -> list[View]:
        """The forms that lie open, the upper ones last."""
        return [
            view
            for view in self._slack.views.modals
            if view.is_open and view.user == sight.user and view.at > sight.since
        ]

    def _form(self, view: View, names: Names) -> Entry:
        typed = {block: dict(held) for block, held in view.typed.items()}
        for block, action_id, value in forms.preset(view):
            typed.setdefault(block, {}).setdefault(action_id, value)
        fields = draw.blocks(view.blocks, names, typed, view.errors, place=view.id)
        return entry(f"view/{view.id}", self._parts.form(view, fields, view.errors.get("", "")))
