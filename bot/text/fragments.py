"""Addresses that open a page at a passage of it: text fragments, and the pages of a PDF. Pure.

A browser looks for whole words within one block of the page, and shows the top of it where it finds none.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote, urlsplit

from bot.text.links import host

LONGEST = 300  # characters of an address with its fragment: Slack counts them all
LONGEST_PAGE = 500  # characters of a page's own address; a longer one is no link
# How many words the two ends of a passage are told by, and whether both are: the first of them that fits.
ENDS = ((5, True), (4, True), (3, True), (3, False))

_KEPT = "%/:?#[]@!$&+,;=~"  # what means something in an address
# What stands for another sign, or for people, where the address is read as text.
_MEANT = re.compile(r"&(?=#|\w{1,30};)|@(?=channel|here|everyone)", re.IGNORECASE)
_TOKEN = re.compile(r"[^\s\u3000-\u3002\uff01\uff0c\uff1a\uff1b\uff1f\u2026]+")
# Letters of scripts that have no spaces between their words.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u312f\u31a0-\u9fff\uf900-\ufaff]")
_EDGES = re.compile(r"^\W+|\W+$")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")


@lru_cache(maxsize=256)  # a part is measured before it is posted
def at_passages(url: str, passages: tuple[str, ...], sheet: int = 0) -> str:
    """The address that opens a page at these passages; "" for one that leads nowhere, or is too long for a link.

    A passage has a line for each block of the page. ``sheet`` is the page of a PDF that the first one stands on, from
    1, 0 for other kinds.
    """
    page = at_top(url)
    if not page or not (passages or sheet):
        return page
    if sheet:
        return f"{page.partition('#')[0]}#page={sheet}"
    for number in range(len(passages), 0, -1):
        for words, both in ENDS:
            found = filter(None, (_directive(_UNSEEN.sub("", each), words, both) for each in passages[:number]))
            address = _with(page, "&".join(found))
            if len(address) <= LONGEST:
                return address
    return page


@lru_cache(maxsize=256)
def at_top(url: str) -> str:
    """The address of a page as it may stand in a link of any kind; "" for one that leads nowhere, or is too long."""
    url = url.strip()
    if not host(url) or not urlsplit(url).netloc.isascii():
        return ""
    address = _MEANT.sub(lambda found: quote(found[0], safe=""), quote(url, safe=_KEPT, errors="replace"))
    return address if len(address) <= LONGEST_PAGE else ""


def _with(page: str, directives: str) -> str:
    page = page.partition(":~:")[0]
    if not directives:
        return page
    return f"{page}{'' if '#' in page else '#'}:~:{directives}"


def _directive(passage: str, words: int, both: bool) -> str:
    """Where a passage begins and, with ``both``, where it ends; all of it where it is short."""
    lines = [line for line in passage.split("\n") if line.strip()]
    if not lines:
        return ""
    begins = next((line for line in lines if _length(line) >= ENDS[-1][0]), lines[0])
    first, last = _first(begins, words), _last(lines[-1], words)
    if both and begins is lines[-1] and _length(begins) <= 2 * words:
        first, last = _bare(begins), ""
    if not first:
        return ""
    return f"text={_encoded(first)}{f',{_encoded(last)}' if both and last else ''}"


def _first(line: str, words: int) -> str:
    """The beginning of a line, of at least so many words if it has them."""
    size, end = 0, 0
    for found in _TOKEN.finditer(line):
        size, end = size + _size(found[0]), found.end()
        if size >= words:
            break
    return _bare(line[:end])


def _last(line: str, words: int) -> str:
    """The end of a line, of at least so many words if it has them."""
    size, start = 0, len(line)
    for found in reversed(list(_TOKEN.finditer(line))):
        size, start = size + _size(found[0]), found.start()
        if size >= words:
            break
    return _bare(line[start:])


def _length(line: str) -> int:
    return sum(map(_size, _TOKEN.findall(line)))


def _size(token: str) -> int:
    """How many words stand between two spaces or signs: two letters make one where nothing is between words."""
    return max(1, len(_UNSPACED.findall(token)) // 2)


def _bare(text: str) -> str:
    """Words with one blank between them, and no sign before or behind them."""
    return _EDGES.sub("", " ".join(text.split()))


def _encoded(text: str) -> str:
    return quote(text, safe="", errors="replace").replace("-", "%2D")
