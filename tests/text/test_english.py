"""Which topics a model that knows only English is warned of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.english import foreign, share

FOREIGN = [
    "Kernfusion und ihre Geschichte",
    "Wie funktioniert die Kernfusion?",
    "Geschichte der Dampfmaschine",
    "Die Auswirkungen der Digitalisierung auf die Schule",
    "Wärmepumpen im Altbau: Kosten und Förderung",
    "核融合発電",
    "お茶の歴史",
    "人工智能的历史",
    "핵융합",
    "история чая",
    "Квантовые компьютеры и AI",
    "ιστορία του τσαγιού",
    "تاريخ الشاي",
    "היסטוריה של התה",
    "ประวัติศาสตร์ชา",
    "चाय का इतिहास",
    "L’énergie nucléaire en France",
    "histoire de la musique",
    "Les effets de la caféine sur la santé",
    "Comment fonctionne une pile à combustible ?",
    "historia del café en Colombia",
    "¿Cómo funciona la fusión nuclear?",
    "La inteligencia artificial en la educación",
    "A inteligência artificial na educação",
    "História do café",
    "come funziona la fusione nucleare",
    "Hoe werkt kernfusie?",
    "kaffets historia och kultur",
    "Hvordan fungerer kernefusion?",
    "jak działa fuzja jądrowa",
    "historie kávy a její vliv – dějiny",
    "Nükleer füzyon nasıl çalışır",
    "Bagaimana cara kerja fusi nuklir",
    "lịch sử cà phê Việt Nam",
    "Miten ydinfuusio toimii",
    "hogyan működik a magfúzió",
    "Istoria cafelei",
]
# English, or a name, a borrowed phrase, a sign: nobody shall be told that his English is none.
IN_DOUBT = [
    "nuclear fusion",
    "tea",
    "Kernfusion",
    "Brontë sisters",
    "naïve realism",
    "Schrödinger equation",
    "São Paulo traffic",
    "Rio de Janeiro",
    "Mies van der Rohe",
    "Oscar de la Hoya",
    "las vegas",
    "El Niño",
    "la la land",
    "Des Moines",
    "Das Kapital",
    "Sturm und Drang",
    "crème brûlée",
    "coup d'état",
    "L'Oréal",
    "L’Hôpital’s rule",
    "Vaswani et al 2017 transformers",
    "pour over coffee",
    "Comment moderation",
    "MIT license",
    "y chromosome",
    "DEI programs",
    "Jest unit tests",
    "Die Hard movies",
    "Big Sur",
    "Lake Como",
    "Lana del Rey",
    "π and e",
    "Δv budget",
    "αβγ",
    "history of 麻婆豆腐",
    "the phrase “Wie geht es dir”",
    "R&D costs",
    "C#",
    "1984",
    "Erdős number",
    "phở",
    "ＡＩ safety",
    "über luxury",
    "Les Misérables",
    "Costa del Sol",
    "in vitro fertilization",
    "per capita income",
    "DIN A4 paper",
    "🤖",
]


@pytest.mark.parametrize("topic", FOREIGN)
def test_a_topic_in_another_language_is_known(topic: str) -> None:
    assert foreign(topic)


@pytest.mark.parametrize("topic", IN_DOUBT)
def test_a_topic_that_may_be_english_is_taken_for_it(topic: str) -> None:
    assert not foreign(topic)


@given(st.text())
def test_whatever_is_asked_can_be_told(topic: str) -> None:
    """A topic is typed by anybody."""
    assert foreign(topic) in (True, False)
    assert 0 <= share(topic) <= 1


def test_english_prose_has_many_small_words_and_other_prose_few() -> None:
    """What a model writes in no language at all is told by this."""
    assert share("The history of tea is long, and it began with the leaves of a plant that grew in the south.") > 0.4
    assert share("Die Geschichte des Tees ist lang, und sie begann mit den Blättern einer Pflanze im Süden.") < 0.15
    assert share("") == 0
