"""What people say in channels and threads: written, edited, deleted, and told to the app as Slack tells it."""

from __future__ import annotations

import re
import time
import uuid

from bot.playground.slack.delivery import Delivery
from bot.playground.slack.events import Event
from bot.playground.slack.server import Server
from bot.playground.slack.workspace import TEAM, Channel, Message, Payload, Version

CHANNEL = re.compile(r"<#([CG]\w+)>")
PIECE = re.compile(r"(<[^<>]+>|:[a-z0-9_+'-]+:)")  # what stands in a line beside plain words
REFERENCE = re.compile(r"<(?:@[UW]\w+|#C\w+(?:\|[^<>]*)?|![^<>]+|https?://[^<>]+)>|https?://[^\s<>]+")


class Talk(Server):
    """The hands of the people who write."""

    async def say(
        self,
        channel: str,
        text: str,
        user: str = "U0ASKER",
        thread_ts: str | None = None,
        broadcast: bool = False,
        files: tuple[str, ...] = (),
    ) -> Message:
        """Somebody writes a message, typed as people type (``<@U0BOT>`` mentions); the app is told of it meanwhile.

        ``broadcast`` shows a reply in the channel too, ``files`` are names of files that come with it.
        """
        self.workspace.enter(user, channel)
        extra = self._signed(user, channel)
        if files:
            shared = [{"id": f"F9{number:08}", "name": name, "user": user} for number, name in enumerate(files)]
            extra |= {"subtype": "file_share", "files": shared, "upload": False}
        if broadcast and thread_ts:
            root = self.workspace.channels[channel].find(thread_ts)
            if not root:
                raise AssertionError("no such thread")
            extra |= {"subtype": "thread_broadcast", "root": self.workspace.channels[channel].as_sent(root)}
        return self._written(channel, self._labelled(escaped(text)), user, thread_ts, extra)

    async def forward(
        self, message: Message, channel: str, comment: str = "", user: str = "U0ASKER", thread_ts: str | None = None
    ) -> Message:
        """Somebody shares a message elsewhere: what it says is attached, and ``text`` is their comment or empty."""
        self.workspace.enter(user, channel)
        author = self.workspace.person(message.user)
        original = {
            "team": TEAM,
            "channel": message.channel,
            "ts": message.ts,
            "message": {"blocks": message.blocks},
        }
        shared: Payload = {
            "id": 1,
            "ts": message.ts,
            "author_id": author.id,
            "author_name": author.real_name,
            "channel_id": message.channel,
            "channel_team": TEAM,
            "is_msg_unfurl": True,
            "is_share": True,
            "from_url": f"{self.workspace.url}archives/{message.channel}/p{message.ts.replace('.', '')}",
            "fallback": f"[November 26th, 2026 9:30 AM] {author.name}: {message.text}",
            "text": message.text,
            "mrkdwn_in": ["text"],
            "footer": "Posted in #elsewhere",
            "message_blocks": [original],
        } | ({"files": message.files} if message.files else {})
        extra = self._signed(user, channel) | {"attachments": [shared]}
        return self._written(channel, self._labelled(escaped(comment)), user, thread_ts, extra)

    async def bot_says(
        self,
        channel: str,
        text: str,
        bot_id: str = "B0OTHER",
        thread_ts: str | None = None,
        classic: bool = False,
        shown: tuple[Payload, ...] = (),
        attached: tuple[Payload, ...] = (),
    ) -> Message:
        """Another app writes a message; a ``classic`` one has no user but a subtype, as incoming webhooks have.

        ``shown`` are its blocks and ``attached`` its attachments, for which its text may only stand.
        """
        extra: Payload = {"bot_id": bot_id, "app_id": "A0OTHER"} | ({"attachments": list(attached)} if attached else {})
        if classic:
            extra |= {"subtype": "bot_message", "username": "other"}
            return self._written(channel, text, "", thread_ts, extra, shown)
        user = f"U{bot_id[1:]}"
        self.workspace.person(user, name="other", real_name="Other", is_bot=True)
        profile = {"id": bot_id, "app_id": "A0OTHER", "name": "other", "team_id": TEAM, "deleted": False}
        extra |= {"team": TEAM, "bot_profile": profile}
        return self._written(channel, text, user, thread_ts, extra, shown)

    async def join(self, channel: str, user: str) -> Message:
        """Somebody joins a channel; the bot, if ``user`` is its own."""
        self.workspace.enter(user, channel)
        return self._written(channel, f"<@{user}> has joined the channel", user, None, {"subtype": "channel_join"})

    def share(self, channel: Channel, told: bool = True) -> Payload:
        """Somebody begins to share a private channel with another company, by which it gets another id at once.

        Gives what the app is ``told`` of it, or not yet: then ``events.tell`` does.
        """
        former = self.workspace.renumber(channel)
        body = {"type": "channel_id_changed", "old_channel_id": former, "new_channel_id": channel.id}
        body |= {"event_ts": self.workspace.next_ts()}
        if told:
            self.events.tell("channel_id_changed", body)
        return body

    def edit(self, message: Message, text: str) -> None:
        """Somebody changes what they wrote."""
        before = self.workspace.channels[message.channel].as_sent(message)
        message.versions.append(_version(escaped(text)))
        message.edited = {"user": message.user, "ts": self.workspace.next_ts()}
        self._news.changed(message, before)
        self.workspace.changed()

    def delete(self, message: Message) -> None:
        """Somebody deletes a message."""
        before = self.workspace.channels[message.channel].as_sent(message)
        message.deleted = True
        self._news.deleted(message, before)
        self.workspace.changed()

    async def heard(self, message: Message | str) -> list[Event]:
        """What the app was told of a message (or of that ts) so far, once each event was acknowledged or given up.

        Raises AssertionError if that takes longer: Slack tries for six minutes, see ``events.retry_pauses``.
        """
        ts = message if isinstance(message, str) else message.ts
        await self.until(lambda: all(event.over for event in self.events.about(ts)))
        return self.events.about(ts)

    async def redeliver(self, event: Event, reason: str = "timeout", same_id: bool = True) -> Delivery:
        """Tell the app of an event once more: as a retry, or with another event id."""
        return await self.events.redeliver(event, reason, same_id)

    def _signed(self, user: str, channel: str) -> Payload:
        """What a message tells of where its writer belongs, which takes more words in a channel of two companies."""
        person = self.workspace.person(user)
        signed: Payload = {"client_msg_id": str(uuid.uuid4()), "team": person.team}
        if self.workspace.is_shared(channel):
            home = person.enterprise or person.team
            profile: Payload = {"name": person.name, "real_name": person.real_name, "team": person.team}
            profile |= {"is_restricted": person.is_restricted, "is_ultra_restricted": person.is_ultra_restricted}
            signed |= {"user_team": home, "source_team": home, "user_profile": profile}
        return signed

    def _labelled(self, text: str) -> str:
        """Text with the names of channels, as Slack tells them: of public ones only."""

        def named(found: re.Match[str]) -> str:
            channel = self.workspace.channels.get(found[1])
            return f"<#{found[1]}|{channel.name if channel and channel.kind == 'public' else ''}>"

        return CHANNEL.sub(named, text)

    def _written(
        self,
        channel: str,
        text: str,
        user: str,
        thread_ts: str | None,
        extra: Payload,
        shown: tuple[Payload, ...] = (),
    ) -> Message:
        version = Version(time.monotonic(), text, list(shown)) if shown else _version(text)
        message = Message(channel, self.workspace.next_ts(), user, thread_ts, None, [version], extra=extra)
        self.workspace.channels[channel].messages.append(message)
        self._news.posted(message)
        self.workspace.changed()
        return message


def escaped(text: str) -> str:
    """Text as Slack stores what people type: three characters escaped, links in brackets, mentions as they are."""
    pieces, at = [], 0
    for found in REFERENCE.finditer(text):
        pieces += [_plain(text[at : found.start()]), _reference(found.group())]
        at = found.end()
    return "".join([*pieces, _plain(text[at:])])


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _reference(found: str) -> str:
    return found if found.startswith("<") else f"<{found.replace('&', '&amp;')}>"


def _version(text: str) -> Version:
    return Version(time.monotonic(), text, [_rich(text)] if text else [])


def _rich(text: str) -> Payload:
    """The block that Slack makes of what people type: text, mentions, links, emoji."""
    pieces = [_piece(piece) for piece in PIECE.split(text) if piece]
    return {"type": "rich_text", "block_id": "typed", "elements": [{"type": "rich_text_section", "elements": pieces}]}


def _piece(piece: str) -> Payload:
    if not piece.startswith("<"):
        if PIECE.fullmatch(piece):
            return {"type": "emoji", "name": piece.strip(":")}
        return {"type": "text", "text": piece.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")}
    target, _, label = piece[1:-1].partition("|")
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": target.removeprefix("!subteam^")}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    return {"type": "link", "url": target.replace("&amp;", "&")} | ({"text": label} if label else {})
