"""Formulas in prose: what is one between its delimiters, and what is money or code. Pure."""

from __future__ import annotations

import re
from functools import cached_property

from bot.text.latex import ARGUED, FUNCTIONS, SYMBOLS, formula
from bot.text.prose import Prose

LONGEST_FORMULA, LONGEST_INLINE = 2_000, 300  # characters between two delimiters

# Behind two backslashes where somebody escaped the one.
_CLOSERS = {"\\(": "\\)", "\\[": "\\]", "$$": "$$", "\\\\(": "\\\\)", "\\\\[": "\\\\]"}
_OPERATORS = frozenset("<>=~≈±≤≥→+−-")
_BRACE = re.compile(r"[{}]")
_LONG_WORD = re.compile(r"[^\W\d_]{4}")


class Formulas:
    """Reads the formulas of a piece of prose; what begins as one and is none stays as it is."""

    def __init__(self, prose: Prose) -> None:
        self._prose = prose

    def delimited(self, found: re.Match[str]) -> str:
        """What begins with "$$", "\\\\(", "\\\\[" or "\\\\begin{"."""
        opener = found[0]
        if opener not in _CLOSERS:
            end = self._prose.find("\\end{")
            close = self._prose.text.find("}", end, end + 40) if end >= 0 else -1
            return self._formula(found.start(), close, 1) or opener
        end = self._prose.find(_CLOSERS[opener])
        inside = self._prose.text[self._prose.at : end] if 0 <= end - self._prose.at <= LONGEST_FORMULA else ""
        if not _is_formula(inside) or (not opener.endswith("(") and not _is_displayed(inside)):
            return opener
        return self._formula(self._prose.at, end, len(opener)) or opener

    def _formula(self, start: int, end: int, closer: int) -> str:
        """The formula between two places, the closer behind it left out; "" if it cannot be one."""
        if not 0 <= end - start <= LONGEST_FORMULA or "\n\n" in (inside := self._prose.text[start:end]):
            return ""
        self._prose.at = end + closer
        said = formula(inside)
        return said.replace("|", "\\|") if self._prose.row else said

    def dollar(self, found: re.Match[str]) -> str:
        """What begins with one dollar sign: a formula, or a price."""
        start = found.end()
        end = self._prose.text.find("$", start, start + LONGEST_INLINE)
        inside, behind = self._prose.text[start : max(end, start)], self._prose.text[end + 1 : end + 2]
        plain = "\\" not in inside and "^" not in inside
        priced = behind.isdigit() and plain and not _OPERATORS.issuperset(inside)
        money = inside[-1:].isspace() or inside[-1:] == "\\" or priced or behind == "$" or "\n" in inside
        if end < 0 or money or (plain and (behind.isalpha() or _LONG_WORD.search(inside))) or not _is_formula(inside):
            return "$"
        return self._formula(start, end, 1) or "$"

    def script(self, found: re.Match[str]) -> str:
        """A raised or lowered group outside a formula: "10^{-6}"."""
        return formula(found[0])

    def command(self, found: re.Match[str]) -> str:
        """A command of LaTeX outside a formula, with its groups."""
        name = found[0][1:]
        if name in SYMBOLS or name in FUNCTIONS:
            return SYMBOLS.get(name, name)
        end = found.end()
        for _ in range(2 if name in ("frac", "dfrac", "tfrac", "binom") else 1):
            end = self._groups.get(end, -1)
        return self._formula(found.start(), end, 0) or found[0] if name in ARGUED and end > 0 else found[0]

    @cached_property
    def _groups(self) -> dict[int, int]:
        """Where each group in braces that is not too long begins, and what is behind it; found in one pass."""
        groups, opened = {}, list[int]()
        for brace in _BRACE.finditer(self._prose.text):
            if brace[0] == "{":
                opened.append(brace.start())
            elif opened and brace.end() - (start := opened.pop()) <= LONGEST_INLINE:
                groups[start] = brace.end()
        return groups


def _is_formula(text: str) -> bool:
    """Whether signs of mathematics stand in it, or at least one letter and no word."""
    if (
        any(sign in text for sign in "\\^=")
        or _OPERATORS.issuperset(text.strip() or "?")
        or ("_" in text and not _LONG_WORD.search(text))
    ):
        return True
    return any(map(str.isalpha, text)) and not _LONG_WORD.search(text)


def _is_displayed(text: str) -> bool:
    """Whether a formula may stand on a line of its own: it has signs of mathematics, or is a single letter."""
    return len(text.strip()) == 1 or any(sign in text for sign in "\\^_=+/<>")
