"""What Slack says to us and how we speak in Slack."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.service.permissions import Deed
from bot.slack.listeners import feedback as feedbacks
from bot.slack.listeners.clicks import Deeds, Do
from bot.slack.listeners.command import ResearchCommand
from bot.slack.listeners.export_buttons import ExportButtons
from bot.slack.listeners.feedback import FeedbackButtons
from bot.slack.listeners.home import HomeTab
from bot.slack.listeners.messages import Events
from bot.slack.listeners.modal import SHORTCUT, Forms
from bot.slack.listeners.renumbered import Renumbered
from bot.slack.listeners.run_buttons import RunButtons
from bot.slack.listeners.thread_buttons import ThreadButtons
from bot.slack.messages.answer import KEEP, MUTE, NEW_RUN, TRY_AGAIN, UNMUTE
from bot.slack.messages.controls import EXPORT_CANVAS, EXPORT_FILE, FEEDBACK, REPORT_MENU, RETRY_ANGLE, ROOT_MENU
from bot.slack.messages.ephemeral import COMMAND, OPEN_FORM, START_DM
from bot.slack.messages.home import OPEN_RUN
from bot.slack.messages.modal import FORM, MODE
from bot.slack.messages.root import OPEN_REPORT, RESUME, RETRY, STOP


def register(app: AsyncApp, command: ResearchCommand, buttons: RunButtons, deeds: Deeds) -> None:
    """Tell Bolt which listener hears what."""
    app.command(COMMAND)(command.__call__)
    app.action(START_DM)(deeds.on(buttons.start_in_direct_messages, Deed.START))
    app.action(STOP)(deeds.on(buttons.stop, Deed.STOP))
    app.action(RESUME)(deeds.on(buttons.again, Deed.RESUME))
    app.action(RETRY)(deeds.on(buttons.again, Deed.RESUME))
    app.action(RETRY_ANGLE)(deeds.on(buttons.retry, Deed.RETRY))
    app.action(OPEN_REPORT)(_acknowledge)


def register_controls(
    app: AsyncApp, thread: ThreadButtons, exports: ExportButtons, feedback: FeedbackButtons, deeds: Deeds
) -> None:
    """Tell Bolt which listener hears what people press and choose beside a report."""
    verbs: dict[str, tuple[Do, Deed]] = {
        "export_md": (exports.file, Deed.EXPORT),
        "export_canvas": (exports.canvas, Deed.EXPORT),
        "again": (thread.again, Deed.LOOK),
        "mute": (thread.mute, Deed.MUTE),
    }
    app.action(ROOT_MENU)(deeds.chosen(verbs))
    app.action(REPORT_MENU)(deeds.chosen(verbs))
    app.action(EXPORT_FILE)(deeds.on(exports.file, Deed.EXPORT))
    app.action(EXPORT_CANVAS)(deeds.on(exports.canvas, Deed.EXPORT))
    app.action(FEEDBACK)(deeds.on(feedback.pressed, Deed.JUDGE))
    app.view(feedbacks.FORM)(feedback.submitted)


def register_talk(app: AsyncApp, events: Events, thread: ThreadButtons, deeds: Deeds) -> None:
    """Tell Bolt who hears what people write in threads, and press there."""
    # Taken up in a middleware: Bolt acknowledges an event before its listener runs.
    app.event("app_mention", middleware=[events.heard])(_heard)
    app.event("message", middleware=[events.heard])(_heard)
    app.action(TRY_AGAIN)(deeds.on(thread.answer_again, Deed.ANSWER_AGAIN))
    app.action(NEW_RUN)(deeds.on(thread.new_run, Deed.LOOK))
    app.action(MUTE)(deeds.on(thread.mute_here, Deed.MUTE))
    app.action(KEEP)(deeds.on(thread.keep, Deed.MUTE))
    app.action(UNMUTE)(deeds.on(thread.unmute, Deed.MUTE))


def register_renumbered(app: AsyncApp, renumbered: Renumbered) -> None:
    """Tell Bolt who hears of channels that got a new id."""
    app.event("channel_id_changed", middleware=[renumbered.heard])(_heard)


def register_ways(app: AsyncApp, forms: Forms, home: HomeTab, deeds: Deeds) -> None:
    """Tell Bolt who hears of the form, the shortcut and the Home tab."""
    app.action(OPEN_FORM)(deeds.on(forms.pressed, Deed.LOOK))
    app.action(MODE)(forms.angles_chosen)
    app.view(FORM)(forms.submitted)
    app.message_shortcut(SHORTCUT)(forms.shortcut)
    app.event("app_home_opened")(home.opened)
    app.action(OPEN_RUN)(_acknowledge)


async def _heard() -> None:
    """All that an event asks for was done before it was acknowledged."""


async def _acknowledge(ack: AsyncAck) -> None:
    """A button that opens a link is reported as a click too, and wants no more than an answer."""
    await ack()
