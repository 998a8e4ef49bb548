"""Markdown in stretches: lines of code apart from lines of prose. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

_FENCE = re.compile(r"[ \t>]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)?+(?P<mark>`{3,}+|~{3,}+)(?P<info>[^\n]*)")
_LIST = re.compile(r"[ \t>]*+(?:[-*+]|\d{1,9}[.)])[ \t]")


def segments(text: str) -> Iterator[tuple[bool, list[str]]]:
    """The lines of the text, those of code apart from the others."""
    kept: list[str] = []
    was_code, fence, listed, blank = False, "", False, True
    for line in text.split("\n"):
        opened = _FENCE.match(line) if not fence else None
        if opened and opened["mark"][0] == "`" and "`" in opened["info"]:
            opened = None
        indented = line.startswith(("    ", "\t")) and not listed and (blank or was_code) and bool(line.strip())
        code = bool(fence or opened or indented)
        if code != was_code and kept:
            yield was_code, kept
            kept = []
        kept.append(line)
        was_code = code
        if fence:
            fence = "" if _ends(line, fence) else fence
        elif opened:
            fence = opened["mark"]
        elif not indented:
            listed = bool(_LIST.match(line)) or (listed and (not line.strip() or line[0] in " \t"))
        blank = not line.strip()
    if kept:
        yield was_code, kept


def _ends(line: str, fence: str) -> bool:
    rest = line.strip(" \t>")
    return rest.startswith(fence) and not rest.strip(fence[0])
