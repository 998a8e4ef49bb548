"""Private answers to what people press in a run's thread: values in, payloads out."""

from __future__ import annotations

from bot.research.model import Angle
from bot.research.words.en import listed
from bot.service.jobs import ExportFormat
from bot.service.ports import Outcome
from bot.slack.format.escape import escape
from bot.slack.messages.ephemeral import Payload, private

UNDER_WAY = private("This run is still in progress. Press the button again once its report is there.")
NO_REPORT = private("This run has no report. Press *Try again* on its message in the channel.")
STORE_DOWN = private("I can't do this right now because my database isn't responding. Try again in a few minutes.")
THANKS = private("Noted, thank you.")
EXPORTING = private("Your export is on its way. It will appear in the thread.")
EXPORT_FAILED = private("The export could not be posted in the thread. Try again in a few minutes.")
NAMES = {ExportFormat.FILE: "The .md file", ExportFormat.CANVAS: "The canvas"}
DONE = {
    ExportFormat.FILE: private("The .md file is in the thread."),
    ExportFormat.CANVAS: private("The canvas is in the thread. Everyone in this channel can open it."),
}
DONE_DIRECT = private("The canvas is in the thread.")
NO_CANVAS = "Canvases aren't available in this workspace, so the .md file is in the thread instead."


def retrying(angles: list[Angle]) -> Payload:
    """Angles are being researched anew."""
    names = escape(listed([angle.name for angle in angles]))
    if len(angles) == 1:
        return private(f"Retrying the {names} angle. Its message in the thread shows the progress.")
    return private(f"Retrying the {names} angles. Their messages in the thread show the progress.")


def exported_before(form: ExportFormat, link: str) -> Payload:
    """This very state of the run was exported so already."""
    return private(f"{NAMES[form]} is already in the thread. <{link}|Open it>.")


def exported(form: ExportFormat, outcome: Outcome, link: str, direct: bool) -> Payload:
    """What came of an export; ``link`` leads to a file that was there before."""
    if outcome is Outcome.FAILED:
        return EXPORT_FAILED
    if outcome is Outcome.INSTEAD:
        return private(f"{NO_CANVAS} <{link}|Open it>." if link else NO_CANVAS)
    return DONE_DIRECT if direct and form is ExportFormat.CANVAS else DONE[form]
