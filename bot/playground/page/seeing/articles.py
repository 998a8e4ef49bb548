"""Messages and private answers as articles and notes: in a channel, in a thread."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from jinja2.environment import TemplateModule

from bot.playground.page.drawing import emoji
from bot.playground.page.drawing.avatars import avatar
from bot.playground.page.drawing.names import Names
from bot.playground.page.seeing.entries import Entries, Entry, entry
from bot.playground.page.seeing.message_text import MessageText, message_text
from bot.playground.page.seeing.place import Place
from bot.playground.slack.answers import PrivateAnswer, standing
from bot.playground.slack.messages import BOT_USER, Message, Payload
from bot.playground.slack.workspace import Channel, Workspace

GONE = "This message was deleted."

Numbered = Iterable[tuple[int, PrivateAnswer]]


class Articles:
    """Draws what stands in a place for one person, each thing once; ``parts`` are the templates' macros."""

    def __init__(self, workspace: Workspace, parts: TemplateModule) -> None:
        self._workspace, self._parts = workspace, parts
        self._entries = Entries()

    def channel(self, place: Place, answers: Numbered, names: Names) -> list[Entry]:
        """The messages of a channel that are not replies, and the private answers between them, by time."""
        channel = self._workspace.channels[place.channel]
        self._entries.under(names)
        replies = _threads(channel)
        shown = [
            (each.ts, self._root(each, replies.get(each.ts, []), each.ts == place.thread, names))
            for each in channel.messages
            if _in_channel(each) and (not each.deleted or each.ts in replies)
        ]
        return _by_time([*shown, *self._notes(answers, "", names)])

    def thread(self, place: Place, answers: Numbered, names: Names) -> list[Entry]:
        """A message and its replies, and the private answers between them, by time."""
        messages = self._workspace.channels[place.channel].messages
        self._entries.under(names)
        root = next(each for each in messages if each.ts == place.thread)
        replies = [each for each in messages if each.thread_ts == root.ts and not each.deleted]
        shown = [(each.ts, self._reply(each, names)) for each in replies]
        below = _by_time([*shown, *self._notes(answers, root.ts, names)])
        count = entry("replies", self._parts.replies(len(replies)))  # type: ignore[attr-defined]
        return [self._reply(root, names), *([count] if replies else []), *below]

    def _notes(self, answers: Numbered, thread_ts: str, names: Names) -> Iterator[tuple[str, Entry]]:
        """The private answers of a thread, "" for the channel, each with its time."""
        for number, each in answers:
            if each.thread_ts == thread_ts:
                yield each.at, self._entries.get(f"answer/{number}", each.at, partial(self._note, number, each, names))

    def _root(self, message: Message, replies: list[Message], is_open: bool, names: Names) -> Entry:
        """A message in its channel, which tells of its replies."""
        last = replies[-1].ts if replies else ""

        def make() -> Entry:
            told = {"replies": len(replies), "last": _clock(last, names) if last else "", "is_open": is_open}
            told |= {"thread": Place(message.channel, message.thread_ts or message.ts).path}
            return self._article(message, f"c-{message.ts}", told, names)

        return self._entries.get(f"c/{message.ts}", (*_state(message), len(replies), last, is_open), make)

    def _reply(self, message: Message, names: Names) -> Entry:
        """A message in its thread."""

        def make() -> Entry:
            told = {"replies": 0, "last": "", "is_open": False, "thread": ""}  # where its composer stands already
            return self._article(message, f"t-{message.ts}", told, names)

        return self._entries.get(f"t/{message.ts}", _state(message), make)

    def _article(self, message: Message, anchor: str, told: dict[str, Any], names: Names) -> Entry:
        deleted = message.deleted
        said = message_text(GONE if deleted else message.text, [] if deleted else message.blocks, names)
        about = self._by(message.user, message.ts, said, names) | {
            "where": f"message/{message.channel}/{message.ts}",
            "anchor": anchor,
            "version": len(message.versions),
            "edited": message.edited is not None and not deleted,
            "quiet": deleted or message.extra.get("subtype") == "channel_join",
            "files": [] if deleted else [_file(each) for each in message.files],
            "reactions": [] if deleted else list(_reactions(message, names)),
        }
        return entry(f"message/{message.ts}", self._parts.article(about | told))  # type: ignore[attr-defined]

    def _note(self, number: int, answer: PrivateAnswer, names: Names) -> Entry:
        said = message_text(answer.text, answer.payload.get("blocks") or [], names)
        about = self._by(answer.author, answer.at, said, names) | {"where": f"answer/{number}"}
        return entry(f"answer/{number}", self._parts.note(about))  # type: ignore[attr-defined]

    def _by(self, user: str, ts: str, said: MessageText, names: Names) -> dict[str, Any]:
        """Who says what and when."""
        name, is_app = names.person(user), user == BOT_USER
        about = {"name": name, "avatar": avatar(name, is_app), "is_app": is_app, "clock": _clock(ts, names)}
        return about | {"text": said, "edited": False, "quiet": False}


def answers_for(workspace: Workspace, user: str, channel: str, since: str) -> list[tuple[int, PrivateAnswer]]:
    """The private answers that somebody still sees in a channel and its threads, of those that came since then."""
    return [
        (number, each)
        for number, each in standing(workspace.answers)
        if each.user == user and each.channel == channel and each.at > since
    ]


def _by_time(shown: list[tuple[str, Entry]]) -> list[Entry]:
    return [each for _, each in sorted(shown, key=lambda timed: timed[0])]


def _state(message: Message) -> tuple[object, ...]:
    """All of a message that may change."""
    edited = (message.edited or {}).get("ts", "")
    return len(message.versions), edited, message.deleted, tuple(message.reactions)


def _in_channel(message: Message) -> bool:
    return not message.thread_ts or message.extra.get("subtype") == "thread_broadcast"


def _threads(channel: Channel) -> Mapping[str, list[Message]]:
    """The replies in a channel, by the messages that they answer."""
    threads: dict[str, list[Message]] = {}
    for each in channel.messages:
        if each.thread_ts and not each.deleted:
            threads.setdefault(each.thread_ts, []).append(each)
    return threads


def _clock(ts: str, names: Names) -> dict[str, str]:
    """When something was said: to be read, and exactly; the day if it was not today."""
    moment = datetime.fromtimestamp(float(ts), names.zone)
    today = names.now is not None and names.now.date() == moment.date()
    day = "" if today else f"{moment.day} {moment:%b} at "
    return {"said": f"{day}{moment:%H:%M}", "exact": moment.isoformat(timespec="seconds")}


def _file(file: Payload) -> dict[str, str]:
    return {"id": file["id"], "name": file["name"], "size": size(int(file.get("size") or 0))}


def size(count: int) -> str:
    """So many bytes, in the unit that people read."""
    return f"{count} bytes" if count < 1_000 else f"{count / 1_000:.1f} KB"


def _reactions(message: Message, names: Names) -> Iterator[dict[str, object]]:
    users: dict[str, list[str]] = {}
    for each in message.reactions:
        users.setdefault(each.name, []).append(names.person(each.user))
    for name, who in users.items():
        yield {"drawn": emoji.drawn(name), "spoken": emoji.spoken(name), "count": len(who), "who": ", ".join(who)}
