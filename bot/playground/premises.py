"""Where a playground is: the page's port, the database, the bot's log."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

LOOPBACK = "127.0.0.1"
PORT_TAKEN = (
    "Port {port} cannot be used ({why}); another playground may be open there. Choose another one: "
    '`python -m bot playground --port {other}`, or `make playground ARGS="--port {other}"`.'
)
NOT_OURS = "{file} is there already and of no playground; its runs would go on here. Name another file."
CANNOT_KEEP = "{file} cannot be written: {why}."


class CannotPlay(Exception):
    """The playground cannot be opened; the text says why and what to do."""


@dataclass(frozen=True)
class Wishes:
    """The page's ``port`` (0 for a free one), whether a browser shall open it, and the database that is kept, if any.

    ``tiny`` takes the model that comes along in any case.
    """

    port: int
    opens: bool = True
    keep: Path | None = None
    tiny: bool = False


@dataclass(frozen=True)
class Premises:
    """The page's socket, the file of the runs, that of what was said ("" if it is not kept), and the bot's log."""

    listener: socket.socket
    database: Path
    workspace: Path | None
    log: Path

    @property
    def address(self) -> str:
        """The page's."""
        return f"http://{LOOPBACK}:{self.listener.getsockname()[1]}/"


@contextmanager
def premises(wishes: Wishes) -> Iterator[Premises]:
    """The premises, which go with the playground unless they are to be kept; raises CannotPlay."""
    with _listener(wishes.port) as listener, TemporaryDirectory(prefix="playground-") as folder:
        database = wishes.keep.absolute() if wishes.keep else Path(folder, "research.sqlite")
        log, workspace = Path(f"{database}.log"), Path(f"{database}.workspace.json")
        if database.exists() and not workspace.exists():
            raise CannotPlay(NOT_OURS.format(file=database))
        try:
            log.touch(mode=0o600)
        except OSError as error:
            raise CannotPlay(CANNOT_KEEP.format(file=log, why=error.strerror)) from error
        yield Premises(listener, database, workspace if wishes.keep else None, log)


def _listener(port: int) -> socket.socket:
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        other = port % 65535 + 1
        raise CannotPlay(PORT_TAKEN.format(port=port, why=os.strerror(error.errno or 0), other=other)) from error
