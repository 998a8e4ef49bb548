"""Numbers in a form of their own, which is read before all other digits: dates, centuries, clocks, powers. Pure.

Digits within names (GPT-4, CO2, 5G) and versions are such a form too, and no number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.text.agreement import Number, plain, worth_of
from bot.text.spelled import small
from bot.text.units import BEFORE

SHARES = 100  # "one in" so many
MONTH, MONTHS = "calendar", 12  # the unit of a month of a date, which is none of a duration

_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−–", "0123456789---")
_SCRIPT = re.compile(r"(?<=[A-Za-z])[_^]\{?[-−]?\d{1,2}\}?")  # as in "CO_2" and "m/s^2"
_EACH = {"zweite": 2, "dritte": 3, "vierte": 4, "fünfte": 5, "sechste": 6, "siebte": 7, "achte": 8, "zehnte": 10}
_LATIN = "A-Za-zÀ-ÖØ-öø-ɏΑ-Ωα-ω"
# A name: letters and digits in one, or with a hyphen; not "mid-2023", and no money.
_NAME = re.compile(
    rf"(?<![\w$€£¥₹.,-])(?!(?:{BEFORE})\d)(?:[{_LATIN}]{{1,20}}\d[\w.]{{0,20}}|[A-Z]{{2,6}}/\d{{1,3}}"
    rf"|(?!(?i:mid|pre|post|under|over|sub|top|ab|seit|mitte|anfang|ende)-)[{_LATIN}]{{1,20}}[-–](?!(?:1\d|20)\d\d(?!\d))\d[\w.]{{0,20}})"
    r"|(?<![\w$€£¥₹.,])[1-8][GDK](?!\w)|(?<![\d/])(?:24/7|9/11)(?![\d/])"
)
_VERSION = re.compile(r"(?<![\w.])(?!\d{1,3}(?:\.\d{3})+(?![\d.]))\d{1,4}(?:\.\d{1,4}){2,4}(?!\w)")
_ORDINAL = re.compile(r"(?<![\d.,])(\d{1,3})(?:st|nd|rd|th|er|ers|ère|ème|e|º|ª|s)(?!\w)", re.IGNORECASE)
_CENTURY = re.compile(
    r"(?<!\d)(?:(\d{1,2})(?:st|nd|rd|th|\.)?\s?(?:and|und|to|bis|or|oder|[–/-])\s?(?:the\s)?)?"
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.|ème|er|e|\s?o|º)?[\s-]{1,2}(?:century|centuries|Jahrhunderts?|Jh|siècles?|siglo)"
    r"|siglo\s(\d{1,2})",
    re.IGNORECASE,
)
_ROMAN_TEXT = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX XXI"
_ROMAN = {roman: number for number, roman in enumerate(_ROMAN_TEXT.split(), 1)}
_ORDINALS_TEXT = """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
    sixteenth seventeenth eighteenth nineteenth twentieth twenty-first
    ersten zweiten dritten vierten fünften sechsten siebten achten neunten zehnten elften zwölften dreizehnten
    vierzehnten fünfzehnten sechzehnten siebzehnten achtzehnten neunzehnten zwanzigsten einundzwanzigsten
"""
_ORDINALS = {word: place % len(_ROMAN) + 1 for place, word in enumerate(_ORDINALS_TEXT.split())}
_NAMED_CENTURY = re.compile(
    rf"(?<![\w-])(?:((?i:{'|'.join(_ORDINALS)}))[\s-](?i:century|jahrhundert)|([IVX]{{1,5}})(?:e|ème)?\s(?i:siècle)"
    r"|(?i:siglo|secolo)\s([IVX]{1,5})(?!\w))"
)
_DECADE = re.compile(
    r"(?<![\d.,])((?:1[0-9]|20)\d0)(?:['’]?s\b|er\b)|(?:les années|los años|gli anni)\s((?:1[0-9]|20)\d0)"
    r"|(?:década de(?: los)?|décennie)\s((?:1[0-9]|20)\d0)",
    re.IGNORECASE,
)
_SHORT_DECADE = re.compile(r"['’](\d0)s\b|(?:années|años|anni)\s(\d0)(?!\d)", re.IGNORECASE)
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
    r"(?<![\d.,])(?:(\d{1,9}(?:[.,]\d{1,9})?)\s?[x×·*]\s?)?10(?:\^[({]?([-−–]?\d{1,2})[)}]?|([⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}))"
)
_EXPONENT = re.compile(r"(?<![\w.,])(\d{1,9}(?:\.\d{1,9})?)[eE]([+-]?\d{1,2})(?!\w)")
_FRACTION = re.compile(r"(?<![\w/.,])(?:1/(?:[2-9]|10+)|2/[35]|3/[458]|4/5|5/[68]|7/8|9/10)(?![\w/]|[.,]\d)")
_PER_HUNDRED = re.compile(r"百分之(\d{1,3}(?:\.\d{1,3})?)")
_SHARE = re.compile(
    r"(?<!\w)(\w{1,6})(?: \w{2,12})? (?:in|out of|von|sur|de cada) (?:every |each )?(\w{1,6})(?!\w)"
    r"|(?<!\w)jede[rs]? (\w{4,8})(?!\w)",
    re.IGNORECASE,
)


def taken_out(text: str) -> tuple[list[Number], str]:
    """The numbers of a text that have such a form, and the text with something else in their places."""
    text = _SCRIPT.sub("", text)
    read: list[Number] = []
    for pattern, reader in _FORMS:
        matches = list(pattern.finditer(text))
        read += [number for found in matches for number in reader(found)]
        if matches:
            text = pattern.sub(lambda found: "\x00" * len(found[0]), text)
    read += [number for found in _SHARE.finditer(text) for number in _share(found)]
    return read, text


def _year(year: str) -> Number:
    return Number(year, ((float(year), 1.0),), year=True)


def _date(found: re.Match[str]) -> Iterator[Number]:
    year, month, day = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
    yield _year(year)
    yield plain(month, float(month), MONTH)
    yield plain(day, float(day))


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
        yield plain(found[4], short, MONTH)
    else:
        yield _year(f"{int(found[1]) + 1}{found[4]}")


def _clock(found: re.Match[str]) -> Iterator[Number]:
    hours, minutes = int(found[1] or found[4]), int(found[2] or found[5] or 0)
    later = (found[3] or "").casefold().startswith("p") and hours < 12
    yield plain(found[0], (hours + 12 * later) * 60 + minutes, "clock")


def _power(found: re.Match[str]) -> Iterator[Number]:
    times = float((found[1] or "1").replace(",", "."))
    step = 10.0 ** int((found[2] or found[3]).translate(_SUPERSCRIPT))
    yield Number(found[0], ((times * step, worth_of(found[1] or "1") * step),))


def _exponent(found: re.Match[str]) -> Iterator[Number]:
    step = 10.0 ** int(found[2])
    yield Number(found[0], ((float(found[1]) * step, worth_of(found[1]) * step),))


def _named_century(found: re.Match[str]) -> Iterator[Number]:
    number = _ORDINALS[found[1].casefold()] if found[1] else _ROMAN.get(found[2] or found[3])
    if number:
        yield plain(found[0], number, "century")


def _fraction(found: re.Match[str]) -> Iterator[Number]:
    part, of = map(int, found[0].split("/"))
    yield Number(found[0], ((part / of, 0.01),), exempt=True)


def _share(found: re.Match[str]) -> Iterator[Number]:
    part, of = (1, _EACH.get(found[3].casefold())) if found[3] else (small(found[1]), small(found[2]))
    if part and of and part < of <= SHARES:
        yield Number(found[0], ((part / of, 0.01),), exempt=True)


def _each(unit: str) -> Callable[[re.Match[str]], Iterator[Number]]:
    """Reads a form by the numbers in it; an ordinal is exempt."""

    def read(found: re.Match[str]) -> Iterator[Number]:
        for value in filter(None, found.groups()):
            yield plain(found[0], float(value), unit, exempt=not unit)

    return read


def _nothing(found: re.Match[str]) -> Iterator[Number]:
    return iter(())


# Forms that are read, and taken out, before all other digits are looked at.
_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterator[Number]]], ...] = (
    (_CENTURY, _each("century")),
    (_NAMED_CENTURY, _named_century),
    (_DECADE, _each("decade")),
    (_SHORT_DECADE, _each("")),
    (_DATE, _date),
    (_SLASHED, _slashed),
    (_CLOCK, _clock),
    (_POWER, _power),
    (_EXPONENT, _exponent),
    (_PER_HUNDRED, _each("%")),
    (_NAME, _nothing),
    (_FRACTION, _fraction),
    (_VERSION, _nothing),
    (_ORDINAL, _each("")),
    (_YEARS, _years),
)
