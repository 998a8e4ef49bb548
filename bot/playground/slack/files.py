"""Slack's way of taking a file: ask for an address, upload there, say where the file shall stand."""

from __future__ import annotations

import time
from dataclasses import dataclass

from bot.playground.slack.chat import Chat
from bot.playground.slack.workspace import BOT_USER, Payload, SlackError, Version, Workspace


@dataclass
class Upload:
    """A file on its way, or arrived: ``shared`` is the ts of its message in ``channel``, "" if it stands nowhere."""

    id: str
    filename: str
    length: int
    title: str = ""
    content: bytes | None = None
    channel: str = ""
    shared: str = ""
    complete: bool = False

    def as_sent(self) -> Payload:
        """The file as Slack gives it."""
        kind = self.filename.rpartition(".")[2]
        named = {"id": self.id, "name": self.filename, "title": self.title or self.filename, "filetype": kind}
        return named | {"size": self.length, "user": BOT_USER, "mode": "hosted", "is_external": False}


class Files:
    """The files of the bot, by id; ``address`` is where uploads go, known once the server stands."""

    def __init__(self, workspace: Workspace, chat: Chat) -> None:
        self._workspace, self._chat, self.address = workspace, chat, ""
        self.uploads: dict[str, Upload] = {}

    def begin(self, arguments: Payload) -> Payload:
        """Give an address for a file of this name and length."""
        name, length = arguments.get("filename", ""), int(arguments.get("length") or 0)
        if not name or length < 1:
            raise SlackError("invalid_arguments", ["filename and length are required"])
        upload = Upload(f"F{len(self.uploads) + 1:09}", name, length)
        self.uploads[upload.id] = upload
        return {"upload_url": f"{self.address}{upload.id}", "file_id": upload.id}

    def take(self, file_id: str, content: bytes) -> bool:
        """Take what is uploaded; False if nobody announced it, or not with this length."""
        upload = self.uploads.get(file_id)
        if not upload or upload.complete or len(content) != upload.length:
            return False
        upload.content = content
        return True

    def complete(self, arguments: Payload) -> Payload:
        """Let uploaded files stand, in a channel or a thread if one is named."""
        named: list[Payload] = arguments.get("files") or []
        uploads = [self._arrived(each.get("id", "")) for each in named]
        if not uploads:
            raise SlackError("invalid_arguments", ["files is required"])
        if arguments.get("channel_id"):
            self._share(uploads, arguments)
        for upload, each in zip(uploads, named, strict=True):
            upload.title, upload.complete = each.get("title") or "", True
        return {"files": [upload.as_sent() for upload in uploads]}

    def _arrived(self, file_id: str) -> Upload:
        upload = self.uploads.get(file_id)
        if not upload or upload.content is None or upload.complete:
            raise SlackError("file_not_found")
        return upload

    def _share(self, uploads: list[Upload], arguments: Payload) -> None:
        thread_ts = arguments.get("thread_ts")
        channel = self._chat.writable(arguments["channel_id"], bool(thread_ts))
        if thread_ts and not channel.find(thread_ts):
            raise SlackError("thread_not_found")
        version = Version(time.monotonic(), arguments.get("initial_comment") or "", [])
        extra = {"subtype": "file_share", "upload": True, "files": [upload.as_sent() for upload in uploads]}
        message = self._chat.add(channel, thread_ts, version, None, extra)
        for upload in uploads:
            upload.channel, upload.shared = channel.id, message.ts
