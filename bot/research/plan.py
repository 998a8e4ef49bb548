"""The angles of a run as a model chooses them for its topic: asked for, checked by code, asked for once more."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

import structlog

from bot.research.angles import DEFAULT, faults, named, says, titled
from bot.research.beside import beside
from bot.research.investigate import asked
from bot.research.model import LONGEST_ANGLE, LONGEST_BRIEF, MOST_ANGLES, Angle, Failure, Plan, Question
from bot.research.model_call import TOKENS_PER_WORD, TimeLimit, ask
from bot.research.ports import Call, Model, Priority
from bot.research.prompts import fenced, prompt
from bot.research.words import misasked
from bot.text.entries import Entry, entries
from bot.text.typed import fit, visible

log = structlog.get_logger(__name__)

FEWEST_ANGLES = 2
ALIKE = 0.6  # of the words of the shorter of two entries: having that many in common they look for the same thing
SHORTEST_WORD = 4  # letters: shorter words stand in any sentence
WORDS = 300  # of six entries as JSON
QUOTED = 4_000  # characters of a plan that go back with what is wrong with it
SHARE = 1 / 6  # of a run's time: what a call of the planner may take, so that the workers have theirs

_WORD = re.compile(r"\w+")


async def plan(model: Model, question: Question, limit: TimeLimit, faulty: Plan | None = None) -> Plan:
    """Ask for angles; a plan that cannot be used comes back with its faults. Never raises but for a cancellation.

    With such a ``faulty`` plan it is asked for once more. Where that helps no more than the first time, or there is no
    answer, the standard angles are taken. A call takes no more than a SHARE of the run's time.
    """
    step, material = ("plan/repair", _repair(question, faulty)) if faulty else ("plan", asked(question))
    answer = await ask(model, _call(question, step, material), TimeLimit(limit.seconds * SHARE, limit.budget))
    usage, seconds = answer.usage, answer.seconds
    if faulty:
        usage, seconds = faulty.usage + usage, faulty.seconds + seconds
    made = Plan(angles=DEFAULT, standard=True, usage=usage, seconds=seconds)
    if isinstance(answer, Failure):
        return made
    angles, wrong = await beside(len(answer.text), lambda: read(answer.text))
    if not wrong:
        return made.model_copy(update={"angles": angles, "standard": False})
    log.warning("plan.unusable", step=step, faults=len(wrong))
    first = {"angles": (), "standard": False, "text": answer.text[:QUOTED], "faults": tuple(wrong)}
    return made if faulty else made.model_copy(update=first)


def read(text: str) -> tuple[tuple[Angle, ...], list[str]]:
    """The angles in a planner's answer; else what is wrong with them, in sentences."""
    listed = [(titled(fit(title)), " ".join(visible(fit(brief)).split())) for title, brief in entries(text)]
    wrong = list(_faults(listed))
    return ((), wrong) if wrong else (named(listed), [])


def _repair(question: Question, faulty: Plan) -> list[str]:
    return [*asked(question), fenced("plan", faulty.text), fenced("faults", "\n".join(faulty.faults))]


def _call(question: Question, step: str, material: list[str]) -> Call:
    most = {"most": MOST_ANGLES, "title": LONGEST_ANGLE, "brief": LONGEST_BRIEF}
    return Call(
        run=question.run_id,
        person=question.asker,
        step=step,
        system=prompt("plan", fewest=FEWEST_ANGLES, **most),
        prompt="\n\n".join(material),
        priority=Priority.ANGLE,
        max_tokens=WORDS * TOKENS_PER_WORD,
    )


def _faults(listed: Sequence[Entry]) -> Iterator[str]:
    if not FEWEST_ANGLES <= len(listed) <= MOST_ANGLES:
        yield f"The plan has {len(listed)} angles; it must have {FEWEST_ANGLES} to {MOST_ANGLES}."
        return
    titles = [title for title, _ in listed]
    yield from (f"Angle {number} has no title." for number, title in enumerate(titles, 1) if not says(title))
    yield from map(misasked, faults([title for title in titles if says(title)]))
    yield from (f"The angle “{title}” has no brief." for title, brief in listed if not says(brief))
    yield from (
        f"The brief of the angle “{title}” has {len(brief)} characters; the limit is {LONGEST_BRIEF}."
        for title, brief in listed
        if len(brief) > LONGEST_BRIEF
    )
    for one, other in combinations(listed, 2):
        if one[0].casefold() != other[0].casefold() and _alike(one, other):
            yield f"The angles “{one[0]}” and “{other[0]}” look for the same thing."


def _alike(one: Entry, other: Entry) -> bool:
    words, others = _words(one), _words(other)
    return bool(words & others) and len(words & others) >= ALIKE * min(len(words), len(others))


def _words(entry: Entry) -> set[str]:
    return {word for word in _WORD.findall(" ".join(entry).casefold()) if len(word) >= SHORTEST_WORD}
