"""Numbers that are written as words, in English, German, French and Spanish. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from text_to_num import text2num

LONGEST_WORD = 60  # letters that a number in one word may have

_WORD = re.compile(r"[^\W\d_]+")
_GAP = re.compile(r"[ \n\u00a0-]{1,2}")
_WORDS = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand "
    "million billion",
    "fr": "zéro un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt "
    "vingts trente quarante cinquante soixante septante huitante nonante cent cents mille million millions "
    "milliard milliards",
    "es": "cero uno una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
    "diecisiete dieciocho diecinueve veinte veintiuno veintiún veintidós veintitrés veinticuatro veinticinco "
    "veintiséis veintisiete veintiocho veintinueve treinta cuarenta cincuenta sesenta setenta ochenta noventa "
    "cien ciento doscientos doscientas trescientos trescientas cuatrocientos quinientos quinientas "
    "seiscientos setecientos ochocientos novecientos mil millón millones",
}
_SEPARATE = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_GERMAN = re.compile(
    r"(?:(?:ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|sech|sieb|zwanzig|drei(?:ß|ss)ig|hundert|tausend"
    r"|zig|und)++)|null|eins|millionen|milliarden|million|milliarde"
)
_ALONE = frozenset({"und", "ein", "un", "une", "una", "uno", "zig"})  # articles and parts of words
_AND = frozenset({"and", "und", "et", "y"})
_VAGUE_TEXT = "hundred thousand million billion millionen milliarden milliarde millions milliards millones"
_VAGUE = frozenset(_VAGUE_TEXT.split())
_A = frozenset(
    {
        "a",
        "an",
        "one",
        "quarter",
        "viertel",
        "ein",
        "eine",
        "einer",
        "einen",
        "un",
        "une",
        "una",
        "half",
        "halbe",
        "halben",
        "medio",
    }
)

_PARTS = {"half": 0.5, "halbe": 0.5, "medio": 0.5, "quarter": 0.25, "viertel": 0.25}
_PART = re.compile(r"(?<![\w-])(half(?: an?)?|halbe|medio|quarter(?:[ -]of an?)?|viertel)[ -]\Z", re.IGNORECASE)
LONGEST_PART = 20  # characters of "a quarter of a" before "million"


SMALL = (
    {
        word: value
        for listed in (
            "zero one two three four five six seven eight nine ten",
            "null eins zwei drei vier fünf sechs sieben acht neun zehn",
            "zéro un deux trois quatre cinq six sept huit neuf dix",
            "cero uno dos tres cuatro cinco seis siete ocho nueve diez",
        )
        for value, word in enumerate(listed.split())
    }
    | dict.fromkeys(("ein", "eine", "einen", "einem", "einer", "eines", "un", "une", "una", "uno"), 1)
    | {"both": 2, "once": 1, "twice": 2, "beide": 2, "doppelt": 2}
)


@dataclass(frozen=True)
class Spelled:
    """A number as words, and where it stands; ``vague`` as in "several hundred"."""

    start: int
    end: int
    value: float
    vague: bool = False


def small(word: str) -> int | None:
    """A number of ten or less as a word, or any in digits; None for another word."""
    return int(word) if word.isdecimal() else SMALL.get(word.casefold())


def spelled(text: str, language: str) -> Iterator[Spelled]:
    """The numbers of a text in this language; where it is not known, in English and in German."""
    words = list(_WORD.finditer(text))
    for name in (language,) if language in ("de", *_SEPARATE) else ("en", "de"):
        at = 0
        while at < len(words):
            if not _is_number(words[at][0], name):
                at += 1
                continue
            end = _run(text, words, at, name)
            yield from _read(text, words, at, end, name)
            at = end


def _run(text: str, words: list[re.Match[str]], at: int, language: str) -> int:
    """Behind the last word of the number that begins with this one."""
    end = at + 1
    while end < len(words) and _GAP.fullmatch(text, words[end - 1].end(), words[end].start()):
        if _is_number(words[end][0], language):
            end += 1
        elif words[end][0].casefold() in _AND and end + 1 < len(words) and _is_number(words[end + 1][0], language):
            end += 2
        else:
            break
    return end


def _is_number(word: str, language: str) -> bool:
    plain = word.casefold()
    if language == "de":
        return len(plain) <= LONGEST_WORD and plain != "und" and _GERMAN.fullmatch(plain) is not None
    return plain in _SEPARATE[language]


def _read(text: str, words: list[re.Match[str]], at: int, end: int, language: str) -> Iterator[Spelled]:
    """A run of words as one number, or each by itself where they make none together."""
    start, stop = words[at].start(), words[end - 1].end()
    plain = re.sub(r"\s", " ", text[start:stop].casefold())
    if plain in _ALONE:
        return
    before = words[at - 1][0].casefold() if at else ""
    value = _value(plain, language)
    if value is not None:
        part = _PART.search(text, max(start - LONGEST_PART, 0), start)
        times = _PARTS[part[1].casefold().partition(" ")[0]] if part else 1.0
        yield Spelled(start, stop, value * times, plain in _VAGUE and before not in _A)
    elif end - at > 1:
        for each in range(at, end):
            if _is_number(words[each][0], language):
                yield from _read(text, words, each, each + 1, language)


def _value(words: str, language: str) -> float | None:
    if language == "en":
        words = words.replace("-", " ")
    if language == "de":
        words = re.sub(r"^eine? (?=mil)", "", words)
    try:
        return float(text2num(words, language))
    except ValueError:
        return None
