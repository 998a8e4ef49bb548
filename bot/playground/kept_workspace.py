"""What was said in a workspace, kept in a file beside the runs that were asked for there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.playground.premises import CANNOT_KEEP, CannotPlay
from bot.playground.slack import Playground
from bot.playground.slack.canvases import Canvas
from bot.playground.slack.files import Upload
from bot.playground.slack.workspace import Channel, Person

CANNOT_READ = "{file} cannot be read: {why}."
PAUSE = 1.0  # seconds between two writes, at least: what was said in the last one is lost with the process


class Unreadable(CannotPlay):
    """The file holds no workspace; the text says which."""


@dataclass
class Kept:
    """Channels with all that was said there, people, files and canvases; what only one person saw is not kept."""

    channels: list[Channel]
    people: list[Person]
    uploads: list[Upload]
    canvases: list[Canvas]


KEPT = TypeAdapter(Kept)


@asynccontextmanager
async def kept(slack: Playground, file: Path) -> AsyncIterator[None]:
    """Let the workspace be as the file has it, and the file as the workspace is; raises CannotPlay."""
    _restore(slack, file)
    _surely_write(slack, file)
    keeping = asyncio.create_task(_keep(slack, file))
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        _surely_write(slack, file)


def _restore(slack: Playground, file: Path) -> None:
    try:
        found = KEPT.validate_json(file.read_bytes())
    except FileNotFoundError:
        return
    except OSError as error:
        raise CannotPlay(CANNOT_READ.format(file=file, why=error.strerror)) from error
    except ValidationError:
        raise Unreadable(
            f"{file} holds no workspace of the playground. Move it away, and the database beside it."
        ) from None
    slack.workspace.channels.update((channel.id, channel) for channel in found.channels)
    slack.workspace.people.update((person.id, person) for person in found.people)
    slack.restore(found.uploads, found.canvases)


async def _keep(slack: Playground, file: Path) -> None:
    while True:
        with suppress(OSError):  # a full disk may have room again
            _write(slack, file)
        await slack.workspace.change()
        await asyncio.sleep(PAUSE)


def _surely_write(slack: Playground, file: Path) -> None:
    try:
        _write(slack, file)
    except OSError as error:
        raise CannotPlay(CANNOT_KEEP.format(file=file, why=error.strerror)) from error


def _write(slack: Playground, file: Path) -> None:
    """Put the workspace in the place of the file, whole or not at all."""
    workspace = slack.workspace
    kept = Kept(list(workspace.channels.values()), list(workspace.people.values()), slack.uploads, slack.canvases)
    new = file.with_name(f"{file.name}.new")
    try:
        new.touch(mode=0o600)
        new.write_bytes(KEPT.dump_json(kept))
        new.replace(file)
    except OSError:
        with suppress(OSError):
            new.unlink()  # what there is room for again may be wanted by others
        raise
