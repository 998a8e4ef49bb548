"""What an app hears of the messages of a channel, in Slack's shapes."""

from __future__ import annotations

from bot.playground.slack.events import Events
from bot.playground.slack.workspace import BOT_USER, Channel, Message, Payload, Workspace

SUBSCRIPTIONS = {"public": "message.channels", "private": "message.groups", "im": "message.im", "mpim": "message.mpim"}
CHANNEL_TYPES = {"public": "channel", "private": "group", "im": "im", "mpim": "mpim"}


class News:
    """Tells the app of messages where it is a member; elsewhere Slack tells it nothing."""

    def __init__(self, workspace: Workspace, events: Events) -> None:
        self._workspace, self._events = workspace, events

    def posted(self, message: Message) -> None:
        """A new message: once as a message and, if it names the bot outside of direct messages, once as a mention."""
        channel = self._workspace.channels[message.channel]
        body = {**channel.as_sent(message), "channel": channel.id, "event_ts": message.ts}
        if message.thread_ts and (root := channel.find(message.thread_ts)):
            body["parent_user_id"] = root.user
        self._tell(channel, body, message.ts)
        mentioned = f"<@{BOT_USER}>" in message.text and message.user != BOT_USER
        if mentioned and channel.kind != "im" and BOT_USER in channel.members:
            self._events.tell("app_mention", body | {"type": "app_mention"}, message.ts)

    def changed(self, message: Message, before: Payload) -> None:
        """An edit; ``before`` is the message as it was sent until then."""
        channel = self._workspace.channels[message.channel]
        self._revised(channel, "message_changed", {"message": channel.as_sent(message), "previous_message": before})

    def deleted(self, message: Message, before: Payload) -> None:
        """A message is gone; one that has replies leaves a stone in its place, which Slack tells as an edit."""
        channel = self._workspace.channels[message.channel]
        if not channel.replies(message.ts):
            gone = {"previous_message": before, "deleted_ts": message.ts}
            return self._revised(channel, "message_deleted", gone)
        kept = {key: before[key] for key in before if key.startswith("reply") or key in ("ts", "thread_ts", "type")}
        stone = {"subtype": "tombstone", "text": "This message was deleted.", "user": "USLACKBOT", "hidden": True}
        return self._revised(channel, "message_changed", {"message": kept | stone, "previous_message": before})

    def _revised(self, channel: Channel, subtype: str, what: Payload) -> None:
        ts = self._workspace.next_ts()
        body = {"type": "message", "subtype": subtype, "hidden": True, "channel": channel.id, "ts": ts, "event_ts": ts}
        self._tell(channel, body | what, what["previous_message"]["ts"])

    def _tell(self, channel: Channel, body: Payload, about: str) -> None:
        if BOT_USER in channel.members:
            kind = {"channel_type": CHANNEL_TYPES[channel.kind]}
            self._events.tell(SUBSCRIPTIONS[channel.kind], body | kind, about)
