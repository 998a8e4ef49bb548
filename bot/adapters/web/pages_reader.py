"""A process that reads pages, one at a time, and may be killed: a page takes as much processor time as it likes to.

Its standard input brings pages, its standard output what they say, each with its length in front: JSON with the address
and the type, and the bytes. The kernel ends the process when a page has had its seconds.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import struct
import sys
from typing import BinaryIO

SECONDS = 2.0  # of processor time for a page
MEGABYTES = 320  # of memory for the process
POLITE = 5  # steps behind those who serve people
FRAME = struct.Struct("!I")


def frame(content: bytes) -> bytes:
    """Content with its length in front."""
    return FRAME.pack(len(content)) + content


def _read(stream: BinaryIO) -> bytes | None:
    """The next content of a stream; None at its end."""
    head = stream.read(FRAME.size)
    if len(head) < FRAME.size:
        return None
    return stream.read(FRAME.unpack(head)[0])


def main() -> None:
    """Read pages until there are no more."""
    os.nice(POLITE)
    resource.setrlimit(resource.RLIMIT_DATA, (MEGABYTES * 2**20, MEGABYTES * 2**20))
    from bot.adapters.web.pages_content import content  # the parsers take a third of a second

    while (about := _read(sys.stdin.buffer)) is not None and (body := _read(sys.stdin.buffer)) is not None:
        signal.setitimer(signal.ITIMER_PROF, SECONDS)  # nobody handles it: the process ends, whatever it is at
        answer = content(body, **json.loads(about))
        signal.setitimer(signal.ITIMER_PROF, 0)
        sys.stdout.buffer.write(frame(json.dumps(answer).encode()))
        sys.stdout.buffer.flush()
