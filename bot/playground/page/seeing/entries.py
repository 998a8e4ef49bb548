"""A list in the page as keyed entries, of which only those are drawn anew that changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from hashlib import blake2b

from bot.playground.page.drawing.names import Names


@dataclass(frozen=True)
class Entry:
    """One thing in a list: ``key`` stays the same as long as it is the same thing, ``mark`` as long as it looks so."""

    key: str
    html: str
    mark: str

    def as_sent(self) -> list[str]:
        """For the page's script."""
        return [self.key, self.mark, self.html]


def entry(key: str, html: str) -> Entry:
    """An entry of HTML, in which half characters, which UTF-8 cannot hold, are question marks."""
    sound = html.encode(errors="replace")
    return Entry(key, sound.decode(), blake2b(sound, digest_size=8).hexdigest())


class Entries:
    """Keeps what was drawn, until people or channels are called otherwise or a day is over."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Hashable, Entry]] = {}
        self._names: Names | None = None

    def under(self, names: Names) -> None:
        """Give nothing any more that was drawn with other names."""
        if self._names != names:
            self._kept, self._names = {}, names

    def get(self, place: str, state: Hashable, make: Callable[[], Entry]) -> Entry:
        """What stands in a place, made anew if it was drawn in another state."""
        kept = self._kept.get(place)
        if kept is None or kept[0] != state:
            kept = self._kept[place] = state, make()
        return kept[1]
