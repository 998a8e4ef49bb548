"""The numbers that a sentence says, as values that can be compared: digits of any form, and numbers as words. Pure.

Not numbers are names (GPT-4, CO2, 5G), versions, the numbers of lists, ordinals, and words for ten and less.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from text_to_num import text2num

from bot.text.language import language_of

HALVES = "½¼¾⅓⅔"
SPELLED_FROM = 11  # smaller ones as words are no statement; in a source they count
CLOSE = 0.05  # a rounded number is at most so far from what it stands for
LONGEST = 2_000  # characters of a text whose numbers are kept for the next time

_SCALES = {
    **dict.fromkeys(("k", "thousand", "thousands", "tausend", "tsd", "mille", "mil", "mila"), 1e3),
    **dict.fromkeys(
        ("m", "mn", "mio", "million", "millions", "millionen", "millón", "millones", "milioni", "milione"), 1e6
    ),
    **dict.fromkeys(("miljoen", "milhão", "milhões", "mln", "crore"), 1e6),
    **dict.fromkeys(
        ("bn", "mrd", "mia", "milliarde", "milliarden", "milliard", "milliards", "miljard", "miliardi"), 1e9
    ),
    **dict.fromkeys(("billion", "billions", "miliardo", "bilhão", "bilhões"), 1e9),
    **dict.fromkeys(("tn", "trillion", "trillions", "billionen", "bio"), 1e12),
} | {"crore": 1e7, "lakh": 1e5}
_LONG_SCALE = {"de": {"billion": 1e12, "trillion": 1e18}, "fr": {"billion": 1e12, "billions": 1e12}}
_PERCENT = (
    "%",
    "percent",
    "per cent",
    "pct",
    "prozent",
    "pour cent",
    "por ciento",
    "per cento",
    "procent",
    "percentage",
)
_MONEY = {
    **dict.fromkeys(("$", "usd", "dollar", "dollars", "us$"), "usd"),
    **dict.fromkeys(("€", "eur", "euro", "euros"), "eur"),
    **dict.fromkeys(("£", "gbp", "pound", "pounds", "pfund"), "gbp"),
    **dict.fromkeys(("¥", "yen", "jpy"), "jpy"),
    **dict.fromkeys(("chf", "francs", "franken"), "chf"),
    **dict.fromkeys(("₹", "rupees", "inr"), "inr"),
}
_FRACTIONS = {
    "half": 0.5, "halves": 0.5, "halfway": 0.5, "quarter": 0.25, "quarters": 0.25, "third": 1 / 3, "thirds": 1 / 3,
    "fifth": 0.2, "tenth": 0.1, "hälfte": 0.5, "halb": 0.5, "halbe": 0.5, "halben": 0.5, "viertel": 0.25,
    "drittel": 1 / 3, "fünftel": 0.2, "zehntel": 0.1, "moitié": 0.5, "tiers": 1 / 3, "quart": 0.25, "mitad": 0.5,
    "tercio": 1 / 3, "metà": 0.5, "terzo": 1 / 3, "metade": 0.5, "½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3,
}  # fmt: skip
_DOZEN = {"dozen": 12, "dutzend": 12, "score": 20, "douzaine": 12, "docena": 12}
_SMALL = {
    "en": "zero one two three four five six seven eight nine ten both once twice",
    "de": "null eins zwei drei vier fünf sechs sieben acht neun zehn",
    "fr": "zéro deux trois quatre cinq six sept huit neuf dix",
    "es": "cero dos tres cuatro cinco seis siete ocho nueve diez",
}
_VALUES = {
    word: float(value)
    for listed in _SMALL.values()
    for value, word in enumerate(listed.split()[: 11 if "deux" not in listed and "dos" not in listed else 0])
} | {"both": 2.0, "once": 1.0, "twice": 2.0}
_VALUES |= {
    word: float(value)
    for value, word in enumerate(
        ["zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"]
    )
}
_VALUES |= {
    word: float(value)
    for value, word in enumerate(
        ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez"]
    )
}
_UNITS = [
    "km",
    "mm",
    "cm",
    "nm",
    "m",
    "kg",
    "mg",
    "g",
    "t",
    "kt",
    "mt",
    "gt",
    "w",
    "kw",
    "mw",
    "gw",
    "tw",
    "kwh",
    "mwh",
    "gwh",
    "twh",
    "wh",
    "v",
    "kv",
    "a",
    "mah",
    "j",
    "kj",
    "mj",
    "gj",
    "n",
    "hz",
    "khz",
    "mhz",
    "ghz",
    "thz",
    "b",
    "kb",
    "mb",
    "gb",
    "tb",
    "pb",
    "kbit",
    "mbit",
    "gbit",
    "l",
    "ml",
    "hl",
    "ha",
    "km2",
    "m2",
    "m3",
    "km²",
    "m²",
    "m³",
    "°c",
    "°f",
    "c",
    "f",
    "k",
    "ft",
    "in",
    "lb",
    "oz",
    "mph",
    "kmh",
    "s",
    "ms",
    "h",
    "min",
    "bar",
    "pa",
    "kpa",
    "mpa",
    "ppm",
    "ppb",
    "er",
    "ers",
    "s",
    "x",
    "th",
    "st",
    "nd",
    "rd",
    "bp",
    "ev",
    "kev",
    "mev",
    "gev",
    "tev",
    "k",
    "m",
    "bn",
    "mn",
    "tn",
    "mio",
    "mrd",
    "tsd",
    "pp",
    "€",
]
_SPELLED = {
    "en": (
        r"(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
        r"|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion)"
        r"(?:(?:[\s-]+and)?[\s-]+(?=[a-z]))?)+"
    ),
    "de": (
        r"(?:(?:ein|eins|eine|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|sech|sieb|zwanzig|dreißig|vierzig"
        r"|fünfzig|sechzig|siebzig|achtzig|neunzig|hundert|tausend|und)+(?:\s+(?:millionen|milliarden|million|milliarde))?)"
    ),
}
_RUNS = {language: re.compile(rf"(?<![\w-]){words}(?![\w])", re.IGNORECASE) for language, words in _SPELLED.items()}

_DIGITS = r"\d{1,3}(?:[\u00a0\u2009\u202f ]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,'’]\d+)*"
_NUMBER = re.compile(
    rf"(?P<money>(?:US)?[$€£¥₹]\s?|(?<!\w)(?:USD|EUR|GBP|CHF|JPY)\s)?(?P<sign>(?<![\w\d])[-−–](?=\d))?(?P<digits>{_DIGITS})"
    r"(?P<after>[^\S\n]?(?:[½¼¾⅓⅔]|%|[^\W\d_]+[²³2]?|°[CF]|[€£¥₹$]))?(?P<more>[-\s][^\W\d_]+)?(?P<last>\s[^\W\d_]+)?"
)
_NAME = re.compile(r"(?:[^\W\d_][\w.]{0,11}[-–/]?|[^\W\d_]\d{0,11}[-.])\Z")
_CLOCK = re.compile(
    r"(?<![\d:])([01]?\d|2[0-3])[:.]([0-5]\d)(?=\s?(?:am|pm|a\.m|p\.m|uhr|h)\b)|(?<![\d:])\d{1,2}:\d{2}(?![\d:])",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"(?<![\w.])(?!\d{1,3}(?:\.\d{3})+(?![\d.]))v?\d+\.\d+\.\d+(?:\.\d+)*(?!\w)|(?<![\w.])v\d+(?:\.\d+)*",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    r"(?<![\d.,])\d{1,3}(?:st|nd|rd|th|er|ère|e|º|ª)\b|(?<![\d.,])\d{1,2}\.(?=\s?(?:Jahrhundert|Jh\b))", re.IGNORECASE
)
_CENTURY = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|\.|e|er|\s?o|º)?[\s-]+(?:century|centuries|Jahrhunderts?|Jh|siècle|siglo)|(?:siglo)\s(\d{1,2})",
    re.IGNORECASE,
)
_DECADE = re.compile(
    r"(?<![\d.,])((?:1[0-9]|20)\d0)(?:['’]?s\b|er\b|er-Jahren?\b)|(?:les années|los años)\s((?:1[0-9]|20)\d0)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(?<=\d)\s?[–—-]\s?(?=\d)|(?<=\d)\s(?:to|bis|à|a)\s(?=\d)")


@dataclass(frozen=True)
class Number:
    """A number as it is said: the values that it may be, as "1.200" may be two, each with its last digit's worth.

    ``unit`` is "%", a currency as in "usd", "decade", "century" or "clock", "" for all else; ``spelled`` says that it
    is a word.
    """

    said: str
    values: tuple[tuple[float, float], ...]
    unit: str = ""
    spelled: bool = False
    year: bool = False


def claimed(text: str) -> tuple[Number, ...]:
    """The numbers that a sentence says and that need a source."""
    return tuple(each for each in numbers(text) if not each.spelled or each.values[0][0] >= SPELLED_FROM)


def agrees(claim: Number, source: Number) -> bool:
    """Whether what is claimed is what the source says, or that rounded."""
    if claim.unit == "decade":
        first = claim.values[0][0]
        return source.unit in ("decade", "") and any(first <= value < first + 10 for value, _ in source.values)
    if claim.unit == "century":
        last = claim.values[0][0] * 100
        said = {value for value, _ in source.values}
        if source.unit == "century":
            return claim.values == source.values
        return (source.year or source.unit == "decade") and any(last - 100 < value <= last for value in said)
    if source.unit in ("decade", "century", "clock") or claim.unit == "clock":
        return claim.unit == source.unit and claim.said == source.said
    return any(_same(claim, source, mine, its) for mine in claim.values for its in source.values)


def _same(claim: Number, source: Number, mine: tuple[float, float], its: tuple[float, float]) -> bool:
    (value, worth), (said, _) = mine, its
    if claim.unit != source.unit and not (claim.unit in _FREE and source.unit in _FREE):
        shares = {claim.unit, source.unit} == {"%", ""}
        if not shares or claim.year or source.year:
            return False
        said = said * 100 if claim.unit == "%" else said / 100
        if min(value, said) <= 0 or (claim.unit == "%" and said > 100) or (source.unit == "%" and value > 1):
            return False
    if claim.year or source.year:
        return value == said
    apart = abs(value - said)
    return apart <= 1e-9 * max(abs(said), 1) or (apart <= worth / 2 * (1 + 1e-9) and apart <= CLOSE * abs(said))


_FREE = frozenset({"", *_MONEY.values()})


def compatible(claim: Number, source: Number) -> bool:
    """Whether two amounts may be of the same money: where both name one, it is the same."""
    money = set(_MONEY.values())
    return claim.unit == source.unit or not (claim.unit in money and source.unit in money)


def stands_in(claim: Number, sources: Sequence[Number]) -> bool:
    """Whether any of these numbers is what is claimed."""
    return any(compatible(claim, each) and agrees(claim, each) for each in sources)


def numbers(text: str) -> tuple[Number, ...]:
    """All numbers that a text says, those in words too."""
    return _kept(text) if len(text) <= LONGEST else tuple(_numbers(text))


@lru_cache(maxsize=4_096)
def _kept(text: str) -> tuple[Number, ...]:
    return tuple(_numbers(text))


def _numbers(text: str) -> Iterator[Number]:
    text = unicodedata.normalize("NFC", text)
    language = language_of(text)
    gone = text
    for pattern, read in ((_CENTURY, _century), (_DECADE, _decade), (_CLOCK, _clock)):
        for found in pattern.finditer(gone):
            yield read(found)
        gone = pattern.sub(lambda found: " " * len(found[0]), gone)
    gone = _VERSION.sub(lambda found: " " * len(found[0]), gone)
    gone = _ORDINAL.sub(lambda found: " " * len(found[0]), gone)
    yield from _digits(_RANGE.sub(" – ", gone), language)
    yield from _words(gone, language)


def _century(found: re.Match[str]) -> Number:
    return Number(found[0], ((float(found[1] or found[2]), 1.0),), "century")


def _decade(found: re.Match[str]) -> Number:
    return Number(found[0], ((float(found[1] or found[2]), 10.0),), "decade")


def _clock(found: re.Match[str]) -> Number:
    return Number(found[0].replace(".", ":").lstrip("0"), ((0.0, 1.0),), "clock")


def _digits(text: str, language: str) -> Iterator[Number]:
    shared: tuple[float, str] = (1.0, "")
    found = [each for each in _NUMBER.finditer(text) if not _is_name(text, each)]
    for position in range(len(found) - 1, -1, -1):  # what follows the second number of a range belongs to both
        each = found[position]
        scale, unit = _after(each, language)
        following = found[position + 1] if position + 1 < len(found) else None
        if (
            following
            and (scale, unit) == (1.0, "")
            and text[each.end("digits") : following.start("digits")].strip() == "–"
        ):
            scale, unit = shared
        shared = (scale, unit)
        values = tuple((value * scale, worth * scale) for value, worth in _values(each["digits"]))
        half = next((mark for mark in HALVES if mark == (each["after"] or "").strip()), "")
        if half:
            values = tuple((value + _FRACTIONS[half], 0.01) for value, _ in values)
        plain = scale == 1 and not unit and re.fullmatch(r"1\d{3}|20\d{2}", each["digits"])
        behind = each["after"] or "" if half or (scale, unit) != (1.0, "") else ""
        yield Number(f"{each['money'] or ''}{each['digits']}{behind}".strip(), values, unit, year=bool(plain))


def _is_name(text: str, found: re.Match[str]) -> bool:
    """Whether digits are part of a name, as in GPT-4, CO2, 5G."""
    start = found.start("digits")
    before = text[max(start - 12, 0) : start]
    hangs = not found["money"] and not before[-1:].isspace() and not before.endswith(("–", "—"))
    if hangs and _NAME.search(before) and (not before.endswith("-") or before[-2:-1].isalpha()):
        return True
    if found["after"] in ("G", "D", "K"):
        return True
    after = (found["after"] or "").casefold()
    if after and after[0].isalpha():
        return after not in _UNITS and after not in _SCALES and after not in _MONEY and len(after) < 4
    return False


def _after(found: re.Match[str], language: str) -> tuple[float, str]:
    """What the words behind a number make of it: how often it is to be taken, and of what."""
    words = [(found[name] or "").strip(" \n\t-").casefold() for name in ("after", "more", "last")]
    unit = _MONEY.get((found["money"] or "").strip().casefold(), "")
    scale = 1.0
    for word in filter(None, words):
        attached = word == words[0] and not (found["after"] or " ")[0].isspace()
        step = _LONG_SCALE.get(language, {}).get(word) or _SCALES.get(word)
        if step and not (word in ("m", "k", "mil") and not (attached or unit)):
            scale *= step
        elif word in _MONEY:
            unit = unit or _MONEY[word]
            break
        elif word in _PERCENT:
            unit = "%"
            break
        elif word in _DOZEN:
            scale *= _DOZEN[word]
        elif word not in ("per", "por", "pour"):
            break
    if " ".join(filter(None, words[:2])) in _PERCENT or " ".join(filter(None, words[1:])) in _PERCENT:
        unit = "%"
    return scale, unit


def _values(digits: str) -> list[tuple[float, float]]:
    """What digits may mean, each with the worth of its last digit that says something."""
    plain = re.sub(r"[\s\u00a0\u2009\u202f'’]", "", digits)
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
    return [(float(reading), _worth(reading)) for reading in readings]


def _worth(reading: str) -> float:
    if "." in reading:
        return 10.0 ** -len(reading.partition(".")[2])
    zeros = len(reading) - len(reading.rstrip("0"))
    return float(10**zeros) if zeros < len(reading) else 1.0


def _words(text: str, language: str) -> Iterator[Number]:
    """Numbers that are written as words."""
    taken: set[int] = set()
    for name in (language,) if language in _RUNS else tuple(_RUNS):
        for found in _RUNS[name].finditer(text):
            value = _spelled(found[0], name)
            if value is not None and not text[max(found.start() - 3, 0) : found.start()].rstrip()[-1:].isdigit():
                taken.update(range(*found.span()))
                unit = _unit_behind(text[found.end() : found.end() + 14])
                yield Number(found[0].strip(" -\n"), ((value, _worth(str(int(value)))),), unit, spelled=True)
    for found in re.finditer(r"[^\W\d_]+|[½¼¾⅓⅔]", text):
        if found.start() not in taken:
            yield from _word(text, found)


def _word(text: str, found: re.Match[str]) -> Iterator[Number]:
    """A word that is a number by itself, or how often a fraction or a dozen is meant."""
    word, before = found[0].casefold(), text[: found.start()]
    if word in _FRACTIONS and not before[-1:].isdigit():
        yield Number(word, ((_FRACTIONS[word] * _times(before), 0.01),), "", spelled=True)
    elif word in _DOZEN:
        yield Number(word, ((_DOZEN[word] * _times(before), 1.0),), "", spelled=True)
    elif word in _VALUES:
        yield Number(word, ((_VALUES[word], 1.0),), _unit_behind(text[found.end() : found.end() + 14]), spelled=True)


def _times(before: str) -> float:
    """How often a fraction or a dozen is meant, as in "two thirds"."""
    words = re.split(r"[\s-]+", before[-14:].casefold().strip(" -"))
    return max(_VALUES.get(words[-1], 1.0), 1.0) if words else 1.0


def _spelled(run: str, language: str) -> float | None:
    run = run.casefold().strip(" -\n")
    while run.endswith((" and", "-and", " und")):
        run = run[:-4].rstrip(" -\n")
    try:
        return float(text2num(run.replace("-", " ") if language == "en" else run, language))
    except ValueError:
        return None


def _unit_behind(text: str) -> str:
    words = text.casefold().split()[:2]
    if words and (words[0].strip(".,;") in _PERCENT or " ".join(words).strip(".,;") in _PERCENT):
        return "%"
    return _MONEY.get(words[0].strip(".,;"), "") if words else ""
