"""One angle of a topic: a worker that sees the topic, its angle and what was read for it, nothing else."""

from __future__ import annotations

from bot.research.errors import AnswerIncomplete
from bot.research.evidence.grounds import Grounds, held
from bot.research.evidence.shelf import Shelf
from bot.research.model import Angle, Confidence, Failure, Finding, Gap, Question
from bot.research.model_call import TOKENS_PER_WORD, TimeLimit, Writer, ask
from bot.research.ports import Call, Completion, Model, Priority
from bot.research.prompts import fenced, prompt
from bot.text.confidence import stated
from bot.text.written import untitled, unwrapped


async def investigate(
    model: Model, question: Question, angle: Angle, limit: TimeLimit, grounds: Grounds | None = None
) -> Finding | Gap:
    """Research one angle, from pages if there are any; ends in a Finding, or in a Gap that says why there is none."""
    call = opening(question, angle, grounds.shelf if grounds else None)
    answer = await ask(model, call, limit)
    if isinstance(answer, Failure):
        return _after(grounds, Gap(angle=angle, **dict(answer)))
    return await grounded(Writer(model, limit), call, found(answer, angle, question), grounds, question)


async def grounded(
    writer: Writer, call: Call, result: Finding | Gap, grounds: Grounds | None, question: Question
) -> Finding | Gap:
    """What a call found of an angle, after it was held against its pages."""
    if not grounds or isinstance(result, Gap):
        return _after(grounds, result)
    after = await held(writer, call, result.text, grounds, said_by(question, result.angle))
    text = after.checked
    changes = {"text": text.text, "sources": after.sources, "checks": text.checks}
    spent = {"usage": result.usage + text.usage, "seconds": result.seconds + text.seconds}
    return _after(grounds, result.model_copy(update=changes | spent | {"unsourced": grounds.shelf.unsourced}))


def _after(grounds: Grounds | None, result: Finding | Gap) -> Finding | Gap:
    """The result with what it took to find its pages."""
    if not grounds:
        return result
    changes = {"usage": result.usage + grounds.usage, "seconds": result.seconds + grounds.seconds}
    return result.model_copy(update=changes)


def said_by(question: Question, angle: Angle) -> list[str]:
    """What was asked, whose numbers need no source."""
    return [question.topic, question.notes, angle.title, angle.brief]


def found(answer: Completion, angle: Angle, question: Question) -> Finding | Gap:
    """What an answer says of an angle."""
    text, level, reason = stated(unwrapped(answer.text))
    text = untitled(unwrapped(text), angle.title, angle.section, question.topic)
    if not text:
        return Gap(angle=angle, cause=AnswerIncomplete.cause, usage=answer.usage, seconds=answer.seconds)
    confidence = Confidence(level=level, reason=reason) if level else None
    return Finding(angle=angle, text=text, usage=answer.usage, seconds=answer.seconds, confidence=confidence)


def asked(question: Question) -> list[str]:
    """The topic and its notes, if there are any, as data for a prompt."""
    return [fenced("topic", question.topic), *([fenced("notes", question.notes)] if question.notes else [])]


def looked_at(angle: Angle) -> list[str]:
    """The angle, and what to look for there if that is said, as data for a prompt."""
    return [fenced("angle", angle.title), *([fenced("brief", angle.brief)] if angle.brief else [])]


def opening(question: Question, angle: Angle, shelf: Shelf | None = None) -> Call:
    """The call that researches an angle, from the pages of a shelf if it has any."""
    fewest, most = angle.words
    voice = prompt(angle.prompt, angle="\n\n".join(looked_at(angle)))
    return Call(
        run=question.run_id,
        person=question.asker,
        step=f"angle/{angle.slug}",
        system=prompt(
            "worker",
            fewest=fewest,
            most=most,
            voice=voice,
            grounds=prompt("cite" if shelf else "memory"),
            confidence=prompt("confidence"),
        ),
        prompt="\n\n".join([*asked(question), *(shelf.shown() if shelf else [])]),
        priority=Priority.ANGLE,
        max_tokens=most * TOKENS_PER_WORD,
    )
