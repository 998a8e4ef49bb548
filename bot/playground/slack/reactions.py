"""Slack's reactions.* methods: the bot's emoji on a message."""

from __future__ import annotations

import re

from bot.playground.slack.workspace import BOT_USER, Message, Payload, Reaction, SlackError, Workspace

NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?")


class Reactions:
    """Adds and removes; the message keeps who reacted with what."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def add(self, arguments: Payload) -> Payload:
        """React once with each emoji."""
        message, reaction = self._meant(arguments)
        if reaction in message.reactions:
            raise SlackError("already_reacted")
        message.reactions.append(reaction)
        return {}

    def remove(self, arguments: Payload) -> Payload:
        """Take a reaction back."""
        message, reaction = self._meant(arguments)
        if reaction not in message.reactions:
            raise SlackError("no_reaction")
        message.reactions.remove(reaction)
        return {}

    def _meant(self, arguments: Payload) -> tuple[Message, Reaction]:
        channel = self._workspace.visible(arguments.get("channel", ""))
        if BOT_USER not in channel.members:
            raise SlackError("not_in_channel")
        if channel.archived:
            raise SlackError("is_archived")
        message, name = channel.find(arguments.get("timestamp", "")), arguments.get("name", "")
        if not NAME.fullmatch(name):
            raise SlackError("invalid_name")
        if not message:
            raise SlackError("message_not_found")
        return message, Reaction(name, BOT_USER)
