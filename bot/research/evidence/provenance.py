"""What is said of a run's sources: how much was held against them, which angles have none, and why. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict

from bot.research import words
from bot.research.evidence.citations import Citations
from bot.research.model import Finding
from bot.research.run_state import Run
from bot.text.links import host

TINY_MODEL = "tiny_model"  # why a finding is unsourced that a model wrote which knows nothing


def provenance(run: Run) -> list[str]:
    """How the report came about, phrase by phrase; none where nothing at all has a source."""
    if not run.sources:
        return []
    report = run.standing
    checks = report.checks if report else None
    held = words.checked(checks.checked, checks.statements) if checks and checks.statements else ""
    cited = [words.sites(sites)] if (sites := _sites(run)) else []
    without = [finding.angle.name for finding in run.findings if not finding.sources]
    lacking = [words.no_sources(without)] if without else []
    return [words.WRITTEN_BY_AI, *filter(None, [", ".join(filter(None, [held, *cited]))]), *lacking]


def unsourced(finding: Finding) -> list[str]:
    """That an angle, or some of its questions, has no sources where it should have some; or that its model knows none.

    A text whose other answers have sources would look as if all of it had.
    """
    if finding.unsourced == TINY_MODEL:
        return [words.TINY_LABEL]
    wanted = finding.unsourced or finding.checks is not None
    if wanted and not finding.sources:
        return [words.NO_SOURCES]
    bare, of = _bare(finding)
    return [words.no_sources_for(bare.total(), of)] if bare else []


def _bare(finding: Finding) -> tuple[Counter[str], int]:
    """Why answers of an angle rest on no page, by how many of how many questions."""
    leaves = [leaf for node in finding.nodes for leaf in node.leaves]
    return Counter(leaf.unsourced for leaf in leaves if leaf.text and leaf.unsourced), len(leaves)


def labels(run: Run) -> list[str]:
    """What stands with every text of a model that only shows the flow; nothing for any other."""
    return [words.TINY_LABEL] if any(finding.unsourced == TINY_MODEL for finding in run.findings) else []


def without_sources(run: Run) -> str:
    """What a report says of itself where nothing in it has a source."""
    return "".join(labels(run)) or words.UNSOURCED


def unsearched(run: Run) -> list[str]:
    """Why angles have no sources, a sentence a cause; with their names where others, or their other questions, do."""
    named: defaultdict[str, list[str]] = defaultdict(list)
    for finding in run.findings:
        bare, of = _bare(finding)
        if finding.unsourced:
            named[finding.unsourced].append(finding.angle.title)
        for cause, number in bare.items() if not finding.unsourced else ():
            named[cause].append(words.some_questions(finding.angle.title, number, of))
    every = [finding.angle.title for finding in run.findings]
    return [words.no_search(cause, [] if names == every else names) for cause, names in named.items()]


def _sites(run: Run) -> int:
    """How many sites the pages that the report cites stand on."""
    cited = Citations(run.sources).cited(run.standing.markdown if run.standing else "")
    return len({host(source.url).removeprefix("www.") for source in cited})
