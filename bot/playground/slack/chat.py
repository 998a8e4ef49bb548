"""Slack's chat.* methods: what the bot says, changes, and takes back."""

from __future__ import annotations

import time

from bot.playground.slack.checks import MARKDOWN_LIMIT, Check, markdown_length, problems
from bot.playground.slack.news import News
from bot.playground.slack.workspace import (
    BOT_USER,
    Channel,
    Message,
    Payload,
    PrivateAnswer,
    SlackError,
    Version,
    Workspace,
)

POST_TEXT_LIMIT = 40_000
EDIT_TEXT_LIMIT = 4_000


class Chat:
    """The bot's own messages; ``echo`` tells the app of them, as Slack does, None does not."""

    def __init__(self, workspace: Workspace, checks: list[Check], echo: News | None) -> None:
        self._workspace, self._echo = workspace, echo
        self._checks: list[Check] = [problems, *checks]

    def post(self, arguments: Payload) -> Payload:
        """Say something in a channel or a thread."""
        channel = self.writable(arguments.get("channel", ""), bool(arguments.get("thread_ts")))
        thread_ts = arguments.get("thread_ts")
        if thread_ts and not channel.find(thread_ts):
            raise SlackError("thread_not_found")
        version = self._shown(arguments, POST_TEXT_LIMIT)
        message = self.add(channel, thread_ts, version, arguments.get("metadata"), {})
        return {"channel": channel.id, "ts": message.ts, "message": channel.as_sent(message)}

    def add(
        self, channel: Channel, thread_ts: str | None, version: Version, metadata: Payload | None, extra: Payload
    ) -> Message:
        """Put a message of the bot into a channel."""
        ts = self._workspace.next_ts()
        message = Message(channel.id, ts, BOT_USER, thread_ts, metadata, [version], extra=extra)
        channel.messages.append(message)
        self._workspace.posted(channel.id, thread_ts or "")
        if self._echo:
            self._echo.posted(message)
        return message

    def update(self, arguments: Payload) -> Payload:
        """Change a message of the bot."""
        channel = self.writable(arguments.get("channel", ""), in_thread=True)
        message = self._own(channel, arguments, "cant_update_message")
        version, before = self._shown(arguments, EDIT_TEXT_LIMIT), channel.as_sent(message)
        message.versions.append(version)
        message.metadata = arguments.get("metadata") or message.metadata
        message.edited = {"user": BOT_USER, "ts": self._workspace.next_ts()}
        if self._echo:
            self._echo.changed(message, before)
        return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": channel.as_sent(message)}

    def delete(self, arguments: Payload) -> Payload:
        """Take a message of the bot back."""
        channel = self._workspace.visible(arguments.get("channel", ""))
        message = self._own(channel, arguments, "cant_delete_message")
        before = channel.as_sent(message)
        message.deleted = True
        if self._echo:
            self._echo.deleted(message, before)
        return {"channel": channel.id, "ts": message.ts}

    def post_ephemeral(self, arguments: Payload) -> Payload:
        """Say something in a channel that only one of its members sees."""
        channel, user = self.writable(arguments.get("channel", ""), in_thread=True), arguments.get("user", "")
        if user not in channel.members:
            raise SlackError("user_not_in_channel")
        self._shown(arguments, POST_TEXT_LIMIT)
        ts = self._workspace.next_ts()
        shown = {key: value for key, value in arguments.items() if key not in ("channel", "user", "token")}
        thread_ts = str(arguments.get("thread_ts") or "")
        self._workspace.answers.append(PrivateAnswer(user, channel.id, shown, ts, thread_ts, at=ts))
        return {"message_ts": ts}

    def permalink(self, arguments: Payload) -> Payload:
        """The address of a message."""
        channel = self._workspace.visible(arguments.get("channel", ""))
        message = channel.find(arguments.get("message_ts", ""))
        if not message:
            raise SlackError("message_not_found")
        link = f"{self._workspace.url}archives/{channel.id}/p{message.ts.replace('.', '')}"
        thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
        return {"channel": channel.id, "permalink": link + thread}

    def writable(self, name: str, in_thread: bool) -> Channel:
        """The channel, if the bot may write there; raises SlackError."""
        channel = self._workspace.visible(name)
        if channel.archived:
            raise SlackError("is_archived")
        if BOT_USER not in channel.members:
            raise SlackError("not_in_channel")
        if channel.read_only:
            raise SlackError("restricted_action_read_only_channel")
        if channel.thread_only and not in_thread:
            raise SlackError("restricted_action_thread_only_channel")
        return channel

    def _own(self, channel: Channel, arguments: Payload, otherwise: str) -> Message:
        message = channel.find(arguments.get("ts", ""))
        if not message:
            raise SlackError("message_not_found")
        if message.user != BOT_USER:
            raise SlackError(otherwise)
        return message

    def _shown(self, arguments: Payload, limit: int) -> Version:
        """What a message will show; raises SlackError and keeps why, where Slack would not take it."""
        text, blocks = arguments.get("text") or "", arguments.get("blocks") or []
        refused = self._workspace.refused
        if not text and not blocks:
            raise SlackError("no_text")
        if len(text) > limit:
            raise refused("msg_too_long", [f"text of {len(text)} characters"])
        if markdown_length(blocks) > MARKDOWN_LIMIT:
            raise refused("msg_blocks_too_long", [f"markdown of {markdown_length(blocks)} characters"])
        if wrong := [why for check in self._checks for why in check(arguments)]:
            raise refused("invalid_blocks", wrong)
        return Version(time.monotonic(), text, blocks)
