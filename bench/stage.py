"""A Slack, a model server, and the bot between them as a process of its own."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import aiohttp

from bench.latency import Pace, answer
from bot.playground.model import ModelServer
from bot.playground.slack import Playground
from bot.playground.slack.workspace import Channel, Message

LOOK_SECONDS = 0.02
SETTLED = 0.5  # seconds in which the engine notes that a run is done
NOTHING_MORE: Mapping[str, str] = {}
SPREAD = 1.0  # seconds over which many commands are typed


@dataclass
class Burst:
    """Many commands at about the same time: seconds until their acks, first angles and reports; their roots."""

    acks: list[float]
    firsts: list[float]
    reports: list[float]
    roots: list[Message]


def processor_seconds(pid: int) -> float:
    """Seconds of processor time that a process has used, with those of its children that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Serving:
    """A bot that takes commands, a process of its own; ``ready`` is how many seconds it took to get there."""

    child: asyncio.subprocess.Process
    url: str
    ready: float

    def cpu(self) -> float:
        """Seconds of processor time that the bot has used."""
        return processor_seconds(self.child.pid)

    def megabytes(self) -> float:
        """Resident memory of the bot."""
        status = Path(f"/proc/{self.child.pid}/status").read_text(encoding="utf-8")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024

    async def kill(self) -> None:
        """Kill -9."""
        self.child.kill()
        await self.child.wait()

    async def idle(self) -> None:
        """Wait until no run is under way and all of it is kept."""
        while True:
            under_way = (await self.numbers())["research_runs_in_flight"]
            await asyncio.sleep(SETTLED)
            if not under_way:
                return

    async def working(self) -> None:
        """Wait until a run is under way."""
        while True:
            if (await self.numbers())["research_runs_in_flight"]:
                return
            await asyncio.sleep(LOOK_SECONDS)

    async def numbers(self) -> dict[str, float]:
        """What /metrics shows, by name and labels."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.url}/metrics") as response:
            lines = [line.rpartition(" ") for line in (await response.text()).splitlines() if not line.startswith("#")]
        return {name: float(value) for name, _, value in lines}


@dataclass
class Crowd:
    """People in a workspace who all want something researched at about the same time."""

    slack: Playground

    async def runs(
        self, topics: list[str], channels: int, spread: float = 0, more: str = "", who: str = "U0ASKER"
    ) -> Burst:
        """Let somebody type each topic, and ``more``, in one of so many new channels, within ``spread`` seconds."""
        rooms = [self.slack.workspace.add(f"{topics[0]}-{number}".replace(" ", "-")) for number in range(channels)]
        pauses = [spread * number / len(topics) for number in range(len(topics))]
        typed = await asyncio.gather(
            *(self._type(f"{topic}{more}", rooms[n % channels], pauses[n], who) for n, topic in enumerate(topics))
        )
        for number, room in enumerate(rooms):
            await self._reported(room, len(topics[number::channels]))
        reports = _reports(rooms)
        roots = {
            root.title.removeprefix("Research: "): root
            for room in rooms
            for root in room.messages
            if not root.thread_ts
        }
        began, acks = zip(*typed, strict=True)
        firsts = [self.slack.thread(roots[topic])[0].versions[0].at for topic in topics]
        ends = [reports[roots[topic].ts].versions[0].at for topic in topics]
        first, taken = ([at - start for at, start in zip(moments, began, strict=True)] for moments in (firsts, ends))
        return Burst(list(acks), first, taken, [roots[topic] for topic in topics])

    async def _type(self, topic: str, room: Channel, pause: float, who: str) -> tuple[float, float]:
        await asyncio.sleep(pause)
        began = time.monotonic()
        ack = await self.slack.command(topic, room.id, who)
        assert ack.acked, topic
        return began, ack.seconds

    async def _reported(self, room: Channel, count: int) -> None:
        """Wait until so many reports stand in a channel."""
        await self.slack.until(lambda: len(_reports([room])) == count, 240)


@dataclass
class Stage(Crowd):
    """Everybody who takes part; ``file`` is the bot's database."""

    model: ModelServer
    bot: Serving
    file: Path


def _reports(rooms: list[Channel]) -> dict[str | None, Message]:
    """The reports that stand, by the root that they belong to."""
    return {message.thread_ts: message for room in rooms for message in room.messages if message.part == "report"}


@asynccontextmanager
async def stage(
    pace: float,
    rated: bool = False,
    report: str = "whole",
    hedge: str = "off",
    tail: float = 0,
    more: Mapping[str, str] = NOTHING_MORE,
) -> AsyncIterator[Stage]:
    """Start everything, the bot at this pace; with ``rated`` Slack's rate limits hold.

    ``report`` is how the report is written; "whole", without second copies of late calls, is what the plain script
    does. One first token in so many comes late, ``tail``. ``more`` is what the environment says besides.
    """
    gc.collect()
    gc.freeze()  # what earlier stages left would hold our Slack and the model up whenever it is gone through
    with TemporaryDirectory() as folder:
        file = Path(folder) / "research.sqlite"
        async with Playground(rated=rated) as slack, ModelServer(Pace(tail).whole, Pace(tail).first) as model:
            model.answer("*", answer)
            async with serving(slack, model, pace, f"sqlite:///{file}", report, hedge, more) as bot:
                yield Stage(slack, model, bot, file)


@asynccontextmanager
async def serving(
    slack: Playground,
    model: ModelServer,
    pace: float,
    database_url: str,
    report: str = "sections",
    hedge: str = "on",
    more: Mapping[str, str] = NOTHING_MORE,
) -> AsyncIterator[Serving]:
    """A bot between them, gone when this is left."""
    port = _free_port()
    environment = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "SLACK_MESSAGES_PER_SECOND": str(pace),
        "OPENAI_BASE_URL": model.url,
        "OPENAI_MODEL": "local",
        "MAX_MODEL_CALLS": "1000",
        "DATABASE_URL": database_url,
        "REPORT": report,
        "HEDGE": hedge,
        "PORT": str(port),
        "LOG_LEVEL": "error",
    }
    unlimited = dict.fromkeys(("USER", "WORKSPACE", "USER_DAY", "WORKSPACE_DAY"), "0")
    environment |= {"QUESTIONS_PER_USER_HOUR": "0", "QUESTIONS_PER_THREAD_DAY": "0"}
    environment |= {f"RUNS_PER_{name}": none for name, none in unlimited.items()}
    environment |= more
    began, url = time.monotonic(), f"http://127.0.0.1:{port}"
    child = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", env=os.environ | environment)
    try:
        await _ready(url)
        yield Serving(child, url, time.monotonic() - began)
    finally:
        if child.returncode is None:
            child.terminate()
            await child.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


async def _ready(url: str) -> None:
    async with aiohttp.ClientSession() as session, asyncio.timeout(30):
        while True:
            try:
                async with session.get(f"{url}/readyz") as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(LOOK_SECONDS)
