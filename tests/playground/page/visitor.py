"""Somebody before the page without a browser: what its server shows and takes, with a tiny app behind our Slack."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import aiohttp
from aiohttp import web

from bot.playground.controls import Controls, FaultChoice
from bot.playground.guard import guarded
from bot.playground.page.server import pages
from bot.playground.slack.messages import Message
from tests.playground.slack.consumer import App, app

ASKER, MATE = "U0ASKER", "U0TEAMA"


@dataclass
class Process:
    """A bot that is killed and started by a word."""

    state: Literal["starting", "running", "stopped"] = "running"
    starts: int = 1

    async def restart(self) -> None:
        self.starts += 1


@dataclass
class Visitor:
    """Looks and does; ``address`` is the page's, ``applied`` are the faults that were applied."""

    at: App
    address: str
    session: aiohttp.ClientSession
    process: Process = field(default_factory=Process)
    applied: list[str] = field(default_factory=list)

    @property
    def energy(self) -> str:
        """The address of the app's channel."""
        return f"/c/{self.at.channel.id}"

    async def get(self, path: str, **how: Any) -> tuple[int, str]:
        """The status and the text of an address."""
        async with self.session.get(path, allow_redirects=False, **how) as response:
            return response.status, await response.text()

    async def shown(self, path: str = "", user: str = ASKER, since: str = "0") -> dict[str, dict[str, str]]:
        """What somebody sees in a place, the channel by default: for each list its entries as HTML by their keys."""
        query = {"as": user, "since": since}
        async with self.session.get(f"/shown{path or self.energy}", params=query) as response:
            assert response.status == 200, await response.text()
            told = await response.json()
        return {name: {key: html for key, _, html in entries} for name, entries in told["lists"].items()}

    async def channel(self, path: str = "", user: str = ASKER, since: str = "0") -> str:
        """The HTML of all that stands in a channel."""
        return "\n".join((await self.shown(path, user, since))["channel"].values())

    async def thread(self, root: Message, user: str = ASKER) -> str:
        """The HTML of all that stands in a thread."""
        return "\n".join((await self.shown(f"/c/{root.channel}/t/{root.ts}", user))["thread"].values())

    async def forms(self, user: str = ASKER) -> list[str]:
        """The HTML of the forms that lie open."""
        return list((await self.shown(user=user))["forms"].values())

    async def do(self, what: str, user: str = ASKER, **about: Any) -> tuple[int, str]:
        """Do something; give the status and what is said to it."""
        async with self.session.post(f"/{what}", json={"as": user} | about) as response:
            return response.status, (await response.json()).get("said", "")

    async def say(self, text: str, user: str = ASKER, channel: str = "", thread: str = "") -> tuple[int, str]:
        """Send a message, to the app's channel by default."""
        return await self.do("say", user, text=text, channel=channel or self.at.channel.id, thread=thread)


@asynccontextmanager
async def visitor() -> AsyncIterator[Visitor]:
    """A page before an app that hears everything."""
    async with app("socket") as at:
        process, applied = Process(), list[str]()
        fault = FaultChoice("busy", "Slack is busy", "Messages come late.", lambda: applied.append("busy"))

        async def cut() -> None:
            applied.append("cut")

        controls = Controls([fault, FaultChoice("cut", "Cut", "It connects again.", cut)], process, ["A tiny model."])
        runner = web.AppRunner(pages(at.slack, controls, guarded), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            address = f"http://127.0.0.1:{runner.addresses[0][1]}/"
            async with aiohttp.ClientSession(address) as session:
                yield Visitor(at, address, session, process, applied)
        finally:
            await runner.cleanup()
