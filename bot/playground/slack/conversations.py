"""Slack's conversations.* methods as far as the bot uses them."""

from __future__ import annotations

from bot.playground.slack.workspace import BOT_USER, TEAM, Channel, Message, Payload, SlackError, Workspace

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
        shown = [m for m in channel.messages if _in_channel(m) and not m.deleted and float(m.ts) > oldest]
        return _page(channel, shown[::-1], arguments)

    def replies(self, arguments: Payload) -> Payload:
        """A thread, its root first."""
        channel = self._readable(arguments)
        root = channel.find(arguments.get("ts", ""))
        if not root:
            raise SlackError("thread_not_found")
        return _page(channel, [root, *channel.replies(root.ts)], arguments)

    def info(self, arguments: Payload) -> Payload:
        """What the bot may know of a channel."""
        channel = self._workspace.visible(arguments.get("channel", ""))
        is_member = BOT_USER in channel.members
        shared = self._workspace.is_shared(channel.id)
        told = {"id": channel.id, "is_archived": channel.archived, "context_team_id": TEAM, "is_ext_shared": shared}
        if channel.kind == "im":
            other = next((user for user in channel.members if user != BOT_USER), "")
            return {"channel": told | {"is_im": True, "user": other, "is_org_shared": False}}
        kinds = {"is_channel": True, "is_group": channel.kind == "private", "is_im": False}
        kinds |= {"is_mpim": channel.kind == "mpim", "is_private": channel.kind != "public", "is_member": is_member}
        return {"channel": told | kinds | {"name": channel.name, "name_normalized": channel.name}}

    def _readable(self, arguments: Payload) -> Channel:
        channel = self._workspace.visible(arguments.get("channel", ""))
        if BOT_USER not in channel.members:
            raise SlackError("not_in_channel")
        return channel


def _in_channel(message: Message) -> bool:
    return not message.thread_ts or message.extra.get("subtype") == "thread_broadcast"


def _page(channel: Channel, messages: list[Message], arguments: Payload) -> Payload:
    start, limit = int(arguments.get("cursor") or 0), min(int(arguments.get("limit") or 100), MOST_A_PAGE)
    with_metadata = str(arguments.get("include_all_metadata", "")).lower() in ("true", "1")
    page = [channel.as_sent(message, with_metadata) for message in messages[start : start + limit]]
    more = start + limit < len(messages)
    return {
        "messages": page,
        "has_more": more,
        "response_metadata": {"next_cursor": str(start + limit) if more else ""},
    }
