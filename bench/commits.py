"""How often a SQLite database was committed to, read off its write-ahead log."""

from __future__ import annotations

import struct
from pathlib import Path

HEADER, FRAME_HEADER = 32, 24  # bytes; https://www.sqlite.org/fileformat.html#the_write_ahead_log


def commits_in(file: Path) -> int:
    """Commits since the log was last begun anew: its frames that close a transaction say how large the file is then."""
    log = Path(f"{file}-wal").read_bytes()
    page_size, salt = struct.unpack_from(">I", log, 8)[0], log[16:24]
    frames = range(HEADER, len(log) - FRAME_HEADER, FRAME_HEADER + page_size)
    return sum(log[at + 8 : at + 16] == salt and struct.unpack_from(">I", log, at + 4)[0] > 0 for at in frames)
