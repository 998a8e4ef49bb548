"""Slack's canvases: pages of Markdown, alone or as the tab of a channel."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.playground.slack.workspace import BOT_USER, Payload, SlackError, Workspace


@dataclass
class Canvas:
    """A page; ``channel`` is "" if it belongs to none, ``access`` maps channels and people to read, write or owner."""

    id: str
    title: str
    markdown: str
    channel: str = ""
    access: dict[str, str] = field(default_factory=dict)


class Canvases:
    """The canvases of the bot, by id."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.pages: dict[str, Canvas] = {}

    def create(self, arguments: Payload) -> Payload:
        """Make a page; with ``channel_id`` it becomes the tab of that channel."""
        if arguments.get("channel_id"):
            return self.create_in_channel(arguments)
        return self._made(arguments, "")

    def create_in_channel(self, arguments: Payload) -> Payload:
        """Make the page of a channel, which has only one."""
        channel = self._workspace.visible(arguments.get("channel_id", ""))
        if BOT_USER not in channel.members:
            raise SlackError("not_in_channel")
        if any(page.channel == channel.id for page in self.pages.values()):
            raise SlackError("channel_canvas_already_exists")
        return self._made(arguments, channel.id)

    def set_access(self, arguments: Payload) -> Payload:
        """Let channels or people read or write a page, not both kinds in one call."""
        page = self.pages.get(arguments.get("canvas_id", ""))
        if not page:
            raise SlackError("canvas_not_found")
        channels, users = _listed(arguments.get("channel_ids")), _listed(arguments.get("user_ids"))
        level = arguments.get("access_level", "")
        if level not in ("read", "write", "owner") or bool(channels) == bool(users):
            raise SlackError("invalid_arguments")
        for name in channels:
            self._workspace.visible(name)
        page.access.update({name: str(level) for name in [*channels, *users]})
        return {}

    def _made(self, arguments: Payload, channel: str) -> Payload:
        content: Payload = arguments.get("document_content") or {"type": "markdown", "markdown": ""}
        if content.get("type") != "markdown" or not isinstance(content.get("markdown"), str):
            raise self._workspace.refused("invalid_arguments", ["document_content must be Markdown"])
        page = Canvas(f"F1{len(self.pages) + 1:08}", arguments.get("title") or "", content["markdown"], channel)
        self.pages[page.id] = page
        return {"canvas_id": page.id}


def _listed(names: object) -> list[str]:
    if isinstance(names, str):
        return [name for name in names.split(",") if name]
    return [str(name) for name in names] if isinstance(names, list) else []
