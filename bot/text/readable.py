"""Prose of models as Markdown that reads everywhere: HTML, formulas, footnotes, hidden addresses. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.text.brackets import Brackets, labels, undefined
from bot.text.formulas import Formulas
from bot.text.links import link
from bot.text.markup import Open, laid_out, paired
from bot.text.prose import Prose
from bot.text.segments import segments
from bot.text.tags import Tags

_TOKEN = re.compile(
    r"(?=[`<&\\$^_【:\ue200\[\]!]| [:\ue200])(?:"  # how each begins, so that all others are passed at once
    r"(?P<ticks>`+)"
    r"|(?P<comment><!--)"
    r"|(?P<auto><[A-Za-z][A-Za-z0-9+.\-]{1,31}:[^\s<>]*+>)"
    r"|(?P<mail><[^\s<>@]{1,64}@[^\s<>@]{1,255}>)"
    r"|(?P<tag></?[A-Za-z][A-Za-z0-9]{0,19}"  # "a<b and c>d" compares
    r"(?:\s++(?:[A-Za-z_:@][\w:.\-]*+\s*+=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^\s\"'<>=]++)|open|hidden|controls|reversed))*+"
    r"\s*+/?>)"
    r"|(?P<entity>&(?:\#\d{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)"
    r"|(?P<math>\\{1,2}[(\[]|\$\$|\\begin\{)"
    r"|(?P<dollar>(?<![\w$\\])\$(?=[^\s$]))"
    r"|(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<script>(?<=[A-Za-z0-9)])[\^_]\{[^{}\n]{1,20}\})"
    r"|(?P<cited>【(?P<number>[\d:]{1,9})†(?P<part>[^†【】\n]{1,80})】"
    r"| ?(?::contentReference\[oaicite:\d+\](?:\{index=\d+\})?|\ue200[^\ue200\ue201\n]{0,200}\ue201))"
    r"|(?P<command>(?<![A-Za-z:/._\\])\\[A-Za-z]+)"
    r"|(?P<note>\[\^[^\]\s\[]{1,40}\]:?)"
    r"|(?P<open>!?\[)"
    r"|(?P<close>\]))"
)
_LEADING_NOWHERE = frozenset(
    ["javascript", "vbscript", "data", "file", "slack", "tel", "sms", "ftp", "intent", "about", "blob", "view-source"]
)


def readable(markdown: str) -> str:
    """The same text without HTML, LaTeX, footnote marks, reference links and links that hide where they lead.

    Code stays as it is. Takes time in proportion to the length of the text.
    """
    text = markdown.translate({1: None, 2: None, 3: None})  # used for layout here; no text can be sent with them
    if not _TOKEN.search(text):
        return text
    used, stretches = labels(text), list(segments(text))
    whole = _Whole({}, paired("\n".join(line for code, lines in stretches if not code for line in lines)))
    stretches = [(code, lines if code else undefined(lines, whole.definitions, used)) for code, lines in stretches]
    said = ["\n".join(lines) if code else _read("\n".join(lines), whole) for code, lines in stretches]
    return "\n".join(said)


@dataclass(frozen=True)
class _Whole:
    """What the whole text says of a piece of it: where references lead, which elements are opened and closed."""

    definitions: dict[str, str]
    elements: frozenset[str]


def _read(text: str, whole: _Whole, cell: bool = False) -> str:
    return _Reader(text, whole, cell).read() if _TOKEN.search(text) else text


class _Reader:
    """Reads a piece of prose once, from its beginning to its end; ``cell`` says that it is one of a table."""

    def __init__(self, text: str, whole: _Whole, cell: bool) -> None:
        self._prose, self._open = Prose(text, cell), Open()
        formulas, brackets = Formulas(self._prose), Brackets(self._prose, self._open, whole.definitions)

        def read_cell(inside: str) -> str:
            return _read(inside.replace("\n", " "), whole, cell=True)  # a cell is one line

        tags = Tags(self._prose, self._open, whole.elements, read_cell)
        self._readers: dict[str | None, Callable[[re.Match[str]], str]] = {
            "ticks": self._ticks,
            "comment": self._comment,
            "auto": _autolink,
            "mail": lambda found: found[0][1:-1],
            "tag": tags.tag,
            "entity": self._entity,
            "math": formulas.delimited,
            "dollar": formulas.dollar,
            "escape": lambda found: "$" if found[0] == "\\$" else found[0],
            "script": formulas.script,
            "cited": _cited,
            "command": formulas.command,
            "note": brackets.note,
            "open": brackets.opening,
            "close": brackets.closing,
        }

    def read(self) -> str:
        """The text, readable."""
        prose, out = self._prose, self._open.out
        while found := _TOKEN.search(prose.text, prose.at):
            out.append(prose.text[prose.at : found.start()])
            prose.take(found)
            said = self._readers[found.lastgroup](found)
            out.append(said)
        return laid_out("".join([*out, prose.text[prose.at :]]))

    def _ticks(self, found: re.Match[str]) -> str:
        end = self._prose.ticks(len(found[0]))
        inside = self._prose.text[found.end() : end] if end >= 0 else "\n\n"
        if "\n\n" in inside:
            return found[0]
        self._prose.at = end + len(found[0])
        return f"{found[0]}{inside}{found[0]}"

    def _comment(self, found: re.Match[str]) -> str:
        end = self._prose.find("-->")
        if end < 0:
            return found[0]
        self._prose.at = end + 3
        return ""

    def _entity(self, found: re.Match[str]) -> str:
        said = html.unescape(found[0])
        if said == found[0]:
            return said
        if said in "*_`[]~\\" or (said == "|" and self._prose.row):
            return f"\\{said}"
        return " " if said.isspace() or not said.isprintable() else said


def _cited(found: re.Match[str]) -> str:
    """The mark by which a vendor's search refers to a source that we do not have: its number, if it has one."""
    if not found["number"]:
        return ""
    return f"[{found['number']}]" if found["part"] == "source" else f"[{found['number']}, {found['part']}]"


def _autolink(found: re.Match[str]) -> str:
    address, bar, label = found[0][1:-1].partition("|")  # as Slack writes links
    scheme = address.partition(":")[0].casefold()
    if scheme in ("http", "https"):
        return link(label, address) if bar else address
    if scheme == "mailto":
        return address.partition(":")[2]
    return address if scheme in _LEADING_NOWHERE else found[0]
