"""A report read apart: which of its words belong under which of our headings, however the model wrote them. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from textwrap import dedent

from bot.text.headings import Heading, headings, spread

OUTERMOST = 2  # signs of a heading: those of a section have no more
SUMMARY = ""  # the place of what stands under no heading of ours
_SUMMARIES = """
summary | executive summary | brief summary | in brief | in short | tl;dr | tldr | abstract | at a glance |
zusammenfassung | kurzfassung | kurz gesagt | überblick | résumé | en bref | resumen | en resumen | resumen ejecutivo |
riassunto | in breve | resumo | em resumo | samenvatting | sammanfattning | sammendrag | resumé | yhteenveto |
podsumowanie | streszczenie | shrnutí | összefoglaló | rezumat | özet | краткое содержание | резюме | підсумок |
περίληψη | ملخص | الملخص | תקציר | סיכום | सारांश | 摘要 | 总结 | 總結 | 概要 | 要約 | まとめ | 요약 | สรุป |
tóm tắt | ringkasan | overview | introduction | bottom line | gist | synopsis | kurz zusammengefasst |
das wichtigste in kürze | kernaussage | kernaussagen | kurzzusammenfassung | auf einen blick | einleitung | einführung |
en résumé | l'essentiel | l’essentiel | introducción | en síntesis | em síntese | introdução | in sintesi |
introduzione | кратко | итог | вкратце | введение | 核心摘要 | 简要总结 | 概述 | 简介 | 引言 | 一言でいうと |
はじめに | 핵심 요약 | 개요 | 서론 | 한줄 요약
"""
# What an English heading of a summary is made of: "Two-Sentence Summary", "Key takeaways", "In a nutshell".
_CALLED = {"summary", "summaries", "takeaway", "takeaways", "nutshell", "synopsis", "tldr"}
_FILLERS = """
a an the of in for two three one sentence sentences line short brief quick opening executive overall concise key main
report research findings finding tl dr
"""
_BESIDE = {*_CALLED, *_FILLERS.split()}
SUMMARIES = frozenset(name.strip() for name in _SUMMARIES.split("|"))
_NUMBER = re.compile(
    r"(?:(?:section|part|chapter|teil|abschnitt|partie|parte|sección)\s+)?(?:\d{1,3}|[ivx]{1,5}|[a-d])\s?[.):\u2013-]\s+"
)
_BRACKETS = re.compile(r"[(\[（【「]([^()\[\]（）【】「」]*)[)\]）】」]")
_EDGES, _NUMBERS = " \t*_`:：", "0123456789"
_WORD = re.compile(r"\w+")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_RULE = re.compile(r"\s{0,3}(?:-{3,}|\*{3,}|_{3,})\s*")


_OPENING = 2  # paragraphs; more before the first heading of ours may be a section
_MARKED = ("#", "##", "###", "####", "#####", "######", "bold", "run-in", "hash")
_PERHAPS = ("adorned", "italic", "numbered")  # by order, and only if each has text; their words stay


@dataclass(frozen=True)
class Parts:
    """What stands before the sections, and under each; ``sure`` if no heading was left that could be one of ours."""

    opening: str
    written: dict[str, str]
    sure: bool


def read(text: str, titles: dict[str, str], missing: Iterable[str] = ()) -> Parts:
    """Read a report apart by its headings: by what they say, else by their order if there are as many as sections.

    ``titles`` holds the sections in their order, each with how a heading of it begins; of those that are ``missing``
    the model may have written nothing.
    """
    lines = spread(text).strip("\n").split("\n")
    found = list(headings(lines))
    placed = named = _by_name(found, titles)
    lacking = set(missing)
    orders = [list(titles), [title for title in titles if title not in lacking]]
    groups: dict[str, list[Heading]] = {form: [] for form in (*_MARKED, *_PERHAPS)}
    for heading in found:
        if heading.form in groups and placed.get(heading.line) != SUMMARY:
            groups[heading.form].append(heading)
    for group in groups.values():
        if by_order := _by_order(group, orders, placed):
            placed = placed | by_order
            break
    kept = {heading.line for heading in found if heading.form in _PERHAPS and heading.line not in named}
    return _parts(lines, found, placed, list(titles), kept)


def _by_name(found: Sequence[Heading], titles: dict[str, str]) -> dict[int, str]:
    """The sections of the headings that say which they are, by line; of two ways to mark a section the stronger one."""
    names = Names(titles)
    named = {heading: title for heading in found if (title := names.section(heading)) is not None}
    best: dict[str, int] = {}
    for heading, title in named.items():
        best[title] = min(heading.weakness, best.get(title, heading.weakness))
    return {heading.line: title for heading, title in named.items() if heading.weakness == best[title]}


def _by_order(group: Sequence[Heading], orders: Sequence[list[str]], placed: dict[int, str]) -> dict[int, str]:
    """Headings of one form in the order of the sections, if their number and those known by name agree with it."""
    lines = {heading.line for heading in group}
    if any(title for line, title in placed.items() if line not in lines):
        return {}
    for order in orders:
        more = len(group) - len(order)
        if len(order) < 2 or more not in (0, 1):
            continue
        leads = more and group[0].first
        taken = group[1:] if leads else group[: len(order)]
        apart = all(after.line - each.line > 1 for each, after in pairwise(taken))  # each has text of its own
        distinct = len({heading.title for heading in taken}) == len(order) and (taken[0].form in _MARKED or apart)
        if distinct and all(placed.get(each.line, title) == title for each, title in zip(taken, order, strict=True)):
            summary = {group[0].line: SUMMARY} if leads and group[1].line > group[0].line + 2 else {}
            return summary | {heading.line: title for heading, title in zip(taken, order, strict=True)}
    return {}


def _parts(lines: list[str], found: list[Heading], placed: dict[int, str], titles: list[str], kept: set[int]) -> Parts:
    at = {heading.line: heading for heading in found}
    blocks = [_Block(SUMMARY)]
    number = 0
    while number < len(lines):
        heading = at.get(number)
        place = placed.get(number) if heading else None
        if place == SUMMARY and any(block.says for block in blocks[:2]):
            place = None  # a second summary, or one behind the sections: it stays where it is
        if heading and place is not None:
            blocks.append(_Block(place, heading))
            blocks[-1].add(*([f"**{heading.title}**", ""] if number in kept else []))
        elif heading and heading.form.startswith("#"):
            blocks[-1].add(f"### {heading.title}")  # of the model's own: within a section it is below ours
        else:
            blocks[-1].add(lines[number])
        number += heading.lines if heading else 1
    texts = {title: [each.text for each in blocks if each.title == title] for title in (SUMMARY, *titles)}
    whole = {title: tidy("\n\n".join(filter(str.strip, each))) for title, each in texts.items()}
    opening = whole.pop(SUMMARY)
    return Parts(opening, whole, any(placed.values()) and not _hidden(opening, whole, found, placed))


def _hidden(opening: str, written: dict[str, str], found: list[Heading], placed: dict[int, str]) -> bool:
    """Whether a section that was not found may still be there, under a heading that was not known as one."""
    left = [heading for heading in found if heading.line not in placed and not heading.first]
    sought = {word for title, text in written.items() if not text for word in words(title)}
    if any(
        (heading.meant and heading.form != "run-in") or sought.intersection(words(heading.title)) for heading in left
    ):
        return True
    return not written[next(iter(written))] and len(paragraphs(opening)) > _OPENING


class _Block:
    """The lines under a heading of a section, those of a list's item as if there were no list."""

    def __init__(self, title: str, heading: Heading | None = None) -> None:
        self.title = title
        self.says = False  # more than headings
        self._lines: list[str] = []
        self._marked = heading is not None and heading.marked
        self.add(*([heading.text] if heading and heading.text else []))

    def add(self, *lines: str) -> None:
        """Further lines of it."""
        self._lines += lines
        self.says = self.says or any(line.strip() and not line.startswith("#") for line in lines)

    @property
    def text(self) -> str:
        """The block as Markdown."""
        first, rest = self._lines[:1], "\n".join(self._lines[1:])
        return "\n".join([*(line.strip() for line in first), dedent(rest)]) if self._marked else "\n".join(self._lines)


def apart(text: str, own: str, titles: dict[str, str]) -> str:
    """A text that was to be the section ``own``, without the other sections that the model wrote beside it.

    ``titles`` as for ``read``. Another section is what stands under a signed heading that has its whole name, before
    the own heading or behind it at no lower level; of the last section all that is behind its heading is its own. Where
    nothing is left the text is as it was: nobody knows what it is then.
    """
    names, lines, kept, ours, lowest = Names(titles), spread(text).split("\n"), list[str](), True, OUTERMOST
    signed = {each.line: each for each in headings(lines) if each.form[0] == "#"}
    for number, line in enumerate(lines):
        heading = signed.get(number)
        named = names.exact(heading) if heading and len(heading.form) <= lowest else None
        if heading and named is not None:
            ours = named in (own, SUMMARY)
            if named == own and own == list(titles)[-1]:
                return tidy("\n".join([*kept, *lines[number:]]))
            lowest = len(heading.form) if named == own else lowest
        kept += [line] if ours else []
    return tidy("\n".join(kept)) or text


def tidy(text: str) -> str:
    """The text without blank lines and rules before and behind it."""
    lines = text.split("\n")
    says = [number for number, line in enumerate(lines) if line.strip() and not _RULE.fullmatch(line)]
    return "\n".join(lines[says[0] : says[-1] + 1]).rstrip() if says else ""


class Names:
    """How the headings of the sections may read; ``titles`` as for ``read``."""

    def __init__(self, titles: dict[str, str]) -> None:
        self._begin = {title: _plain(name) for title, name in titles.items()}
        # An angle may be called "1980s" or "C#": only what is left over counts as decoration.
        self._by = [(bare, _grouped(titles, bare)) for bare in (_unmarked, _plain, _bare)]
        self._cores = {_bare(title) for title in titles}

    def section(self, heading: Heading) -> str | None:
        """The section that this is the heading of by what it says, SUMMARY if it announces the summary."""
        named = self.exact(heading)
        return self._begun(heading) if named is None and heading.form.startswith("#") else named

    def exact(self, heading: Heading) -> str | None:
        """The same where the heading says no more than the section's name."""
        title = heading.title.casefold()
        if self._summarises(heading, title):
            return SUMMARY
        if any(core in title for core in self._cores):
            for reading in _readings(heading.title):
                for bare, titles in self._by:
                    if same := titles.get(bare(reading)):
                        return same[0] if len(same) == 1 else None
        return None

    def _summarises(self, heading: Heading, title: str) -> bool:
        announces = heading.meant or heading.first or heading.title.endswith((":", "：")) or heading.form == "start"
        if not announces or (title := _bare(title)) in self._cores:
            return False
        said = set(words(title))
        return title in SUMMARIES or (bool(said & _CALLED) and said <= _BESIDE)

    def _begun(self, heading: Heading) -> str | None:
        says = _plain(heading.title)
        begun = [title for title, name in self._begin.items() if _begins(says, name)]
        return max(begun, key=len, default=None)


def _grouped(titles: Iterable[str], bare: Callable[[str], str]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for title in titles:
        grouped.setdefault(bare(title), []).append(title)
    return grouped


def _readings(title: str) -> list[str]:
    """The heading whole, without what it has in brackets, and what the brackets hold."""
    inner = _BRACKETS.findall(title)
    return [title, *([_BRACKETS.sub("", title), *inner] if inner else [])]


def _begins(heading: str, name: str) -> bool:
    return heading.startswith(name) and not heading[len(name) : len(name) + 1].isalnum()


def _unmarked(heading: str) -> str:
    """A heading without marks of emphasis around it, and without a colon behind it."""
    return heading.strip(_EDGES).casefold()


def _plain(heading: str) -> str:
    """A heading without its number as well: "2." or "II)" or "Part 3:"."""
    return _unmarked(_NUMBER.sub("", _unmarked(heading), count=1))


def _bare(heading: str) -> str:
    """A heading without anything around its letters; one that has no letters as it is."""
    text = _plain(heading)
    first, last = 0, len(text)
    while first < last and not (text[first].isalnum() and text[first] not in _NUMBERS):
        first += 1
    while last > first and not text[last - 1].isalnum():
        last -= 1
    return text[first:last] or heading.strip()


def paragraphs(text: str) -> list[str]:
    """What stands between blank lines; a fence of code is one paragraph, and so is a heading."""
    found: list[list[str]] = [[]]
    in_code = False
    for line in text.split("\n"):
        in_code ^= bool(_FENCE.match(line))
        alone = not in_code and (not line.strip() or line.startswith("#"))
        if alone:
            found += [[line], []]
        else:
            found[-1].append(line)
    return [paragraph for lines in found if (paragraph := "\n".join(lines).strip())]


def words(text: str) -> list[str]:
    """The words of a text, in small letters, without the marks around them."""
    return _WORD.findall(text.casefold())
