"""A piece of prose that is read once: where its reader is, and what line that is in. Pure."""

from __future__ import annotations

import re

_PREFIX = re.compile(r"(?:[ \t]{0,8}(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))*+[ \t]*+")
_TICKS = re.compile(r"`+")


class Prose:
    """A text and how far it is read, up to ``at``; a ``cell`` of a table is all one row."""

    def __init__(self, text: str, cell: bool = False) -> None:
        self.text, self.at = text, 0
        self.start = 0  # of the line that ``at`` is in
        self._cell, self._seen, self._known = cell, 0, -1
        self._ahead: dict[str, int] = {}
        self._runs: dict[int, list[int]] = {}
        for run in _TICKS.finditer(text):
            self._runs.setdefault(len(run[0]), []).append(run.start())
        for starts in self._runs.values():
            starts.reverse()  # the next one last

    def take(self, found: re.Match[str]) -> None:
        """Go on behind a sign; no line begins within it, for it may be a tag on several."""
        if "\n" in found[0]:
            self.at = found.start()
            self._look()
            self._seen = found.end()
        self.at = found.end()

    def find(self, closer: str | re.Pattern[str]) -> int:
        """Where a closer comes next, -1 if it does not; each is looked for once."""
        key = closer if isinstance(closer, str) else closer.pattern
        place = self._ahead.get(key, 0)
        if 0 <= place < self.at or key not in self._ahead:
            if isinstance(closer, str):
                place = self.text.find(closer, self.at)
            else:
                found = closer.search(self.text, self.at)
                place = found.start() if found else -1
            self._ahead[key] = place
        return place

    def ticks(self, length: int) -> int:
        """Where as many ticks come next, -1 if they do not."""
        starts = self._runs.get(length, [])
        while starts and starts[-1] < self.at:
            starts.pop()
        return starts[-1] if starts else -1

    @property
    def row(self) -> bool:
        """Whether the line is a row of a table."""
        self._look()
        return self._row

    @property
    def title(self) -> bool:
        """Whether the line is a heading, which cannot be broken."""
        self._look()
        return self._title

    @property
    def item(self) -> bool:
        """Whether the line begins with the mark of an item or a quotation."""
        self._look()
        return bool(self._prefix.strip())

    @property
    def inline(self) -> bool:
        """Whether a new block here would end the line's own: a row, a heading, an item, a quotation."""
        return self.row or self.title or self.item

    @property
    def indent(self) -> str:
        """What a further line of the same item or quotation begins with."""
        self._look()
        return "".join(">" if sign == ">" else " " for sign in self._prefix)

    def begins(self, place: int) -> bool:
        """Whether nothing but marks of quotations stands before a place in its line."""
        self._look()
        return place - self.start < 80 and not self.text[self.start : place].strip(" >")

    def _look(self) -> None:
        """Look at the line that ``at`` is in, unless it is known."""
        newline = self.text.rfind("\n", self._seen, self.at)
        self.start, self._seen = newline + 1 if newline >= 0 else self.start, self.at
        if self.start == self._known:
            return
        self._known = self.start
        found = _PREFIX.match(self.text, self.start)
        self._prefix = found[0] if found else ""
        end = self.text.find("\n", self.start)
        rest = self.text[self.start + len(self._prefix) : end if end >= 0 else None]
        self._row = self._cell or rest.startswith("|") or " | " in rest
        self._title = rest.startswith("#")
