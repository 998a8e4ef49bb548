"""What Slack says to us and how we speak in Slack."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.slack.actions import Clicks, listener
from bot.slack.answers import KEEP, MUTE, TRY_AGAIN, UNMUTE
from bot.slack.commands import ResearchCommand
from bot.slack.events import Events
from bot.slack.form import FORM, MODE
from bot.slack.forms import SHORTCUT, Forms
from bot.slack.hints import COMMAND, OPEN_FORM, START_DM
from bot.slack.home import OPEN_RUN
from bot.slack.home_tab import HomeTab
from bot.slack.root import OPEN_REPORT, RESUME, RETRY, STOP
from bot.slack.thread import Answer


def register(app: AsyncApp, command: ResearchCommand, clicks: Clicks, events: Events, answer: Answer) -> None:
    """Tell Bolt which listener hears what; ``answer`` sends private answers."""
    app.command(COMMAND)(command.__call__)
    app.action(START_DM)(listener(clicks.start_in_direct_messages, answer))
    app.action(STOP)(listener(clicks.stop, answer))
    app.action(RESUME)(listener(clicks.again, answer))
    app.action(RETRY)(listener(clicks.again, answer))
    app.action(OPEN_REPORT)(_acknowledge)
    app.action(TRY_AGAIN)(listener(clicks.answer_again, answer))
    app.action(MUTE)(listener(clicks.mute, answer))
    app.action(KEEP)(listener(clicks.keep, answer))
    app.action(UNMUTE)(listener(clicks.unmute, answer))
    # Taken up in a middleware: Bolt acknowledges an event before its listener runs.
    app.event("app_mention", middleware=[events.heard])(_heard)
    app.event("message", middleware=[events.heard])(_heard)


async def _heard() -> None:
    """All that an event asks for was done before it was acknowledged."""


def register_ways(app: AsyncApp, forms: Forms, home: HomeTab) -> None:
    """Tell Bolt who hears of the form, the shortcut and the Home tab."""
    app.action(OPEN_FORM)(forms.pressed)
    app.action(MODE)(forms.angles_chosen)
    app.view(FORM)(forms.submitted)
    app.message_shortcut(SHORTCUT)(forms.shortcut)
    app.event("app_home_opened")(home.opened)
    app.action(OPEN_RUN)(_acknowledge)


async def _acknowledge(ack: AsyncAck) -> None:
    """A button that opens a link is reported as a click too, and wants no more than an answer."""
    await ack()
