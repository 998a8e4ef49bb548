"""The bot as people start it: ``python -m bot`` in a process and an environment of its own."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.playground.slack.workspace import PATIENCE
from tests.support.forked import LONGEST_LINE, Forked, fork

Child = asyncio.subprocess.Process | Forked
Begin = Callable[..., Awaitable[Child]]

ROOT = Path(__file__).parent.parent.parent


class Process:
    """A bot that runs or has run; what it says is kept line by line, as it comes."""

    def __init__(self, child: Child) -> None:
        assert child.stdout
        assert child.stderr
        self._child = child
        self._heard = asyncio.Condition()
        self._out: list[str] = []
        self._err: list[str] = []
        streams = [(child.stdout, self._out), (child.stderr, self._err)]
        self._silent = False
        self._reading = asyncio.gather(*(self._read(*each) for each in streams))

    @property
    def out(self) -> str:
        return "".join(self._out)

    @property
    def err(self) -> str:
        return "".join(self._err)

    @property
    def code(self) -> int | None:
        return self._child.returncode

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def log(self) -> list[dict[str, Any]]:
        """The log so far; fails if a line of it is not JSON."""
        return [json.loads(line) for line in self._err]

    async def said(self, event: str) -> dict[str, Any]:
        """Wait for the first line of the log with this event."""
        async with asyncio.timeout(PATIENCE), self._heard:
            await self._heard.wait_for(lambda: self._about(event) or self._silent)
        assert self._about(event), self.err
        return self._about(event)[0]

    async def printed(self, words: str) -> str:
        """Wait for the first line on standard output that begins with these words; give it."""

        def lines() -> list[str]:
            return [line.rstrip("\n") for line in self._out if line.startswith(words)]

        async with asyncio.timeout(PATIENCE), self._heard:
            await self._heard.wait_for(lambda: lines() or self._silent)
        assert lines(), self.out + self.err
        return lines()[0]

    def send(self, name: signal.Signals) -> None:
        self._child.send_signal(name)

    async def ended(self) -> int:
        """Wait for its end; give its exit code."""
        async with asyncio.timeout(PATIENCE):
            await asyncio.shield(self._reading)
            return await self._child.wait()

    async def end(self) -> None:
        """Whatever it does, it does not outlive its test."""
        if self.code is None:
            self._child.kill()
        await self.ended()

    def _about(self, event: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._err if f'"event": "{event}"' in line]

    async def _read(self, stream: asyncio.StreamReader, lines: list[str]) -> None:
        while line := await stream.readline():
            async with self._heard:
                lines.append(line.decode())
                self._heard.notify_all()
        async with self._heard:
            self._silent = True
            self._heard.notify_all()


@asynccontextmanager
async def started(*arguments: str, **environment: str) -> AsyncIterator[Process]:
    """A process that is gone when this is left; nobody who runs the bot may be shown a traceback."""
    async with _ending(fork, *arguments, **environment) as process:
        yield process


@asynccontextmanager
async def interpreted(*arguments: str, **environment: str) -> AsyncIterator[Process]:
    """The same from the start of the interpreter on: for what the environment tells that, and for Ctrl-C."""
    async with _ending(_child, *arguments, **environment) as process:
        yield process


async def run(*arguments: str, **environment: str) -> Process:
    """A process from its start to its end."""
    async with started(*arguments, **environment) as process:
        await process.ended()
    return process


async def run_interpreted(*arguments: str, **environment: str) -> Process:
    """The same from the start of the interpreter on."""
    async with interpreted(*arguments, **environment) as process:
        await process.ended()
    return process


@asynccontextmanager
async def _ending(begin: Begin, *arguments: str, **environment: str) -> AsyncIterator[Process]:
    with TemporaryDirectory() as folder:
        usual = {"PATH": os.environ["PATH"], "DATABASE_URL": f"sqlite:///{folder}/research.sqlite"}
        process = Process(await begin(*arguments, **usual | environment))
        try:
            yield process
        finally:
            await process.end()
    assert "Traceback" not in process.out + process.err, process.err


async def _child(*arguments: str, **environment: str) -> asyncio.subprocess.Process:
    with _interruptible():
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *arguments),
            cwd="/",  # no .env of anybody's
            env={"PYTHONPATH": str(ROOT)} | environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=LONGEST_LINE,
        )


@contextmanager
def _interruptible() -> Iterator[None]:
    """A child inherits that Ctrl-C is ignored, as it is in a shell's background job, but no handler."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
