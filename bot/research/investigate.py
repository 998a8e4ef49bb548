"""One angle of a topic: a worker that sees the topic and its angle, nothing else."""

from __future__ import annotations

from bot.research.errors import AnswerIncomplete
from bot.research.model import Angle, Confidence, Failure, Finding, Gap, Question
from bot.research.model_call import TOKENS_PER_WORD, TimeLimit, ask
from bot.research.ports import Call, Completion, Model, Priority
from bot.research.prompts import fenced, prompt
from bot.text.confidence import stated
from bot.text.written import untitled, unwrapped


async def investigate(model: Model, question: Question, angle: Angle, limit: TimeLimit) -> Finding | Gap:
    """Research one angle; ends in a Finding, or in a Gap that says why there is none."""
    answer = await ask(model, opening(question, angle), limit)
    if isinstance(answer, Failure):
        return Gap(angle=angle, **dict(answer))
    return found(answer, angle, question)


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


def opening(question: Question, angle: Angle) -> Call:
    """The call that researches an angle."""
    fewest, most = angle.words
    voice = prompt(angle.prompt, angle="\n\n".join(looked_at(angle)))
    return Call(
        run=question.run_id,
        step=f"angle/{angle.slug}",
        system=prompt("worker", fewest=fewest, most=most, voice=voice, confidence=prompt("confidence")),
        prompt="\n\n".join(asked(question)),
        priority=Priority.ANGLE,
        max_tokens=most * TOKENS_PER_WORD,
    )
