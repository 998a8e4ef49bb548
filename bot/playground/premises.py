"""Where a playground is: the page's port, the database, the bot's log."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir, mkdtemp

LOOPBACK = "127.0.0.1"
FOLDERS = "research-playground-"  # how the names of temporary folders begin
PORT_TAKEN = (
    "Port {port} cannot be used ({why}); another playground may be open there. Choose another one: "
    '`python -m bot playground --port {other}`, or `make playground ARGS="--port {other}"`.'
)
NO_FOLDER = "There is no temporary folder that can be used ({why}). Set TMPDIR to one that has room."
NO_NAME = "The name of that file is not written in UTF-8. Name another file."
A_FOLDER = "{file} is a folder. Name a file, there or elsewhere."
IN_USE = "Another playground keeps its runs in {file}. End it first, or name another file."
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
    with _listener(wishes.port) as listener, ExitStack() as stack:
        database = _kept(wishes.keep) if wishes.keep else _folder(stack) / "research.sqlite"
        log, workspace = Path(f"{database}.log"), Path(f"{database}.workspace.json")
        if database.exists() and not workspace.exists():
            raise CannotPlay(NOT_OURS.format(file=database))
        try:
            stack.callback(os.close, _locked(log, os.O_WRONLY | os.O_CREAT))
        except BlockingIOError:
            raise CannotPlay(IN_USE.format(file=database)) from None
        except OSError as error:
            raise CannotPlay(CANNOT_KEEP.format(file=log, why=error.strerror)) from error
        yield Premises(listener, database, workspace if wishes.keep else None, log)


def _kept(file: Path) -> Path:
    """The file itself: it may have several names, and one playground uses it at a time."""
    real = Path(os.path.realpath(file))
    if os.fsencode(real) != str(real).encode(errors="ignore"):
        raise CannotPlay(NO_NAME)
    if real.is_dir():
        raise CannotPlay(A_FOLDER.format(file=real))
    return real


def _folder(stack: ExitStack) -> Path:
    """A temporary folder, locked before anything is in it; those of playgrounds that were killed are deleted."""
    try:
        for left in Path(gettempdir()).glob(f"{FOLDERS}*"):
            _clear(left)
        folder = Path(mkdtemp(prefix=FOLDERS))
        stack.callback(os.close, _locked(folder))
    except OSError as error:
        raise CannotPlay(NO_FOLDER.format(why=error.strerror)) from error
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _clear(folder: Path) -> None:
    """Delete a folder whose lock went with its playground; one that is empty may be about to be locked."""
    with suppress(OSError):
        if any(folder.iterdir()):
            lock = _locked(folder)
            shutil.rmtree(folder, ignore_errors=True)
            os.close(lock)


def _locked(path: Path, flags: int = os.O_RDONLY) -> int:
    """A descriptor that holds the lock of a file or folder; raises BlockingIOError where another process has it."""
    file = os.open(path, flags | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        raise
    return file


def _listener(port: int) -> socket.socket:
    try:
        return socket.create_server((LOOPBACK, port))
    except OSError as error:
        other = port % 65535 + 1
        raise CannotPlay(PORT_TAKEN.format(port=port, why=os.strerror(error.errno or 0), other=other)) from error
