"""The fan-in in one call: a report from all findings; headings, order and gap lines by code, prose by the model."""

from __future__ import annotations

import re
from functools import partial

from bot.research import words
from bot.research.beside import beside
from bot.research.evidence.conflicts import conflicts
from bot.research.evidence.fan_in import Basis
from bot.research.investigate import asked
from bot.research.model import Failure, Finding, Gap, Report, Section, Unwritten
from bot.research.model_call import TOKENS_PER_WORD, TimeLimit, Writer, ask
from bot.research.ports import Call, Model, Priority, Upcoming
from bot.research.prompts import fenced, prompt
from bot.research.run_state import Run
from bot.research.weights import table
from bot.research.words import SYNTHESIS, missing, short
from bot.text.excerpts import first_sentences, newest
from bot.text.sections import paragraphs, read, tidy
from bot.text.written import says_no_more, unwrapped

STEP = "report"
WORDS = (300, 400)
WISHES_BUDGET = 12_000  # characters of what readers said during the run, the newest of it
EXCERPT_LIMIT = 600  # characters, about a section's length in the report

_ITEM = re.compile(r"(?m)^[ \t]*(?:[-*+•>]|\d{1,3}[.)])[ \t]+")


async def synthesize(model: Model, run: Run, limit: TimeLimit, at_least: float) -> Report | Unwritten:
    """Merge the run's findings into a report; it gets ``at_least`` that many seconds, however late the run is."""
    call, basis = _call(run), basis_of(run)
    answer = await ask(model, call, limit, at_least)
    if isinstance(answer, Failure):
        return Unwritten(**dict(answer))
    after = await basis.mended(Writer(model, limit, at_least), call, unwrapped(answer.text))
    report = await beside(len(after.text) + basis.shelf.size, lambda: _checked(assemble(after.text, run), run))
    spent = {"usage": answer.usage + after.usage, "seconds": answer.seconds + after.seconds}
    return report.model_copy(update=spent)


def _checked(report: Report, run: Run) -> Report:
    """The report with the conflicts that it does not name, and with how much of it passes the gate."""
    *others, last = report.sections
    sections = (*others, last.model_copy(update={"text": with_conflicts(last.text, run)}))
    found = {branch.angle.section for branch in run.branches if isinstance(branch.result, Finding)} | {SYNTHESIS}
    checks = basis_of(run).checks([section.text for section in sections if section.title in found])
    return report.model_copy(update={"sections": sections, "checks": checks})


def basis_of(run: Run) -> Basis:
    """What a text of all findings may rest on."""
    named = (text for branch in run.branches for text in (branch.angle.title, branch.angle.brief))
    return Basis.of(run.question, run.findings, run.sources, *named)


def rules(run: Run) -> str:
    """What the writer of such a text is told of its sources; "" where there are none."""
    said = "\n" + prompt("conflicts") if run.sources and conflicts(run.findings) else ""
    return basis_of(run).rules + said


def with_conflicts(text: str, run: Run) -> str:
    """A Synthesis with a line for each conflict between angles that it does not name."""
    unnamed = [each for each in conflicts(run.findings) if not each.named_in(text)] if run.sources else []
    return "\n\n".join([text, *(words.conflict(each.first, each.second) for each in unnamed)])


def closing(run: Run) -> list[Upcoming]:
    """The call that closes the run."""
    return [Upcoming(STEP, partial(_call, run))] if run.findings else []


def _call(run: Run) -> Call:
    fewest, most = WORDS
    headings = fenced("sections", "\n".join(f"## {title}" for title in titles(run)))
    example = run.findings[0].angle.name
    return Call(
        run=run.id,
        person=run.question.asker,
        step=STEP,
        system=prompt("report", headings=headings, example=example, fewest=fewest, most=most) + rules(run),
        prompt="\n\n".join([*asked(run.question), *material(run)]),
        priority=Priority.REPORT,
        max_tokens=most * TOKENS_PER_WORD,
    )


def titles(run: Run) -> dict[str, str]:
    """The sections in their order, each with how a heading of it begins."""
    return {branch.angle.section: branch.angle.title for branch in run.branches} | {SYNTHESIS: SYNTHESIS}


def material(run: Run) -> list[str]:
    """What a synthesis is made of: findings, gaps, how well each angle is supported, what readers said."""
    labelled = []
    for branch in run.branches:
        if isinstance(branch.result, Finding):
            found = branch.result
            labelled.append(fenced("finding", found.text, angle=found.angle.title, words=found.words))
        elif isinstance(branch.result, Gap):
            labelled.append(fenced("gap", short(branch.result), angle=branch.angle.title))
    wishes = [fenced("wish", wish) for wish in newest(run.wishes, WISHES_BUDGET)]
    basis = basis_of(run).shelf.shown()
    apart = (
        [fenced("conflict", f"{each.first[1]}\n{each.second[1]}") for each in conflicts(run.findings)] if basis else []
    )
    return [*labelled, *basis, *apart, fenced("weights", table(run)), *wishes]


def assemble(text: str, run: Run) -> Report:
    """The report under its fixed headings from whatever the model wrote.

    What stands before the first section gives the summary; text under no heading of ours goes to the Synthesis.
    """
    all_titles = titles(run)
    lacking = [gap.angle.section for gap in run.gaps]
    parts = read(unwrapped(text), all_titles, lacking)
    written = parts.written
    summary, rest = summed_up(parts.opening, [run.question.topic, *all_titles, *all_titles.values()])
    summary = summary or first_sentences(prose(written[SYNTHESIS] or rest))
    alone = not any(written.values())
    if alone:
        written[SYNTHESIS] = rest or tidy(parts.opening)
    elif rest:
        believed = [title for title in all_titles if written[title] and title not in lacking]
        first = believed[0] if believed else SYNTHESIS
        written[first] = "\n\n".join(filter(None, [rest, written[first]]))
    sections = [
        Section(title=b.angle.section, text=section_text(b.result, written[b.angle.section], parts.sure))
        for b in run.branches
    ]
    synthesis = written[SYNTHESIS] or words.NO_SYNTHESIS
    return Report(
        summary=summary,
        sections=(*sections, Section(title=SYNTHESIS, text=synthesis)),
    )


def summed_up(opening: str, known: list[str]) -> tuple[str, str]:
    """The summary from what stands before the sections, and what of it is not in the summary."""
    summary, rest = "", []
    for paragraph in paragraphs(opening):
        if paragraph.startswith("#") and says_no_more(paragraph, *known):
            continue
        if summary or paragraph.startswith(("#", "```", "~~~", "|")):
            rest.append(paragraph)
            continue
        said = prose(paragraph)
        summary = first_sentences(said)
        if not summary or len(summary) < len(said):
            rest.append(paragraph if not summary else said[len(summary) :].strip())
    return summary, "\n\n".join(rest)


def prose(text: str) -> str:
    """Text on one line, the items of lists as sentences."""
    return " ".join(_ITEM.sub("", text).split())


def section_text(result: Finding | Gap | None, written: str, sure: bool) -> str:
    """A section as it stands in the report: as ``written``, else from its finding by code; a gap is said to be one.

    ``sure`` says that the model wrote nothing about this angle, and not only that nothing was recognised.
    """
    if isinstance(result, Finding):
        how = words.not_taken_up if sure else words.in_its_own_words
        return written or f"{how(result.angle)} {excerpt(result)}"
    if isinstance(result, Gap):
        # Whatever the model wrote here rests on no finding.
        return missing(result.angle, short(result))
    return written


def excerpt(finding: Finding) -> str:
    """What stands of a finding in place of its section."""
    return first_sentences(finding.text, EXCERPT_LIMIT) or finding.text
