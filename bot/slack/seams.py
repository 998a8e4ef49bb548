"""Long Markdown cut at its own seams: before a heading, between blocks, sentences, words; never within a mark. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it.token import Token

from bot.research.typed import belongs, characters
from bot.slack.markdown import PARSER
from bot.slack.mrkdwn import fit

Fits = Callable[[str], bool]

# What must not be cut: code, links, emphasis, up to a length that keeps the search for its end short.
_WHOLE = re.compile(
    r"(?P<code>`+)(?!`).{1,1000}?(?<!`)(?P=code)(?!`)"
    r"|!?\[[^\[\]]*\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)"
    r"|(?P<mark>\*\*|__|~~|\*|_)(?=\S).{1,1000}?(?<=\S)(?P=mark)",
    re.DOTALL,
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]*_]*\s+|[。！？।][”’」』）]*")
_SPACE = re.compile(r"\s+")
_MARKER = re.compile(r"\A(?P<indent>\s*+)(?P<mark>[-*+]|(?P<number>\d{1,9})(?P<sign>[.)]))(?P<gap>\s+|$)")


def split(markdown: str, limit: int, measure: Callable[[str], int] = len) -> list[str]:
    """Parts in order that each measure at most ``limit`` and stand on their own; one table a part, as Slack has it."""
    text = fit(markdown).strip("\n")

    def fits(part: str) -> bool:
        return measure(part) <= limit and _tables(part) <= 1

    if not text.strip():
        return []
    return [text] if fits(text) else [part for part in _pack(_sections(text), fits, _cut_section) if part.strip()]


def _tables(text: str) -> int:
    if "|" not in text:
        return 0
    return sum(token.type == "table_open" for token in PARSER.parse(text))


def _pack(units: list[str], fits: Fits, cut: Callable[[str, Fits], list[str]]) -> list[str]:
    """Fill each part with as many units as fit; a unit that is too long by itself is cut finer."""
    parts, at = [], 0
    while at < len(units):
        taken = _most(units[at:], fits)
        if taken:
            parts.append("".join(units[at : at + taken]).strip("\n"))
            at += taken
        else:
            *whole, last = cut(units[at], fits)
            parts += [part.strip("\n") for part in whole]
            behind = units[at][len(units[at].rstrip("\n")) :]
            units[at] = last.rstrip("\n") + behind  # what follows may still join it
            if not fits(last.strip("\n")):  # not even its smallest piece: it stands alone all the same
                parts.append(last.strip("\n"))
                at += 1
    return parts


def _most(units: list[str], fits: Fits) -> int:
    """How many of the units, from the first on, fit together: doubled until too many, then halved in between."""

    def together(number: int) -> bool:
        return fits("".join(units[:number]).strip("\n"))

    high = 1
    while high <= len(units) and together(high):
        high *= 2
    low, high = high // 2, min(high, len(units) + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if together(middle) else (low, middle)
    return low


def _blocks(text: str) -> list[tuple[Token, str]]:
    """The outermost blocks, each with the blank lines behind it."""
    lines = text.splitlines(keepends=True)
    openings = [token for token in PARSER.parse(text) if token.level == 0 and token.map and token.nesting >= 0]
    starts = [0, *(token.map[0] for token in openings[1:] if token.map), len(lines)]
    return [(token, "".join(lines[starts[n] : starts[n + 1]])) for n, token in enumerate(openings)]


def _sections(text: str) -> list[str]:
    """Each heading with what belongs to it."""
    sections: list[str] = []
    for token, block in _blocks(text):
        if token.type == "heading_open" or not sections:
            sections.append(block)
        else:
            sections[-1] += block
    return sections or [text]


def _cut_section(text: str, fits: Fits) -> list[str]:
    """Between blocks; a heading stays with the first of what follows it."""
    heading, units = "", []
    for token, block in _blocks(text):
        heading += block
        if token.type != "heading_open":
            units.append(heading)
            heading = ""
    return _pack([*units, *([heading] if heading else [])] or [text], fits, _cut_block)


def _cut_block(text: str, fits: Fits) -> list[str]:
    """One block by its own kind."""
    blocks = _blocks(text)
    if len(blocks) > 1:  # headings stand before it
        *headings, (_, body) = blocks
        above = "".join(heading for _, heading in headings)
        if not fits(above + "x"):
            return [piece for _, block in blocks for piece in _cut_block(block, fits)]
        first, *rest = _cut_block(body, lambda part: fits(above + part))
        return [above + first, *rest]
    kind = blocks[0][0].type if blocks else "html_block"
    cut = {
        "fence": _cut_fence,
        "table_open": _cut_table,
        "bullet_list_open": _cut_list,
        "ordered_list_open": _cut_list,
        "blockquote_open": _cut_quotation,
        "code_block": _cut_lines,
    }.get(kind, _cut_prose)
    return cut(text, fits)


def _cut_fence(text: str, fits: Fits) -> list[str]:
    """Close the fence and open it again, with its language."""
    opening, *body = text.strip("\n").split("\n")
    mark = (re.match(r"\A\s*+(`{3,}|~{3,})", opening) or [opening, "```"])[1]
    if body and body[-1].strip().startswith(mark):
        body.pop()
    return _framed([f"{line}\n" for line in body], f"{opening}\n", mark, fits)


def _cut_table(text: str, fits: Fits) -> list[str]:
    """Repeat the head above each part's rows."""
    head, line, *rows = text.strip("\n").split("\n")
    return _framed([f"{row}\n" for row in rows], f"{head}\n{line}\n", "", fits)


def _framed(lines: list[str], above: str, below: str, fits: Fits) -> list[str]:
    """Lines in parts that each have the same frame."""
    inner = _pack(lines, lambda part: fits(f"{above}{part}\n{below}".rstrip("\n")), _cut_words)
    return [f"{above}{part}\n{below}".rstrip("\n") for part in inner] or [above.rstrip("\n")]


def _cut_list(text: str, fits: Fits) -> list[str]:
    """Between items, their numbers going on."""
    tokens = PARSER.parse(text)
    lines = text.splitlines(keepends=True)
    starts = [token.map[0] for token in tokens if token.type == "list_item_open" and token.level == 1 and token.map]
    number = tokens[0].attrs.get("start", 1) if tokens[0].type == "ordered_list_open" else None
    items = []
    for place, (start, end) in enumerate(zip(starts, [*starts[1:], len(lines)], strict=True)):
        item = "".join(lines[start:end])
        items.append(_numbered(item, int(number) + place) if number is not None else item)
    return _pack(items, fits, _cut_item)


def _numbered(item: str, number: int) -> str:
    return _MARKER.sub(lambda found: f"{found['indent']}{number}{found['sign']}{found['gap']}", item, count=1)


def _cut_item(text: str, fits: Fits) -> list[str]:
    """What the item holds, cut as a text of its own; its marker stays with the first piece."""
    found = _MARKER.match(text)
    if not found:
        return _cut_prose(text, fits)
    width = len(found[0].rstrip("\n"))
    body = text[found.end() :]
    body = "\n".join(line[width:] if not line[:width].strip() else line for line in body.split("\n")).strip("\n")
    if not body.strip():
        return _cut_prose(text, fits)
    first, *rest = _pack(_sections(body), lambda part: fits(_indented(found[0], part)), _cut_section)
    return [_indented(found[0], first), *rest]


def _indented(marker: str, text: str) -> str:
    first, *rest = text.split("\n")
    blank = " " * len(marker)
    return "\n".join([marker + first, *(blank + line if line else line for line in rest)])


def _cut_quotation(text: str, fits: Fits) -> list[str]:
    """What is quoted, cut as a text of its own and quoted again."""
    inner = re.sub(r"(?m)^\s{0,3}> ?", "", text).strip("\n")

    def again(part: str) -> str:
        return re.sub(r"(?m)^", "> ", part)

    return [again(part) for part in _pack(_sections(inner), lambda part: fits(again(part)), _cut_section)]


def _cut_lines(text: str, fits: Fits) -> list[str]:
    return _pack(text.splitlines(keepends=True), fits, _cut_words)


def _cut_prose(text: str, fits: Fits) -> list[str]:
    """Between sentences, else between words, never within code, a link or emphasis."""
    return _pack(_pieces(text, _SENTENCE_END), fits, _cut_sentence)


def _cut_sentence(text: str, fits: Fits) -> list[str]:
    return _pack(_pieces(text, _SPACE), fits, _cut_words)


def _cut_words(text: str, fits: Fits) -> list[str]:
    """A mark that is too long to stay whole: between its words, else anywhere."""
    words = _whole_characters([word for word in re.split(r"(?<=\s)(?=\S)", text) if word])
    return _pack(words, fits, _cut_hard) if len(words) > 1 else _cut_hard(text, fits)


def _cut_hard(text: str, fits: Fits) -> list[str]:
    """Between characters, a mark of any script staying with its letter."""
    return _pack(characters(text), fits, lambda piece, _: [piece])


def _pieces(text: str, seam: re.Pattern[str]) -> list[str]:
    """The text cut behind each seam that is not within something whole."""
    whole = [found.span() for found in _WHOLE.finditer(text)]
    pieces, start, at = [], 0, 0
    for found in seam.finditer(text):
        while at < len(whole) and whole[at][1] < found.end():
            at += 1
        if at < len(whole) and whole[at][0] < found.end() - 1 and found.end() <= whole[at][1] - 1:
            continue
        pieces.append(text[start : found.end()])
        start = found.end()
    return _whole_characters([*pieces, text[start:]] if text[start:] else pieces)


def _whole_characters(pieces: list[str]) -> list[str]:
    """The pieces, none of which begins with a mark that belongs to the end of the one before it."""
    whole: list[str] = []
    for piece in pieces:
        if whole and belongs(piece[0], whole[-1][-1]):
            whole[-1] += piece
        else:
            whole.append(piece)
    return whole
