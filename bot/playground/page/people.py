"""Who is in the playground's workspace and where: three people, three channels, one of which the bot is not in."""

from __future__ import annotations

from bot.playground.page.refusals import Refused
from bot.playground.slack.workspace import BOT_USER, Channel, Workspace

PEOPLE = {"U0ASKER": "Asker", "U0TEAMA": "Teammate A", "U0TEAMB": "Teammate B"}
ASKER = "U0ASKER"
FIRST = "energy"  # the channel that opens first
WITHOUT_BOT = "board"  # the one in which the bot is no member, private
CHANNELS = ("general", FIRST, WITHOUT_BOT)
SLACKBOT = "USLACKBOT"


def settle(workspace: Workspace) -> None:
    """Let people and channels be there that are not yet; in a new workspace they always have the same ids."""
    for user, name in PEOPLE.items():
        if user not in workspace.people:
            workspace.person(user, name=name, real_name=name)
    there = {channel.name for channel in workspace.channels.values()}
    for name in CHANNELS:
        if name not in there:
            is_private = name == WITHOUT_BOT
            workspace.add(name, "private" if is_private else "public", {*PEOPLE, *([] if is_private else [BOT_USER])})
    for user in PEOPLE:
        workspace.direct(user)


def speaker(name: str | None) -> str:
    """The id of one of the people; raises Refused."""
    if name not in PEOPLE:
        raise Refused(400, "Nobody of that name speaks here.")
    return name


def open_to(workspace: Workspace, user: str) -> dict[str, Channel]:
    """The conversations that somebody sees, by id, those of other people left out."""
    return {
        id_: channel
        for id_, channel in workspace.channels.items()
        if channel.kind == "public" or user in channel.members
    }


def direct(workspace: Workspace, user: str) -> Channel:
    """The bot's direct messages with somebody who is in the workspace."""
    return next(c for c in workspace.channels.values() if c.kind == "im" and c.members == {BOT_USER, user})


def called(channel: Channel) -> str:
    """A conversation by its name: a channel with its mark, direct messages by whom they are with."""
    return "Research" if channel.kind == "im" else f"#{channel.name}"
