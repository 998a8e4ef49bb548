"""What one worker may rest on: searched for, read, and cut down to a dozen passages, whatever happens out there."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.research.beside import beside
from bot.research.evidence import queries
from bot.research.evidence.choice import chosen
from bot.research.evidence.grounds import Grounds
from bot.research.evidence.numbering import in_turn, numbers
from bot.research.evidence.reading import Library, Reading
from bot.research.evidence.shelf import Shelf
from bot.research.model import Angle, Failure, Question, Usage
from bot.research.model_call import SearchPurse, TimeLimit, ask
from bot.research.ports import Model
from bot.text.language import language_of

MOST_PAGES, PART_PAGES = 5, 3  # that are read for an angle, and for a question of it
FEWEST_PASSAGES = 3  # with fewer the model gives other queries
LATEST = 0.5  # of the seconds, after which it does not: the worker would wait for nothing


@dataclass(frozen=True)
class Sought:
    """What is looked for: an angle, or a ``part`` of it, a question; ``step`` names its calls.

    ``position`` is the angle's place in its run, from 1; ``before`` are the numbers of the pages that earlier attempts
    have shown, by their addresses.
    """

    question: Question
    angle: Angle
    step: str
    part: str = ""
    position: int = 1
    before: Mapping[str, int] = field(default_factory=dict)


async def gather(library: Library, model: Model, sought: Sought, limit: TimeLimit) -> Grounds:
    """Search and read; a shelf without sources says why it has none. Never raises but for a cancellation.

    The pages of a part keep the numbers that its writer sees: they get those of the run when its angle is written.
    """
    began, usage = limit.spent, Usage()
    question, angle, part = sought.question, sought.angle, sought.part
    language = language_of(f"{question.topic} {question.notes}")
    most, seconds = PART_PAGES if part else MOST_PAGES, min(library.seconds, limit.seconds - limit.spent)
    purse = SearchPurse(limit.budget, f"{question.run_id}/{sought.step}/search")
    reading = Reading(library, language, most, asyncio.get_running_loop().time() + seconds, purse)

    async def choose() -> Shelf:
        subject = queries.subject(question, angle, part, language)
        return await beside(sum(len(page.text) for page in reading.pages), lambda: chosen(reading.pages, subject, most))

    await reading.follow(queries.queries(question, angle, part, language))
    shelf = await choose()
    if len(list(shelf.passages())) < FEWEST_PASSAGES and reading.searchable and reading.left > LATEST * seconds:
        others, usage = await _others(model, sought, limit, reading.left)
        await reading.follow(others)
        shelf = await choose()
    if not shelf:
        shelf = replace(shelf, unsourced=reading.why)
    return _numbered(shelf, sought, usage + purse.usage, limit.spent - began)


def _numbered(shelf: Shelf, sought: Sought, usage: Usage, seconds: float) -> Grounds:
    """The shelf with the pages that have a number in the run."""
    pages = [source.url for source in shelf.sources]
    given = in_turn(pages) if sought.part else numbers(pages, sought.position, sought.before)
    kept = tuple(source for source in shelf.sources if source.number in given)
    return Grounds(replace(shelf, sources=kept), given, usage, seconds)


async def _others(model: Model, sought: Sought, limit: TimeLimit, left: float) -> tuple[list[str], Usage]:
    """Two other queries; none where the model gives none in time."""
    call = queries.asking(sought.question, sought.angle, sought.step, sought.part)
    answer = await ask(model, call, TimeLimit(left, limit.budget))
    return ([] if isinstance(answer, Failure) else queries.read(answer.text)), answer.usage
