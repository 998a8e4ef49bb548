"""The numbers that a sentence says, as values that can be compared: digits of any form, and numbers as words. Pure.

Digits within names (GPT-4, CO2, 5G) and versions are no numbers. Ordinals, words for ten and less, and numbers behind
words as "chapter" are: a source may hold them, but nothing that is claimed needs one for them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

from bot.text.agreement import Number
from bot.text.bounds import bound
from bot.text.language import language_of
from bot.text.months import is_month, months
from bot.text.spelled import spelled
from bot.text.units import Measure, measure, money

HALF = 0.5
ROUGHLY = 0.04  # what the last digit of a fraction as words is worth: "two thirds" are 65 to 68 percent
SPELLED_FROM = 11  # smaller ones as words are no statement; in a source they count
LONGEST = 2_000  # characters of a text whose numbers are kept for the next time
SHARES = 100  # "one in" so many
MONTH, MONTHS = "calendar", 12  # the unit of a month of a date, which is none of a duration

_SAME_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−–", "0123456789---")
_FRACTIONS = {
    word: value
    for value, words in (
        (HALF, "half halves halfway hälfte halb halbe halben moitié mitad metà metade ½"),
        (0.25, "quarter quarters viertel quart ¼"),
        (0.75, "¾"),
        (1 / 3, "third thirds drittel tiers tercio tercios terzo ⅓"),
        (2 / 3, "⅔"),
        (0.2, "fifth fifths fünftel"),
        (0.1, "tenth tenths zehntel"),
    )
    for word in words.split()
}
_HALVES = frozenset("½¼¾⅓⅔")
_DOZEN = frozenset({"dozen", "dutzend", "douzaine", "docena"})
_SMALL = (
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
_EACH = {"zweite": 2, "dritte": 3, "vierte": 4, "fünfte": 5, "sechste": 6, "siebte": 7, "achte": 8, "zehnte": 10}
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
    rf"(?P<money>(?:US)?[$€£¥₹][ \u00a0]?|(?<!\w)(?:USD|EUR|GBP|CHF|JPY|INR)[ \u00a0]?)?(?P<digits>{_DIGITS})"
    r"(?P<half>[ \u00a0]?[½¼¾⅓⅔])?"
)
_WORD = re.compile(r"[^\W\d_]++|[½¼¾⅓⅔]")
_JOINED = re.compile(r"\s?(?:[–—-]|/|to|bis|à|a|and|und|or|oder|et|y|o|ou)\s?")
_BEFORE = re.compile(r"([^\W\d_][^\W\d_-]{0,20}|§)\.?\s?\Z")
_LATIN = "A-Za-zÀ-ÖØ-öø-ɏΑ-Ωα-ω"
# A name: letters and digits in one, or with a hyphen; not "mid-2023", and no money.
_NAME = re.compile(
    rf"(?<![\w$€£¥₹.,-])(?!(?:USD|EUR|GBP|CHF|JPY|INR)\d)(?:[{_LATIN}]{{1,20}}\d[\w.]{{0,20}}|[A-Z]{{2,6}}/\d{{1,3}}"
    rf"|(?!(?i:mid|pre|post|under|over|sub|top|ab|seit|mitte|anfang|ende)-)[{_LATIN}]{{1,20}}[-–](?!(?:1\d|20)\d\d(?!\d))\d[\w.]{{0,20}})"
    r"|(?<![\w$€£¥₹.,])[1-8][GDK](?!\w)|(?<![\d/])(?:24/7|9/11)(?![\d/])"
)
_VERSION = re.compile(r"(?<![\w.])(?!\d{1,3}(?:\.\d{3})+(?![\d.]))\d{1,4}(?:\.\d{1,4}){2,4}(?!\w)")
_ORDINAL = re.compile(r"(?<![\d.,])(\d{1,3})(?:st|nd|rd|th|er|ers|ère|ème|e|º|ª|s)(?!\w)", re.IGNORECASE)
_CENTURY = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.|ème|er|e|\s?o|º)?[\s-]{1,2}(?:century|centuries|Jahrhunderts?|Jh|siècles?|siglo)"
    r"|siglo\s(\d{1,2})",
    re.IGNORECASE,
)
_DECADE = re.compile(
    r"(?<![\d.,])((?:1[0-9]|20)\d0)(?:['’]?s\b|er\b)|(?:les années|los años|gli anni)\s((?:1[0-9]|20)\d0)",
    re.IGNORECASE,
)
_SHORT_DECADE = re.compile(r"['’](\d0)s\b")
_CLOCK = re.compile(
    r"(?<![\d:.,])([01]?\d|2[0-4])(?:[:.]([0-5]\d))?\s?(am\b|pm\b|a\.m\.|p\.m\.|uhr\b)|(?<![\d:])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?<!\d)((?:1\d|20)\d\d)-(\d\d)-(\d\d)(?!\d)|(?<![\d.])(\d{1,2})\.\s?(\d{1,2})\.\s?((?:1\d|20)\d\d)(?!\d)"
)
_SLASHED = re.compile(r"(?<![\d/.])(\d{1,2})/(\d{1,2})/((?:1\d|20)\d\d)(?![\d/])")
_YEARS = re.compile(r"(?<![\d.,])(1\d|20)(\d\d)(\s?[–—/-]\s?)(\d\d)(?![\d%]|[.,/-]\d)")
_POWER = re.compile(
    r"(?<![\d.,])(?:(\d{1,9}(?:[.,]\d{1,9})?)\s?[x×·*]\s?)?10(?:\^\(?([-−–]?\d{1,2})\)?|([⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}))"
)
_PER_HUNDRED = re.compile(r"百分之(\d{1,3}(?:\.\d{1,3})?)")
_SHARE = re.compile(
    r"(?<!\w)(\w{1,6}) (?:in|out of|von|sur|de cada) (?:every |each )?(\w{1,6})(?!\w)|(?<!\w)jede[rs]? (\w{4,8})(?!\w)",
    re.IGNORECASE,
)
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
        yield _plain(month.said, month.number, MONTH, exempt=not month.dated)
    for pattern, read in _FORMS:
        found = list(pattern.finditer(text))
        for each in found:
            yield from read(each)
        if found:
            text = pattern.sub(lambda each: "\x00" * len(each[0]), text)
    yield from _halves(text, language)
    yield from _digits(text, language)
    yield from _words(text, language)


def _plain(said: str, value: float, unit: str = "", exempt: bool = False) -> Number:
    return Number(said, ((value, 1.0),), unit, exempt)


def _year(year: str) -> Number:
    return Number(year, ((float(year), 1.0),), year=True)


def _date(found: re.Match[str]) -> Iterator[Number]:
    year, month, day = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
    yield _year(year)
    yield _plain(month, float(month), MONTH)
    yield _plain(day, float(day))


def _slashed(found: re.Match[str]) -> Iterator[Number]:
    """A date whose first number is its day or its month, by the country."""
    either = tuple((float(each), 1.0) for each in found.group(1, 2))
    yield _year(found[3])
    yield Number(found[0], either, MONTH)
    yield Number(found[0], either)


def _years(found: re.Match[str]) -> Iterator[Number]:
    """Two years, "1855–57" and "1999–00"; or a year and its month, "2024-03"."""
    first, short = f"{found[1]}{found[2]}", int(found[4])
    yield _year(first)
    if short > int(found[2]):
        yield _year(f"{found[1]}{found[4]}")
    elif 1 <= short <= MONTHS and found[3] in "-/":
        yield _plain(found[4], short, MONTH)
    else:
        yield _year(f"{int(found[1]) + 1}{found[4]}")


def _clock(found: re.Match[str]) -> Iterator[Number]:
    hours, minutes = int(found[1] or found[4]), int(found[2] or found[5] or 0)
    later = (found[3] or "").casefold().startswith("p") and hours < 12
    yield _plain(found[0], (hours + 12 * later) * 60 + minutes, "clock")


def _power(found: re.Match[str]) -> Iterator[Number]:
    times = float((found[1] or "1").replace(",", "."))
    step = 10.0 ** int((found[2] or found[3]).translate(_SUPERSCRIPT))
    yield Number(found[0], ((times * step, _worth(found[1] or "1") * step),))


def _share(found: re.Match[str]) -> Iterator[Number]:
    part, of = (1, _EACH.get(found[3].casefold())) if found[3] else (_small(found[1]), _small(found[2]))
    if part and of and part < of <= SHARES:
        yield Number(found[0], ((part / of, 0.01),), exempt=True)


def _small(word: str) -> int | None:
    return int(word) if word.isdecimal() else _SMALL.get(word.casefold())


def _first(unit: str) -> Callable[[re.Match[str]], Iterator[Number]]:
    """Reads a form by the number in it; an ordinal is exempt."""

    def read(found: re.Match[str]) -> Iterator[Number]:
        value = next(each for each in found.groups() if each)
        yield _plain(found[0], float(value), unit, exempt=not unit)

    return read


def _nothing(found: re.Match[str]) -> Iterator[Number]:
    return iter(())


# Forms that are read, and taken out, before all other digits are looked at.
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterator[Number]]], ...] = (
    (_CENTURY, _first("century")),
    (_DECADE, _first("decade")),
    (_SHORT_DECADE, _first("")),
    (_DATE, _date),
    (_SLASHED, _slashed),
    (_CLOCK, _clock),
    (_POWER, _power),
    (_PER_HUNDRED, _first("%")),
    (_NAME, _nothing),
    (_VERSION, _nothing),
    (_ORDINAL, _first("")),
    (_YEARS, _years),
)


def _halves(text: str, language: str) -> Iterator[Number]:
    """Shares such as "one in five", and what is half as much more: "one and a half million"."""
    for found in _SHARE.finditer(text):
        yield from _share(found)
    for found in _AND_HALF.finditer(text):
        whole = _small(found[1]) if found[1] else _SMALL.get((found[2] or "").casefold().removesuffix("einh"), 1)
        if whole is not None:
            what = measure(text, found.end() - 1, language)
            value = (whole + 0.5) * what.scales[0] * what.factor
            yield Number(found[0], ((value, value / 15),), what.unit, exempt=True, factor=what.factor)


def _digits(text: str, language: str) -> Iterator[Number]:
    following: tuple[int, Measure] | None = None
    for found in reversed(list(_NUMBER.finditer(text))):  # what follows the second number of a range is of both
        own = what = measure(text, found.end(), language, money(found["money"] or ""))
        year = re.fullmatch(r"1\d{3}|20\d{2}", found["digits"]) is not None and not own
        if following and not own and not year and _JOINED.fullmatch(text, found.end(), following[0]):
            what = following[1]
        following = (found.start(), what)
        scales = dict.fromkeys((*own.scales, *what.scales))
        values = tuple(
            (value * scale * what.factor, worth * scale * what.factor)
            for value, worth in _values(found["digits"], (found["half"] or "").strip())
            for scale in scales
        )
        said = text[found.start() : max(own.end, found.end())].strip()
        exempt, its_bound = not own and _is_title(text, found, language), bound(text, found.start())
        yield Number(said, values, what.unit, exempt, year, what.factor, its_bound)


def _is_title(text: str, found: re.Match[str], language: str) -> bool:
    """Whether a number is part of a name or an ordinal: "chapter 3", "der 2. Versuch"."""
    before = _BEFORE.search(text, max(found.start() - 24, 0), found.start())
    if before and before[1].casefold() in _TITLES:
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
    return [(float(reading), _worth(reading)) for reading in readings if reading.count(".") < 2]


def _worth(reading: str) -> float:
    reading = reading.replace(",", ".")
    if "." in reading:
        return 10.0 ** -len(reading.partition(".")[2])
    zeros = len(reading) - len(reading.rstrip("0"))
    return float(10**zeros) if zeros < len(reading) else 1.0


def _words(text: str, language: str) -> Iterator[Number]:
    """Numbers that are written as words."""
    taken: set[int] = set()
    for each in spelled(text, language):
        if text[max(each.start - 2, 0) : each.start].strip(" -\u00a0").isdigit():
            continue  # the million of "3 million"
        what = measure(text, each.end, language)
        taken.update(range(each.start, each.end))
        exempt = each.vague or each.value < SPELLED_FROM
        worth = _worth(str(int(each.value))) if each.value >= 1 else 0.01
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
    word, times = found[0].casefold(), max(_SMALL.get(before[0].casefold(), 1), 1) if before else 1
    start = before.start() if before and times > 1 else found.start()
    if word in _FRACTIONS and not (word in _HALVES and text[: found.start()].rstrip()[-1:].isdigit()):
        counted = times > 1 and _FRACTIONS[word] != HALF
        values = ((_FRACTIONS[word] * times, ROUGHLY),)
        yield Number(text[start : found.end()], values, exempt=not counted, bound=bound(text, start))
    elif word in _DOZEN:
        yield _plain(text[start : found.end()], 12 * times)
    elif word in _SMALL:
        what = measure(text, found.end(), language)
        values = ((_SMALL[word] * what.scales[0] * what.factor, what.factor),)
        yield Number(word, values, what.unit, exempt=True, factor=what.factor)
