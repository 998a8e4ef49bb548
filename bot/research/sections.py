"""The fan-in section by section: each is written as soon as its finding is in, the synthesis once all are.

The synthesis is written beside the last sections: it needs the findings, not them. So a report takes as long as its
synthesis alone, where one call would write everything after the last finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from bot.research.beside import beside
from bot.research.evidence.fan_in import Basis
from bot.research.investigate import asked
from bot.research.model import Angle, Checks, Draft, Failure, Finding, Report, Section, Synthesis, Unwritten
from bot.research.model_call import TOKENS_PER_WORD, TimeLimit, Writer, ask
from bot.research.ports import Call, Model, Priority, Upcoming
from bot.research.prompts import fenced, prompt
from bot.research.run_state import Branch, Run
from bot.research.synthesize import (
    basis_of,
    excerpt,
    material,
    prose,
    rules,
    section_text,
    summed_up,
    titles,
    with_conflicts,
)
from bot.research.words import SYNTHESIS, short, undrafted, unmerged
from bot.text.excerpts import first_sentences
from bot.text.headings import lowered
from bot.text.sections import apart, read
from bot.text.written import untitled, unwrapped

SECTION_WORDS = (80, 110)  # with three angles and their synthesis as long as a report that is written whole
ALL_SECTIONS_WORDS = (240, 330)  # for all of them where there are more
SYNTHESIS_STEP = "report/synthesis"


def closing(run: Run) -> list[Upcoming]:
    """The calls that close the run: a section for each finding that has none, and the synthesis."""
    if not run.findings:
        return []
    found = [b.result for b in run.branches if isinstance(b.result, Finding) and not b.draft]
    sections = [Upcoming(_step(each.angle), partial(_section_call, run, each)) for each in found]
    return [*sections, Upcoming(SYNTHESIS_STEP, partial(_synthesis_call, run))]


async def write_section(
    model: Model, run: Run, finding: Finding, limit: TimeLimit, at_least: float
) -> Draft | Unwritten:
    """Write one angle's section from its finding; it gets ``at_least`` that many seconds, however late the run is."""
    answer = await ask(model, _section_call(run, finding), limit, at_least)
    if isinstance(answer, Failure):
        return Unwritten(**dict(answer))
    text = await beside(len(answer.text), lambda: _section_of(answer.text, run, finding.angle))
    after = await Basis.of(run.question, [finding], finding.sources).marked(text)
    return Draft(text=after.text, usage=answer.usage, seconds=answer.seconds, checks=after.checks)


async def write_synthesis(model: Model, run: Run, limit: TimeLimit, at_least: float) -> Synthesis | Unwritten:
    """Write the summary and the Synthesis from all findings; otherwise as for a section."""
    call, basis = _synthesis_call(run), basis_of(run)
    answer = await ask(model, call, limit, at_least)
    if isinstance(answer, Failure):
        return Unwritten(**dict(answer))
    after = await basis.mended(Writer(model, limit, at_least), call, unwrapped(answer.text))
    summary, text = await beside(len(after.text), lambda: _synthesis_of(after.text, run))
    text = await beside(len(text), lambda: with_conflicts(text, run))
    checks = await beside(basis.shelf.size, lambda: basis.checks([text]))
    spent = {"usage": answer.usage + after.usage, "seconds": answer.seconds + after.seconds}
    return Synthesis(summary=summary, text=text, checks=checks, **spent)


def put_together(run: Run, synthesis: Report | Synthesis | Unwritten) -> Report | Unwritten:
    """The report of a run whose sections have ended; Unwritten where the model wrote no part of it.

    Without a synthesis it stands with its sections, and says what is missing, unless a report that has one stands in
    the thread already: that stays. One that is whole is given back as it is.
    """
    if isinstance(synthesis, Report):
        return synthesis
    drafts = [b.draft for b in run.branches if isinstance(b.draft, Draft) and isinstance(b.result, Finding)]
    if isinstance(synthesis, Unwritten) and (not drafts or _whole(run.standing)):
        return synthesis
    before = {section.title: section.text for section in run.standing.sections} if run.standing else {}
    sections = [Section(title=b.angle.section, text=_shown(b, before)) for b in run.branches]
    if isinstance(synthesis, Synthesis):
        last, summary, lacking = synthesis.text, synthesis.summary, None
    else:
        last, summary, lacking = unmerged(synthesis), first_sentences(prose(drafts[0].text)), synthesis
    return Report(
        summary=summary,
        sections=(*sections, Section(title=SYNTHESIS, text=last)),
        usage=synthesis.usage,
        seconds=synthesis.seconds,
        unmerged=lacking,
        checks=_checks(run, synthesis, before),
    )


def _checks(run: Run, synthesis: Synthesis | Unwritten, before: Mapping[str, str]) -> Checks | None:
    """How much of what stands in the report was held against its sources."""
    own = [synthesis.checks] if isinstance(synthesis, Synthesis) else []
    known = [checks for checks in [*(_checked(branch, run, before) for branch in run.branches), *own] if checks]
    return sum(known, Checks()) if known else None


def _checked(branch: Branch, run: Run, before: Mapping[str, str]) -> Checks | None:
    """The same of a section; what is taken from a finding is counted without the line that says so."""
    found, draft = branch.result, branch.draft
    if not isinstance(found, Finding):
        return None
    if isinstance(draft, Draft):
        return draft.checks
    kept = before.get(branch.angle.section) if draft and not branch.retried else None
    return Basis.of(run.question, [found], found.sources).checks([kept or excerpt(found)])


def _whole(report: Report | None) -> bool:
    return report is not None and not report.unmerged


def _shown(branch: Branch, before: Mapping[str, str]) -> str:
    """A section; one that could not be written anew stays as it was ``before``, where its finding is the same."""
    if isinstance(branch.result, Finding) and isinstance(branch.draft, Unwritten):
        if not branch.retried and branch.angle.section in before:
            return before[branch.angle.section]
        return f"{undrafted(branch.angle, short(branch.draft))} {excerpt(branch.result)}"
    return section_text(branch.result, branch.draft.text if isinstance(branch.draft, Draft) else "", sure=True)


def _section_call(run: Run, finding: Finding) -> Call:
    fewest, most = _lengths(len(run.branches))
    own, question = finding.angle, run.question
    basis = Basis.of(question, [finding], finding.sources)
    others = "\n".join(title for title in titles(run) if title != own.section)
    return Call(
        run=run.id,
        person=run.question.asker,
        step=_step(own),
        system=prompt("section", fewest=fewest, most=most) + basis.rules,
        prompt="\n\n".join(
            [
                *asked(question),
                fenced("section", own.section),
                fenced("others", others),
                fenced("finding", finding.text, angle=own.title, words=finding.words),
                *basis.shelf.shown(),
            ]
        ),
        priority=Priority.SECTION,
        max_tokens=SECTION_WORDS[1] * TOKENS_PER_WORD,
    )


def _step(angle: Angle) -> str:
    return f"report/{angle.slug}"


def _lengths(angles: int) -> tuple[int, int]:
    """Words of a section, from and to, so that a report is as long with six angles as with three."""
    return min(SECTION_WORDS[0], ALL_SECTIONS_WORDS[0] // angles), min(
        SECTION_WORDS[1], ALL_SECTIONS_WORDS[1] // angles
    )


def _synthesis_call(run: Run) -> Call:
    fewest, most = SECTION_WORDS
    return Call(
        run=run.id,
        person=run.question.asker,
        step=SYNTHESIS_STEP,
        system=prompt("synthesis", example=run.findings[0].angle.name, fewest=fewest, most=most) + rules(run),
        prompt="\n\n".join([*asked(run.question), *material(run)]),
        priority=Priority.REPORT,
        max_tokens=SECTION_WORDS[1] * TOKENS_PER_WORD,
    )


def _section_of(text: str, run: Run, angle: Angle) -> str:
    own = apart(unwrapped(text), angle.section, titles(run))
    return lowered(untitled(own, angle.section, angle.title, run.question.topic))


def _synthesis_of(text: str, run: Run) -> tuple[str, str]:
    """The summary and the Synthesis from whatever the model wrote; where it is one paragraph, that is both."""
    everything = titles(run)
    parts = read(apart(unwrapped(text), SYNTHESIS, everything), {SYNTHESIS: SYNTHESIS})
    summary, rest = summed_up(parts.opening, [run.question.topic, *everything, *everything.values()])
    written = "\n\n".join(filter(None, [rest, parts.written[SYNTHESIS]]))
    summary = summary or first_sentences(prose(written))
    return summary, lowered(written or parts.opening)
