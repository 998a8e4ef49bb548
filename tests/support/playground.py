"""The playground's page before a bot in this process: quick enough for tests that only look at it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from aiohttp import web

from bot.adapters.endpoint import Endpoint
from bot.playground.controls import Controls
from bot.playground.fault_choices import fault_choices
from bot.playground.guard import guarded
from bot.playground.model import Delay, ModelServer, Request
from bot.playground.model_proxy import ModelProxy
from bot.playground.page.people import FIRST, settle
from bot.playground.page.server import pages
from bot.playground.slack import Playground
from bot.playground.slack.workspace import PATIENCE
from tests.support.slackblocks_check import second_opinion
from tests.support.stores import started_once
from tests.support.story import Story, scopes, settings, subscribed


class Running:
    """A bot that lives as long as this process does."""

    state: Literal["starting", "running", "stopped"] = "running"

    async def restart(self) -> None:
        """It cannot be ended by itself."""
        raise RuntimeError("this bot has no process of its own")


class Site:
    """The page's server, which can be cut off and come back under its address."""

    def __init__(self, slack: Playground, model: ModelServer) -> None:
        self._slack, self._port = slack, 0
        faults = fault_choices(slack, ModelProxy(Endpoint("local", model.url, "none", "chat", PATIENCE)))
        self._controls = Controls(faults, Running(), [])

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._port}/"

    async def come(self) -> None:
        """Serve, under the same address as before."""
        site = pages(self._slack, self._controls, guarded)
        self._runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]

    async def go(self) -> None:
        """End, and with it all connections."""
        await self._runner.cleanup()


def at_once(request: Request, text: str) -> float:
    """Seconds of an answer of the model."""
    return 0


@asynccontextmanager
async def staged(delay: Delay = at_once, **more: Any) -> AsyncIterator[tuple[Story, Site]]:
    """A bot that takes commands in #energy, and the page; nothing that it posts may be against Slack's rules."""
    async with (
        Playground([second_opinion], scopes(), False, subscribed(), echo=True) as slack,
        ModelServer(delay) as model,
    ):
        slack.answers_commands = True
        settle(slack.workspace)
        channel = next(each for each in slack.workspace.channels.values() if each.name == FIRST)
        site = Site(slack, model)
        with TemporaryDirectory() as folder:
            more = {"database_url": await started_once(Path(folder, "research.sqlite")), "report": "sections"} | more
            async with Story(slack, model, channel, settings(slack, model, "socket", **more)) as told:
                await site.come()
                try:
                    yield told, site
                finally:
                    await site.go()
        assert slack.violations == []
