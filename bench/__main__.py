"""Print the table of figures; exit code 1 if one does not hold."""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bench.latency import answer, delay, ideal, topic_of
from bot.playground import Playground
from bot.playground.workspace import Message
from tests.model_server import ModelServer

ROUNDS = 3  # single runs, one after another: the middle one counts
MANY = 100


@dataclass(frozen=True)
class Figure:
    """One row: ours and the plain script's, and what ours may be at the most."""

    name: str
    ours: float
    most: float
    plain: float | None = None
    unit: str = "× ideal"

    @property
    def holds(self) -> bool:
        """Whether it is as good as it has to be."""
        return self.ours <= self.most

    def __str__(self) -> str:
        plain = "" if self.plain is None else f"{self.plain:.3f}"
        mark = "holds" if self.holds else "MISSED"
        return f"{self.name:58} {self.ours:9.3f} {plain:>9} {self.most:9.3f}  {self.unit:8} {mark}"


@dataclass
class Stage:
    """A Slack, a model server, and the bot between them as a process of its own."""

    slack: Playground
    model: ModelServer
    url: str = ""
    pid: int = 0
    ready: float = 0

    async def runs(self, topics: list[str]) -> tuple[list[float], list[Message]]:
        """Type each topic in a channel of its own, all at once: seconds until its report, and the root messages."""
        channels = [self.slack.workspace.add(topic.replace(" ", "-")) for topic in topics]
        began = time.monotonic()
        commands = (self.slack.command(topic, channel.id) for topic, channel in zip(topics, channels, strict=True))
        acks = await asyncio.gather(*commands)
        assert all(ack.acked for ack in acks)
        await self.slack.until(lambda: all(any(m.part == "report" for m in each.messages) for each in channels), 180)
        reports = [next(m for m in each.messages if m.part == "report") for each in channels]
        return [report.versions[0].at - began for report in reports], [each.messages[0] for each in channels]


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """Start everything; ``ready`` is how long the bot took to take commands."""
    async with Playground() as slack, ModelServer(delay) as model:
        model.answer("*", answer)
        port = _free_port()
        environment = {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "OPENAI_BASE_URL": model.url,
            "OPENAI_MODEL": "local",
            "MAX_MODEL_CALLS": "1000",
            "PORT": str(port),
            "LOG_LEVEL": "error",
        }
        began = time.monotonic()
        bot = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", env=os.environ | environment)
        try:
            set_up = Stage(slack, model, f"http://127.0.0.1:{port}", bot.pid)
            await _ready(set_up.url)
            set_up.ready = time.monotonic() - began
            yield set_up
        finally:
            bot.terminate()
            await bot.wait()


def _free_port() -> int:
    import socket

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
            await asyncio.sleep(0.02)


async def plain(url: str, topics: list[str]) -> list[float]:
    """The same calls by the plain script: seconds of each run."""
    script = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.plain", url, *topics, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await script.communicate()
    told: list[float] = json.loads(out)
    return told


def over_ideal(topics: list[str], taken: list[float]) -> float:
    """The median of how much longer than the ideal it took."""
    return statistics.median(each / ideal(topic) for topic, each in zip(topics, taken, strict=True))


def post_delays(stage: Stage, root: Message) -> list[float]:
    """Seconds from the end of each angle's model call to its post."""
    topic = root.title.removeprefix("Research: ")
    calls = [call for call in stage.model.asked("angle/*") if call.name.startswith("r_")]  # the bot's, not the script's
    ends = {call.step: call.ended for call in calls if topic_of(call) == topic and call.ended}
    return [reply.versions[0].at - ends[reply.part] for reply in stage.slack.thread(root) if reply.part in ends]


def megabytes(pid: int) -> float:
    """Resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


async def figures() -> list[Figure]:
    """Measure all of them."""
    async with stage() as here:
        rows = [
            Figure("ready after start", here.ready, 3, unit="s"),
            Figure("idle memory", megabytes(here.pid), 150, unit="MB"),
        ]
        singles = [f"topic s{number}" for number in range(ROUNDS)]
        ours, theirs, posts = [], [], list[float]()
        for topic in singles:
            taken, (root,) = await here.runs([topic])
            ours += taken
            theirs += await plain(here.model.url, [topic])
            posts += post_delays(here, root)
        rows.append(Figure("one run, command to report", over_ideal(singles, ours), 1.05, over_ideal(singles, theirs)))
        rows.append(Figure("an angle's post after its model call", max(posts) * 1000, 100, unit="ms"))
        many = [f"topic m{number}" for number in range(MANY)]
        taken, _ = await here.runs(many)
        beside = await plain(here.model.url, many)
        rows.append(Figure(f"{MANY} runs at once, median", over_ideal(many, taken), 1.15, over_ideal(many, beside)))
    return rows


def main() -> None:
    rows = asyncio.run(figures())
    print(f"{'figure':58} {'ours':>9} {'plain':>9} {'at most':>9}")
    for row in rows:
        print(row)
    sys.exit(0 if all(row.holds for row in rows) else 1)


if __name__ == "__main__":
    main()
