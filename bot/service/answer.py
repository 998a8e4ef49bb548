"""A question in a run's thread, answered from what was found there and from nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.research import words
from bot.research.evidence.fan_in import Basis
from bot.research.model import Failure
from bot.research.model_call import TOKENS_PER_WORD, TimeLimit, ask
from bot.research.ports import Call, Model, Priority
from bot.research.prompts import fenced, prompt
from bot.research.run_state import Phase, Run
from bot.research.words import sentence
from bot.service.jobs import ReplyJob
from bot.service.transcript import Answer, Entry, Verdict
from bot.text.excerpts import newest
from bot.text.written import unwrapped

WORDS = 250  # an answer's most
SOMEBODY = re.compile(r"<@\w+(?:\|[^<>]*)?>")  # who is meant is none of the model's business
BUDGET = 12_000  # characters of what was said before that a question brings along, the newest of it
NOT_FOR_ME, NOT_FOUND = "NOT FOR ME", "NOT IN THE FINDINGS"
FOR_YOU = "The reply mentions you, so it is for you in any case: never answer NOT FOR ME."
MAYBE = "Nobody mentioned you: when in doubt whether the reply asks something of the research, it is NOT FOR ME."


async def follow_up(model: Model, run: Run, said: Sequence[Entry], question: ReplyJob, limit: TimeLimit) -> Answer:
    """Answer a question, or find that it is none, or that the findings do not hold the answer; never raises."""
    if not run.findings:
        why = words.STOPPED_TOO_EARLY if run.phase is Phase.STOPPED else words.NO_ANGLE_DONE
        return Answer(verdict=Verdict.FAILED, text=why, cause="no_findings")
    answer = await ask(model, _call(run, said, question), limit)
    if isinstance(answer, Failure):
        cost = {"usage": answer.usage, "seconds": answer.seconds}
        return Answer(verdict=Verdict.FAILED, text=_failed(answer), cause=answer.cause, **cost)
    verdict, text = read(answer.text, question.addressed)
    after = await _basis(run, question).marked(text)
    angles = tuple(b.angle.name for b in run.branches if b.angle.title.casefold() in after.text.casefold())
    came = {"text": after.text, "checks": after.checks, "angles": angles}
    return Answer(verdict=verdict, usage=answer.usage, seconds=answer.seconds, **came)


def _basis(run: Run, question: ReplyJob) -> Basis:
    """What an answer may rest on: the findings, and the pages that they and the report cite."""
    return Basis.of(run.question, run.findings, run.sources, question.text)


def read(text: str, addressed: bool) -> tuple[Verdict, str]:
    """What the first line says of the rest; whoever mentioned the bot gets an answer whatever it says."""
    text = unwrapped(text)
    first, _, rest = text.partition("\n")
    marker, rest = first.strip(" *_`.:#").upper(), rest.strip()
    if marker == NOT_FOR_ME and not addressed:
        return Verdict.IGNORED, ""
    if marker == NOT_FOUND and rest:
        return Verdict.DECLINED, rest
    if marker in (NOT_FOR_ME, NOT_FOUND):
        return (Verdict.ANSWERED, rest) if rest else (Verdict.DECLINED, words.NOT_FOUND)
    return Verdict.ANSWERED, text


def recent(said: Sequence[Entry], budget: int = BUDGET) -> list[Entry]:
    """The newest of what was said, oldest first, as much as the budget holds; a text is never cut."""
    return list(said[len(said) - len(newest([entry.text for entry in said], budget)) :])


def _unnamed(text: str) -> str:
    return SOMEBODY.sub("@somebody", text)


def _failed(failure: Failure) -> str:
    if failure.cause == "context_too_long":
        return words.ANSWER_TOO_LONG
    if failure.cause == "model_refused":
        return words.ANSWER_DECLINED
    return sentence(failure)


def _call(run: Run, said: Sequence[Entry], question: ReplyJob) -> Call:
    example, basis = run.findings[0].angle.name, _basis(run, question)
    mention = FOR_YOU if question.addressed else MAYBE
    material = [fenced("topic", run.question.topic)]
    material += [fenced("finding", finding.text, angle=finding.angle.title) for finding in run.findings]
    if run.standing:
        material.append(fenced("report", run.standing.markdown))
    material += [
        fenced("said", _unnamed(entry.text), by="you" if entry.ours else "a teammate") for entry in recent(said)
    ]
    return Call(
        run=run.id,
        person=question.asker,
        step=f"follow-up/{question.ts}",
        system=prompt("follow_up", most=WORDS, example=example, mention=mention) + basis.rules,
        prompt="\n\n".join([*material, *basis.shelf.shown(), fenced("reply", _unnamed(question.text))]),
        priority=Priority.FOLLOW_UP,
        max_tokens=WORDS * TOKENS_PER_WORD,
    )
