"""What stands behind a number: how often it is meant, as in "million", and of what, as in "km". Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_WORDS = 4  # behind a number that are looked at

_WORD = re.compile(r"[\s-]{0,2}(?:d['’])?(%|°\s?[CF]\b|[€£¥₹$¢]|US\$|万|[亿億]|[^\W\d_]{1,30}+[²³]?)")
_SCALES = {
    word: scale
    for scale, words in (
        (1e3, "thousand thousands tausend tsd mille mil mila tusen tusind tysiąc tysiące duizend"),
        (1e4, "万"),
        (1e5, "lakh"),
        (1e6, "million millions mn mio millionen millón millones milioni milione miljoen milhão milhões mln miljoner"),
        (1e7, "crore"),
        (1e8, "亿 億"),
        (1e9, "billion billions bn mrd mia milliarde milliarden milliard milliards miljard miliardi miliardo bilhão"),
        (1e9, "bilhões miljarder mld md mds"),
        (1e12, "trillion trillions tn billionen bio"),
        (12, "dozen dutzend douzaine docena docenas"),
    )
    for word in words.split()
}
_LONG = {"de": {"billion": 1e12, "trillion": 1e18}, "fr": {"billion": 1e12, "billions": 1e12}}
_SIGNS = ("€", "$", "£", "¥")
_ATTACHED = {"k": (1e3,), "K": (1e3,), "m": (1.0, 1e6), "M": (1e6,), "B": (1.0, 1e9), "b": (1.0, 1e9), "T": (1.0, 1e12)}
_SHORT = frozenset({"tsd", "mn", "mio", "mrd", "mln", "mld", "bn", "bio"})  # words that a full stop may follow
_IDLE = frozenset({"de", "of", "di", "von", "per", "por", "pour", "us", "square"})
_PERCENT = re.compile(r"%|pct|percent\w*|prozent\w*|procent\w*|percento|cent|cento|ciento")
# Points of a percentage are none of its percent: from 4 to 5 percent is one point, and a quarter more.
_POINTS = re.compile(r"pp|ppts?|prozentpunkt\w*|procentpoint\w*|procentpunt\w*|procentenhet\w*")
_OF_PERCENT = frozenset({"de", "porcentuales", "percentuali", "percentuais"})  # behind "points", or another such word
_SPLIT_PERCENT = frozenset({"per", "por", "pour"})  # the first word of "per cent"
_MONEY = {
    word: money
    for money, words in {
        "usd": "$ us$ usd dollar dollars dólares",
        "eur": "€ eur euro euros",
        "gbp": "£ gbp pound pounds pfund lb lbs",  # a pound may be a weight
        "jpy": "¥ yen jpy",
        "chf": "chf franken franc francs",
        "inr": "₹ rupees rupee rupien inr",
        "cny": "yuan renminbi rmb cny",
        "rub": "ruble rubles rouble roubles rubel rub",
        "crown": "krone kronen kroner krona kronor króna krónur sek nok dkk isk czk",
        "peso": "peso pesos mxn",
        "zloty": "zloty złoty pln",
        "dem": "dm mark",
    }.items()
    for word in words.split()
}
# Hundredths of the currencies that have these; which of them is meant is not said.
_CENTS = dict.fromkeys(("¢", "cent", "cents", "centime", "centimes", "céntimo", "céntimos"), "cent") | {
    "pence": "penny",
    "penny": "penny",
}
_OF_CENTS = {"cent": frozenset({"usd", "eur"}), "penny": frozenset({"gbp"})}
_STEPS = {"n": 1e-9, "µ": 1e-6, "m": 1e-3, "c": 1e-2, "": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}
_SYMBOLS = (
    {
        f"{step}{symbol}": (unit, by * factor)
        for unit, symbol, by, steps in (
            ("metre", "m", 1.0, "nµmck"),
            ("gram", "g", 1.0, "µmk"),
            ("gram", "t", 1e6, "kMG"),
            ("watt", "W", 1.0, "mkMGT"),
            ("watt hour", "Wh", 1.0, "kMGT"),
            ("hertz", "Hz", 1.0, "kMGT"),
            ("byte", "B", 1.0, "kMGT"),
            ("bit", "bit", 1.0, "kMGT"),
            ("volt", "V", 1.0, "mk"),
            ("joule", "J", 1.0, "kMGT"),
            ("litre", "l", 1.0, "mc"),
            ("second", "s", 1.0, "nµm"),
        )
        for step, factor in _STEPS.items()
        if not step or step in steps
    }
    | {f"{step}bps": ("bit", _STEPS[step]) for step in "kMGT"}
    | {"h": ("hour", 1.0), "min": ("minute", 1.0), "yr": ("year", 1.0), "yrs": ("year", 1.0), "mph": ("mile", 1.0)}
)
_PREFIXES = {"nano": 1e-9, "mikro": 1e-6, "micro": 1e-6, "milli": 1e-3, "zenti": 1e-2, "centi": 1e-2, "kilo": 1e3,
             "mega": 1e6, "giga": 1e9, "tera": 1e12, "": 1.0}  # fmt: skip
_NAMED = re.compile(
    r"(nano|mikro|micro|milli|zenti|centi|kilo|mega|giga|tera|)"
    r"(?:(met(?:er|re)[ns]?)|(gram\w{0,3})|(tonn?e?[ns]?)|(wattstunden?)|(watts?)|(hertz)|(bytes?)|(lit(?:er|re)[ns]?)|(bits?))"
)
_NAMES = (("metre", 1.0), ("gram", 1.0), ("gram", 1e6), ("watt hour", 1.0), ("watt", 1.0), ("hertz", 1.0),
          ("byte", 1.0), ("litre", 1.0), ("bit", 1.0))  # fmt: skip
_OTHERS = (
    ("year", re.compile(r"years?|jahr\w*|jähr\w*|ans?|années?|años?|ann[oi]")),
    ("month", re.compile(r"months?|monat\w*|mois|mes(?:es)?")),
    ("week", re.compile(r"weeks?|wochen?|wöch\w*|semaines?|semanas?")),
    ("day", re.compile(r"days?|tage?[ns]?|tägig\w*|jours?|días?")),
    ("hour", re.compile(r"hours?|stunden?|stündig\w*|heures?|horas?")),
    ("minute", re.compile(r"minut\w*")),
    ("second", re.compile(r"seconds?|sekunden?|secondes?|segundos?")),
    ("mile", re.compile(r"miles?|meilen?")),
    ("foot", re.compile(r"feet|foot|ft")),
    ("celsius", re.compile(r"°\s?c|celsius")),
    ("fahrenheit", re.compile(r"°\s?f|fahrenheit")),
)
_DEGREES = frozenset({"degrees", "grad", "degré", "degrés", "grados"})


@dataclass(frozen=True)
class Measure:
    """How often a number may be meant, of what, and how much of it one is: "km" are 1000 of "metre".

    ``unit`` is "%", "point" (of a percentage), a currency as in "usd", "" for whatever is counted; ``end`` is where in
    the text it ends.
    """

    scales: tuple[float, ...] = (1.0,)
    unit: str = ""
    factor: float = 1.0
    end: int = 0

    def __bool__(self) -> bool:
        return self.scales != (1.0,) or bool(self.unit)


# Signs of currencies that stand before a number, and codes.
BEFORE = r"(?:US)?[$€£¥₹][ \u00a0]?|(?<!\w)(?:USD|EUR|GBP|CHF|JPY|INR|CNY|RUB|SEK|NOK|DKK|ISK|CZK|PLN|MXN)[ \u00a0]?"


def money(sign: str) -> str:
    """The currency that a sign before a number means, "" for none."""
    return _MONEY.get(sign.strip().casefold(), "")


def same_money(unit: str, other: str) -> bool:
    """Whether one unit is a currency and the other its hundredths."""
    return other in _OF_CENTS.get(unit, ()) or unit in _OF_CENTS.get(other, ())


def measure(text: str, at: int, language: str, unit: str = "") -> Measure:
    """What stands behind a number that ends there; ``unit`` is the currency that stands before it."""
    words = list(_behind(text, at))
    scales: tuple[float, ...] = (1.0,)
    end, factor = at, 1.0
    for place, (word, start, stop) in enumerate(words):
        plain = word.casefold()
        following = words[place + 1][0].casefold() if place + 1 < len(words) else ""
        if word in _ATTACHED and (start == at or text[stop : stop + 1] in _SIGNS) and not _letters(text, stop):
            found = _ATTACHED[word]
            scales, end = (found[-1:] if unit else found), stop
        elif scale := _LONG.get(language, {}).get(plain) or _SCALES.get(plain):
            scales, end = tuple(each * scale for each in scales), stop
        elif plain in _DEGREES or (plain in _IDLE and (scales != (1.0,) or following in ("cent", "cento", "ciento"))):
            continue
        else:
            own, factor = _unit(word, plain, following, words[place - 1][0].casefold() if place else "")
            unit, end = unit or own, (stop if own else end)
            break
    return Measure(scales, unit, factor, end)


def _behind(text: str, at: int) -> Iterator[tuple[str, int, int]]:
    """The words behind a number, each with where it begins and ends."""
    for _ in range(MOST_WORDS):
        found = _WORD.match(text, at)
        if not found:
            return
        at = found.end()
        yield found[1], found.start(1), at
        at += text.startswith(".", at) and found[1].casefold() in _SHORT


def _points(plain: str, following: str) -> float:
    """How many percentage points a word means, that is followed by another; 0 for none."""
    if (plain == "basis" and following.startswith("point")) or plain.startswith("basispunkt"):
        return 0.01
    named = _PERCENT.fullmatch(plain) and following.startswith("point")
    behind = plain.startswith(("point", "punt")) and following in _OF_PERCENT
    return float(bool(named or behind or _POINTS.fullmatch(plain)))


def _letters(text: str, at: int) -> bool:
    return text[at : at + 1].isalnum()


def _unit(word: str, plain: str, following: str, before: str) -> tuple[str, float]:
    if plain in _MONEY:
        return _MONEY[plain], 1.0
    if points := _points(plain, following):
        return "point", points
    if _PERCENT.fullmatch(plain) and (plain not in ("cent", "cento", "ciento") or before in _SPLIT_PERCENT):
        return "%", 1.0
    if plain in _CENTS:
        return _CENTS[plain], 0.01
    if word in _SYMBOLS:
        return _SYMBOLS[word]
    if named := _NAMED.fullmatch(plain):
        unit, by = _NAMES[(named.lastindex or 2) - 2]
        hours = unit == "watt" and following.startswith(("hour", "stunde"))
        return ("watt hour" if hours else unit), by * _PREFIXES[named[1]]
    return next((name for name, pattern in _OTHERS if pattern.fullmatch(plain)), ""), 1.0
