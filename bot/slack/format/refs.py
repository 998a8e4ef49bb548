"""References to messages, opaque outside of Slack's side, and the links that they become for people. Pure."""

from __future__ import annotations

import re

from bot.research.model import Ref

_REF = re.compile(r"\b(\w++)/([\d.]++)/([\d.]++)")
_PERMALINK = re.compile(r"/archives/(\w+)/p(\d+)(\d{6})(?:\?|$)")


def made_ref(channel: str, thread_ts: str, ts: str) -> Ref:
    """A reference to a message; ``thread_ts`` is its own ts where it begins a thread."""
    return f"{channel}/{thread_ts}/{ts}"


def read_ref(ref: Ref) -> tuple[str, str]:
    """The channel and the ts of a message, both "" if it is none; 0.1.0 kept its permalink."""
    if found := _REF.fullmatch(ref):
        return found[1], found[3]
    kept = _PERMALINK.search(ref)
    return (kept[1], f"{kept[2]}.{kept[3]}") if kept else ("", "")


def permalink(workspace: str, ref: Ref) -> str:
    """The address that leads there, a link as it is; ``workspace`` is the team's own with a slash at its end."""
    if not (found := _REF.fullmatch(ref)):
        return ref
    channel, thread_ts, ts = found.groups()
    return f"{workspace}archives/{channel}/p{ts.replace('.', '')}?thread_ts={thread_ts}&cid={channel}"
