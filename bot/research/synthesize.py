"""The fan-in: one report from all findings; its headings, order and gap lines by code, its prose by the model."""

from __future__ import annotations

import re

from bot.research.ask import TOKENS_PER_WORD, TimeLimit, ask
from bot.research.investigate import asked
from bot.research.model import Failure, Finding, Gap, Report, Section, Unwritten
from bot.research.ports import Call, Model, Rank
from bot.research.prompts import fenced, prompt
from bot.research.state import Run
from bot.research.wording import first_sentences, newest

SYNTHESIS = "Synthesis"
WORDS = (300, 400)
WISHES_BUDGET = 12_000  # characters of what readers said during the run, the newest of it
EXCERPT_LIMIT = 600  # characters, about a section's length in the report

_HEADING = re.compile(
    r"\s{0,3}(?:(?P<level>#{1,6})\s*(?P<title>.+?)(?:\s+#+)?|\*\*(?P<bold>[^*]+)\*\*:?|(?P<bare>[^#*].{0,60}))\s*$"
)


async def synthesize(model: Model, run: Run, limit: TimeLimit, at_least: float) -> Report | Unwritten:
    """Merge the run's findings into a report; it gets ``at_least`` that many seconds, however late the run is."""
    answer = await ask(model, _call(run), limit, at_least)
    if isinstance(answer, Failure):
        return Unwritten(**dict(answer))
    return assemble(answer.text, run).model_copy(update={"usage": answer.usage, "seconds": answer.seconds})


def _call(run: Run) -> Call:
    fewest, most = WORDS
    headings = fenced("sections", "\n".join(f"## {title}" for title in _titles(run)))
    example = run.findings[0].angle.name
    return Call(
        run=run.id,
        step="report",
        system=prompt("report", headings=headings, example=example, fewest=fewest, most=most),
        prompt="\n\n".join([*asked(run.question), *_material(run)]),
        rank=Rank.REPORT,
        max_tokens=most * TOKENS_PER_WORD,
    )


def _titles(run: Run) -> dict[str, str]:
    """The sections in their order, each with how a heading of it begins."""
    return {branch.angle.section: branch.angle.title for branch in run.branches} | {SYNTHESIS: SYNTHESIS}


def _material(run: Run) -> list[str]:
    labelled = []
    for branch in run.branches:
        if isinstance(branch.result, Finding):
            found = branch.result
            labelled.append(fenced("finding", found.text, angle=found.angle.title, words=found.words))
        elif isinstance(branch.result, Gap):
            labelled.append(fenced("gap", branch.result.short, angle=branch.angle.title))
    return labelled + [fenced("wish", wish) for wish in newest(run.wishes, WISHES_BUDGET)]


def assemble(text: str, run: Run) -> Report:
    """The report under its fixed headings from whatever the model wrote.

    What stands before the first known heading gives the summary; text under no heading of ours goes to the Synthesis.
    """
    opening, written = _read(text, _titles(run))
    summary, *rest = opening or [""]
    if not any(written.values()):
        written[SYNTHESIS] = "\n\n".join(rest or opening)
    elif rest:
        first = next(title for title in _titles(run) if written[title])
        written[first] = "\n\n".join([*rest, written[first]])
    sections = [Section(title=b.angle.section, text=_section(b.result, written[b.angle.section])) for b in run.branches]
    synthesis = written[SYNTHESIS] or "*Missing.* The model wrote no synthesis."
    return Report(
        summary=first_sentences(summary) or first_sentences(written[SYNTHESIS]),
        sections=(*sections, Section(title=SYNTHESIS, text=synthesis)),
    )


def _section(result: Finding | Gap | None, written: str) -> str:
    if isinstance(result, Finding):
        excerpt = first_sentences(result.text, EXCERPT_LIMIT) or result.text
        return written or f"*From the {result.angle.name} angle, which the report does not take up:* {excerpt}"
    if isinstance(result, Gap):
        # Whatever the model wrote here rests on no finding.
        return f"*Missing.* The {result.angle.name} angle could not be completed: {result.short}."
    return written


def _read(text: str, titles: dict[str, str]) -> tuple[list[str], dict[str, str]]:
    """Paragraphs before the first known heading, and the text under each known one."""
    lines: dict[str, list[str]] = {"": [], **{title: [] for title in titles}}
    here, in_code = "", False
    for line in text.strip().splitlines():
        in_code ^= line.lstrip().startswith(("```", "~~~"))
        title = None if in_code else _known(line, titles)
        if title:
            here = title
        elif in_code or not (heading := re.match(r"\s{0,3}#{1,6}\s+(.*)", line)):
            lines[here].append(line)
        elif here:  # a heading of the model's own; before the first section it is only the report's title
            lines[here].append(f"### {heading[1]}")
    opening = [paragraph.strip() for paragraph in "\n".join(lines.pop("")).split("\n\n")]
    return [paragraph for paragraph in opening if paragraph], {t: "\n".join(ls).strip() for t, ls in lines.items()}


def _known(line: str, titles: dict[str, str]) -> str | None:
    """The section that this line is the heading of, if it is one."""
    match = _HEADING.match(line)
    if not match:
        return None
    heading = match["title"] or match["bold"] or match["bare"]
    for bare in (
        _unmarked,
        _plain,
        _bare,
    ):  # an angle may be called "1980s" or "C#": only what is left over counts as decoration
        same = [title for title in titles if bare(title) == bare(heading)]
        if same:
            return same[0] if len(same) == 1 else None
    if not match["level"]:
        return None
    begun = [t for t, name in titles.items() if re.match(rf"{re.escape(_plain(name))}(?!\w)", _plain(heading))]
    return max(begun, key=len, default=None)


def _unmarked(heading: str) -> str:
    """A heading without marks of emphasis around it, and without a colon behind it."""
    return re.sub(r"^[\s*_`]+|[\s*_`:]+$", "", heading).casefold()


def _plain(heading: str) -> str:
    """A heading without its number as well: "2." or "II)"."""
    return _unmarked(re.sub(r"^(?:\d+|[ivx]+)[.):]\s+", "", _unmarked(heading)))


def _bare(heading: str) -> str:
    """A heading without anything around its letters; one that has no letters as it is."""
    return re.sub(r"^[\W\d_]+|[\W_]+$", "", heading).casefold() or heading.strip()
