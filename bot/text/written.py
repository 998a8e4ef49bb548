"""What a model wrote without what it wrapped around it: a code fence, a greeting, an offer. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from textwrap import dedent

from bot.text.headings import headings, spread
from bot.text.pleasantries import (
    CERTAIN,
    CLOSED,
    CONDITION,
    EAGER,
    END,
    LABEL,
    OFFER,
    PRESENTS,
    SPOKEN_OF,
    WORK,
    WRITER,
)
from bot.text.sections import tidy, words

LONGEST = 400  # characters of a greeting or an offer: more than that says something
# What titles are made of beside the topic and the angles.
_TITLE_WORDS = """
a an the of on in and for about to from with its research report comprehensive integrated cross referenced final
overview analysis topic title introduction angle perspective view finding findings
"""

_FENCE = re.compile(r"\s{0,3}(?P<mark>`{3,}|~{3,}|'{3}|\"{3})[ \t]*(?P<language>[^\s`]*)[^`]*")
_FORMATS = "markdown md mdx rmd qmd gfm commonmark asciidoc adoc rst text txt plaintext plain html mrkdwn"
_ARTICLES = "report answer response article document output"
_PROSE = {*_FORMATS.split(), *_ARTICLES.split()}
_NAME = re.compile(r"\w+")
_TAGGED = re.compile(
    r"<(markdown|md|report|answer|final_answer|response|result|output|article|document)>", re.IGNORECASE
)
_LEFT_OVER = re.compile(r"(?:markdown|md)[ \t]*\n+(?=#)", re.IGNORECASE)  # of a fence whose marks are lost
_UNSEEN = "\ufeff\u200b\u2060"
_ENDS = (":", "：", ".", "!", "。", "！")
ROUNDS = 20  # of wrapping: nobody wraps more often, and the time is bounded
MOST = 0.8  # of a text; a fence that holds less is an example within it
_EDGE = re.compile(r"^(?:[^\w¿¡\"'“”„‘’«»「『]|_)+")  # words between quotation marks are somebody else's
_ITEM = re.compile(r"[-*+•|]\s|\d{1,3}[.)]\s")
_MARKS = " *_>"
_READS_AS_PROSE = re.compile(r"(?m)^\s{0,3}(?:#{1,6} |\*\*|[-*] |\d\. )|\b(?:\w++[,;]? ){7}\w")


def unwrapped(text: str) -> str:
    """The text without a fence around all of it, a greeting before it and an offer behind it; in doubt as it is."""
    text = text.replace("\r\n", "\n").strip().strip(_UNSEEN).strip()
    for _ in range(ROUNDS):
        inner = _untagged(_unfenced(_unoffered(_ungreeted(text))))
        if inner == text or not inner:
            break
        text = inner
    return text


def untitled(text: str, *titles: str) -> str:
    """The text without a heading before it that says no more than these titles do."""
    lines = [*spread(text).strip("\n").split("\n"), ""]
    first = next(headings(lines[:2]), None)
    if not first or first.line or first.text or not says_no_more(first.title, *titles):
        return text
    if not first.meant and lines[1].strip():
        return text
    return tidy("\n".join(lines[first.lines :])) or text


def says_no_more(heading: str, *titles: str) -> bool:
    """Whether a heading has no word that does not stand in these titles, or in titles of any kind."""
    return _known(titles).issuperset(words(heading))


@lru_cache(maxsize=64)  # each paragraph of a report is held against the same titles
def _known(titles: tuple[str, ...]) -> frozenset[str]:
    return frozenset([*words(" ".join(titles)), *words(_TITLE_WORDS)])


def _unfenced(text: str) -> str:
    """The text without a fence around all of it, or nearly all, unless that holds code."""
    lines = text.split("\n")
    opening = next((number for number, line in enumerate(lines) if _FENCE.fullmatch(line)), None)
    if opening is None or len("\n".join(lines[:opening])) > LONGEST:
        return text
    mark = lines[opening].lstrip()[:3]
    closing = next((n for n in range(len(lines) - 1, opening, -1) if _closes(lines[n], mark)), len(lines) - 1)
    inside = _inside(lines[opening : closing + 1])
    if inside is None or len(inside) < len(text) * MOST * (len(lines) > closing - opening + 1):
        return text
    around = ["\n".join(lines[:opening]), inside, "\n".join(lines[closing + 1 :])]
    return "\n\n".join(stripped for each in around if (stripped := each.strip("\n").rstrip()))


def _inside(lines: list[str]) -> str | None:
    """What stands in a fence that reaches from the first line to the last; None if it is code, or ends before."""
    first, *inner = lines
    opened = _FENCE.fullmatch(first)
    if not opened or not inner:
        return None
    mark, language = opened["mark"], opened["language"].casefold()
    fences = [found for line in inner if (found := _FENCE.fullmatch(line)) and found["mark"].startswith(mark)]
    if _closes(inner[-1], mark):
        inner, fences = inner[:-1], fences[:-1]
    elif fences:
        return None
    elif inner[-1].rstrip().endswith(mark):
        inner[-1] = inner[-1].rstrip().removesuffix(mark)
    # Inside, each fence that is opened names its language; otherwise the first one closes what the text begins with.
    opens, closes = fences[::2], fences[1::2]
    if len(opens) != len(closes) or not all(each["language"] for each in opens) or any(c["language"] for c in closes):
        return None
    named = set(_NAME.findall(language))  # {markdown}, text/markdown, markdown-report
    prose = (named and named <= _PROSE) or (not language and _READS_AS_PROSE.search("\n".join(inner)))
    return dedent("\n".join(inner)).strip("\n").rstrip() if prose else None


def _closes(line: str, mark: str) -> bool:
    return line.strip().startswith(mark) and not line.strip().strip(mark[0])


def _untagged(text: str) -> str:
    """The text without a tag around all of it that only names it, and without the name that is left of a fence."""
    tag = _TAGGED.match(text)
    if tag and text.casefold().endswith(f"</{tag[1]}>".casefold()):
        return text[tag.end() : -len(tag[0]) - 1].strip()
    return _LEFT_OVER.sub("", text, count=1) if _LEFT_OVER.match(text) else text


def _ungreeted(text: str) -> str:
    first, _, rest = text.partition("\n")
    line = first.strip(_MARKS)
    eager = EAGER.match(line)
    presented = line[eager.end() :] if eager else line
    if not presented.strip(_MARKS):
        return rest.strip() if eager and rest.strip() else text
    if len(first) <= LONGEST and rest.strip() and _presents(presented, bool(eager), rest.lstrip()):
        return tidy(rest.strip("\n"))
    certain = eager and CERTAIN.match(eager[0]) and not first.startswith("#") and not presented[0].islower()
    return f"{presented}\n{rest}".strip() if certain else text


def _presents(line: str, eager: bool, rest: str) -> bool:
    """Whether a line says no more than that a text follows; before a list it may be what the list is of."""
    line = line.strip(_MARKS)
    if LABEL.fullmatch(line):
        return True
    if eager or CLOSED.fullmatch(line):
        return bool(PRESENTS.match(line)) and line.endswith(_ENDS)
    told = ": " in line or _ITEM.match(rest)
    return not told and bool(PRESENTS.match(line) and WORK.search(line)) and line.endswith(_ENDS)


def _unoffered(text: str) -> str:
    body, blank, last = text.rpartition("\n\n")
    if blank and body.strip() and len(last) <= LONGEST and _offers(*last.strip().split("\n")):
        return tidy(body)
    body, _, last = text.rpartition("\n")
    alone = body.strip() and len(last) <= LONGEST and not _ITEM.match(last.strip())
    return tidy(body) if alone and _offers(last.strip()) else text


def _offers(first: str, *more: str) -> bool:
    """Whether a line speaks to whoever asked, and those behind it are what it offers."""
    offer = _EDGE.sub("", first)
    if more and not (offer.strip(_MARKS).endswith((":", "：")) and all(_ITEM.match(line.strip()) for line in more)):
        return False
    if offered := OFFER.match(offer):
        return not SPOKEN_OF.match(offer, offered.end())
    return bool(END.fullmatch(offer) or (CONDITION.match(offer) and WRITER.search(offer)))
