"""The playground as people open it: a process that starts the others, and ends them however it ends."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from bot.playground.guard import REFUSED
from bot.playground.model import ModelServer
from bot.playground.slack.workspace import PATIENCE
from tests.support.processes import Process, interpreted, run

SURROUNDINGS = {
    "DATABASE_URL": "postgresql://bot@192.0.2.1/real",
    "SLACK_BOT_TOKEN": "xoxb-real",
    "SLACK_APP_TOKEN": "xapp-real",
    "slack_api_url": "http://192.0.2.1/api/",
    "PORT": "1",
    "ALLOW_USERS": "U0NOBODY",
}


ENERGY = "c/C000000002"


@dataclass
class Opened:
    """A playground, its page, and somebody with a browser."""

    process: Process
    address: str
    session: aiohttp.ClientSession

    async def do(self, what: str, **how: str) -> None:
        """Do something on the page."""
        async with self.session.post(f"{self.address}{what}", json={"as": "U0ASKER"} | how) as answer:
            assert answer.status == 200, await answer.text()

    async def seen(self, words: str) -> None:
        """Wait until #energy shows this."""
        await self.until(lambda html: words in text(html))

    async def until(self, holds: Callable[[str], bool]) -> None:
        """Wait until this holds for the HTML of #energy."""
        async with asyncio.timeout(PATIENCE), self.session.get(f"{self.address}events") as events:
            while not holds(await self.html()):
                await events.content.readline()

    async def html(self) -> str:
        """All that #energy shows."""
        async with self.session.get(f"{self.address}shown/{ENERGY}") as answer:
            lists = (await answer.json())["lists"].values()
        return " ".join(entry[-1] for entries in lists for entry in entries)


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def posted(html: str) -> set[str]:
    """The angles that the root message links to: those whose posts, and so whose texts, are stored."""
    return set(re.findall(r">(Historical|Technical|Societal)</a>", html))


@asynccontextmanager
async def opened(*arguments: str, **environment: str) -> AsyncIterator[Opened]:
    wanted = ["playground", "--no-open", "--port", "0", *arguments]
    async with interpreted(*wanted, **SURROUNDINGS | environment) as process, aiohttp.ClientSession() as session:
        line = await process.printed("Playground: ")
        assert process.out.startswith("Starting the playground. Ctrl-C ends it.\n")
        yield Opened(process, line.removeprefix("Playground: "), session)


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def listening(pid: int) -> list[tuple[str, int]]:
    """Where a process takes connections."""
    inodes = {os.readlink(f"/proc/{pid}/fd/{each}") for each in os.listdir(f"/proc/{pid}/fd")}
    found = []
    for line in Path(f"/proc/{pid}/net/tcp").read_text().splitlines()[1:]:
        _, local, _, state, *_, inode = line.split()[:10]
        if state == "0A" and f"socket:[{inode}]" in inodes:
            host, _, port = local.partition(":")
            found.append((socket.inet_ntoa(int(host, 16).to_bytes(4, "little")), int(port, 16)))
    return found


async def ended(pid: int) -> None:
    """Wait until a process is gone that is no child of ours."""
    try:
        file = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    gone = asyncio.Event()
    asyncio.get_running_loop().add_reader(file, gone.set)
    try:
        async with asyncio.timeout(PATIENCE):
            await gone.wait()
    finally:
        asyncio.get_running_loop().remove_reader(file)
        os.close(file)


async def answers(port: int, **headers: str) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/healthz", headers=headers) as answer,
    ):
        return answer.status, await answer.text()


async def test_a_run_goes_on_when_the_bot_is_killed_and_nothing_outlives_the_playground(tmp_path: Path) -> None:
    """What a person tries first: a run, the bot killed in its middle, and then all of it gone, even if that is killed.

    Nothing of the surroundings is used, nothing can be reached from elsewhere, no answer is asked for twice.
    """
    gate = asyncio.Event()
    async with ModelServer() as model:
        model.answer("angle/societal", gate=gate)
        at = {"OPENAI_BASE_URL": model.url, "OPENAI_MODEL": "local", "OPENAI_API_KEY": "sk-real"}
        async with opened("--keep", f"{tmp_path}/kept.sqlite", **at) as here:
            await here.do("say", channel="C000000002", text="/research tea")
            await here.until(lambda html: posted(html) == {"Historical", "Technical"})
            assert "Bot: running" in text(await here.html())
            bot, spare = children(here.process.pid)
            os.kill(bot, signal.SIGKILL)
            await here.seen("Bot: stopped")
            await here.do("restart")
            assert "Bot: running" in text(await here.html())
            gate.set()
            await here.seen("3 of 3 angles")
            asked = Counter(request.step for request in model.asked("angle/*"))
            assert asked == {"angle/historical": 1, "angle/technical": 1, "angle/societal": 2}
            assert children(here.process.pid)[0] == spare
            ports = [*listening(here.process.pid), *listening(spare)]
            assert {host for host, _ in ports} == {"127.0.0.1"}
            assert len(ports) == 4
            assert [await answers(port, Host="evil.example") for _, port in ports] == [(403, REFUSED)] * 4
            left = children(here.process.pid)
            here.process.send(signal.SIGKILL)
            for pid in left:
                await ended(pid)


async def test_a_port_in_use_is_told_with_what_to_do() -> None:
    """The likeliest reason is a playground in another terminal."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = await run("playground", "--port", str(port), OPENAI_BASE_URL="http://127.0.0.1:9", OPENAI_MODEL="x")
    assert (process.code, process.out) == (1, "")
    assert process.err.startswith(f"Port {port} cannot be used (Address already in use); another playground may")
    assert f"`python -m bot playground --port {port + 1}`" in process.err


async def test_settings_of_the_model_that_are_wrong_are_told_before_anything_starts() -> None:
    """As everywhere else."""
    process = await run("playground", OPENAI_BASE_URL="http://127.0.0.1:9")
    assert process.code == 2
    assert "OPENAI_MODEL" in process.err
