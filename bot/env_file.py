"""The file of settings in the folder where the bot is started: which lines cannot be read."""

from __future__ import annotations

from pathlib import Path

from dotenv.parser import Binding, parse_stream

ENCODING = "utf-8-sig"  # some editors put a mark in front


def unreadable(path: Path) -> str:
    """What there is to mend in the file itself, never with what stands in it; "" if nothing."""
    if not path.is_file():
        return ""
    try:
        with path.open(encoding=ENCODING) as lines:
            bad = [_line(each) for each in parse_stream(lines) if each.error or (each.key and each.value is None)]
    except UnicodeDecodeError:
        return f"{path} is no text in UTF-8. Save it as that."
    except OSError as error:
        return f"{path} cannot be read: {error.strerror} (errno {error.errno})."
    told = f"{path} cannot be read. Lines that must be NAME=value: {', '.join(bad)}."
    return told if bad else ""


def _line(binding: Binding) -> str:
    """The number of its line: what was read for it begins with the blank lines before it."""
    text = binding.original.string
    return str(binding.original.line + text[: len(text) - len(text.lstrip())].count("\n"))
