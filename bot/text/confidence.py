"""How sure a worker says that it is, in its last line: "Confidence: medium, because the dates differ". Pure."""

from __future__ import annotations

import re

LONGEST_LINE = 600  # characters: more is a paragraph that happens to begin so
LONGEST_REASON = 240  # characters: more is no reason but a part of the text

_MARKUP = re.compile(
    r"[*`\\\u200b\u2060\ufeff]+|(?<!\w)_++|_++(?!\w)|~~++|</?(?:p|b|i|em|strong|span|div|br)(?:\s[^<>]{0,100}+)?/?>",
    re.IGNORECASE,
)
_FRAME = ' \t>#-+•–—([{【（"“„«'  # what stands before the word: quotes, headings, items of lists, brackets
_STATED = re.compile(
    r"confidence(?: level)?(?:\s*+[:：=]|\s[–—-])\s*+[\[<\"“„«]?(?P<level>high|medium|low)(?!\w)"
    r"(?:\s++confidence(?!\w))?+[\]>\"”“»]?(?P<rest>.*+)",
    re.IGNORECASE | re.DOTALL,
)
_REASON = re.compile(r"[\s,;.:，；：。–—-]*+(?:[(（]\s*+)?+because(?: of)?\b[\s,:]*+", re.IGNORECASE)
_HYPHENATED = re.compile(r"[-–—/]\w")  # "Confidence: high-quality data" is about something else
_RULE = re.compile(r"(?:\A|\n)[ \t]*+(?:[-*_=][ \t]*+){3,}+\Z")  # drawn above the line, or below it
_FENCE = re.compile(r"(?:\A|\n)[ \t]*+(?:```|~~~)\w*+[ \t]*+\Z")  # the line may stand in one of its own
_GIVEN = re.compile(r"[\s*_>-]*+(?:reason[*_]*+\s*+[:：][\s*_]*+|because\b[\s,:]*+)", re.IGNORECASE)
_BLANKS = " \t,;*_"
_BETWEEN = ",;.:，；：。–—-(（"


def stated(text: str) -> tuple[str, str, str]:
    """The text without its last line that is not empty, where that states a confidence; the level; the reason.

    The level is "high", "medium" or "low"; "" where none is stated: then the text is as it was. The reason may be "",
    and may stand in a line of its own behind it.
    """
    whole, fence = text.rstrip(), _FENCE.search(text.rstrip())
    body, last = _parted(_RULE.sub("", whole[: fence.start()] if fence else whole).rstrip())
    if given := _GIVEN.match(last, 0, LONGEST_LINE):
        above, before = _parted(body)
        if not _read(before)[1]:
            body, last = above, f"{before.rstrip(_BLANKS)}, because {last[given.end() :]}"
    level, reason = _read(last)
    opening = _FENCE.search(body)
    if not level or (fence and not opening):
        return text, "", ""
    return _RULE.sub("", (body[: opening.start()] if fence and opening else body).rstrip()).rstrip(), level, reason


def _parted(text: str) -> tuple[str, str]:
    """A text without its last line, and that line."""
    body, _, last = text.rpartition("\n")
    return body.rstrip(), last


def _read(line: str) -> tuple[str, str]:
    if len(line) > LONGEST_LINE:
        return "", ""
    found = _STATED.fullmatch(_MARKUP.sub("", line).lstrip(_FRAME))
    if not found:
        return "", ""
    if _HYPHENATED.match(found["rest"]):
        return "", ""
    rest = found["rest"].strip()
    because = _REASON.match(rest)
    if rest and not because and rest[0] not in f"{_BETWEEN})]}}】）":
        return "", ""  # "Confidence: high | medium | low" states none
    reason = rest[because.end() :] if because else rest.lstrip(f"{_BETWEEN} ")
    reason = _unbracketed(reason.rstrip(" .。"))
    return (found["level"].lower(), reason) if len(reason) <= LONGEST_REASON else ("", "")


def _unbracketed(reason: str) -> str:
    """The reason without the bracket that closes the line."""
    for opening, closing in ("()", "[]", "{}", "【】", "（）", "“”", "«»"):
        if reason.endswith(closing) and reason.count(closing) > reason.count(opening):
            reason = reason[:-1].rstrip(" .。")
    return reason.removesuffix('"').rstrip(" .。") if reason.count('"') % 2 else reason
