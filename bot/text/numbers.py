"""The numbers that a sentence says, as values that can be compared: digits of any form, and numbers as words. Pure.

Digits within names (GPT-4, CO2, 5G) and versions are no numbers. Ordinals, words for ten and less, and numbers behind
words as "chapter" are: a source may hold them, but nothing that is claimed needs one for them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from bot.text.agreement import Number, plain, worth_of
from bot.text.bounds import bound
from bot.text.forms import MONTH, taken_out
from bot.text.language import language_of
from bot.text.months import is_month, months
from bot.text.spelled import SMALL, small, spelled
from bot.text.units import BEFORE, Measure, measure, money

HALF = 0.5
ROUGHLY = 0.04  # what the last digit of a fraction as words is worth: "two thirds" are 65 to 68 percent
BEYOND = 0.06  # the same where it is a bound: "more than a third" are up to 39 percent
SPELLED_FROM = 11  # smaller ones as words are no statement; in a source they count
LONGEST = 2_000  # characters of a text whose numbers are kept for the next time

_SAME_DIGITS = str.maketrans("０１２３４５６７８９μ", "0123456789µ")
_FRACTIONS = {
    word: value
    for value, words in (
        (HALF, "half halves halfway hälfte halb halbe halben moitié mitad metà metade ½"),
        (0.25, "quarter quarters viertel vierteln quart quarts cuarta cuartas cuartos ¼"),
        (0.75, "¾"),
        (1 / 3, "third thirds drittel dritteln tiers tercio tercios terzo ⅓"),
        (2 / 3, "⅔"),
        (0.2, "fifth fifths fünftel fünfteln cinquièmes quintas quintos"),
        (0.125, "eighth eighths achtel achteln"),
        (0.1, "tenth tenths zehntel zehnteln"),
    )
    for word in words.split()
}
_HALVES = frozenset("½¼¾⅓⅔")
_DOZEN = frozenset({"dozen", "dutzend", "douzaine", "docena"})
# Words behind which a number is a name.
_TITLES_TEXT = """
    chapter section article figure fig table type level phase version generation route channel formula windows iphone
    boeing airbus apollo web usb wi-fi wifi fi industrie industry iso din iec ieee rfc class tier grade stage step part
    page question season episode scope category platform terminal block model python java android ios mark agenda
    horizon vision act rule resolution goal no nr number kapitel abschnitt artikel abbildung tabelle typ stufe klasse
    teil seite frage staffel folge kategorie gleis modell nummer ziffer absatz llama claude gemini gpt playstation xbox
    chapitre page tableau capítulo página tabla artículo artículos §
"""
_TITLES = frozenset(_TITLES_TEXT.split())

_DIGITS = r"\d{1,3}(?:[\u00a0\u2009\u202f ]\d{3})++(?:[.,]\d++)?(?!\d)|\d++(?:[.,'’]\d++)*+|(?<![\w.])\.\d++"
_NUMBER = re.compile(
    rf"(?P<money>{BEFORE})?(?P<digits>{_DIGITS})"
    r"(?P<half>[ \u00a0]?[½¼¾⅓⅔])?"
)
_WORD = re.compile(r"[^\W\d_]++|[½¼¾⅓⅔]")
_JOINED = re.compile(r"\s?(?:[–—-]|/|to|bis|auf|à|a|hasta|and|und|or|oder|et|y|o|ou)\s?")
# What follows a number that says not of what it is.
_BARE = re.compile(
    r"\s?(?:[,;:.!?)(–—]|\Z)|\s(?:in|im|en|to|auf|a|à|bis|by|and|und|et|y|or|oder|from|von|on|for|nach|as|per|vor)\b",
    re.IGNORECASE,
)
_PARTED = re.compile(r"[.!?]\s|\n\s*\n")
# A part as a word that is meant as a number: "a third of all", not "a third" or "a quarter of an hour".
_OF = re.compile(r"\s(?:of(?! an?\b)|der|des|aller|ihrer|seiner|du|de la|de los|de las|del|della)\b", re.IGNORECASE)
# Before words that are no number there: "pour cent", "los años sesenta", "one and a half million".
_NO_NUMBER = re.compile(r"(?<!\w)(?:pour|por|per|años|années|anni|and a half)\s\Z", re.IGNORECASE)
_ABOUT = re.compile(
    r"(?<!\w)(?:about|around|some|roughly|approximately|rund|etwa|ungefähr|circa|ca\.|environ|unos|unas)\s\Z",
    re.IGNORECASE,
)
# A number of four digits that counts what follows it, unless the word before it says that it is a year.
_COUNTS = {
    "de": re.compile(r"\s(?!Uhr\b)[A-ZÄÖÜ][a-zäöüß]++"),
    "en": re.compile(r"\s(?:people|men|women|(?!was\b|has\b)[a-z]{2,}s)\b"),
}
_YEAR_BEFORE = re.compile(
    r"(?<!\w)(?:in|im|since|by|of|from|until|till|the|to|and|between|during|before|after|for|early|late|mid|year|"
    r"jahr\w*|seit|ab|bis|von|vom|vor|nach|um|und|anfang|mitte|ende|sommer|winter|frühjahr|herbst|spring|summer|autumn)\s\Z"
    r"|[-–/]\s?\Z",
    re.IGNORECASE,
)
_YEAR = re.compile(r"1\d{3}|20\d{2}")
_MONTH_BEHIND = re.compile(r"\.?\s(?:de\s|of\s)?([^\W\d_]++)", re.IGNORECASE)
_BEFORE = re.compile(r"([^\W\d_][^\W\d_-]{0,20}|§)\.?\s?\Z")
_AND_HALF = re.compile(
    r"(?<!\w)(\w{1,6}) (?:and a half|y medio|et demi) |(?<!\w)(anderth|\w{2,4}einh|einh)alb(?:e[nr]?)? ", re.IGNORECASE
)


def claimed(text: str, language: str = "") -> tuple[Number, ...]:
    """The numbers that a sentence says and that need a source."""
    return tuple(each for each in numbers(text, language) if not each.exempt)


def numbers(text: str, language: str = "") -> tuple[Number, ...]:
    """All numbers that a text says, those in words too; its language is found out where it is not given."""
    return _kept(text, language) if len(text) <= LONGEST else tuple(_numbers(text, language))


@lru_cache(maxsize=4_096)
def _kept(text: str, language: str) -> tuple[Number, ...]:
    return tuple(_numbers(text, language))


def _numbers(text: str, language: str) -> Iterator[Number]:
    text = unicodedata.normalize("NFC", text).translate(_SAME_DIGITS)
    language = language or language_of(text)
    for month in months(text):
        yield plain(month.said, month.number, MONTH, exempt=not month.dated)
    read, text = taken_out(text)
    yield from read
    yield from _halves(text, language)
    yield from _digits(text, language)
    yield from _words(text, language)


def _halves(text: str, language: str) -> Iterator[Number]:
    """What is half as much more: "one and a half million"."""
    for found in _AND_HALF.finditer(text):
        whole = small(found[1]) if found[1] else SMALL.get((found[2] or "").casefold().removesuffix("einh"), 1)
        if whole is not None:
            what = measure(text, found.end() - 1, language)
            value = (whole + 0.5) * what.scales[0] * what.factor
            exempt = value / what.factor < SPELLED_FROM
            yield Number(found[0], ((value, value / 15),), what.unit, exempt, factor=what.factor)


def _digits(text: str, language: str) -> Iterator[Number]:
    found = list(_NUMBER.finditer(text))
    own = [measure(text, each.end(), language, money(each["money"] or "")) for each in found]
    for each, mine, meant, near in zip(found, own, _meant(text, found, own), _near(text, found, own), strict=True):
        yield _number(text, language, each, mine, meant, near)


def _meant(text: str, found: list[re.Match[str]], own: list[Measure]) -> list[Measure]:
    """Of what each number is: what follows the second number of a range is of both."""
    meant = list(own)
    for place in range(len(found) - 2, -1, -1):
        joined = _JOINED.fullmatch(text, found[place].end(), found[place + 1].start())
        if joined and not own[place] and not _YEAR.fullmatch(found[place]["digits"]):
            meant[place] = meant[place + 1]
    return meant


def _near(text: str, found: list[re.Match[str]], own: list[Measure]) -> list[set[float]]:
    """How often each number may be meant by what the next ones with a measure in its sentence say."""
    near: list[set[float]] = [set() for _ in found]
    places = range(len(found))
    for order in (places, places[::-1]):
        last, before = Measure(), None
        for place in order:
            start, end = sorted((before or found[place], found[place]), key=lambda each: each.start())
            if _PARTED.search(text, start.end(), max(end.start(), start.end())):
                last = Measure()
            near[place].update(last.scales)
            last, before = own[place] or last, found[place]
    return near


def _number(text: str, language: str, found: re.Match[str], own: Measure, meant: Measure, near: set[float]) -> Number:
    digits, before = found["digits"], bound(text, found.start())
    shaped = not own and _YEAR.fullmatch(digits) is not None
    year = shaped and not before and not _is_count(text, found, language)
    day = not own and _is_day(text, found)
    bare = not meant and not shaped and not day and _BARE.match(text, found.end()) is not None
    scales = dict.fromkeys((*own.scales, *meant.scales, *(sorted(near) if bare else ())))
    values = tuple(
        (value * scale * meant.factor, 0 if day else worth * scale * meant.factor)
        for value, worth in _values(digits, (found["half"] or "").strip())
        for scale in scales
    )
    said = text[found.start() : max(own.end, found.end())].strip()
    exempt = not own and _is_title(text, found, language)
    return Number(said, values, meant.unit, exempt, year, meant.factor, before, bare)


def _is_count(text: str, found: re.Match[str], language: str) -> bool:
    """Whether a number that may be a year counts something: "about 1500", "1320 Menschen"."""
    if _ABOUT.search(text, max(found.start() - 24, 0), found.start()):
        return True
    counts = _COUNTS.get(language)
    behind = counts.match(text, found.end()) if counts else None
    if not behind or is_month(behind[0].strip()):
        return False
    return not _YEAR_BEFORE.search(text, max(found.start() - 24, 0), found.start())


def _is_day(text: str, found: re.Match[str]) -> bool:
    """Whether a number is the day of a date."""
    if len(found["digits"]) > 2:
        return False
    behind = _MONTH_BEHIND.match(text, found.end())
    before = _BEFORE.search(text, max(found.start() - 24, 0), found.start())
    return any(each is not None and is_month(each[1]) for each in (behind, before))


def _is_title(text: str, found: re.Match[str], language: str) -> bool:
    """Whether a number is part of a name or an ordinal: "chapter 3", "der 2. Versuch"."""
    before = _BEFORE.search(text, max(found.start() - 24, 0), found.start())
    if before and before[1].casefold() in _TITLES:
        return True
    if (
        len(found["digits"]) <= 2
        and text[found.start() - 1 : found.start()] == "("
        and text.startswith(")", found.end())
    ):
        return True
    if text[found.end() : found.end() + 1].isalpha():  # letters that are no unit, as in "747b"
        return not found["money"] and text[found.end()].isascii() and text[found.end()] not in "xX"
    after = re.match(r"\. ([^\W\d_]++)", text[found.end() : found.end() + 24]) if language == "de" else None
    return bool(after and len(found["digits"]) <= 2 and after[1][0].isupper() and not is_month(after[1]))


def _values(digits: str, half: str) -> list[tuple[float, float]]:
    """What digits may mean, each with the worth of its last digit that says something."""
    plain = re.sub(r"[\s'’]", "", digits)
    marks = [each for each in plain if each in ".,"]
    readings: list[str] = []
    if not marks:
        readings = [plain]
    elif len(set(marks)) == 2:  # the last one of them is the decimal's
        last = marks[-1]
        readings = [plain.replace("." if last == "," else ",", "").replace(last, ".")]
    elif len(marks) > 1:
        readings = [plain.replace(marks[0], "")]
    else:
        whole, part = plain.split(marks[0])
        readings = [f"{whole}.{part}"]
        if len(part) == 3 and 0 < len(whole) <= 3 and whole != "0":
            readings.append(whole + part)
    if half:
        return [(float(reading) + _FRACTIONS[half], 0.01) for reading in readings if reading.count(".") < 2]
    return [(float(reading), worth_of(reading)) for reading in readings if reading.count(".") < 2]


def _words(text: str, language: str) -> Iterator[Number]:
    """Numbers that are written as words."""
    taken: set[int] = set()
    for each in spelled(text, language):
        if text[max(each.start - 2, 0) : each.start].strip(" -\u00a0").isdigit():
            continue  # the million of "3 million"
        if _NO_NUMBER.search(text, max(each.start - 12, 0), each.start):
            continue
        what = measure(text, each.end, language)
        taken.update(range(each.start, each.end))
        exempt = each.vague or each.value < SPELLED_FROM
        worth = worth_of(str(int(each.value))) if each.value >= 1 else 0.01
        scaled = tuple((each.value * scale * what.factor, worth * scale * what.factor) for scale in what.scales)
        said = text[each.start : max(each.end, what.end)]
        yield Number(said, scaled, what.unit, exempt, factor=what.factor, bound=bound(text, each.start))
    before: re.Match[str] | None = None
    for found in _WORD.finditer(text):
        if found.start() not in taken:
            yield from _word(text, found, before, language)
        before = found


def _word(text: str, found: re.Match[str], before: re.Match[str] | None, language: str) -> Iterator[Number]:
    """A word that is a number by itself, or how often a fraction or a dozen is meant."""
    word, times = found[0].casefold(), max(SMALL.get(before[0].casefold(), 1), 1) if before else 1
    start = before.start() if before and times > 1 else found.start()
    if word in _FRACTIONS and not (word in _HALVES and text[: found.start()].rstrip()[-1:].isdigit()):
        article = before is not None and SMALL.get(before[0].casefold(), before[0].casefold()) in (1, "a")
        counted = _FRACTIONS[word] != HALF and (times > 1 or (article and _OF.match(text, found.end()) is not None))
        limit = bound(text, start)
        values = ((_FRACTIONS[word] * times, BEYOND if limit else ROUGHLY),)
        yield Number(text[start : found.end()], values, exempt=not counted, bound=limit)
    elif word in _DOZEN:
        yield plain(text[start : found.end()], 12 * times)
    elif word in SMALL:
        what = measure(text, found.end(), language)
        values = ((SMALL[word] * what.scales[0] * what.factor, what.factor),)
        yield Number(word, values, what.unit, exempt=True, factor=what.factor)
