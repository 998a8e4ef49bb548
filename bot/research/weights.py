"""How well each angle is supported, as a table: what the synthesizer is given, and what an export shows. Pure."""

from __future__ import annotations

from bot.research.model import Finding, Usage
from bot.research.run_state import Branch, Run

HEAD = ("Angle", "Confidence, as stated by its worker", "Reason", "Words", "Seconds", "Attempts")
NOT_STATED, MISSING = "not stated", "missing"


def rows(run: Run) -> list[tuple[str, ...]]:
    """A row an angle, in their order, under HEAD."""
    return [_row(branch) for branch in run.branches]


def table(run: Run) -> str:
    """The rows in a Markdown table."""
    return "\n".join(_line(cells) for cells in (HEAD, ("---",) * len(HEAD), *rows(run)))


def _row(branch: Branch) -> tuple[str, ...]:
    found, usage = branch.result, branch.result.usage if branch.result else Usage()
    attempts = str(usage.calls)
    if not isinstance(found, Finding):
        return branch.angle.title, MISSING, "", "", "", attempts
    sure = found.confidence
    stated = (sure.level, sure.reason) if sure else (NOT_STATED, "")
    return branch.angle.title, *stated, str(found.words), f"{found.seconds:.0f}", attempts


def _line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(' '.join(cell.replace('|', '/').split()) for cell in cells)} |"
