"""How well each angle is supported, as a table: what the synthesizer is given, and what an export shows. Pure."""

from __future__ import annotations

from bot.research.model import Finding, Usage
from bot.research.run_state import Branch, Run
from bot.research.words import ABSENT, NOT_STATED, SOURCED_HEAD, SUPPORT_HEAD, confidences, duration, of_all
from bot.text.links import host
from bot.text.readable import readable


def table(run: Run) -> str:
    """A Markdown table with a row an angle, in their order."""
    searched = any(finding.checks for finding in run.findings)
    head = (*SUPPORT_HEAD, *SOURCED_HEAD) if searched else SUPPORT_HEAD
    rows = ((*_row(branch), *(_sourced(branch) if searched else ())) for branch in run.branches)
    return "\n".join(_line(cells) for cells in (head, ("---",) * len(head), *rows))


def stated(run: Run) -> str:
    """How sure the workers say that they are, in a line; "" where none says anything."""
    found = run.findings
    return confidences([(each.angle.name, each.confidence.level if each.confidence else "") for each in found])


def _row(branch: Branch) -> tuple[str, ...]:
    found, usage = branch.result, branch.result.usage if branch.result else Usage()
    calls = str(usage.calls)
    if not isinstance(found, Finding):
        return branch.angle.title, ABSENT, "", "", "", calls
    sure = found.confidence
    stated = (sure.level, readable(sure.reason)) if sure else (NOT_STATED, "")
    return branch.angle.title, *stated, str(found.words), duration(found.seconds), calls


def _sourced(branch: Branch) -> tuple[str, ...]:
    """How many pages and sites an angle cites, and how much of it they hold."""
    found = branch.result
    if not isinstance(found, Finding):
        return "", "", ""
    sites = {host(source.url).removeprefix("www.") for source in found.sources}
    share = of_all(found.checks.checked, found.checks.statements) if found.checks else ""
    return str(len(found.sources)), str(len(sites)), share


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(' '.join(cell.replace('|', '/').split()) for cell in cells)} |"
