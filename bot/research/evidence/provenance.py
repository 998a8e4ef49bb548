"""What is said of a run's sources: how much was held against them, which angles have none, and why. Pure."""

from __future__ import annotations

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
    """That an angle has no sources, where it should have some, or what model it is that knows none."""
    if finding.unsourced == TINY_MODEL:
        return [words.TINY_LABEL]
    wanted = finding.unsourced or finding.checks is not None
    return [words.NO_SOURCES] if wanted and not finding.sources else []


def labels(run: Run) -> list[str]:
    """What stands with every text of a model that only shows the flow; nothing for any other."""
    return [words.TINY_LABEL] if any(finding.unsourced == TINY_MODEL for finding in run.findings) else []


def without_sources(run: Run) -> str:
    """What a report says of itself where nothing in it has a source."""
    return "".join(labels(run)) or words.UNSOURCED


def unsearched(run: Run) -> list[str]:
    """Why angles have no sources, a sentence a cause; with their names where others do have some."""
    causes = dict.fromkeys(finding.unsourced for finding in run.findings if finding.unsourced)
    named = {cause: [each.angle.title for each in run.findings if each.unsourced == cause] for cause in causes}
    return [words.no_search(cause, names if len(names) < len(run.findings) else []) for cause, names in named.items()]


def _sites(run: Run) -> int:
    """How many sites the pages that the report cites stand on."""
    cited = Citations(run.sources).cited(run.standing.markdown if run.standing else "")
    return len({host(source.url).removeprefix("www.") for source in cited})
