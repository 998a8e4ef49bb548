"""A whole story: the real bot between a Slack of our own and a local model server, all on real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import yaml
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.app import Bot
from bot.playground.model import ModelServer
from bot.playground.slack import Playground
from bot.playground.slack.workspace import Channel, Message, PrivateAnswer
from bot.serve import running
from bot.settings import Settings
from tests.support.pages import page
from tests.support.slackblocks_check import second_opinion
from tests.support.stores import started_once

Mode = Literal["socket", "http"]


@dataclass
class Story:
    """Everybody who takes part; an async context manager whose bot takes commands inside."""

    slack: Playground
    model: ModelServer
    channel: Channel
    settings: Settings
    bot: Bot = field(init=False)

    async def __aenter__(self) -> Story:
        self._running = running(self.settings, asyncio.Event())
        self.bot = await self._running.__aenter__()
        self.slack.events_url = f"http://127.0.0.1:{self.bot.port}/slack/events"
        if self.settings.slack_app_token:
            await self.slack.until(lambda: len(self.slack.sockets) == 2)
        return self

    async def __aexit__(self, *failure: Any) -> None:
        await self._running.__aexit__(*failure)

    async def restart(self) -> None:
        """End the bot once its runs have ended; let a new one go on with the same database."""
        await self.__aexit__(None, None, None)
        await self.__aenter__()

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

    async def says(self, root: Message, words: str) -> Message:
        """Wait until a root message says this; give it."""
        await self.slack.until(lambda: words in root.text)
        return root

    async def click(self, root: Message, action_id: str, user: str = "U0ASKER") -> None:
        """Press a button of a message as it stands, as soon as it is there."""
        await self.slack.until(lambda: action_id in str(root.blocks))
        assert (await self.slack.click(root, action_id, user)).acked

    async def heard(self, words: str, user: str = "U0ASKER", times: int = 1) -> PrivateAnswer:
        """Wait until a person was told so privately, that often, and give the last; fails if it was more often."""

        def so_far() -> list[PrivateAnswer]:
            return [each for each in self.slack.answers if each.user == user and each.text.startswith(words)]

        await self.slack.until(lambda: len(so_far()) >= times)
        assert len(so_far()) == times
        return so_far()[-1]

    def limit(
        self, method: str, fits: Callable[[dict[str, Any]], bool] = lambda arguments: True, seconds: int = 0
    ) -> asyncio.Event:
        """Let Slack put off such calls by so many seconds, again and again until the event is set."""
        over = asyncio.Event()
        self.slack.fault(method, retry_after=seconds, times=1_000, fits=lambda args: not over.is_set() and fits(args))
        return over

    async def limited(self) -> None:
        """Wait until Slack has put off a call, and the bot has heard of it."""
        await self.slack.until(lambda: any("ratelimited" in str(call.answer) for call in self.slack.calls))
        while 'outcome="ratelimited"' not in (await page(self.bot.port, "/metrics"))[1]:
            pass

    def hold(self, *slugs: str) -> dict[str, asyncio.Event]:
        """Let these angles wait until their gate is opened."""
        gates = {slug: asyncio.Event() for slug in slugs}
        for slug, gate in gates.items():
            self.model.answer(f"angle/{slug}", gate=gate)
        return gates

    def ending(self, root: Message) -> str:
        """How the report in a thread ends: what it rests on, what the run cost, how to ask on."""
        report = [message for message in self.slack.thread(root) if message.part.partition("/")[0] == "report"]
        return report[-1].text

    def parts(self, root: Message) -> list[str]:
        """What stands in the thread of a root message, in order."""
        return [message.part for message in self.slack.thread(root)]


def part(arguments: dict[str, Any]) -> str:
    """Which message of a run a call of Slack is about."""
    return str(arguments["metadata"]["event_payload"]["part"])


def is_reply(arguments: dict[str, Any]) -> bool:
    """Whether a call of Slack posts into a thread."""
    return "thread_ts" in arguments


def first_seen(root: Message) -> Message:
    """A message as it first stood: what somebody sees whose client is behind."""
    return replace(root, versions=root.versions[:1])


class Given(Settings):
    """What a test says, and nothing else: looking through the environment takes longer than many a story does."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def settings(slack: Playground, model: ModelServer, mode: Mode, **more: Any) -> Settings:
    """What the environment of this bot would say."""
    delivery: dict[str, Any] = {"slack_app_token": slack.app_token} if mode == "socket" else {}
    unlimited: dict[str, Any] = {"slack_messages_per_second": 0, "runs_per_user": 0, "runs_per_user_day": 0}
    unlimited |= {"report": "whole", "hedge": "off"}  # a story about something else has one call for its report
    return Given(
        slack_bot_token=slack.bot_token,
        slack_signing_secret=slack.signing_secret,
        slack_api_url=slack.api_url,
        openai_base_url=model.url,
        openai_model="local",
        port=0,
        **(unlimited | delivery | more),
    )


@cache
def _manifest() -> dict[str, Any]:
    manifest: dict[str, Any] = yaml.safe_load((Path(__file__).parent.parent.parent / "manifest.yml").read_text("utf-8"))
    return manifest


def scopes() -> set[str]:
    """What our manifest asks for: the bot must make do with it."""
    return set(_manifest()["oauth_config"]["scopes"]["bot"])


def subscribed() -> set[str]:
    """The events that our manifest asks for: Slack tells the bot of no others."""
    return set(_manifest()["settings"].get("event_subscriptions", {}).get("bot_events", []))


def run_id(root: Message) -> str:
    """The id of the run that a root message is of."""
    return str((root.metadata or {})["event_payload"]["run_id"])


@asynccontextmanager
async def story(mode: Mode, rated: bool = False, **more: Any) -> AsyncIterator[Story]:
    """A bot that takes commands; nothing that it posts may be against Slack's rules."""
    async with Playground([second_opinion], scopes(), rated, subscribed(), echo=True) as slack, ModelServer() as model:
        slack.answers_commands = True
        channel = slack.workspace.add("energy")
        with TemporaryDirectory() as folder:
            more = {"database_url": await started_once(Path(folder, "research.sqlite"))} | more
            async with Story(slack, model, channel, settings(slack, model, mode, **more)) as told:
                yield told
        assert slack.violations == []
