"""A list in the page as keyed entries, of which only those are drawn anew that changed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b

from markupsafe import Markup


@dataclass(frozen=True)
class Entry:
    """One thing in a list; ``key`` stays the same as long as it is the same thing."""

    key: str
    html: Markup

    @cached_property
    def mark(self) -> str:
        """Whether it looks as before: the same for the same HTML."""
        return blake2b(self.html.encode(errors="replace"), digest_size=8).hexdigest()

    def as_sent(self) -> list[str]:
        """For the page's script."""
        return [self.key, self.mark, str(self.html)]
