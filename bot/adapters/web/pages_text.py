"""What is taken out of a page before anybody reads it: what nobody sees, and what looks like our ids. Pure."""

from __future__ import annotations

import re

_UNSEEN = dict.fromkeys(
    [
        0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180E, 0x3164, 0xFEFF, 0xFFA0,
        *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10),
        *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0200),
    ]
)  # fmt: skip
_BRACKETS = "[［【〔⟦"
_OPEN, _SHUT = r"\[［【〔⟦", r"\]］】〕⟧"
_PIECE = r"(?:(?:note|nb|n|ref|anm|fn)\.?\s?)?[\d⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4}\s?[^\W\d_]{0,3}"
_NOTE = re.compile(
    rf"\s?[{_OPEN}]\s*+\^?(?:{_PIECE}(?:\s*+[,;–—-]\s*+{_PIECE}){{0,12}}+|[^\W\d_]{{1,2}}"
    r"|edit|edit source|citation needed|clarification needed|when\?|who\?|according to whom\?|better source needed"
    r"|bearbeiten|Quelltext bearbeiten|Beleg fehlt|modifier|editar|réf\. nécessaire)"
    rf"\s*+[{_SHUT}]",
    re.IGNORECASE,
)
_EMPTY = re.compile(rf"\s?[{_OPEN}]\s*+[{_SHUT}]")
_CONTROLS = {code: " " for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t\r"}
_PLAIN = _UNSEEN | _CONTROLS
_SPACE = re.compile(r"(?:[^\S\n ]| (?=[^\S\n]))[^\S\n]*+")  # a blank by itself stays: most are
_LINES = re.compile(r"[^\S\n]*+\n\s*+")


def readable_text(text: str) -> str:
    """The text of a page, plain, a paragraph a line."""
    text = text.translate(_PLAIN).replace("\r\n", "\n").replace("\r", "\n")
    return _LINES.sub("\n", _SPACE.sub(" ", without_notes(text))).strip()


def on_one_line(text: str, most: int) -> str:
    """A name or a title, plain, on one line, of at most so many characters."""
    line = " ".join(readable_text(text).split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def unseen_gone(text: str) -> str:
    """The text without characters that take no room: they hide words from people, or words from us."""
    return text.translate(_UNSEEN)


def without_notes(text: str) -> str:
    """The text without marks of its notes, which look as our ids do; what stood around one is in parentheses."""
    if not any(bracket in text for bracket in _BRACKETS):
        return text
    return _NOTE.sub(lambda note: f" ({note[0].strip()[1:-1]})", _EMPTY.sub("", _NOTE.sub("", text)))


def is_note(text: str) -> bool:
    """Whether a text is a mark of a note and nothing else."""
    return _NOTE.fullmatch(text.strip()) is not None
