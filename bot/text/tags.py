"""HTML in prose, tag by tag, as Markdown. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

from bot.text.latex import subscript, superscript
from bot.text.links import link
from bot.text.markup import (
    BLOCKS,
    HEADINGS,
    INDENT,
    LINE,
    MARKS,
    PARAGRAPH,
    SILENT,
    Open,
    attributes,
    code,
    fence,
    marked,
    quotation,
    table,
)
from bot.text.prose import Prose

_RAW = {name: re.compile(rf"</{name}\s?>", re.IGNORECASE) for name in ("pre", "code", "kbd", "samp", "table")}
_CODE_TAG = re.compile(r"</?code[^<>]*>", re.IGNORECASE)
_ROW, _CELL = re.compile(r"<tr(?=[\s>])[^<>]*>", re.IGNORECASE), re.compile(r"<t[hd](?=[\s>])[^<>]*>", re.IGNORECASE)


class Tags:
    """Reads the tags of a piece of prose.

    ``read_cell`` reads what a cell of a table holds, ``elements`` are those that the whole text opens and closes.
    """

    def __init__(self, prose: Prose, opened: Open, elements: frozenset[str], read_cell: Callable[[str], str]) -> None:
        self._prose, self._open, self._elements, self._read_cell = prose, opened, elements, read_cell
        self._lists: list[int] = []  # the number of the item before, -1 in lists without numbers

    def tag(self, found: re.Match[str]) -> str:
        """What a tag is in Markdown; one that HTML does not have stays as it is, and so does one without its other."""
        tag = found[0]
        name = tag.strip("</>").split(maxsplit=1)[0].rstrip("/").casefold()
        if name not in self._elements:
            return tag
        if name in _RAW and not tag.startswith("</") and (said := self._raw(name)) is not None:
            return said
        if name in BLOCKS:
            return self._apart()
        if name in SILENT or name in _RAW:
            return ""
        return self._closing(name, tag) if tag.startswith("</") else self._opening(name, tag)

    def _raw(self, name: str) -> str | None:
        """Code and tables, which are taken whole; None if they are never closed."""
        prose = self._prose
        end = prose.find(_RAW[name])
        behind = _RAW[name].match(prose.text, end) if end >= 0 else None
        if not behind or (prose.row and name in ("pre", "table")):
            return None
        inside = prose.text[prose.at : end]
        prose.at = behind.end()
        if name == "table":
            return self._table(inside)
        if name == "pre":
            return fence(html.unescape(_CODE_TAG.sub("", inside)))
        return code(html.unescape(inside).replace("|", "\\|" if prose.row else "|"))

    def _table(self, inside: str) -> str:
        before, *rows = _ROW.split(inside)
        cells = [[self._read_cell(cell).strip() for cell in _CELL.split(row)[1:]] for row in rows]
        caption = self._read_cell(before)
        return f"{PARAGRAPH}{caption}{table([row for row in cells if row])}"

    def _opening(self, name: str, tag: str) -> str:
        if name in ("br", "hr", "li", "tr", "td", "th"):
            return self._separated(name)
        if name in ("ul", "ol"):
            start = attributes(tag).get("start", "1")
            self._lists.append(-1 if name == "ul" else int(start[:6]) - 1 if start.isdecimal() else 0)
            return PARAGRAPH if len(self._lists) == 1 and not self._prose.inline else ""
        if name == "img":
            given = attributes(tag)
            return link(html.unescape(given.get("alt", "")) or "image", html.unescape(given.get("src", "")))
        if name in MARKS or name in HEADINGS or name in ("a", "sub", "sup", "q", "blockquote", "summary"):
            self._open.open(name, attributes(tag).get("href", "") if name == "a" else "")
            return ""
        return tag

    def _separated(self, name: str) -> str:
        if name == "br":
            return self._break()
        if name == "hr":
            return self._apart() if self._prose.inline else f"{PARAGRAPH}---{PARAGRAPH}"
        if name in ("td", "th"):
            return " "
        if name == "tr" or self._prose.inline:
            return " • " if name == "li" else LINE if not self._prose.inline else " / "
        number = self._lists[-1] + 1 if self._lists else 0
        if self._lists and self._lists[-1] >= 0:
            self._lists[-1] = number
        depth = INDENT * min(len(self._lists) - 1, 5)
        return f"{LINE}{depth}{number}. " if number else f"{LINE}{depth}- "

    def _break(self) -> str:
        if self._prose.row or self._prose.title:
            return " / " if self._prose.row else " "
        rest = self._prose.text[self._prose.at : self._prose.at + 80].lstrip(" \t")
        if not rest or rest.startswith("\n"):
            return "  " if rest else ""
        self._prose.at = self._prose.text.index(rest[0], self._prose.at)
        return f"  \n{self._prose.indent}"

    def _apart(self) -> str:
        if not self._prose.inline:
            return PARAGRAPH
        return " " if self._prose.row or self._prose.title else self._break()

    def _closing(self, name: str, tag: str) -> str:
        if name in ("ul", "ol"):
            self._lists = self._lists[:-1]
            return PARAGRAPH if not self._lists and not self._prose.inline else ""
        if name in ("br", "li", "tr", "td", "th"):
            return self._break() if name == "br" else ""
        known = name in MARKS or name in HEADINGS or name in ("a", "sub", "sup", "q", "blockquote", "summary")
        closed = self._open.close(name) if known else None
        if not closed:
            return "" if known else tag
        return self._closed(name, closed[1], closed[2])

    def _closed(self, name: str, content: str, address: str) -> str:
        if name in MARKS:
            within = "".join(self._open.out[-1:]).endswith(MARKS[name]) and self._prose.text.startswith(
                MARKS[name], self._prose.at
            )
            return content if within else marked(content, MARKS[name])
        if name in ("sub", "sup"):
            return subscript(content) if name == "sub" else superscript(content)
        if name == "a":
            return link(content, html.unescape(address)) if address else content
        if name == "q":
            return f"“{content}”"
        if self._prose.inline:
            return content
        if name == "blockquote":
            return quotation(content)
        line = " ".join(content.replace(PARAGRAPH, " ").replace(LINE, " ").split())
        return (
            f"{PARAGRAPH}{'**' + line.replace('**', '') + '**' if name == 'summary' else '## ' + line}{PARAGRAPH}"
            if line
            else ""
        )
