"""What people can do with a run that has a report: retry a gap, export, say what they think. Values in, blocks out."""

from __future__ import annotations

from collections.abc import Collection

from bot.research.model import Angle
from bot.research.run_state import Run
from bot.research.words.en import NBSP, listed
from bot.service.reply_rules import FollowUps
from bot.slack.format.blocks import Block, action_button, actions, context, plain_text

RETRY_ANGLE = "research.angle.retry"
EXPORT_FILE, EXPORT_CANVAS = "research.report.export_md", "research.report.export_canvas"
FEEDBACK = "research.report.feedback"
HINT = "Reply here with a question and I will answer from these findings."
HINT_MENTION = "Mention me here with a question and I will answer from these findings."
HINT_MUTE = "To silence me, reply `mute`."
ROOT_MENU, REPORT_MENU = "research.run.menu", "research.report.menu"
LABELS = {
    "export_md": "Export as .md file",
    "export_canvas": "Export as canvas",
    "again": "Run again with changes",
    "mute": "Mute me in this thread",
}


def menu(action_id: str, verbs: Collection[str], run_id: str) -> list[Block]:
    """A menu with these verbs; no element where there is none."""
    options = [{"text": plain_text(LABELS[verb]), "value": f"{verb}:{run_id}"} for verb in verbs]
    return [{"type": "overflow", "action_id": action_id, "options": options}] if options else []


def retry_button(run_id: str, angles: list[Angle], label: str = "") -> Block:
    """A button that has these angles researched anew; its value names the run and the angles."""
    label = label or ("Retry angle" if len(angles) == 1 else f"Retry {len(angles)}{NBSP}angles")
    names = listed([angle.name for angle in angles])
    spoken = f"Retry the {names} angle{'' if len(angles) == 1 else 's'}"
    return action_button(RETRY_ANGLE, label, f"{run_id}/{','.join(angle.slug for angle in angles)}", spoken)


def retry_of(value: str) -> tuple[str, list[str]]:
    """The run and the angles' slugs that a retry button's value names."""
    run_id, _, slugs = value.partition("/")
    return run_id, slugs.split(",")


def root_controls(run: Run) -> list[Block]:
    """What stands in the root message beside the way to the report."""
    retry = [retry_button(run.id, [gap.angle for gap in run.gaps])] if run.gaps else []
    return [*retry, *menu(ROOT_MENU, ("export_md", "export_canvas", "again"), run.id)]


def report_controls(run: Run, how_on: str) -> list[Block]:
    """What stands at the end of the report; ``how_on`` says how to ask on, "" where nothing is answered."""
    verbs = ("again",) if run.question.place.direct or not how_on else ("again", "mute")
    buttons = [
        action_button(EXPORT_FILE, "Export .md", run.id, "Export the report as a Markdown file"),
        action_button(EXPORT_CANVAS, "Export canvas", run.id, "Export the report as a Slack canvas"),
    ]
    feedback = {
        "type": "feedback_buttons",
        "action_id": FEEDBACK,
        "positive_button": _thumb("Useful", "This report is useful", f"up:{run.id}"),
        "negative_button": _thumb("Not useful", "This report is not useful", f"down:{run.id}"),
    }
    return [
        actions("research.report.actions", [*buttons, *menu(REPORT_MENU, verbs, run.id)]),
        {"type": "context_actions", "block_id": "research.report.feedback", "elements": [feedback]},
        *([context("research.report.hint", how_on)] if how_on else []),
    ]


def hint(run: Run, follow_ups: FollowUps) -> str:
    """How the thread goes on, "" where no reply is answered."""
    if follow_ups == "off":
        return ""
    if run.question.place.direct:
        return HINT
    return f"{HINT} {HINT_MUTE}" if follow_ups == "thread" else HINT_MENTION


def _thumb(label: str, spoken: str, value: str) -> Block:
    return {"text": plain_text(label), "accessibility_label": spoken, "value": value}
