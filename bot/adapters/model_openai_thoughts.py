"""The answer in what a model wrote: without its thinking aloud, its channels and its end-of-text tokens."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from bot.adapters.model_openai_tokens import final_channel, without_tokens, without_wrapping

# What models call their thinking, in any of the brackets below: collected from the parsers of public servers. Many put
# a word before it or behind it: "seed:think", "chain_of_thought", "reasoning_process".
NAMES = (
    "(?:[a-z]{2,12}[:_-]){0,2}(?:think|thinking|thoughts?|monologue)(?:[:_-][a-z]{2,12})?|antthinking|"
    "reason|reasoning(?:_process)?|reflection|scratch_?pad|analysis|deliberation|cot"
)
MARK = re.compile(
    r"(?=[<\[◁])(?:"  # how each begins, so that all others are passed at once
    rf"<(?P<angle>/?)(?P<name>{NAMES})(?:\s[^<>\n]{{0,200}})?>"
    r"|\[(?P<square>/?)(?P<in_square>think|thinking|thought|reasoning)\](?!\()"
    rf"|◁(?P<arrow>/?)(?P<in_arrow>{NAMES})▷"
    r"|<\|(?P<edge>begin_of_|end_of_|start_|end_)(?P<in_edge>think|thinking|thought|reasoning)\|>"
    rf"|<\|(?P<bar>/?)(?P<in_bar>{NAMES})\|>"
    r"|(?P<opener><\|channel>|<unused94>|<\|inner_prefix\|>)"
    r"|(?P<closer><channel\|>|<unused95>|<\|inner_suffix\|>|<\|end\|><\|begin\|>assistant))",
    re.IGNORECASE,
)
SIDES = ("angle", "square", "arrow", "bar", "edge")
IN = ("in_square", "in_arrow", "in_bar", "in_edge")
QUOTES = "`\"'“”‘’«»„"
JOINED = {"and", "or", "to", "und", "oder", "et", "ou", "y", "e", "i", "...", "…", "/", ",", "-", "–", "&"}
NEAR = 200  # characters around a mark that tell whether it is meant or mentioned


@dataclass(frozen=True)
class Mark:
    """A tag in a text: where it stands, whether it opens or closes, and what it is called."""

    start: int
    end: int
    opens: bool
    name: str


def answer_in(text: str) -> str | None:
    """What is meant for the reader; None if the model never came to an answer.

    In doubt nothing is cut: a tag within code or quotes, or within a sentence about tags, stays.
    """
    final = final_channel(text)
    if final is None:
        return None
    rest = _without_leading(without_tokens(final))
    if rest is None:
        return None
    kept = _without_others(rest)
    return None if kept is None else without_wrapping(without_tokens(kept))


def _marks(text: str) -> list[Mark]:
    """All tags that are not within quotes of their own."""
    found = [_mark(match) for match in MARK.finditer(text)]
    return [mark for mark in found if not (_quote(text, mark.start - 1) and _quote(text, mark.end))]


def _mark(match: re.Match[str]) -> Mark:
    parts = {kind: word.lower() for kind, word in match.groupdict().items() if word is not None}
    name = next((word for kind, word in parts.items() if kind in ("name", *IN)), "channel")
    side = next((word for kind, word in parts.items() if kind in SIDES), "" if "opener" in parts else "/")
    return Mark(match.start(), match.end(), side in ("", "begin_of_", "start_"), name)


def _quote(text: str, at: int) -> bool:
    return 0 <= at < len(text) and text[at] in QUOTES


def _without_leading(text: str) -> str | None:
    """The text behind the thoughts that it begins with; nothing in them counts as code, they may break off anywhere."""
    marks = _marks(text)
    closers = _Closers(marks)
    at, turn = 0, 0
    while turn < len(marks) and marks[turn].opens and not text[at : marks[turn].start].strip():
        opener = marks[turn]
        closer = closers.after(opener)
        if closer is None:
            return text[at:] if text[opener.start] == "[" else None
        if _joins(text, opener, closer):
            break
        at = closer.end
        turn = bisect_left(marks, at, key=lambda mark: mark.start)
    return text[at:].lstrip()


def _without_others(text: str) -> str | None:
    """The text without thoughts further on, be it that only their end is marked."""
    marks = _marks(text)
    if not marks:
        return text
    code = _Code(text)
    marks = [mark for mark in marks if mark.start not in code]
    closers, kept, at, read = _Closers(marks), [], 0, 0
    for mark in marks:
        if mark.start < read:
            continue
        closer = closers.after(mark) if mark.opens else mark
        if closer is None:
            if _never_ends(text, mark):
                return None
            continue
        read = closer.end
        if mark.opens and not _mentioned(text, mark, closer):
            kept.append(text[at : mark.start])
            at = closer.end
        elif not mark.opens and _ends_thoughts(text, mark):
            at = closer.end
    return "".join([*kept, text[at:]]).strip()


class _Closers:
    """For every opening tag the closing one: of its own name, else of any name in its kind of brackets."""

    def __init__(self, marks: list[Mark]) -> None:
        self._named: dict[str, list[Mark]] = {}
        for mark in marks:
            if not mark.opens:
                self._named.setdefault(mark.name, []).append(mark)
                self._named.setdefault("", []).append(mark)

    def after(self, opener: Mark) -> Mark | None:
        for name in (opener.name, ""):
            marks = self._named.get(name, [])
            at = bisect_left(marks, opener.end, key=lambda mark: mark.start)
            if at < len(marks):
                return marks[at]
        return None


def _joins(text: str, opener: Mark, closer: Mark) -> bool:
    """Whether both tags are only named together: "<think> and </think> are tags"."""
    inner = text[opener.end : closer.start]
    return len(inner) < NEAR and "\n" not in inner and inner.strip().lower() in JOINED


def _mentioned(text: str, opener: Mark, closer: Mark) -> bool:
    """Whether a pair of tags is part of a sentence about them."""
    if _joins(text, opener, closer):
        return True
    before = text[max(opener.start - NEAR, 0) : opener.start].rpartition("\n")[2].rstrip()
    if not before or "\n" in text[opener.end : closer.start]:
        return False
    after = text[closer.end : closer.end + NEAR].partition("\n")[0].lstrip()
    return bool(after) and (after[0].islower() or after[0] in ".,;:!?)" + QUOTES)


def _ends_thoughts(text: str, closer: Mark) -> bool:
    """Whether a closing tag without an opening one ends thoughts, and is not just spoken of."""
    before = text[max(closer.start - NEAR, 0) : closer.start].rpartition("\n")[2]
    after = text[closer.end : closer.end + NEAR].partition("\n")[0]
    if not before.strip() or not after.strip():
        return True
    glued = not before[-1].isspace() and not after[0].isspace() and after[0] not in ".,;:!?)" + QUOTES
    return glued or (before.rstrip()[-1] in ".!?…。！？" and not after.strip()[0].islower())


def _never_ends(text: str, opener: Mark) -> bool:
    """Whether thoughts begin here that never end: the tag begins a line."""
    before = text[max(opener.start - NEAR, 0) : opener.start].rpartition("\n")[2]
    return text[opener.start] != "[" and not before.strip()


class _Code:
    """Where a text is code: closed fences, and spans between backticks on one line."""

    def __init__(self, text: str) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        at, fence = 0, -1
        for line in text.splitlines(keepends=True):
            if line.lstrip()[:3] in ("```", "~~~"):
                if fence >= 0:
                    self._drop_from(fence)
                    self._add(fence, at + len(line))
                fence = -1 if fence >= 0 else at
            else:
                self._add_spans(line, at)
            at += len(line)

    def __contains__(self, position: int) -> bool:
        at = bisect_left(self._starts, position + 1) - 1
        return at >= 0 and position < self._ends[at]

    def _add(self, start: int, end: int) -> None:
        self._starts.append(start)
        self._ends.append(end)

    def _drop_from(self, start: int) -> None:
        while self._starts and self._starts[-1] >= start:
            self._starts.pop()
            self._ends.pop()

    def _add_spans(self, line: str, at: int) -> None:
        runs = [(match.start(), match.end()) for match in re.finditer("`+", line)]
        following: dict[int, int] = {}
        partner = [-1] * len(runs)
        for turn in range(len(runs) - 1, -1, -1):
            length = runs[turn][1] - runs[turn][0]
            partner[turn], following[length] = following.get(length, -1), turn
        turn = 0
        while turn < len(runs):
            if partner[turn] >= 0:
                self._add(at + runs[turn][0], at + runs[partner[turn]][1])
                turn = partner[turn]
            turn += 1
