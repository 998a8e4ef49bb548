"""Named lists of angles, for ``--angles @name``: those that come along, and a team's own beside them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from bot.research.angles import DEFAULT, faults, named, says, titled
from bot.research.model import LONGEST_BRIEF, Angle
from bot.research.words import misasked

Presets = Mapping[str, tuple[Angle, ...]]

AUTO = "auto"  # lets a planner choose
STANDARD = "standard"
MOST_PRESETS = 50  # of a team's own: a form shows a hundred choices

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?+")


@cache
def packaged() -> dict[str, tuple[Angle, ...]]:
    """The lists that come along, the standard angles first."""
    return {STANDARD: DEFAULT} | read(files("bot.research").joinpath("angles.toml").read_text(encoding="utf-8"))


def with_own(path: str) -> Presets:
    """All lists: those that come along, and those of this file; raises ValueError that says what is wrong with it."""
    try:
        text = Path(path).expanduser().read_text(encoding="utf-8-sig")
    except RuntimeError:
        raise ValueError("names a file in the home of somebody whom this machine does not know") from None
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ValueError(f"names a file that cannot be read: {why}") from None
    return packaged() | read(text)


def read(text: str) -> dict[str, tuple[Angle, ...]]:
    """The lists in a text of the form of angles.toml; raises ValueError that says what is wrong, as of a setting."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"names a file that is not TOML: {error}") from None
    except RecursionError:
        raise ValueError("names a file that is nested too deeply") from None
    if not 0 < len(tables) <= MOST_PRESETS:
        raise ValueError(f"names a file with {len(tables)} lists of angles; it takes 1 to {MOST_PRESETS}")
    return {name: _angles(name, table) for name, table in tables.items()}


def _angles(name: str, table: Any) -> tuple[Angle, ...]:
    if name in (AUTO, STANDARD):
        raise ValueError(f"has a list [{name}], a name that is taken; choose another one")
    if not _NAME.fullmatch(name):
        raise ValueError(f"has a list [{name}]; a name has up to 30 small letters, digits and hyphens")
    if not isinstance(table, dict) or not all(isinstance(brief, str) for brief in table.values()):
        raise ValueError(f'has a list [{name}] that is not made of lines such as "Title" = "What to look for there."')
    for fault in faults([titled(title) for title in table]):
        raise ValueError(f"has a list [{name}] that cannot be used. {misasked(fault).removesuffix('.')}")
    for title, brief in table.items():
        if not 0 < len(brief.strip()) <= LONGEST_BRIEF:
            said = f"says {len(brief.strip())} characters of “{title}”; it takes 1 to {LONGEST_BRIEF}"
            raise ValueError(f"has a list [{name}] that {said}")
    if wordless := [f"“{title}” = “{brief}”" for title, brief in table.items() if not (says(title) and says(brief))]:
        raise ValueError(f"has a list [{name}] with a line without words: {wordless[0]}")
    return named((titled(title), " ".join(brief.split())) for title, brief in table.items())
