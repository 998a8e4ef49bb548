"""A voice for a model too small to follow rules: one short request an angle, and a report put together by code."""

from __future__ import annotations

from bot.research.evidence.grounds import Grounds
from bot.research.evidence.provenance import TINY_MODEL
from bot.research.evidence.shelf import Shelf
from bot.research.model import Angle, Failure, Finding, Gap, Question, Report, Section, Unwritten, Usage
from bot.research.model_call import TimeLimit, ask
from bot.research.ports import Call, Model, Priority
from bot.research.prompts import prompt
from bot.research.run_state import Run
from bot.research.voice import Voice
from bot.research.words import SYNTHESIS, missing, short
from bot.text.excerpts import SUMMARY_LIMIT
from bot.text.rambling import opening, settled

SYSTEM = "You are a helpful AI assistant."
TRIES = 3  # another text on the same request is a different one; about one in twenty is nonsense
MOST_TOKENS = 450  # about twice what such a text takes
EXCERPT_LIMIT = 320  # characters of a finding that stand in the report, about two sentences


def simple_voice(synthesis: str) -> Voice:
    """The voice; ``synthesis`` stands where the report's Synthesis would, for such a model cannot write one."""

    async def report(model: Model, run: Run, limit: TimeLimit, at_least: float) -> Report | Unwritten:
        return _put_together(run, synthesis)

    return Voice(investigate=_investigate, synthesize=report, opening=_call, closing=lambda run: [], splits=False)


async def _investigate(
    model: Model, question: Question, angle: Angle, limit: TimeLimit, grounds: Grounds | None = None
) -> Finding | Gap:
    """Research one angle; ends in a Finding of whole, different sentences, or in a Gap. It is given no pages."""
    usage, seconds = Usage(), 0.0
    for _ in range(TRIES):
        answer = await ask(model, _call(question, angle), limit)
        usage, seconds = usage + answer.usage, seconds + answer.seconds
        if isinstance(answer, Failure):
            return Gap(angle=angle, **dict(answer) | {"usage": usage, "seconds": seconds})
        if text := settled(answer.text):
            return Finding(angle=angle, text=text, usage=usage, seconds=seconds, unsourced=TINY_MODEL)
    return Gap(angle=angle, cause="nonsense", usage=usage, seconds=seconds)


def _call(question: Question, angle: Angle, shelf: Shelf | None = None) -> Call:
    return Call(
        run=question.run_id,
        person=question.asker,
        step=f"angle/{angle.slug}",
        system=SYSTEM,
        prompt=prompt(f"simple_{angle.prompt}", topic=question.topic, angle=_named(angle)),
        priority=Priority.ANGLE,
        max_tokens=MOST_TOKENS,
    )


def _named(angle: Angle) -> str:
    return f"{angle.title} ({angle.brief.rstrip('. ')})" if angle.brief else angle.title


def _put_together(run: Run, synthesis: str) -> Report:
    """The first sentences of each finding under the usual headings; it costs nothing."""
    sections = [Section(title=b.angle.section, text=_section(b.result)) for b in run.branches]
    summary = opening(run.findings[0].text, SUMMARY_LIMIT) if run.findings else ""
    return Report(summary=summary, sections=(*sections, Section(title=SYNTHESIS, text=synthesis)))


def _section(result: Finding | Gap | None) -> str:
    if isinstance(result, Finding):
        return opening(result.text, EXCERPT_LIMIT)
    if isinstance(result, Gap):
        return missing(result.angle, short(result))
    return ""
