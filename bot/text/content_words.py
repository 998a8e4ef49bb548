"""The words of a text that say what it is about, cut to their stems, for comparing texts. Pure."""

from __future__ import annotations

import re
import unicodedata

STEM = 6  # letters that words of one stem share, in most languages with endings
SHORTEST = 3  # letters of a word that says something by itself

_WORD = re.compile(r"[^\W_]+")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_EMPTY_TEXT = """
    the and for with that this from are was were has have had not but its their they them which who whose whom
    what when where how why can could may might will would shall should must also than then there here such some
    any each other more most very into over under about between after before during while because since until only
    own same both few many much been being does did doing these those our your his her she him you per via one two
    three der die das und ist sind war waren wird werden wurde wurden hat haben hatte hatten nicht aber auch als
    auf aus bei für mit nach von vor zum zur über unter durch ein eine einer eines einem einen dem den des dass
    sich sie wir ihr ihre sein seine sowie oder wie was wer wenn dann denn noch nur schon sehr mehr kann können
    soll muss diese dieser dieses jede les des une est sont était avec dans pour par sur que qui aux ses ces cette
    pas plus mais ont été leur leurs entre los las una del con por para que como más sus fue son está entre sobre
    desde hasta pero también gli della delle degli dei nel nella con per che non sono come più anche tra het een
    van met voor zijn niet aan door bij ook naar als wordt deze dit
"""
_EMPTY = frozenset(_EMPTY_TEXT.split())


def content_words(text: str) -> list[str]:
    """The stems of its words, those left out that any text has; pairs of letters where words have no spaces."""
    text = text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()
    if not _WIDE.search(text):
        return [word[:STEM] for word in _WORD.findall(text) if len(word) >= SHORTEST and word not in _EMPTY]
    found = []
    for word in _WORD.findall(text):
        if _WIDE.match(word):
            found += [word[at : at + 2] for at in range(max(len(word) - 1, 1))]
        elif len(word) >= SHORTEST and word not in _EMPTY:
            found.append(word[:STEM])
    return found
