"""Tags of HTML as Markdown: which there are, what each becomes, and how blocks are laid out. Pure."""

from __future__ import annotations

import re

PARAGRAPH, LINE, INDENT = "\x01", "\x02", "\x03"  # where blocks are put apart; no text that we send holds these
DEEPEST = 50  # tags and brackets that may be open at once; of more, the outermost are forgotten
DEEPEST_QUOTATION = 5

MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~", "strike": "~~"}
_BLOCKS = """
p div section article header footer main center figure figcaption dl dt dd details address aside nav form fieldset
picture video audio
"""
_SILENT = """
span font small big u ins mark abbr cite time label var dfn bdi bdo ruby rt rp wbr nobr thead tbody tfoot colgroup col
caption table tt html body head source acronym output svg math mrow mi mo mn
"""
BLOCKS, SILENT = frozenset(_BLOCKS.split()), frozenset(_SILENT.split())
HEADINGS = frozenset(f"h{level}" for level in range(1, 7))

_ATTRIBUTE = re.compile(
    r"\b(?P<name>href|src|alt|start)\s*+=\s*+(?:\"(?P<two>[^\"]*+)\"|'(?P<one>[^']*+)'|(?P<no>[^\s\"'>]++))",
    re.IGNORECASE,
)
_NAME = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9]{0,19})(?=[\s/>])")
_SINGLE = frozenset(["br", "hr", "img", "wbr", "col", "source", "li", "tr", "td", "th", "dt", "dd", "rt", "rp"])
_TICKS = re.compile(r"`+")


class Open:
    """What was written, and the tags and brackets in it that are not closed yet."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self._open: list[tuple[str, int, str]] = []

    def open(self, kind: str, data: str = "") -> None:
        """Remember that the next piece is what opens something of this kind."""
        self._open.append((kind, len(self.out), data))
        del self._open[:-DEEPEST]

    def close(self, *kinds: str) -> tuple[str, str, str] | None:
        """Take back what was written since the latest opening of a kind: what opened it, its content, its data."""
        for place in range(len(self._open) - 1, -1, -1):
            name, at, data = self._open[place]
            if name in kinds:
                opening, content = self.out[at], "".join(self.out[at + 1 :])
                del self.out[at:], self._open[place:]
                return opening, content, data
        return None

    def forget(self, kind: str) -> None:
        """Let no opening of this kind be closed any more."""
        self._open = [each for each in self._open if each[0] != kind]


def paired(text: str) -> frozenset[str]:
    """The elements that this text opens and closes, and those that are never closed: any other tag is a word in it."""
    opened: set[str] = set()
    closed: set[str] = set()
    for found in _NAME.finditer(text):
        (closed if found["end"] else opened).add(found["name"].casefold())
    return _SINGLE | (opened & closed)


def attributes(tag: str) -> dict[str, str]:
    """The attributes of a tag that say where it leads."""
    return {
        found["name"].casefold(): found["two"] or found["one"] or found["no"] or ""
        for found in _ATTRIBUTE.finditer(tag)
    }


def marked(content: str, mark: str) -> str:
    """Emphasized content: the mark stands next to its first and its last letter, or it would not count."""
    bare = content.strip()
    if (
        not bare
        or PARAGRAPH in bare
        or LINE in bare
        or "\n\n" in bare
        or (bare.startswith(mark) and bare.endswith(mark))
    ):
        return content
    before, _, after = content.partition(bare)
    return f"{before}{mark}{bare}{mark}{after}"


def code(text: str) -> str:
    """Inline code with as many ticks as it takes."""
    text = " ".join(text.split())
    ticks = "`" * (1 + max(map(len, _TICKS.findall(text)), default=0))
    return f"{ticks} {text} {ticks}" if "`" in text else f"`{text}`" if text else ""


def fence(text: str) -> str:
    """A block of code."""
    ticks = "`" * max(3, 1 + max(map(len, _TICKS.findall(text)), default=0))
    text = text.strip("\n")
    return f"{PARAGRAPH}{ticks}\n{text}\n{ticks}{PARAGRAPH}"


def quotation(content: str) -> str:
    """Content quoted; quotations within quotations only as deep as people still tell them apart."""
    text = laid_out(content).strip("\n")
    if not text or text.startswith(">" * DEEPEST_QUOTATION):
        return content
    quoted = "\n".join(f">{line}" if line.startswith(">") else f"> {line}" for line in text.split("\n"))
    return f"{PARAGRAPH}{quoted}{PARAGRAPH}"


def table(rows: list[list[str]]) -> str:
    """A table of cells that are one line each; the first row is its head."""
    if not rows:
        return ""
    width = max(map(len, rows))
    head = rows[0] + [""] * (width - len(rows[0]))
    lines = [head, ["---"] * width, *rows[1:]]
    return PARAGRAPH + "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + PARAGRAPH


def laid_out(text: str) -> str:
    """The text with its blocks on lines of their own."""
    if PARAGRAPH not in text and LINE not in text:
        return text
    first, *rest = text.split(PARAGRAPH)
    paragraphs = [_lines(first.rstrip()), *(_lines(part.strip()) for part in rest)]
    return "\n\n".join(paragraph.strip("\n") for paragraph in paragraphs if paragraph.strip())


def _lines(paragraph: str) -> str:
    first, *rest = paragraph.split(LINE)
    lines = [first.rstrip(), *(line.strip() for line in rest)]
    return "\n".join(line for line in lines if line.strip()).replace(INDENT, "    ")
