"""A whole story: the real bot between a Slack of our own and a local model server, all on real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import yaml

from bot.app import Bot, running
from bot.playground import Playground
from bot.playground.workspace import Channel, Message
from bot.settings import Settings
from tests.model_server import ModelServer
from tests.slackblocks_check import second_opinion

Mode = Literal["socket", "http"]


@dataclass
class Story:
    """Everybody who takes part."""

    slack: Playground
    model: ModelServer
    bot: Bot
    channel: Channel

    async def research(self, topic: str, **who: Any) -> Message:
        """Type the command; give the root message of the run."""
        before = len(self.slack.messages(self.channel.id))
        delivery = await self.slack.command(topic, self.channel.id, **who)
        assert delivery.acked
        return await self.newest(before)

    async def newest(self, before: int) -> Message:
        """Wait for a root message beyond those; give it."""
        await self.slack.until(lambda: len(self.slack.messages(self.channel.id)) > before)
        return self.slack.messages(self.channel.id)[-1]

    async def ended(self, root: Message) -> Message:
        """Wait for the last state of a run; give its root message."""
        await self.slack.until(lambda: "working" not in root.text and "after the angles" not in root.text)
        return root


def settings(slack: Playground, model: ModelServer, mode: Mode, **more: Any) -> Settings:
    """What the environment of this bot would say."""
    delivery: dict[str, Any] = {"slack_app_token": slack.app_token} if mode == "socket" else {}
    unlimited = {"slack_messages_per_second": 0, "runs_per_user": 0, "runs_per_user_day": 0}
    return Settings(
        slack_bot_token=slack.bot_token,
        slack_signing_secret=slack.signing_secret,
        slack_api_url=slack.api_url,
        openai_base_url=model.url,
        openai_model="local",
        port=0,
        **(unlimited | delivery | more),
    )


def _manifest() -> dict[str, Any]:
    manifest: dict[str, Any] = yaml.safe_load((Path(__file__).parent.parent / "manifest.yml").read_text("utf-8"))
    return manifest


def scopes() -> set[str]:
    """What our manifest asks for: the bot must make do with it."""
    return set(_manifest()["oauth_config"]["scopes"]["bot"])


def subscribed() -> set[str]:
    """The events that our manifest asks for: Slack tells the bot of no others."""
    return set(_manifest()["settings"].get("event_subscriptions", {}).get("bot_events", []))


@asynccontextmanager
async def story(mode: Mode, rated: bool = False, **more: Any) -> AsyncIterator[Story]:
    """A bot that takes commands; nothing that it posts may be against Slack's rules."""
    async with Playground([second_opinion], scopes(), rated, subscribed(), echo=True) as slack, ModelServer() as model:
        channel = slack.workspace.add("energy")
        with TemporaryDirectory() as folder:
            more = {"database_url": f"sqlite:///{folder}/research.sqlite"} | more
            async with running(settings(slack, model, mode, **more), asyncio.Event()) as bot:
                slack.events_url = f"http://127.0.0.1:{bot.port}/slack/events"
                if mode == "socket":
                    await slack.until(lambda: len(slack.sockets) == 2)
                yield Story(slack, model, bot, channel)
        assert slack.violations == []
