"""What people type as people read it: without characters that nobody sees, and the one word that it may be. Pure."""

from __future__ import annotations

import re
import unicodedata

QUESTION_MARKS = "?？؟՞\u037e፧⁇⁈⁉❓❔⸮꘏﹖¿"  # of all scripts; U+037E is the Greek one
_WORD = re.compile(r"[^\W_]+")
_EMOJI = re.compile(r":[\w+'-]++:")  # as Slack writes them: :tada:, :+1:, :wave::skin-tone-3:
_UNFIT = re.compile("\r(?=\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_LINE_END = re.compile("[\r\u2028\u2029]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Whatever may take no room: format characters (found by their category) and those of other categories that do as much.
_UNSEEN = re.compile(
    "\U0001f3f4[\U000e0020-\U000e007e]++\U000e007f"  # the flag of a part of a country: black flag, tags, end
    "|[\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc"
    "\U000110bd\U000110cd\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_NON_JOINER, _JOINER = "\u200c", "\u200d"
_FILLERS = "\u115f\u1160"  # Hangul's, which stand for a missing letter beside one that is there
_BLANK = "\u2800"  # Braille's blank is a space to all who read it
_VIRAMA = 9  # Unicode's combining class of signs that take a consonant's vowel away
# Scripts whose letters change their shapes with their neighbours, so that joiners change what is read: first and last.
_JOINING = (
    ("\u0600", "\u07ff"),  # Arabic, Syriac, Thaana, N'Ko
    ("\u0840", "\u109f"),  # Mandaic, Arabic, the scripts of India, Sinhala, Thai, Lao, Tibetan, Burmese
    ("\u1700", "\u1a1f"),  # scripts of the Philippines, Khmer, Mongolian, Limbu, Tai
    ("\u1a20", "\u1c4f"),  # Tai Tham, Balinese, Sundanese, Batak, Lepcha
    ("\ua800", "\uabff"),  # Syloti Nagri, Phags-pa, Saurashtra, Javanese, Cham, Meetei Mayek
    ("\U00010a00", "\U00011fff"),  # Kharoshthi, Manichaean, Brahmi and its kin
    ("\U0001e900", "\U0001e95f"),  # Adlam
)
_IDEOGRAPHS = (("\u3400", "\u9fff"), ("\uf900", "\ufaff"), ("\U00020000", "\U0003ffff"))
_SKINS, _TAGS = ("\U0001f3fb", "\U0001f3ff"), ("\U000e0020", "\U000e007f")
_JAMO_AFTER = ("\u1160", "\u11ff")  # vowels and last consonants of Hangul that is written in single letters
_SPACING = ("\u0e33", "\u0eb3")  # the vowels AM of Thai and Lao, letters for Unicode and marks for readers
MOST_MARKS = 32  # that stay with one character, far beyond what any script puts there
_KEYCAP, _EMOJI_STYLE = "\u20e3", "\ufe0f"


def fit(text: str) -> str:
    """The text without characters that no payload survives; a lone surrogate becomes U+FFFD, a line end \\n."""
    return _LINE_END.sub("\n", _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", _UNFIT.sub("", text)))


def visible(text: str) -> str:
    """The text without characters that nobody sees, save those that a word or an emoji needs where they stand."""
    pieces, at, last = [], 0, ""
    for found in _UNSEEN.finditer(text):
        before = text[at : found.start()]
        kept = _kept(found[0], before[-1:] or last, text[found.end() : found.end() + 1])
        pieces += [before, kept]
        at, last = found.end(), kept[-1:] or before[-1:] or last
    return "".join([*pieces, text[at:]])


def characters(text: str) -> list[str]:
    """The text in characters as people count them: a letter with its marks, an emoji with all that it is made of.

    One that does not end is cut all the same.
    """
    if not text:
        return []
    starts = [0]
    for at in range(1, len(text)):
        if at - starts[-1] >= MOST_MARKS or not belongs(text[at], text[at - 1]):
            starts.append(at)
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]


def belongs(character: str, before: str) -> bool:
    """Whether a character only adds to the one before it."""
    if character <= "\u02ff":
        return False
    if before == _JOINER and _is_picture(character):
        return True
    if unicodedata.combining(before) == _VIRAMA and character.isalpha():
        return True
    added = character in (_JOINER, _NON_JOINER, *_SPACING) or _within(character, (_SKINS, _JAMO_AFTER, _TAGS))
    return added or unicodedata.category(character).startswith("M")


def bare(text: str) -> str:
    """The one word that a text consists of, folded, without marks and emoji around it; "" if it is more, or asks."""
    seen = visible(text)
    words = _WORD.findall(_EMOJI.sub(" ", unicodedata.normalize("NFKC", seen)))
    return words[0].casefold() if len(words) == 1 and not asks(seen) else ""


def asks(text: str) -> bool:
    """Whether there is a question mark in it, of any script."""
    return any(mark in text for mark in QUESTION_MARKS)


def _kept(character: str, before: str, after: str) -> str:
    """What stays of a character that takes no room, between what was kept before it and what follows."""
    if len(character) > 1 or not _takes_no_room(character):
        return character
    if character == _BLANK:
        return " "
    if character in (_JOINER, _NON_JOINER):
        return character if _joins(character, before, after) else ""
    if character in _FILLERS:
        return character if _is_jamo(before) or _is_jamo(after) else ""
    return character if _varies(character, before, after) else ""


def _takes_no_room(character: str) -> bool:
    """Whether it is not one of the format characters that are seen, such as the Arabic sign of a year."""
    return not ("\u0600" <= character <= "\u0605" or character in "\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")


def _joins(character: str, before: str, after: str) -> bool:
    """Whether a joiner changes what is read: in an emoji of several, in a word of a joining script, after a virama."""
    if not before:
        return False
    if unicodedata.combining(before) == _VIRAMA:
        return True
    if _within(before, _JOINING) and _within(after, _JOINING):
        return _in_word(before) and _in_word(after)
    pictured = _is_picture(before) or before == _EMOJI_STYLE
    return character == _JOINER and pictured and _is_picture(after)


def _varies(character: str, before: str, after: str) -> bool:
    """Whether a variation selector has something before it that varies."""
    if not before:
        return False
    if "\u180b" <= character <= "\u180f":
        return "\u1800" <= before <= "\u18af"
    if "\ufe00" <= character <= "\ufe0f":
        return after == _KEYCAP or _is_picture(before) or _within(before, _IDEOGRAPHS)
    return "\U000e0100" <= character <= "\U000e01ef" and _within(before, _IDEOGRAPHS)


def _is_picture(character: str) -> bool:
    """Whether it is an emoji or could be one: new ones are known to clients before they are to us."""
    if not character or character <= "\u00a8":
        return False
    return character in "‼⁉〰" or unicodedata.category(character) in ("So", "Sm", "Sk", "Cn")


def _in_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN"


def _is_jamo(character: str) -> bool:
    return "\u1100" <= character <= "\u11ff" and character not in _FILLERS


def _within(character: str, ranges: tuple[tuple[str, str], ...]) -> bool:
    return any(first <= character <= last for first, last in ranges if character)
