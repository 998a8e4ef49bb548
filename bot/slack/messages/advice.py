"""What people can do about a run that ended without a report, by what it failed of. Pure."""

from __future__ import annotations

from bot.research.model import Unwritten
from bot.research.run_state import Phase, Run

# What helps for good comes first, for where causes are mixed only the first is said; all others pass with time.
BY_ADMIN = {
    "key_rejected": "ask your admin to check the model provider's key, then try again",
    "out_of_credit": "ask your admin to add credit with the model provider, then try again",
    "request_rejected": "ask your admin to check the model's name and address, then try again",
}
BY_ASKER = {
    "model_refused": "reword the topic and start a new run",
    "context_too_long": "shorten the topic and the notes, and start a new run",
    "text_refused": "try again, which writes the texts anew",
}
LATER = "try again in a few minutes"


def advice(run: Run) -> str:
    """What to do, and what to tell whoever runs the bot if that does not help; with the run's name in backticks."""
    what = _most_useful([run.report.cause] if isinstance(run.report, Unwritten) else [gap.cause for gap in run.gaps])
    if run.phase is Phase.UNWRITTEN and what.endswith(("try again", LATER)):
        what += ", which writes only the report"
    return f"{what}. If it fails again, give your admin the reference `{run.id}`."


def _most_useful(causes: list[str]) -> str:
    known = [*BY_ADMIN, *(cause for cause in causes if cause not in BY_ADMIN | BY_ASKER), *BY_ASKER]
    first = next((cause for cause in known if cause in causes), "")
    return (BY_ADMIN | BY_ASKER).get(first, LATER)
