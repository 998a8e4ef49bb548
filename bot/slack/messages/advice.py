"""What people can do about a run that ended without a report, by what it failed of. Pure."""

from __future__ import annotations

from bot.research import words
from bot.research.model import Unwritten
from bot.research.run_state import Phase, Run

# What helps for good comes first, for where causes are mixed only the first is said; all others pass with time.
BY_ADMIN = ("key_rejected", "out_of_credit", "request_rejected")
BY_ASKER = ("model_refused", "context_too_long", "text_refused")


def advice(run: Run) -> str:
    """What to do, and what to tell whoever runs the bot if that does not help; with the run's name in backticks."""
    cause = _most_useful([run.report.cause] if isinstance(run.report, Unwritten) else [gap.cause for gap in run.gaps])
    what = words.ADVICE.get(cause, words.WAIT)
    if run.phase is Phase.UNWRITTEN and cause not in BY_ASKER:
        what = words.only_report(what)
    return words.advice(what, f"`{run.id}`")


def _most_useful(causes: list[str]) -> str:
    """The first cause that is worth advice; those that pass with time come before those that the asker can help."""
    known = [*BY_ADMIN, *(cause for cause in causes if cause not in (*BY_ADMIN, *BY_ASKER)), *BY_ASKER]
    return next((cause for cause in known if cause in causes), "")
