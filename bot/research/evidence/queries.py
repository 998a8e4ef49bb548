"""What is searched for an angle: by code from the topic and the angle, by the model only where that found too little.

Each query carries a word of its angle, so that three angles do not read the same pages.
"""

from __future__ import annotations

from bot.research.investigate import asked, looked_at
from bot.research.model import OWN_ANGLE, Angle, Question
from bot.research.model_call import TOKENS_PER_WORD
from bot.research.ports import Call, Priority
from bot.research.prompts import fenced, prompt
from bot.text.entries import sentences

MOST_WORDS, MOST_LETTERS = 40, 300  # of a query: providers take 50 words or 400 characters
NOTES_WORDS = 12  # of the notes, those first that were written first
QUERIES = 2
PLAN_WORDS = 60  # of two queries as JSON

# What people type who look for such pages; by the language of the topic, English for all others.
_SEARCHED = {
    "historical": {
        "en": ("history", "origin timeline milestones"),
        "de": ("Geschichte", "Entstehung Entwicklung"),
        "fr": ("histoire", "origine évolution"),
        "es": ("historia", "origen evolución"),
        "it": ("storia", "origine evoluzione"),
        "pt": ("história", "origem evolução"),
        "nl": ("geschiedenis", "ontstaan ontwikkeling"),
    },
    "technical": {
        "en": ("how it works", "technology mechanism challenges"),
        "de": ("Funktionsweise", "Technik Verfahren"),
        "fr": ("fonctionnement", "technologie procédé"),
        "es": ("funcionamiento", "tecnología mecanismo"),
        "it": ("funzionamento", "tecnologia meccanismo"),
        "pt": ("funcionamento", "tecnologia mecanismo"),
        "nl": ("werking", "techniek"),
    },
    "societal": {
        "en": ("impact on society", "economy benefits risks"),
        "de": ("gesellschaftliche Auswirkungen", "Wirtschaft Nutzen Risiken"),
        "fr": ("impact sur la société", "économie avantages risques"),
        "es": ("impacto social", "economía beneficios riesgos"),
        "it": ("impatto sociale", "economia benefici rischi"),
        "pt": ("impacto social", "economia benefícios riscos"),
        "nl": ("maatschappelijke gevolgen", "economie voordelen risico's"),
    },
}


def queries(question: Question, angle: Angle, part: str = "", language: str = "") -> list[str]:
    """Two queries for an angle, or for a ``part`` of it: a question that it was split into."""
    first, second = _words(angle, language)
    if part:
        return [_query(part, question.topic, angle.title), _query(question.topic, part, first)]
    notes = " ".join(question.notes.split()[:NOTES_WORDS])
    return [_query(question.topic, first), _query(question.topic, notes, second)]


def subject(question: Question, angle: Angle, part: str = "", language: str = "") -> str:
    """What passages are held against: all that is known of what is looked for."""
    return " ".join([question.topic, question.notes, angle.title, angle.brief, *_words(angle, language), part])


def asking(question: Question, angle: Angle, step: str, part: str = "") -> Call:
    """The call that gives two other queries."""
    own = [fenced("question", part)] if part else []
    return Call(
        run=question.run_id,
        person=question.asker,
        step=f"{step}/queries",
        system=prompt("queries", count=QUERIES, words=MOST_WORDS // 4),
        prompt="\n\n".join([*asked(question), *looked_at(angle), *own]),
        priority=Priority.ANGLE,
        max_tokens=PLAN_WORDS * TOKENS_PER_WORD,
    )


def read(text: str) -> list[str]:
    """The queries that a model wrote, as far as they can be used."""
    return [_query(each) for each in sentences(text) if any(map(str.isalnum, each))][:QUERIES]


def _words(angle: Angle, language: str) -> tuple[str, str]:
    if angle.prompt == OWN_ANGLE or angle.prompt not in _SEARCHED:
        return angle.title, angle.brief or angle.title
    known = _SEARCHED[angle.prompt]
    return known.get(language, known["en"])


def _query(*parts: str) -> str:
    """The parts on one line, as long as any provider takes it; a part that is longer ends at a word."""
    kept, letters = [], 0
    for word in " ".join(filter(None, parts)).split()[:MOST_WORDS]:
        letters += len(word) + 1
        if letters > MOST_LETTERS:
            break
        kept.append(word)
    return " ".join(kept) or parts[0][:MOST_LETTERS]
