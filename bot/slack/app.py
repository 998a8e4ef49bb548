"""What Slack says to us and how we speak in Slack."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.slack.listeners import feedback as feedbacks
from bot.slack.listeners.clicks import Verb, button
from bot.slack.listeners.clicks import listener as chosen
from bot.slack.listeners.command import ResearchCommand
from bot.slack.listeners.export_buttons import ExportClicks
from bot.slack.listeners.feedback import FeedbackClicks
from bot.slack.listeners.home import HomeTab
from bot.slack.listeners.messages import Events
from bot.slack.listeners.modal import SHORTCUT, Forms
from bot.slack.listeners.renumbered import Renumbered
from bot.slack.listeners.run_buttons import Clicks, listener
from bot.slack.listeners.thread_buttons import TalkClicks
from bot.slack.messages.answer import KEEP, MUTE, NEW_RUN, TRY_AGAIN, UNMUTE
from bot.slack.messages.controls import EXPORT_CANVAS, EXPORT_FILE, FEEDBACK, REPORT_MENU, RETRY_ANGLE, ROOT_MENU
from bot.slack.messages.ephemeral import COMMAND, OPEN_FORM, START_DM, Answer
from bot.slack.messages.home import OPEN_RUN
from bot.slack.messages.modal import FORM, MODE
from bot.slack.messages.root import OPEN_REPORT, RESUME, RETRY, STOP


def register(app: AsyncApp, command: ResearchCommand, clicks: Clicks, answer: Answer) -> None:
    """Tell Bolt which listener hears what; ``answer`` sends private answers."""
    app.command(COMMAND)(command.__call__)
    app.action(START_DM)(listener(clicks.start_in_direct_messages, answer))
    app.action(STOP)(listener(clicks.stop, answer))
    app.action(RESUME)(listener(clicks.again, answer))
    app.action(RETRY)(listener(clicks.again, answer))
    app.action(RETRY_ANGLE)(listener(clicks.retry, answer))
    app.action(OPEN_REPORT)(_acknowledge)


def register_controls(
    app: AsyncApp, talk: TalkClicks, exports: ExportClicks, feedback: FeedbackClicks, answer: Answer
) -> None:
    """Tell Bolt which listener hears what people press and choose beside a report."""
    verbs: dict[str, Verb] = {
        "export_md": exports.file,
        "export_canvas": exports.canvas,
        "again": talk.again,
        "mute": talk.mute,
    }
    app.action(ROOT_MENU)(chosen(verbs, answer))
    app.action(REPORT_MENU)(chosen(verbs, answer))
    app.action(EXPORT_FILE)(button(exports.file, answer))
    app.action(EXPORT_CANVAS)(button(exports.canvas, answer))
    app.action(FEEDBACK)(feedback.pressed)
    app.view(feedbacks.FORM)(feedback.submitted)


def register_talk(app: AsyncApp, events: Events, talk: TalkClicks, answer: Answer) -> None:
    """Tell Bolt who hears what people write in threads, and press there."""
    # Taken up in a middleware: Bolt acknowledges an event before its listener runs.
    app.event("app_mention", middleware=[events.heard])(_heard)
    app.event("message", middleware=[events.heard])(_heard)
    app.action(TRY_AGAIN)(button(talk.answer_again, answer))
    app.action(NEW_RUN)(button(talk.new_run, answer))
    app.action(MUTE)(button(talk.mute_here, answer))
    app.action(KEEP)(button(talk.keep, answer))
    app.action(UNMUTE)(button(talk.unmute, answer))


def register_renumbered(app: AsyncApp, renumbered: Renumbered) -> None:
    """Tell Bolt who hears of channels that got a new id."""
    app.event("channel_id_changed", middleware=[renumbered.heard])(_heard)


def register_ways(app: AsyncApp, forms: Forms, home: HomeTab) -> None:
    """Tell Bolt who hears of the form, the shortcut and the Home tab."""
    app.action(OPEN_FORM)(forms.pressed)
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
