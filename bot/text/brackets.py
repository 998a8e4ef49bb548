"""What stands in brackets: links, images, references to links, footnotes. Pure."""

from __future__ import annotations

import html
import re
from collections import Counter

from bot.text.links import host, link
from bot.text.markup import PARAGRAPH, Open
from bot.text.prose import Prose

_DEFINITION = re.compile(
    r" {0,3}\[(?P<label>[^\[\]^]{1,80})\]:[ \t]*+<?(?P<address>(?:[a-zA-Z]{2,9}://|mailto:)[^\s<>]++)>?"
    r"(?:[ \t]++(?:\"[^\"]*+\"|'[^']*+'|\([^()]*+\)))?+[ \t]*+"
)
_DESTINATION = re.compile(
    r"\(\s*+(?:<(?P<angled>[^<>\n]*+)>|(?P<bare>[^\s()]*+(?:\([^\s()]*+\)[^\s()]*+)*+))"
    r"(?:\s++(?:\"[^\"]*+\"|'[^']*+'|\([^()]*+\)))?\s*+\)"
)
_REFERENCE = re.compile(r"\[(?P<label>[^\[\]]{0,80})\]")
_LINK = re.compile(r"\[([^\[\]]*+)\]\(https?://[^\s()]*+\)")


def labels(text: str) -> Counter[str]:
    """How often each word or phrase stands in brackets of its own, whatever its case."""
    return Counter(found["label"] for found in _REFERENCE.finditer(text.casefold()))


def undefined(lines: list[str], definitions: dict[str, str], used: Counter[str]) -> list[str]:
    """The lines without the definitions of links that are used elsewhere, as ``labels`` tells; the others are said."""
    kept = []
    for line in lines:
        found = _DEFINITION.fullmatch(line) if line.lstrip(" ").startswith("[") else None
        if not found:
            kept.append(line)
            continue
        label = " ".join(found["label"].casefold().split())
        if used[label] > 1:
            definitions.setdefault(label, found["address"])
        else:
            kept.append(line.strip().replace("[", "", 1).replace("]", "", 1))
    return kept


class Brackets:
    """Reads the brackets of a piece of prose; ``definitions`` are the addresses of references by their labels."""

    def __init__(self, prose: Prose, opened: Open, definitions: dict[str, str]) -> None:
        self._prose, self._open, self._definitions = prose, opened, definitions

    def note(self, found: re.Match[str]) -> str:
        """The mark of a footnote, or the note itself where that begins a line."""
        label = found[0].strip("[]:^")
        if not found[0].endswith(":"):
            return f"[{label}]"
        if not self._prose.begins(found.start()):
            return f"[{label}]:"
        return f"[{label}]" if self._prose.item else f"{PARAGRAPH}[{label}]"

    def opening(self, found: re.Match[str]) -> str:
        """A bracket that a label may begin with."""
        self._open.open(found[0])
        return found[0]

    def closing(self, found: re.Match[str]) -> str:
        """A bracket that a label may end with: a link that shows where it leads, else what stands there."""
        goal = _DESTINATION.match(self._prose.text, self._prose.at)
        reference = _REFERENCE.match(self._prose.text, self._prose.at) if not goal else None
        closed = self._open.close("[", "![")
        if not closed:
            return "]"
        opening, label, _ = closed
        address = (goal["angled"] or goal["bare"] or "") if goal else self._defined(label, reference)
        if goal and not _is_address(address):
            return f"{opening}{label}] "  # an index and its arguments, set apart so that nothing takes it for a link
        if not goal and not address:
            return f"{opening}{label}]"
        taken = goal or (reference if reference and (self._defined("", reference) or not reference["label"]) else None)
        if taken:
            self._prose.at = taken.end()
        if opening == "[":
            self._open.forget("[")  # a link holds no other
        label = _LINK.sub(r"\1", label)  # an image within a link is a link by now
        return link(label or ("image" if opening == "![" else ""), html.unescape(address))

    def _defined(self, label: str, reference: re.Match[str] | None) -> str:
        """Where a reference leads: the one behind the label, else the label itself."""
        names = [reference["label"], label] if reference else [label]
        known = (self._definitions.get(" ".join(name.casefold().split())) for name in names if name.strip())
        return next((address for address in known if address), "")


def _is_address(text: str) -> bool:
    """Whether a destination may be one, rather than the arguments behind an index."""
    return not text or bool(host(text)) or any(sign in text for sign in ":/.#@")
