"""A whole story whose bot is a process of its own, as on a server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.playground.model import ModelServer
from bot.playground.slack import Playground
from bot.playground.slack.workspace import Channel, Message
from tests.support.pages import page
from tests.support.processes import Process, started
from tests.support.slackblocks_check import second_opinion
from tests.support.story import Mode

API_KEY = "sk-a-key-that-nobody-may-see"


def environment(slack: Playground, model: ModelServer, mode: Mode = "socket", **more: str) -> dict[str, str]:
    """What a bot needs to be told to work here; ``more`` comes on top of it or instead."""
    delivery = {"SLACK_APP_TOKEN": slack.app_token} if mode == "socket" else {}
    wanted = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "OPENAI_BASE_URL": model.url,
        "OPENAI_API_KEY": API_KEY,
        "OPENAI_MODEL": "local",
        "PORT": "0",
        "REPORT": "whole",  # a story about something else has one call for its report
        "HEDGE": "off",
    }
    return wanted | delivery | more


@dataclass
class Served:
    """Everybody who takes part."""

    slack: Playground
    model: ModelServer
    process: Process
    channel: Channel
    port: int

    async def research(self, topic: str) -> Message:
        """Type the command; give the root message of the run."""
        assert (await self.slack.command(topic, self.channel.id)).acked
        await self.slack.until(lambda: self.slack.messages(self.channel.id))
        return self.slack.messages(self.channel.id)[-1]

    async def done(self, topic: str) -> Message:
        """Type the command; give the root message once the run has ended, well or not."""
        root = await self.research(topic)
        await self.slack.until(lambda: "working" not in root.text and "after the angles" not in root.text)
        await self.process.said("run.ended")
        return root

    async def page(self, path: str) -> tuple[int, str]:
        """What an operator's page shows: status and text."""
        return await page(self.port, path)


@asynccontextmanager
async def serving(mode: Mode, **more: str) -> AsyncIterator[Served]:
    """A bot that takes commands; nothing that it posts may be against Slack's rules."""
    async with Playground([second_opinion]) as slack, ModelServer() as model:
        slack.answers_commands = True
        channel = slack.workspace.add("energy")
        async with started(**environment(slack, model, mode, **more)) as process:
            port = (await process.said("bot.started"))["port"]
            slack.events_url = f"http://127.0.0.1:{port}/slack/events"
            if mode == "socket":
                await slack.until(lambda: len(slack.sockets) == 2)
            yield Served(slack, model, process, channel, port)
        assert slack.violations == []
