"""The months that a text names, in English, German, French, Spanish, Italian, Portuguese and Dutch. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NAMES_TEXT = """
    january januar jänner janvier enero gennaio janeiro januari jan janv
    february februar février febrero febbraio fevereiro februari feb févr
    march märz mars marzo março maart mar mär
    april avril abril aprile apr avr
    may mai mayo maggio maio mei
    june juni juin junio giugno junho jun
    july juli juillet julio luglio julho jul juil
    august août agosto augustus aug
    september septembre septiembre settembre setembro sept sep
    october oktober octobre octubre ottobre outubro oct okt
    november novembre noviembre novembro nov
    december dezember décembre diciembre dicembre dezembro dec dez déc
"""
_MONTHS = {name: month for month, line in enumerate(_NAMES_TEXT.strip().splitlines(), 1) for name in line.split()}
_NAME = re.compile(
    rf"(?<![\w-])(?P<name>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?(?![\w-])", re.IGNORECASE
)
# Words of English that are written small where they are no months.
_WORDS = frozenset({"may", "march"})
_DAY_BEFORE = re.compile(r"\d(?:\.|st|nd|rd|th|er|º)?\s(?:of |de )?\Z", re.IGNORECASE)
_DAY_BEHIND = re.compile(r",?\s?(?:del? )?\d", re.IGNORECASE)


@dataclass(frozen=True)
class Month:
    """A month, from 1, as it is named; ``dated`` where a day or a year stands beside it."""

    said: str
    number: int
    dated: bool


def is_month(word: str) -> bool:
    """Whether a word is the name of one."""
    return word.casefold() in _MONTHS


def months(text: str) -> Iterator[Month]:
    """All of a text. Any may be another word, as "may"; one beside a day or a year is not."""
    for found in _NAME.finditer(text):
        name = found["name"]
        if name.islower() and name in _WORDS:
            continue
        before = _DAY_BEFORE.search(text, max(found.start() - 10, 0), found.start())
        yield Month(name, _MONTHS[name.casefold()], bool(before or _DAY_BEHIND.match(text, found.end())))
