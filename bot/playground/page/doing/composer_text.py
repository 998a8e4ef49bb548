"""What somebody typed into a composer: a message or a command, with names turned into mentions. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_COMMAND = re.compile(r"/([A-Za-z][\w-]*+)(?:\s++(.*+))?", re.DOTALL)


@dataclass(frozen=True)
class Command:
    """A slash command and what stands behind it."""

    name: str
    text: str


def read(text: str) -> Command | str:
    """A command, if the text begins with a slash and a word, else the message without blanks around it."""
    if found := _COMMAND.fullmatch(text.rstrip()):
        return Command(found[1].lower(), (found[2] or "").strip())
    return text.strip()


def mentioned(text: str, people: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """Text in which names behind an @ or a # are references, as Slack's composer makes them; ids by name go in."""
    marks = {f"@{name}".casefold(): f"<@{user}>" for name, user in people.items()}
    marks |= {f"#{name}".casefold(): f"<#{channel}>" for name, channel in channels.items()}
    names = "|".join(re.escape(mark) for mark in sorted(marks, key=len, reverse=True))
    if not names:
        return text
    pattern = re.compile(rf"(?<![\w<@#/])(?:{names})(?!\w)", re.IGNORECASE)
    return pattern.sub(lambda found: marks.get(found[0].casefold(), found[0]), text)
