"""A run as one Markdown document: what is exported. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.research import words
from bot.research.evidence.citations import Citations, linked
from bot.research.evidence.provenance import provenance, unsearched, unsourced
from bot.research.model import Finding, Source
from bot.research.run_state import Branch, Run
from bot.research.weights import table
from bot.research.words import NBSP, cost, duration, missing, sentence
from bot.text.fragments import at_top
from bot.text.readable import readable
from bot.text.typed import visible

LONGEST_TITLE = 200  # characters of a page's title
_MARKS = re.compile(r"([\\`*_\[\]<>#|~&!])")


def document(run: Run) -> str:
    """The topic, when it was asked, the summary, the report, each angle or why it is missing, and what it rests on."""
    numbers = [
        words.ready(len(run.findings), len(run.branches), run.question.deep),
        duration(run.seconds),
        *cost(run.usage),
    ]
    parts = [
        f"# {words.document_title(' '.join(run.question.topic.split()))}",
        words.asked_on(words.date_in_full(run.question.asked_at)),
        _cited(run.summary, run.sources),
        _cited(run.standing.markdown, run.sources) if run.standing else "",
        *(_angle(branch) for branch in run.branches),
        f"## {words.SUPPORT}\n{table(run)}" if run.findings else "",
        *([f"## {words.SOURCES}", *map(_source, run.sources)] if run.sources else []),
        words.TOOK_STANDARD if run.took_standard else "",
        *unsearched(run),
        "---",
        words.rests_on(", ".join(provenance(run)), numbers, run.id).replace(NBSP, " "),
    ]
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def _angle(branch: Branch) -> str:
    title = f"## {words.angle_title(branch.angle.title)}"
    if isinstance(branch.result, Finding):
        return "\n\n".join(
            [f"{title}\n{_cited(branch.result.text, branch.result.sources)}", *_small_print(branch.result)]
        )
    return f"{title}\n{missing(branch.angle, sentence(branch.result) if branch.result else '')}"


def _small_print(found: Finding) -> list[str]:
    """What an angle's text lacks, and that it was not split although it should have been."""
    lacks = [readable(" ".join(words.unanswered(found.missing)))] if found.missing else []
    notes = [*([words.unsplit(found.unsplit)] if found.unsplit else []), *unsourced(found)]
    return [*lacks, *(f"{words.capital(note)}." for note in notes)]


def _cited(markdown: str, sources: Sequence[Source]) -> str:
    """A text, the numbers of the pages that it cites leading to their passages."""
    return Citations(sources).shown(readable(markdown), linked)


def _source(source: Source) -> str:
    """A page: its number and title, what is known of it, and the passages that are cited, as quotations."""
    known = ", ".join(filter(None, (_plain(each) for each in (source.name, source.date))))
    name = ", ".join(filter(None, [f"**{title}**" if (title := _plain(source.title)) else "", known]))
    read = words.date_in_full(source.read_at) if source.read_at else ""
    found = words.source_read(read, at_top(source.url) or _plain(source.url))
    quoted = (f"> “{_plain(each.text, 0)}”" for each in source.passages)
    return "\n\n".join([f"[{source.number}] {name}  \n{found}", *quoted])


def _plain(text: str, most: int = LONGEST_TITLE) -> str:
    """What a page says, in one line that is no markup, of at most so many characters where there is a limit."""
    line = " ".join(visible(text).split())
    line = line if not most or len(line) <= most else f"{line[: most - 1].rstrip()}…"
    return _MARKS.sub(r"\\\1", line)
