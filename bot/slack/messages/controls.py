"""What people can do with a run that has a report: retry a gap, export, say what they think. Values in, blocks out."""

from __future__ import annotations

from collections.abc import Collection

from bot.research import words
from bot.research.model import Angle
from bot.research.run_state import Run
from bot.service.reply_rules import FollowUps
from bot.slack.format.blocks import Block, action_button, actions, context, plain_text

RETRY, RETRY_ANGLE = "research.run.retry", "research.angle.retry"
EXPORT_FILE, EXPORT_CANVAS = "research.report.export_md", "research.report.export_canvas"
FEEDBACK = "research.report.feedback"
ROOT_MENU, REPORT_MENU = "research.run.menu", "research.report.menu"


def menu(action_id: str, verbs: Collection[str], run_id: str) -> list[Block]:
    """A menu with these verbs; no element where there is none."""
    options = [{"text": plain_text(words.MENU[verb]), "value": f"{verb}:{run_id}"} for verb in verbs]
    return [{"type": "overflow", "action_id": action_id, "options": options}] if options else []


def retry_button(run_id: str, angles: list[Angle], label: str = "") -> Block:
    """A button that has these angles researched anew; its value names the run and the angles."""
    label, spoken = label or words.retry_angles(len(angles)), words.spoken_retry_angles([each.name for each in angles])
    return action_button(RETRY_ANGLE, label, f"{run_id}/{','.join(angle.slug for angle in angles)}", spoken)


def retry_of(value: str) -> tuple[str, list[str]]:
    """The run and the angles' slugs that a retry button's value names."""
    run_id, _, slugs = value.partition("/")
    return run_id, slugs.split(",")


def try_again(run: Run) -> Block:
    """A button that asks once more for what a run lacks."""
    return action_button(RETRY, words.TRY_AGAIN, run.id, words.spoken_try_again(run.question.topic))


def root_controls(run: Run) -> list[Block]:
    """What stands in the root message beside the way to the report."""
    retry = [retry_button(run.id, [branch.angle for branch in run.lacking])] if run.lacking else []
    if run.unmerged and not run.lacking:  # a retried angle brings the synthesis with it
        retry = [try_again(run)]
    return [*retry, *menu(ROOT_MENU, ("export_md", "export_canvas", "again"), run.id)]


def report_controls(run: Run, how_on: str) -> list[Block]:
    """What stands at the end of the report; ``how_on`` says how to ask on, "" where nothing is answered."""
    verbs = ("again",) if run.question.place.direct or not how_on else ("again", "mute")
    buttons = [
        action_button(EXPORT_FILE, words.EXPORT_FILE, run.id, words.SPOKEN_EXPORT_FILE),
        action_button(EXPORT_CANVAS, words.EXPORT_CANVAS, run.id, words.SPOKEN_EXPORT_CANVAS),
    ]
    feedback = {
        "type": "feedback_buttons",
        "action_id": FEEDBACK,
        "positive_button": _thumb(words.USEFUL, words.SPOKEN_USEFUL, f"up:{run.id}"),
        "negative_button": _thumb(words.NOT_USEFUL, words.SPOKEN_NOT_USEFUL, f"down:{run.id}"),
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
        return words.HINT
    return f"{words.HINT} {words.HINT_MUTE}" if follow_ups == "thread" else words.HINT_MENTION


def _thumb(label: str, spoken: str, value: str) -> Block:
    return {"text": plain_text(label), "accessibility_label": spoken, "value": value}
