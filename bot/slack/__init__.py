"""What Slack says to us and how we speak in Slack."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.research.desk import Desk
from bot.slack.actions import StartInDirectMessages
from bot.slack.commands import ResearchCommand
from bot.slack.hints import COMMAND, START_DM
from bot.slack.kept import KeptTopics
from bot.slack.thread import Answer


def register(app: AsyncApp, desk: Desk, kept: KeptTopics, answer: Answer) -> None:
    """Tell Bolt which listener hears what; ``answer`` sends private answers."""
    app.command(COMMAND)(ResearchCommand(desk).__call__)
    app.action(START_DM)(StartInDirectMessages(desk, kept, answer).__call__)
    app.action("research.report.open")(_acknowledge)


async def _acknowledge(ack: AsyncAck) -> None:
    """A button that opens a link is reported as a click too, and wants no more than an answer."""
    await ack()
