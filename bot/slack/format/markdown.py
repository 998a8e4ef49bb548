"""Markdown for Slack: pings defused, and said in plain sentences for those who listen. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt

from bot.slack.format.escape import harmless
from bot.slack.format.lines import Kind, Line, cells, scan
from bot.text.links import spoken
from bot.text.typed import fit

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HIGHEST, LOWEST = 2, 3  # the levels of headings that our messages have
MANY = 100  # brackets in a paragraph
LONGEST = 2_000  # characters of a paragraph that are read at once, which bounds what hostile brackets can cost


@lru_cache(maxsize=64)  # a part is measured before it is posted
def defuse(markdown: str) -> str:
    """Model text for a markdown block: no ping survives, in prose or in code, and headings are of our two levels."""
    return "\n".join(_levelled(scan(harmless(markdown))))


def _levelled(lines: Sequence[Line]) -> Iterator[str]:
    """The lines, each heading with the marks of one of our levels before it."""
    titles: list[str] = []
    for line in lines:
        if line.kind is Kind.TITLE:
            titles.append(line.text.strip())
        elif line.kind is Kind.UNDERLINE:
            yield f"{'#' * HIGHEST} {' '.join(titles)}"
            yield from [""] * len(titles)
            titles = []
        elif line.kind is Kind.HEADING and not line.prefix.strip():
            level = len(line.body) - len(line.body.lstrip("#"))
            yield f"{'#' * min(max(level, HIGHEST), LOWEST)} {line.body.lstrip('#').strip()}"
        else:
            yield line.text


@lru_cache(maxsize=64)
def plain(markdown: str) -> str:
    """Markdown as plain sentences: marks go, words stay, a heading ends with a full stop, code is kept as it is."""
    said: list[str] = []
    paragraph: list[Line] = []
    for line in scan(fit(markdown)):
        if paragraph and line.kind not in (Kind.MORE, Kind.TITLE):
            said.append(_paragraph(paragraph))
            paragraph = []
        if line.kind in (Kind.TEXT, Kind.MORE, Kind.TITLE):
            paragraph.append(line)
        elif line.kind not in (Kind.UNDERLINE, Kind.OPEN, Kind.CLOSE, Kind.DASHES):
            said.append(_line(line))
    return "\n".join([*said, *([_paragraph(paragraph)] if paragraph else [])]).strip("\n")


def _line(line: Line) -> str:
    if line.kind in (Kind.HEAD, Kind.ROW):
        return " | ".join(map(_said, cells(line.body)))
    if line.kind is Kind.HEADING:
        return _sentence(_said(line.body.strip("# \t")))
    return line.text if line.kind is Kind.CODE else ""


def _paragraph(lines: list[Line]) -> str:
    """A paragraph as it stands behind the mark of its list or quotation; one that is underlined is a heading."""
    text = _said("\n".join(line.body.rstrip() if line is lines[-1] else line.body for line in lines))
    return _sentence(text) if lines[0].kind is Kind.TITLE else lines[0].prefix + text


def _sentence(heading: str) -> str:
    return heading if heading.endswith((".", "!", "?", ":", "。")) or not heading else f"{heading}."


def _said(text: str) -> str:
    """What a person reads of a paragraph."""
    pieces, start = [], 0
    longest = LONGEST if text.count("[") <= MANY else LONGEST // 10  # each bracket is looked for to the end
    while len(text) - start > longest:
        seam = max(text.rfind(mark, start, start + longest) for mark in (". ", "\n", " "))
        end = seam + 1 if seam > start else start + longest
        pieces.append(_inline(text[start:end]))
        start = end
    return "".join([*pieces, _inline(text[start:])])


@lru_cache(maxsize=1_000)
def _inline(text: str) -> str:
    """One piece of a paragraph; what was measured before it was posted is not read again."""
    said, links = "", []
    for token in PARSER.parseInline(text)[0].children or []:
        if token.type == "link_open":
            links.append((len(said), str(token.attrs.get("href", ""))))
        elif token.type == "link_close":
            start, address = links.pop()
            said = said[:start] + spoken(said[start:], address)
        elif token.type in ("softbreak", "hardbreak"):
            said += "\n"
        else:
            said += token.content
    return said
