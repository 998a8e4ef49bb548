"""What was said in the playground, kept for the next time."""

from __future__ import annotations

import asyncio
import os
import resource
from pathlib import Path

import pytest

from bot.playground import kept_workspace
from bot.playground.kept_workspace import Unreadable, kept
from bot.playground.premises import CannotPlay
from bot.playground.slack import Playground
from bot.playground.slack.workspace import PATIENCE


async def test_a_workspace_is_there_again_as_it_was_left(tmp_path: Path) -> None:
    """Runs that are kept would else refer to threads that nobody finds."""
    file = tmp_path / "workspace.json"
    async with Playground() as slack, kept(slack, file):
        energy = slack.workspace.add("energy")
        root = await slack.say(energy.id, "tea & <b>“milk”</b>")
        await slack.say(energy.id, "yes", "U0OTHER", root.ts)
        sent = {"filename": "tea.md", "length": 5}
        begun = slack._files.begin(sent)
        slack._files.take(begun["file_id"], b"# Tea")
        slack._files.complete({"files": [{"id": begun["file_id"]}], "channel_id": energy.id, "thread_ts": root.ts})
        slack._methods.call(
            "canvases.create", {"title": "Tea", "document_content": {"type": "markdown", "markdown": "x"}}
        )
        before = (slack.workspace.channels, slack.workspace.people, slack.uploads, slack.canvases)
    async with Playground() as slack, kept(slack, file):
        after = (slack.workspace.channels, slack.workspace.people, slack.uploads, slack.canvases)
        assert after == before
        assert slack._files.begin(sent)["file_id"] != begun["file_id"]
        assert slack.workspace.next_ts() > root.ts


async def test_what_was_said_is_in_the_file_before_the_playground_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be killed."""
    monkeypatch.setattr(kept_workspace, "PAUSE", 0)
    file = tmp_path / "workspace.json"
    async with Playground() as slack, kept(slack, file):
        await slack.say(slack.workspace.add("energy").id, "tea")
        async with asyncio.timeout(PATIENCE):
            while "tea" not in await asyncio.to_thread(file.read_text):
                pass


async def test_a_file_that_holds_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    """A name that was mistyped must not cost anybody their file."""
    file = tmp_path / "workspace.json"
    for held in ("{}", "", "[1]", "\x00"):
        file.write_text(held)
        with pytest.raises(Unreadable, match=r"workspace\.json holds no workspace of the playground"):
            async with Playground() as slack, kept(slack, file):
                pass
        assert file.read_text() == held


async def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    """It may be a folder, or somebody else's."""
    with pytest.raises(CannotPlay, match=r"cannot be read: Is a directory\.$"):
        async with Playground() as slack, kept(slack, tmp_path):
            pass


async def test_what_there_is_no_room_for_is_told_and_what_was_kept_stays(tmp_path: Path) -> None:
    """Half a workspace would be none at the next start."""
    file = tmp_path / "workspace.json"
    async with Playground() as slack, kept(slack, file):
        await slack.say(slack.workspace.add("energy").id, "tea")
    held, (soft, hard) = file.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(held) + 10, hard))  # the system writes so much, then fails
    try:
        with pytest.raises(CannotPlay, match=r"workspace\.json cannot be written: File too large\.$"):
            async with Playground() as slack, kept(slack, file):
                await slack.say("C000000001", "tea " * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (os.listdir(tmp_path), file.read_bytes()) == ([file.name], held)
