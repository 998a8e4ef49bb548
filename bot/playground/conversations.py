"""Slack's conversations.* methods as far as the bot uses them."""

from __future__ import annotations

from bot.playground.workspace import BOT_USER, Channel, Message, Payload, SlackError, Workspace, as_sent

MOST_A_PAGE = 999


class Conversations:
    """Who is where, and what was said there."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def join(self, arguments: Payload) -> Payload:
        """Become a member of a public channel."""
        channel = self._workspace.visible(arguments.get("channel", ""))
        if channel.kind != "public":
            raise SlackError("method_not_supported_for_channel_type")
        if channel.archived:
            raise SlackError("is_archived")
        channel.members.add(BOT_USER)
        return {"channel": {"id": channel.id}}

    def open(self, arguments: Payload) -> Payload:
        """The direct messages of the bot with one person, made when they are first needed."""
        user = arguments.get("users", "")
        if not user.startswith(("U", "W")):
            raise SlackError("user_not_found")
        return {"channel": {"id": self._workspace.direct(user).id}}

    def history(self, arguments: Payload) -> Payload:
        """The messages of a channel that are not replies, the newest first."""
        channel = self._readable(arguments)
        oldest = float(arguments.get("oldest") or 0)
        shown = [m for m in channel.messages if not m.thread_ts and not m.deleted and float(m.ts) > oldest]
        return _page(shown[::-1], arguments)

    def replies(self, arguments: Payload) -> Payload:
        """A thread, its root first."""
        channel = self._readable(arguments)
        root = channel.find(arguments.get("ts", ""))
        if not root:
            raise SlackError("thread_not_found")
        return _page([root, *(m for m in channel.messages if m.thread_ts == root.ts and not m.deleted)], arguments)

    def _readable(self, arguments: Payload) -> Channel:
        channel = self._workspace.visible(arguments.get("channel", ""))
        if BOT_USER not in channel.members:
            raise SlackError("not_in_channel")
        return channel


def _page(messages: list[Message], arguments: Payload) -> Payload:
    start, limit = int(arguments.get("cursor") or 0), min(int(arguments.get("limit") or 100), MOST_A_PAGE)
    with_metadata = str(arguments.get("include_all_metadata", "")).lower() in ("true", "1")
    page = [as_sent(message, with_metadata) for message in messages[start : start + limit]]
    more = start + limit < len(messages)
    return {
        "messages": page,
        "has_more": more,
        "response_metadata": {"next_cursor": str(start + limit) if more else ""},
    }
