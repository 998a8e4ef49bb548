"""Where somebody looks: a conversation, a thread in it, or the app's Home; each has an address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

_PERMALINK = re.compile(r"/archives/([CDG]\w++)(?:/p(\d{10})(\d{6}))?")
_CANVAS = re.compile(r"/docs/T\w++/(F\w++)")
_TS = re.compile(r"\d{10}\.\d{6}")


@dataclass(frozen=True)
class Place:
    """``channel`` and ``thread`` are ids, "" for no thread; ``home`` is that of whoever looks, in direct messages."""

    channel: str
    thread: str = ""
    home: bool = False

    @property
    def path(self) -> str:
        """Its address within the page."""
        if self.home:
            return "/home"
        return f"/c/{self.channel}" + (f"/t/{self.thread}" if self.thread else "")


def permalink(path: str, query: str) -> str | None:
    """The address within the page for the path and the query of a permalink; None if it is none.

    A message is shown in its thread, which of a root is its own.
    """
    found = _PERMALINK.fullmatch(path)
    if not found:
        return None
    if not found[2]:
        return Place(found[1]).path
    ts = f"{found[2]}.{found[3]}"
    named = parse_qs(query).get("thread_ts", [""])[0]
    thread = named if _TS.fullmatch(named) else ts
    return f"{Place(found[1], thread).path}#t-{ts}"


def within(address: str, workspace: str) -> str | None:
    """The page's own address for an address of the workspace: a message, a channel, a canvas; None for any other."""
    if not address.startswith(workspace):
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if found := _CANVAS.fullmatch(parts.path):
        return f"/canvases/{found[1]}"
    return permalink(parts.path, parts.query)
