"""Markdown for Slack: pings defused, and said in plain sentences for those who listen. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.research.links import spoken
from bot.slack.mrkdwn import fit, harmless

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HIGHEST, LOWEST = 2, 3  # the levels of headings that our messages have


def defuse(markdown: str) -> str:
    """Model text for a markdown block: no ping survives, in prose or in code, and headings are of our two levels."""
    lines = harmless(markdown).split("\n")
    for token in PARSER.parse("\n".join(lines)):
        if token.type == "heading_open" and token.map and token.level == 0:
            _level(lines, token)
    return "\n".join(lines)


def _level(lines: list[str], heading: Token) -> None:
    """Bring a heading to one of our levels, be it marked with signs before it or underlined."""
    assert heading.map  # noqa: S101  every block has one
    first, end = heading.map
    marks = "#" * min(max(int(heading.tag[1]), HIGHEST), LOWEST)
    if heading.markup.startswith("#"):
        lines[first] = f"{marks} {lines[first].strip().lstrip('#').strip()}"
    else:
        lines[first] = f"{marks} {' '.join(line.strip() for line in lines[first : end - 1])}"
        for underline in range(first + 1, end):
            lines[underline] = ""


def plain(markdown: str) -> str:
    """Markdown as plain sentences: marks go, words stay, a heading ends with a full stop, code is kept as it is."""
    markdown = fit(markdown)
    lines: list[str | None] = list(markdown.split("\n"))
    tokens = PARSER.parse(markdown)
    for number, token in enumerate(tokens):
        if not token.map:
            continue
        first = token.map[0]
        if token.type == "fence":
            _unfence(lines, token)
        elif token.type == "table_open":
            lines[first + 1] = None  # the line of dashes under its head
        elif token.type == "tr_open":
            lines[first] = " | ".join(_cells(tokens[number:]))
        elif token.type == "hr":
            lines[first] = ""
        elif token.type == "inline" and tokens[number - 1].type in ("paragraph_open", "heading_open"):
            _speak(lines, token, tokens[number - 1])
    return "\n".join(line for line in lines if line is not None).strip("\n")


def _unfence(lines: list[str | None], fence: Token) -> None:
    """Keep the code, drop the marks around it; a fence at the end of the text may never have been closed."""
    assert fence.map  # noqa: S101
    first, end = fence.map
    closed = (lines[end - 1] or "").strip(" \t>").startswith(fence.markup) and end - 1 > first
    lines[first] = None
    if closed:
        lines[end - 1] = None


def _cells(tokens: list[Token]) -> Iterator[str]:
    """The cells of the row that these tokens begin with."""
    for token in tokens:
        if token.type == "tr_close":
            return
        if token.type == "inline":
            yield _spoken(token)


def _speak(lines: list[str | None], inline: Token, block: Token) -> None:
    """Say a paragraph or a heading where it stands, behind the marker of its list or quotation."""
    assert block.map  # noqa: S101
    first, end = block.map
    said = _spoken(inline)
    if block.type == "heading_open":
        said = said if said.endswith((".", "!", "?", ":", "。")) else f"{said}."
        lines[first:end] = [said, *[None] * (end - first - 1)]
        return
    beginning = inline.content.split("\n", 1)[0]
    marker, found, _ = (lines[first] or "").rpartition(beginning) if beginning else ("", "", "")
    lines[first:end] = [(marker if found else "") + said, *[None] * (end - first - 1)]


def _spoken(inline: Token) -> str:
    """What a person reads of a line of text."""
    said, links = "", []
    for token in inline.children or []:
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
