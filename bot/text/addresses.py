"""Addresses that a model wrote, taken out of its text: what they lead to was not read. Pure."""

from __future__ import annotations

import re

from bot.text.markers import markers

_PIECE = r"[^\s<>\[\](){}\"'`*|]*+"
_REST = rf"{_PIECE}(?:\([^\s<>()]{{0,200}}+\){_PIECE}){{0,5}}+"
_ENDINGS = r"(?:com|org|net|edu|gov|int|info|io|ai|eu|de|at|ch|fr|es|it|nl|be|uk|ie|us|ca|au|in|jp|cn)"
# With its scheme, or a host with a path: a host alone may be a name, as "Booking.com", and "ASP.NET/MVC" is one.
_URL = (
    rf"(?:\b(?:(?:https?|ftp)://(?:\[[\da-f:.]{{2,50}}+\])?+|www\.(?=\w)){_REST}"
    rf"|(?-i:(?<![\w@./-])(?:[a-z\d-]{{1,63}}+\.){{1,5}}+{_ENDINGS}/){_REST})"
)
_POINTER = (
    r"(?:sources?|links?|here|refs?|references?|read more|see|via|quellen?|hier|siehe|liens?|ici|voir"
    r"|fuentes?|aquí|véase)"
)
_ADDRESS = re.compile(rf"(?:[ \t]?(?<!\w){_POINTER}:\**[ \t]?|[ \t])?<?{_URL}>?", re.IGNORECASE)
# Lines that hold addresses and nothing else, and the line above that announces them.
_LISTED = re.compile(
    rf"(?:^[ \t]*+[*_#]{{0,3}}[ \t]?{_POINTER}:?[*_]{{0,3}}:?[ \t]*+\n++)?"
    rf"(?:^[ \t]*+(?:[-*+•][ \t]++|\d{{1,3}}[.)][ \t]++)<?{_URL}>?[ \t]*+(?:\n|\Z))+",
    re.IGNORECASE | re.MULTILINE,
)
_DEFINITION = re.compile(
    r"^[ ]{0,3}\[([^\]\n]{1,40})\]:[ \t]*<?(?:https?://|www\.)[^\n]*\n?", re.MULTILINE | re.IGNORECASE
)
_REFERENCE = re.compile(r"\[([^\[\]]{1,300}+)\] ?\[([^\[\]\n]{0,40}+)\]")
_TITLE = r"\"[^\"]{0,300}+\"|'[^']{0,300}+'|\([^()]{0,300}+\)"
_TARGET = (
    r"\(\s*+(?:<[^<>\n]{0,2000}+>|[^()\s<>]{0,2000}+(?:\([^()\s]{0,500}+\)[^()\s]{0,500}+){0,5}+)"
    rf"(?:\s++(?:{_TITLE}))?+\s*+\)"
)
_LINK = re.compile(rf"!?\[([^\[\]]{{0,300}}+(?:\[[^\[\]]{{0,100}}+\][^\[\]]{{0,300}}+){{0,3}}+)\]{_TARGET}")
_SLACK = re.compile(r"<(?:https?://|mailto:)[^\s<>|]{1,2000}+\|([^<>|\n]{0,300}+)>", re.IGNORECASE)
_ANCHOR = re.compile(r"<(?:a\s[^<>]{0,2000}+|/a\s?)>", re.IGNORECASE)
# Links in parentheses that say of themselves only where they lead.
_ASIDE = re.compile(
    rf"[ \t]?\((?:[,; ]{{0,2}}\[(?:{_POINTER}|(?:[\w-]++\.)++[a-z]{{2,}}+)\]\([^()\s]{{0,2000}}\)){{1,20}}+\)",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    rf"[ \t](?:\(\s*+(?:{_POINTER}\s?:?\s*+)?\)|\[\s*\]|<>|``(?!`)|\*{{4}}(?!\*))|(?<=\])\[\]|:(?=\.(?:\s|\Z))",
    re.IGNORECASE,
)
_SIGNS = ".,;:!?…"  # behind an address they belong to the sentence
NESTED = 2  # links within one another: a picture that leads somewhere


def unlinked(text: str) -> str:
    """The text without addresses: a link is its label."""
    text = _defined(_ASIDE.sub("", text))
    for _ in range(NESTED):
        text = _LINK.sub(lambda link: f"[{link[1]}]" if _is_id(link[1]) else link[1], text)
    text = _ANCHOR.sub("", _SLACK.sub(r"\1", text))
    bare = _ADDRESS.sub(_behind, _LISTED.sub("", text))
    return text if bare == text else _EMPTY.sub("", bare)


def _defined(text: str) -> str:
    """The text without the lines that say where references lead: a reference is its label, and a marker behind it."""
    names = {each[1].casefold() for each in _DEFINITION.finditer(text)}
    if not names:
        return text

    def label(found: re.Match[str]) -> str:
        if (found[2] or found[1]).casefold() not in names:
            return found[0]
        return found[1] + (f" [{found[2]}]" if _is_id(found[2]) else "")

    return _REFERENCE.sub(label, _DEFINITION.sub("", text))


def _behind(address: re.Match[str]) -> str:
    """The signs at the end of what was taken for an address."""
    return address[0][len(address[0].rstrip(_SIGNS)) :]


def _is_id(label: str) -> bool:
    return bool(markers(f"[{label}]"))
