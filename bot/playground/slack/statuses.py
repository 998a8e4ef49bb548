"""Slack's assistant.threads.setStatus: what stands beside the bot's name in a thread while it works."""

from __future__ import annotations

from bot.playground.slack.workspace import BOT_USER, Payload, SlackError, Workspace

SHOWN_SECONDS = 120  # after which Slack takes a status away by itself
MOST_MESSAGES = 10  # that take turns in place of a status


class Statuses:
    """The statuses of threads; a post of the bot takes one away, see ``Workspace.posted``."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def set(self, arguments: Payload) -> Payload:
        """Show a status in a thread, or none with an empty one."""
        if any(not isinstance(arguments.get(name), str) for name in ("channel_id", "thread_ts", "status")):
            raise SlackError("invalid_arguments", ["missing required field"])
        if len(arguments.get("loading_messages") or []) > MOST_MESSAGES:
            raise SlackError("invalid_arguments", ["no more than 10 items allowed [json-pointer:/loading_messages]"])
        channel = self._workspace.visible(arguments["channel_id"])
        if BOT_USER not in channel.members:
            raise SlackError("not_in_channel")
        if not channel.find(arguments["thread_ts"]):
            raise SlackError("invalid_thread_ts")
        self._workspace.show(channel.id, arguments["thread_ts"], arguments["status"], SHOWN_SECONDS)
        return {}
