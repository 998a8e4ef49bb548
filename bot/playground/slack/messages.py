"""A message with all that it showed, and how Slack's API and events give it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Payload = dict[str, Any]

BOT_USER = "U0BOT"
BOT_ID = "B0BOT"
TEAM = "T0ACME"
APP = "A0BOT"


@dataclass(frozen=True)
class Version:
    """What a message showed from ``at`` (seconds of time.monotonic) on."""

    at: float
    text: str
    blocks: list[Payload]


@dataclass(frozen=True)
class Reaction:
    """Somebody's emoji on a message."""

    name: str
    user: str


@dataclass
class Message:
    """A message as it stands, with all that it showed before.

    ``extra`` holds what Slack adds for its kind: ``subtype``, ``client_msg_id``, ``files``, ``bot_id`` and so on.
    """

    channel: str
    ts: str
    user: str
    thread_ts: str | None
    metadata: Payload | None
    versions: list[Version]
    deleted: bool = False
    extra: Payload = field(default_factory=dict)
    reactions: list[Reaction] = field(default_factory=list)
    edited: Payload | None = None

    @property
    def text(self) -> str:
        """What a screen reader says now."""
        return self.versions[-1].text

    @property
    def blocks(self) -> list[Payload]:
        """What people see now."""
        return self.versions[-1].blocks

    @property
    def files(self) -> list[Payload]:
        """The files that came with it."""
        files: list[Payload] = self.extra.get("files", [])
        return files

    @property
    def part(self) -> str:
        """Which part of its run it says that it is, for instance ``angle/technical``."""
        return str((self.metadata or {}).get("event_payload", {}).get("part", ""))

    @property
    def title(self) -> str:
        """The text of its header, "" without one."""
        return next((block["text"]["text"] for block in self.blocks if block["type"] == "header"), "")


def as_sent(message: Message, with_metadata: bool = True) -> Payload:
    """A message as the Web API and events give it, but for what only its channel knows."""
    sent: Payload = {"type": "message", "ts": message.ts, "text": message.text}
    if message.user:
        sent["user"] = message.user
    if message.user == BOT_USER:
        sent |= {"bot_id": BOT_ID, "app_id": APP, "team": TEAM}
    if message.blocks or message.user == BOT_USER:
        sent["blocks"] = message.blocks
    if message.thread_ts:
        sent["thread_ts"] = message.thread_ts
    if message.metadata and with_metadata:
        sent["metadata"] = message.metadata
    if message.edited:
        sent["edited"] = message.edited
    if message.reactions:
        sent["reactions"] = _counted(message.reactions)
    return sent | message.extra


def _counted(reactions: list[Reaction]) -> list[Payload]:
    users: dict[str, list[str]] = {}
    for each in reactions:
        users.setdefault(each.name, []).append(each.user)
    return [{"name": name, "users": who, "count": len(who)} for name, who in users.items()]
