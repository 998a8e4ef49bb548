"""In which language a text is written, by its script and its commonest words. Pure."""

from __future__ import annotations

import re
from collections import Counter

SAMPLE = 4_000  # characters that tell the language

_COMMON = {
    "en": "the of and to in is that for it was were with as are on be by at from this which or an have has had not "
    "but how why they their its will would can more than about into after over between been since only a",
    "de": "der die das und ist in den von zu mit für auf im ein eine einen nicht des dem sich auch wird werden "
    "wurde wurden aus bei als sind zur zum war waren je rund um bis nach über unter vom am an sie er es hat "
    "haben kann mehr dass oder wie",
    "fr": "le la les des et est en un une du dans que qui pour par sur au avec ne pas plus aux ce cette comment "
    "sont ont été leur entre après mais ou il elle sous depuis de",
    "es": "el la los las y de en que un una por con para del se es al como más su no son sobre qué cómo fue han "
    "entre este esta desde hasta pero sus",
    "it": "il lo la gli le di e che è un una per con del della dei delle nel nella si non sono al come da più anche "
    "dal tra",
    "pt": "o a os as de e que em um uma do da no na por com para não é dos das se mais ao como são foi até pelo pela",
    "nl": "de het een en van in is dat op te met voor zijn niet aan er door bij ook naar om als wordt hoe werd "
    "werden meer",
    "sv": "och att det som en på är av för den med till inte ett har de om var från hur under",
    "da": "og i at det er en til af på for med den som ikke de har et fra om hvordan blev",
    "pl": "i w na z do się nie jest to że o od po jak przez dla są oraz który roku",
    "tr": "ve bir bu için ile da de olarak olan daha çok gibi en nasıl ne yılında",
    "cs": "a v se na je že z do o s to jako pro není které jsou nebo roce",
}
_LANGUAGES: dict[str, list[str]] = {}
for _name, _listed in _COMMON.items():
    for _each in _listed.split():
        _LANGUAGES.setdefault(_each, []).append(_name)
# Letters that only one of them has, or few.
_LETTERS = {
    **dict.fromkeys("ßäöü", "de"),
    **dict.fromkeys("œêèà", "fr"),
    **dict.fromkeys("ñ¿¡", "es"),
    **dict.fromkeys("ãõ", "pt"),
    **dict.fromkeys("øæ", "da"),
    **dict.fromkeys("łęąż", "pl"),
    **dict.fromkeys("şğı", "tr"),
    **dict.fromkeys("řěů", "cs"),
    "å": "sv",
}
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
)
_WORD = re.compile(r"[^\W\d_]+")
_FOREIGN = 0.2  # of all letters in a script that make it the text's


def language_of(text: str) -> str:
    """The language as in "de"; "" where nothing tells."""
    text = text[:SAMPLE].casefold()
    letters = sum(map(str.isalpha, text))
    for name, script in _SCRIPTS:
        if letters and len(script.findall(text)) > letters * _FOREIGN:
            return name
    found: Counter[str] = Counter()
    for word in _WORD.findall(text):
        found.update(_LANGUAGES.get(word, ()))
    found.update(language for letter, language in _LETTERS.items() if letter in text)
    [first, *rest] = found.most_common(2) or [("", 0)]
    return "" if rest and rest[0][1] == first[1] else first[0]
