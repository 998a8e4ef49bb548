"""What Slack says to us and how we speak in Slack."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.slack.actions import Clicks, listener
from bot.slack.commands import ResearchCommand
from bot.slack.controls import EXPORT_CANVAS, EXPORT_FILE, FEEDBACK, RETRY_ANGLE
from bot.slack.exports import ExportClicks
from bot.slack.feedback import FORM, FeedbackClicks
from bot.slack.hints import COMMAND, START_DM
from bot.slack.menus import REPORT_MENU, ROOT_MENU, Verb, button
from bot.slack.menus import listener as chosen
from bot.slack.root import OPEN_REPORT, RESUME, RETRY, STOP
from bot.slack.thread import Answer


def register_controls(
    app: AsyncApp, clicks: Clicks, exports: ExportClicks, feedback: FeedbackClicks, answer: Answer
) -> None:
    """Tell Bolt which listener hears what people press beside a report."""
    verbs: dict[str, Verb] = {"export_md": exports.file, "export_canvas": exports.canvas}
    app.action(RETRY_ANGLE)(listener(clicks.retry, answer))
    app.action(EXPORT_FILE)(button(exports.file, answer))
    app.action(EXPORT_CANVAS)(button(exports.canvas, answer))
    app.action(ROOT_MENU)(chosen(verbs, answer))
    app.action(REPORT_MENU)(chosen(verbs, answer))
    app.action(FEEDBACK)(feedback.pressed)
    app.view(FORM)(feedback.submitted)


def register(app: AsyncApp, command: ResearchCommand, clicks: Clicks, answer: Answer) -> None:
    """Tell Bolt which listener hears what; ``answer`` sends private answers."""
    app.command(COMMAND)(command.__call__)
    app.action(START_DM)(listener(clicks.start_in_direct_messages, answer))
    app.action(STOP)(listener(clicks.stop, answer))
    app.action(RESUME)(listener(clicks.again, answer))
    app.action(RETRY)(listener(clicks.again, answer))
    app.action(OPEN_REPORT)(_acknowledge)


async def _acknowledge(ack: AsyncAck) -> None:
    """A button that opens a link is reported as a click too, and wants no more than an answer."""
    await ack()
