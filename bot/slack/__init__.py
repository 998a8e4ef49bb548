"""What Slack says to us and how we speak in Slack."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.research.desk import Desk
from bot.slack.commands import ResearchCommand
from bot.slack.hints import COMMAND


def register(app: AsyncApp, desk: Desk) -> None:
    """Tell Bolt which listener hears what."""
    app.command(COMMAND)(ResearchCommand(desk).__call__)
    app.action("research.report.open")(_acknowledge)


async def _acknowledge(ack: AsyncAck) -> None:
    """A button that opens a link is reported as a click too, and wants no more than an answer."""
    await ack()
