"""Private answers to what people press in a run's thread: values in, payloads out."""

from __future__ import annotations

from bot.research import words
from bot.research.model import Finding
from bot.research.run_state import Branch
from bot.service.jobs import ExportFormat
from bot.service.ports import Outcome
from bot.slack.format.escape import escape
from bot.slack.messages.ephemeral import Payload, private

IS_THERE = {ExportFormat.FILE: words.FILE_IS_THERE, ExportFormat.CANVAS: words.CANVAS_IS_OPEN}
IS_THERE_ALREADY = {
    ExportFormat.FILE: words.FILE_IS_THERE_ALREADY,
    ExportFormat.CANVAS: words.CANVAS_IS_THERE_ALREADY,
}


def retrying(branches: list[Branch]) -> Payload:
    """Angles are being researched anew."""
    stay = any(isinstance(branch.retried, Finding) for branch in branches)
    return private(words.retrying([escape(branch.angle.name) for branch in branches], stay))


def exported_before(form: ExportFormat, link: str) -> Payload:
    """This very state of the run was exported so already."""
    return private(f"{IS_THERE_ALREADY[form]} {_open(link)}")


def exported(form: ExportFormat, outcome: Outcome, link: str, direct: bool) -> Payload:
    """What came of an export; ``link`` leads to a file that was there before."""
    if outcome is Outcome.FAILED:
        return private(words.EXPORT_FAILED)
    if outcome is Outcome.INSTEAD:
        return private(f"{words.FILE_INSTEAD} {_open(link)}" if link else words.FILE_INSTEAD)
    return private(words.CANVAS_IS_THERE if direct and form is ExportFormat.CANVAS else IS_THERE[form])


def _open(link: str) -> str:
    return f"<{link}|{words.OPEN_IT}>."
