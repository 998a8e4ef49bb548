"""Prose of models as Markdown that reads everywhere: HTML, formulas, footnotes, hidden addresses. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator

from bot.research.latex import ARGUED, SYMBOLS, formula, subscript, superscript
from bot.research.links import host, link
from bot.research.markup import (
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
    laid_out,
    marked,
    quotation,
    table,
)

LONGEST_FORMULA, LONGEST_INLINE = 2_000, 300  # characters between two delimiters

_FENCE = re.compile(r"[ \t>]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)?+(?P<mark>`{3,}+|~{3,}+)(?P<info>[^\n]*)")
_LIST = re.compile(r"[ \t>]*+(?:[-*+]|\d{1,9}[.)])[ \t]")
_DEFINITION = re.compile(
    r" {0,3}\[(?P<label>[^\[\]^]{1,80})\]:[ \t]*+<?(?P<address>(?:[a-zA-Z]{2,9}://|mailto:)[^\s<>]++)>?"
    r"(?:[ \t]++(?:\"[^\"]*+\"|'[^']*+'|\([^()]*+\)))?+[ \t]*+"
)
_PREFIX = re.compile(r"(?:[ \t]{0,8}(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])))*+[ \t]*+")
_TOKEN = re.compile(
    r"(?P<ticks>`+)"
    r"|(?P<comment><!--)"
    r"|(?P<auto><[A-Za-z][A-Za-z0-9+.\-]{1,31}:[^\s<>]*+>)"
    r"|(?P<mail><[^\s<>@]{1,64}@[^\s<>@]{1,255}>)"
    r"|(?P<tag></?[A-Za-z][A-Za-z0-9]{0,19}(?:\s[^<>]*+|/)?>)"
    r"|(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)"
    r"|(?P<math>\\\(|\\\[|\$\$|\\begin\{)"
    r"|(?P<dollar>(?<![\w$\\])\$(?=[^\s$]))"
    r"|(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<command>(?<![A-Za-z:/._\\])\\[A-Za-z]+)"
    r"|(?P<note>\[\^[^\]\s\[]{1,40}\]:?)"
    r"|(?P<open>!?\[)"
    r"|(?P<close>\])"
    r"|(?P<line>\n)"
)
_DESTINATION = re.compile(
    r"\(\s*+(?:<(?P<angled>[^<>\n]*+)>|(?P<bare>[^\s()]*+(?:\([^\s()]*+\)[^\s()]*+)*+))"
    r"(?:\s++(?:\"[^\"]*+\"|'[^']*+'|\([^()]*+\)))?\s*+\)"
)
_REFERENCE = re.compile(r"\[(?P<label>[^\[\]]{0,80})\]")
_LINK = re.compile(r"\[([^\[\]]*+)\]\(https?://[^\s()]*+\)")
_CLOSERS = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}
_LONG_WORD = re.compile(r"[^\W\d_]{4}")
_RAW = {name: re.compile(rf"</{name}\s?>", re.IGNORECASE) for name in ("pre", "code", "kbd", "samp", "table")}
_CODE_TAG = re.compile(r"</?code[^<>]*>", re.IGNORECASE)
_ROW, _CELL = re.compile(r"<tr(?=[\s>])[^<>]*>", re.IGNORECASE), re.compile(r"<t[hd](?=[\s>])[^<>]*>", re.IGNORECASE)
_LEADING_NOWHERE = frozenset(
    ["javascript", "vbscript", "data", "file", "slack", "tel", "sms", "ftp", "intent", "about", "blob", "view-source"]
)


def readable(markdown: str) -> str:
    """The same text without HTML, LaTeX, footnote marks, reference links and links that hide where they lead.

    Code stays as it is. Takes time in proportion to the length of the text.
    """
    text = markdown.translate({1: None, 2: None, 3: None})  # used for layout here; no text can be sent with them
    if not _TOKEN.search(text.replace("\n", " ")):
        return text
    definitions: dict[str, str] = {}
    everything = text.casefold()
    segments = [
        (code, lines if code else _undefined(lines, definitions, everything)) for code, lines in _segments(text)
    ]
    said = ["\n".join(lines) if code else _Reader("\n".join(lines), definitions).read() for code, lines in segments]
    return "\n".join(said)


def _segments(text: str) -> Iterator[tuple[bool, list[str]]]:
    """The lines of the text, those of code apart from the others."""
    kept: list[str] = []
    was_code, fence, listed, blank = False, "", False, True
    for line in text.split("\n"):
        opened = _FENCE.match(line) if not fence else None
        if opened and opened["mark"][0] == "`" and "`" in opened["info"]:
            opened = None
        indented = line.startswith(("    ", "\t")) and not listed and (blank or was_code) and bool(line.strip())
        code = bool(fence or opened or indented)
        if code != was_code and kept:
            yield was_code, kept
            kept = []
        kept.append(line)
        was_code = code
        if fence:
            fence = "" if _ends(line, fence) else fence
        elif opened:
            fence = opened["mark"]
        elif not indented:
            listed = bool(_LIST.match(line)) or (listed and (not line.strip() or line[0] in " \t"))
        blank = not line.strip()
    if kept:
        yield was_code, kept


def _ends(line: str, fence: str) -> bool:
    rest = line.strip(" \t>")
    return rest.startswith(fence) and not rest.strip(fence[0])


def _undefined(lines: list[str], definitions: dict[str, str], everything: str) -> list[str]:
    """The lines without the definitions of links that are used; the others are said."""
    kept = []
    for line in lines:
        found = _DEFINITION.fullmatch(line) if line.lstrip(" ").startswith("[") else None
        if not found:
            kept.append(line)
            continue
        label = " ".join(found["label"].casefold().split())
        if everything.count(f"[{label}]") > 1:
            definitions.setdefault(label, found["address"])
        else:
            kept.append(line.strip().replace("[", "", 1).replace("]", "", 1))
    return kept


class _Reader:
    """Reads a piece of prose once, from its beginning to its end; ``cell`` says that it is one of a table."""

    def __init__(self, text: str, definitions: dict[str, str], cell: bool = False) -> None:
        self._text, self._definitions, self._cell = text, definitions, cell
        self._at = 0
        self._open = Open()
        self._out = self._open.out
        self._lists: list[int] = []  # the number of the item before, -1 in lists without numbers
        self._ahead: dict[str, int] = {}
        self._runs: dict[int, list[int]] = {}
        for run in re.finditer(r"`+", text):
            self._runs.setdefault(len(run[0]), []).append(run.start())
        for starts in self._runs.values():
            starts.reverse()  # the next one last
        self._begin_line(0)

    def read(self) -> str:
        """The text, readable."""
        while found := _TOKEN.search(self._text, self._at):
            self._out.append(self._text[self._at : found.start()])
            self._at = found.end()
            said = self._read(found)
            self._out.append(said)
        self._out.append(self._text[self._at :])
        return laid_out("".join(self._out))

    def _read(self, found: re.Match[str]) -> str:
        readers: dict[str | None, Callable[[re.Match[str]], str]] = {
            "ticks": self._ticks,
            "comment": self._comment,
            "auto": self._autolink,
            "mail": lambda found: found[0][1:-1],
            "tag": self._tag,
            "entity": self._entity,
            "math": self._math,
            "dollar": self._dollar,
            "escape": lambda found: "$" if found[0] == "\\$" else found[0],
            "command": self._command,
            "note": self._note,
            "open": self._bracket,
            "close": self._link,
            "line": self._line,
        }
        return readers[found.lastgroup](found)

    def _begin_line(self, start: int) -> None:
        """What kind of line begins here, which decides how it may be broken."""
        found = _PREFIX.match(self._text, start)
        prefix = found[0] if found else ""
        end = self._text.find("\n", start)
        rest = self._text[start + len(prefix) : end if end >= 0 else None]
        self._start = start
        self._row = self._cell or rest.startswith("|") or " | " in rest
        self._title = rest.startswith("#")
        self._item = bool(prefix.strip())
        self._indent = "".join(">" if sign == ">" else " " for sign in prefix)

    def _line(self, found: re.Match[str]) -> str:
        self._begin_line(found.end())
        return " " if self._cell else "\n"

    def _skip(self, end: int) -> None:
        """Go on behind a piece that was taken whole."""
        newline = self._text.rfind("\n", self._at, end)
        self._at = end
        if newline >= 0:
            self._begin_line(newline + 1)

    def _find(self, closer: str) -> int:
        """Where a closer comes next, -1 if it does not; each is looked for once."""
        at = self._ahead.get(closer, 0)
        if 0 <= at < self._at or closer not in self._ahead:
            at = self._ahead[closer] = self._text.find(closer, self._at)
        return at

    def _ticks(self, found: re.Match[str]) -> str:
        length, starts = len(found[0]), self._runs.get(len(found[0]), [])
        while starts and starts[-1] <= found.start():
            starts.pop()
        inside = self._text[found.end() : starts[-1]] if starts else "\n\n"
        if "\n\n" in inside:
            return found[0]
        self._skip(starts[-1] + length)
        return f"{found[0]}{inside}{found[0]}"

    def _comment(self, found: re.Match[str]) -> str:
        end = self._find("-->")
        if end < 0:
            return found[0]
        self._skip(end + 3)
        return ""

    def _autolink(self, found: re.Match[str]) -> str:
        address, bar, label = found[0][1:-1].partition("|")  # as Slack writes links
        scheme = address.partition(":")[0].casefold()
        if scheme in ("http", "https"):
            return link(label, address) if bar else address
        if scheme == "mailto":
            return address.partition(":")[2]
        return address if scheme in _LEADING_NOWHERE else found[0]

    def _entity(self, found: re.Match[str]) -> str:
        said = html.unescape(found[0])
        if said == found[0]:
            return said
        if said in "*_`[]~\\" or (said == "|" and self._row):
            return f"\\{said}"
        return " " if said.isspace() or not said.isprintable() else said

    # Formulas

    def _math(self, found: re.Match[str]) -> str:
        opener = found[0]
        if opener not in _CLOSERS:
            end = self._find("\\end{")
            close = self._text.find("}", end, end + 40) if end >= 0 else -1
            return self._formula(found.start(), close, 1) or opener
        end = self._find(_CLOSERS[opener])
        inside = self._text[self._at : end] if 0 <= end - self._at <= LONGEST_FORMULA else ""
        if not _is_formula(inside) or (opener != "\\(" and not _is_displayed(inside)):
            return opener
        return self._formula(self._at, end, 2) or opener

    def _formula(self, start: int, end: int, closer: int) -> str:
        """The formula between two places, the closer behind it left out; "" if it cannot be one."""
        if not 0 <= end - start <= LONGEST_FORMULA or "\n\n" in (inside := self._text[start:end]):
            return ""
        self._skip(end + closer)
        said = formula(inside)
        return said.replace("|", "\\|") if self._row else said

    def _dollar(self, found: re.Match[str]) -> str:
        start = found.end()
        end = self._text.find("$", start, start + LONGEST_INLINE)
        inside, behind = self._text[start : max(end, start)], self._text[end + 1 : end + 2]
        plain = "\\" not in inside and "^" not in inside
        money = inside[-1:].isspace() or inside[-1:] == "\\" or behind.isdigit() or behind == "$" or "\n" in inside
        if end < 0 or money or (plain and (behind.isalpha() or _LONG_WORD.search(inside))) or not _is_formula(inside):
            return "$"
        return self._formula(start, end, 1) or "$"

    def _command(self, found: re.Match[str]) -> str:
        name = found[0][1:]
        if name in SYMBOLS:
            return SYMBOLS[name]
        end = found.end()
        for _ in range(2 if name in ("frac", "dfrac", "tfrac", "binom") else 1):
            end = _behind_group(self._text, end)
        return self._formula(found.start(), end, 0) or found[0] if name in ARGUED and end > 0 else found[0]

    # Links

    def _note(self, found: re.Match[str]) -> str:
        label = found[0].strip("[]:^")
        if not found[0].endswith(":"):
            return f"[{label}]"
        begins = not self._text[self._start : found.start()].strip(" >") if found.start() - self._start < 80 else False
        if not begins:
            return f"[{label}]:"
        return f"[{label}]" if self._item else f"{PARAGRAPH}[{label}]"

    def _bracket(self, found: re.Match[str]) -> str:
        self._open.open(found[0])
        return found[0]

    def _link(self, found: re.Match[str]) -> str:
        goal = _DESTINATION.match(self._text, self._at)
        reference = _REFERENCE.match(self._text, self._at) if not goal else None
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
            self._skip(taken.end())
        if opening == "[":
            self._open.forget("[")  # a link holds no other
        label = _LINK.sub(r"\1", label)  # an image within a link is a link by now
        return link(label or ("image" if opening == "![" else ""), html.unescape(address))

    def _defined(self, label: str, reference: re.Match[str] | None) -> str:
        """Where a reference leads: the one behind the label, else the label itself."""
        names = [reference["label"], label] if reference else [label]
        known = (self._definitions.get(" ".join(name.casefold().split())) for name in names if name.strip())
        return next((address for address in known if address), "")

    # Tags

    def _tag(self, found: re.Match[str]) -> str:
        tag = found[0]
        name = tag.strip("</>").split(maxsplit=1)[0].rstrip("/").casefold()
        if name in _RAW and not tag.startswith("</") and (said := self._raw(name)) is not None:
            return said
        if name in BLOCKS:
            return self._apart()
        if name in SILENT or name in _RAW:
            return ""
        return self._closing(name, tag) if tag.startswith("</") else self._opening(name, tag)

    def _raw(self, name: str) -> str | None:
        """Code and tables, which are taken whole; None if they are never closed."""
        closer = f"</{name}>"
        if self._ahead.get(closer, 0) < self._at:
            end = _RAW[name].search(self._text, self._at)
            self._ahead[closer] = end.start() if end else len(self._text)
        end_at = self._ahead[closer]
        behind = _RAW[name].match(self._text, end_at)
        if not behind or (self._row and name in ("pre", "table")):
            return None
        inside = self._text[self._at : end_at]
        self._skip(behind.end())
        if name == "table":
            return self._table(inside)
        if name == "pre":
            return fence(html.unescape(_CODE_TAG.sub("", inside)))
        return code(html.unescape(inside).replace("|", "\\|" if self._row else "|"))

    def _table(self, inside: str) -> str:
        before, *rows = _ROW.split(inside)
        cells = [
            [_Reader(cell, self._definitions, cell=True).read().strip() for cell in _CELL.split(row)[1:]]
            for row in rows
        ]
        caption = _Reader(before, self._definitions, cell=True).read()
        return f"{PARAGRAPH}{caption}{table([row for row in cells if row])}"

    def _opening(self, name: str, tag: str) -> str:
        if name in ("br", "hr", "li", "tr", "td", "th"):
            return self._separated(name)
        if name in ("ul", "ol"):
            start = attributes(tag).get("start", "1")
            self._lists.append(-1 if name == "ul" else int(start[:6]) - 1 if start.isdecimal() else 0)
            return PARAGRAPH if len(self._lists) == 1 and not self._inline else ""
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
            return self._apart() if self._inline else f"{PARAGRAPH}---{PARAGRAPH}"
        if name in ("td", "th"):
            return " "
        if name == "tr" or self._inline:
            return " • " if name == "li" else LINE if not self._inline else " / "
        number = self._lists[-1] + 1 if self._lists else 0
        if self._lists and self._lists[-1] >= 0:
            self._lists[-1] = number
        depth = INDENT * min(len(self._lists) - 1, 5)
        return f"{LINE}{depth}{number}. " if number else f"{LINE}{depth}- "

    @property
    def _inline(self) -> bool:
        """Whether a new block here would end the line's own: a row, a heading, an item, a quotation."""
        return self._row or self._title or self._item

    def _break(self) -> str:
        if self._row or self._title:
            return " / " if self._row else " "
        rest = self._text[self._at : self._at + 80].lstrip(" \t")
        if not rest or rest.startswith("\n"):
            return "  " if rest else ""
        self._at = self._text.index(rest[0], self._at)
        return f"  \n{self._indent}"

    def _apart(self) -> str:
        if not self._inline:
            return PARAGRAPH
        return " " if self._row or self._title else self._break()

    def _closing(self, name: str, tag: str) -> str:
        if name in ("ul", "ol"):
            self._lists = self._lists[:-1]
            return PARAGRAPH if not self._lists and not self._inline else ""
        if name in ("br", "li", "tr", "td", "th"):
            return self._break() if name == "br" else ""
        known = name in MARKS or name in HEADINGS or name in ("a", "sub", "sup", "q", "blockquote", "summary")
        closed = self._open.close(name) if known else None
        if not closed:
            return "" if known else tag
        return self._closed(name, closed[1], closed[2])

    def _closed(self, name: str, content: str, address: str) -> str:
        if name in MARKS:
            within = "".join(self._out[-1:]).endswith(MARKS[name]) and self._text.startswith(MARKS[name], self._at)
            return content if within else marked(content, MARKS[name])
        if name in ("sub", "sup"):
            return subscript(content) if name == "sub" else superscript(content)
        if name == "a":
            return link(content, html.unescape(address)) if address else content
        if name == "q":
            return f"“{content}”"
        if self._inline:
            return content
        if name == "blockquote":
            return quotation(content)
        line = " ".join(content.replace(PARAGRAPH, " ").replace(LINE, " ").split())
        return (
            f"{PARAGRAPH}{'**' + line.replace('**', '') + '**' if name == 'summary' else '## ' + line}{PARAGRAPH}"
            if line
            else ""
        )


def _is_formula(text: str) -> bool:
    """Whether signs of mathematics stand in it, or at least one letter and no word."""
    if any(sign in text for sign in "\\^=") or ("_" in text and not _LONG_WORD.search(text)):
        return True
    return any(map(str.isalpha, text)) and not _LONG_WORD.search(text)


def _is_displayed(text: str) -> bool:
    """Whether a formula may stand on a line of its own: it has signs of mathematics, or is a single letter."""
    return len(text.strip()) == 1 or any(sign in text for sign in "\\^_=+/<>")


def _is_address(text: str) -> bool:
    """Whether a destination may be one, rather than the arguments behind an index."""
    return not text or bool(host(text)) or any(sign in text for sign in ":/.#@")


def _behind_group(text: str, at: int) -> int:
    """Behind the group in braces that begins here, -1 if there is none."""
    if at < 0 or text[at : at + 1] != "{":
        return -1
    depth = 0
    for place in range(at, min(len(text), at + LONGEST_INLINE)):
        depth += (text[place] == "{") - (text[place] == "}")
        if not depth:
            return place + 1
    return -1
