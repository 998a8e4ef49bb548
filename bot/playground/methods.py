"""Slack's Web API as far as the bot uses it: arguments in, answer out, Slack's own codes for what it refuses."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.playground.checks import MARKDOWN_LIMIT, Check, markdown_length, problems
from bot.playground.conversations import Conversations
from bot.playground.workspace import (
    BOT_ID,
    BOT_USER,
    TEAM,
    Channel,
    Message,
    Payload,
    SlackError,
    Version,
    Workspace,
    as_sent,
)

POST_TEXT_LIMIT = 40_000
EDIT_TEXT_LIMIT = 4_000


# The scopes of which a bot token needs one, from Slack's own pages; where there are several, by the kind of channel.
HISTORY = {"public": "channels:history", "private": "groups:history", "im": "im:history", "mpim": "mpim:history"}
SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "conversations.join": "channels:join",
    "conversations.open": "im:write",
}


class Methods:
    """The methods of the Web API on one workspace; ``violations`` keeps why a message would not be taken.

    ``scopes`` are those of the bot token, None for all.
    """

    def __init__(self, workspace: Workspace, checks: list[Check], scopes: set[str] | None) -> None:
        self._workspace, self._scopes = workspace, scopes
        self._checks: list[Check] = [problems, *checks]
        self.violations: list[str] = []

    def call(self, method: str, arguments: Payload) -> Payload:
        """Do what a method does; raises SlackError."""
        conversations = Conversations(self._workspace)
        known: dict[str, Callable[[Payload], Payload]] = {
            "auth.test": self._auth_test,
            "chat.postMessage": self._post_message,
            "chat.update": self._update,
            "conversations.history": conversations.history,
            "conversations.join": conversations.join,
            "conversations.open": conversations.open,
            "conversations.replies": conversations.replies,
        }
        if method not in known:
            raise SlackError("unknown_method")
        needed = self._needed(method, arguments)
        if needed and self._scopes is not None and needed not in self._scopes:
            raise SlackError("missing_scope", [needed])
        return known[method](arguments)

    def _needed(self, method: str, arguments: Payload) -> str:
        if method in ("conversations.history", "conversations.replies"):
            return HISTORY[self._workspace.visible(arguments.get("channel", "")).kind]
        return SCOPES.get(method, "")

    def _auth_test(self, arguments: Payload) -> Payload:
        names = {"team": "Acme", "team_id": TEAM, "user": "research", "user_id": BOT_USER, "bot_id": BOT_ID}
        return {"url": self._workspace.url, **names}

    def _post_message(self, arguments: Payload) -> Payload:
        channel = self._writable(arguments.get("channel", ""), bool(arguments.get("thread_ts")))
        thread_ts = arguments.get("thread_ts")
        if thread_ts and not channel.find(thread_ts):
            raise SlackError("thread_not_found")
        version = self._shown(arguments, POST_TEXT_LIMIT)
        message = Message(
            channel.id, self._workspace.next_ts(), BOT_USER, thread_ts, arguments.get("metadata"), [version]
        )
        channel.messages.append(message)
        return {"channel": channel.id, "ts": message.ts, "message": as_sent(message)}

    def _update(self, arguments: Payload) -> Payload:
        channel = self._writable(arguments.get("channel", ""), in_thread=True)
        message = channel.find(arguments.get("ts", ""))
        if not message:
            raise SlackError("message_not_found")
        if message.user != BOT_USER:
            raise SlackError("cant_update_message")
        message.versions.append(self._shown(arguments, EDIT_TEXT_LIMIT))
        message.metadata = arguments.get("metadata") or message.metadata
        return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": as_sent(message)}

    def _writable(self, name: str, in_thread: bool) -> Channel:
        """The channel, if the bot may write there."""
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

    def _shown(self, arguments: Payload, limit: int) -> Version:
        """What a message will show; raises SlackError and keeps why, where Slack would not take it."""
        text, blocks = arguments.get("text") or "", arguments.get("blocks") or []
        if not text and not blocks:
            raise SlackError("no_text")
        if len(text) > limit:
            raise self._violated("msg_too_long", [f"text of {len(text)} characters"])
        if markdown_length(blocks) > MARKDOWN_LIMIT:
            raise self._violated("msg_blocks_too_long", [f"markdown of {markdown_length(blocks)} characters"])
        if wrong := [why for check in self._checks for why in check(arguments)]:
            raise self._violated("invalid_blocks", wrong)
        return Version(time.monotonic(), text, blocks)

    def _violated(self, code: str, why: list[str]) -> SlackError:
        self.violations += [f"{code}: {each}" for each in why]
        return SlackError(code, why)
