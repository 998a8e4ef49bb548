"""What a provider found, made usable: plain texts, dates of one form, addresses that can be read, each once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from html import unescape
from urllib.parse import SplitResult, urlsplit

from bot.adapters.web.dates import plain_date
from bot.research.ports import Candidate

MOST = 10
LONGEST_URL, LONGEST_TITLE, LONGEST_SNIPPET = 2_000, 300, 1_000  # characters
UNREADABLE = re.compile(
    r"\.(?:7z|aac|apk|avi|bin|bmp|bz2|csv|dmg|docx?|epub|exe|flac|flv|gif|gz|ico|iso|jpe?g|m4[av]|mkv|mov|mp[34]|mpe?g"
    r"|msi|od[pst]|og[gv]|png|pptx?|ps|rar|svg|tar|tgz|tiff?|wav|webm|webp|wmv|xlsx?|xz|zip)",
    re.IGNORECASE,
)
TRACKING = ("utm_", "fbclid=", "gclid=", "msclkid=", "mc_cid=", "mc_eid=", "igshid=")
TAG = re.compile(r"</?[a-zA-Z][^<>]{0,300}>")
INLINE = re.compile(r"</?(?:strong|em|b|i|mark|span)\b[^<>]{0,300}>", re.IGNORECASE)  # may stand within a word
UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)


def usable(found: Iterable[Candidate]) -> list[Candidate]:
    """At most ten, in their order."""
    kept: dict[str, Candidate] = {}
    for candidate in found:
        if len(kept) < MOST and (address := _address(candidate.url)):
            kept.setdefault(_same(address), _cleaned(candidate, address))
    return list(kept.values())


def _cleaned(candidate: Candidate, address: SplitResult) -> Candidate:
    return replace(
        candidate,
        url=address.geturl(),
        title=plain(candidate.title)[:LONGEST_TITLE],
        snippet=plain(candidate.snippet)[:LONGEST_SNIPPET],
        date=plain_date(candidate.date),
    )


def plain(markup: str) -> str:
    """A text on one line without tags, entities and characters that nobody sees."""
    text = unescape(TAG.sub(" ", INLINE.sub("", markup[: 20 * LONGEST_SNIPPET])))
    return " ".join(UNSEEN.sub("", text).split())


def _address(url: str) -> SplitResult | None:
    """A page's address without fragment and tracking, None if it is none that can be read."""
    try:
        parts = urlsplit(url.strip())
        known = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc and (parts.port or 1)
    except ValueError:
        return None
    ending = parts.path[parts.path.rfind(".") :]
    if not known or len(url) > LONGEST_URL or UNREADABLE.fullmatch(ending):
        return None
    query = "&".join(each for each in parts.query.split("&") if not each.casefold().startswith(TRACKING))
    return parts._replace(query=query, fragment="")


def _same(address: SplitResult) -> str:
    """What two addresses of one page have in common."""
    return f"{address.netloc.casefold().removeprefix('www.')}{address.path.rstrip('/')}?{address.query}"
