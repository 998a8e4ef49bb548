"""Standard output and its kin as they are: they may know few letters, be closed early, or not be there at all."""

from __future__ import annotations

import codecs
import io
import os
import signal
import sys
import unicodedata
from typing import NoReturn

FAILED, GONE, TOLD_TO_STOP = 1, 128 + signal.SIGPIPE, 128 + signal.SIGTERM  # exit codes, as a shell tells these ends

# What our texts and those of models hold beyond ASCII; the rest is told by its letters, or else by a question mark.
PLAIN = {
    "✓": "+",
    "✕": "x",
    "◐": "~",
    "○": "o",
    "●": "*",
    "■": "#",
    "•": "-",
    "·": "-",
    "→": "->",
    "←": "<-",
    "–": "-",
    "—": "--",
    "−": "-",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "‘": "'",
    "’": "'",
    "…": "...",
    "ß": "ss",
    "æ": "ae",
    "ø": "o",
    "€": "EUR",
}


class Output(io.TextIOWrapper):
    """Standard output that ends the process at once where it cannot be written, as the system does with others.

    The interpreter shields itself from that signal, for a socket's sake; what is said here is never worth more work.
    """

    def write(self, text: str) -> int:
        """Write a text."""
        try:
            return super().write(text)
        except OSError as error:
            _end(error)

    def flush(self) -> None:
        """Write what waits."""
        try:
            super().flush()
        except OSError as error:
            _end(error)


def fit() -> None:
    """Take the process's streams as they are: nothing that is said may fail for want of a letter or of a reader."""
    codecs.register_error("plain", plain)
    signal.signal(signal.SIGTERM, _stop)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # else the next file to be opened would take its place
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115  as long as the process
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="plain")
    if isinstance(sys.stdout, io.TextIOWrapper):
        out = sys.stdout
        encoding, buffered = out.encoding, out.line_buffering
        sys.stdout = Output(out.detach(), encoding, "plain", line_buffering=buffered)
        sys.__stdout__ = sys.stdout  # type: ignore[misc]  # the width of the terminal is asked of this one


def plain(error: UnicodeError) -> tuple[str, int]:
    """An error handler for encoders: what an encoding has no letters for, in ASCII."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_plain, error.object[error.start : error.end])), error.end


def says_everything() -> bool:
    """Whether standard output knows all letters."""
    return codecs.lookup(sys.stdout.encoding or "ascii").name.startswith("utf")


def typed(argument: str) -> str:
    """What somebody typed, where the process was told that its terminal knows ASCII alone and it does not."""
    try:
        argument.encode()
    except UnicodeEncodeError:
        return os.fsencode(argument).decode("utf-8", "replace")
    return argument


def _plain(character: str) -> str:
    if character in PLAIN:
        return PLAIN[character]
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):  # a mark on the letter before it, or nothing to see
        return ""
    return unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode() or "?"


def _end(error: OSError) -> NoReturn:
    """Quietly, where a reader left; else with the reason, such as a full disk."""
    if not isinstance(error, BrokenPipeError):
        told = f"Standard output cannot be written: {(error.strerror or 'it failed').lower()} (errno {error.errno}).\n"
        sys.stderr.write(told)
        sys.stderr.flush()
    os._exit(GONE if isinstance(error, BrokenPipeError) else FAILED)


def _stop(number: int, frame: object) -> NoReturn:
    """What a process does by itself, but for one that is the first of its container."""
    raise SystemExit(TOLD_TO_STOP)
