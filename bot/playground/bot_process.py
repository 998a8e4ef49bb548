"""The bot as a process of its own: started, killed, started again; the next one waits ready, all imports done."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from bot.playground.premises import CannotPlay
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.playground.slack import Playground

START_SECONDS = 60.0  # far more than it takes on a busy machine
ENDED = "The bot ended as it started. What it logged last: {last}"
LATE = "The bot was not connected within {seconds:g} seconds, so it was ended. What it logged last: {last}"
MOST_CHARACTERS = 500  # of a line of the log

State = Literal["starting", "running", "stopped"]
Child = asyncio.subprocess.Process
# What is imported stays: looking through it for garbage meanwhile takes half a second.
PROGRAM = "import gc; gc.disable(); from bot.playground.bot_main import main; gc.enable(); main()"


class CannotStart(CannotPlay):
    """The bot was not connected; the text says why, and what to do where that is known."""


class Bot:
    """The bot, connected to our Slack while it is running; an async context manager, whose end is the bot's.

    What it and its successors log goes into the file ``log``. ``state`` is told to whoever waits for changes.
    """

    def __init__(self, log: Path) -> None:
        self.state: State = "starting"
        self._log = log
        self._turn = asyncio.Lock()
        self._serving: Child | None = None
        self._tasks: set[asyncio.Task[str]] = set()

    async def __aenter__(self) -> Bot:
        self._ready = await self._imported()
        return self

    async def __aexit__(self, *failure: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for child in filter(None, (self._serving, self._ready)):
            await _killed(child)

    async def start(self, slack: Playground, settings: Mapping[str, Any]) -> None:
        """Let it serve this Slack from now on, with these settings; raises CannotStart."""
        self._slack, self._settings = slack, settings
        async with self._turn:
            await self._started()

    async def restart(self) -> None:
        """Kill it, as a machine that fails would, and start it again; why that fails stands in the log."""
        async with self._turn:
            if self._serving:
                await _killed(self._serving)
            await self._slack.until(lambda: not len(self._slack.sockets))
            try:
                await self._started()
            except CannotStart as error:
                self._note(str(error))

    async def _started(self) -> None:
        child = self._ready if self._ready.returncode is None else await self._imported()
        self._serving, self._logged = child, self._log.stat().st_size
        self._change("starting")
        assert child.stdin  # noqa: S101  a pipe was asked for
        child.stdin.write(json.dumps(dict(self._settings)).encode() + b"\n")
        ended, connected = asyncio.create_task(self._ended(child)), asyncio.create_task(self._connected())
        self._tasks.add(ended)
        ended.add_done_callback(self._tasks.discard)
        await asyncio.wait([ended, connected], timeout=START_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if ended.done() or not connected.done():
            raise CannotStart(await self._unconnected(child, ended, connected))
        self._change("running")
        self._ready = await self._imported()

    async def _unconnected(self, child: Child, ended: asyncio.Task[str], connected: asyncio.Task[None]) -> str:
        """End what was not connected; give what is to be said of it."""
        connected.cancel()
        otherwise = ENDED if ended.done() else LATE
        await _killed(child)
        return await ended or otherwise.format(seconds=START_SECONDS, last=self._last_line())

    async def _connected(self) -> None:
        while not len(self._slack.sockets):
            await self._slack.workspace.change()

    async def _ended(self, child: Child) -> str:
        """What it says of its end, once it has ended, whoever ended it."""
        assert child.stdout  # noqa: S101  a pipe was asked for
        told = (await child.stdout.read()).decode().strip()
        await child.wait()
        if child is self._serving:
            self._change("stopped")
        return told

    def _change(self, state: State) -> None:
        self.state = state
        self._slack.workspace.changed()

    def _last_line(self) -> str:
        """What was logged last since the bot was told to start."""
        with self._log.open("rb") as log:
            log.seek(self._logged)
            lines = [line.decode(errors="replace").strip() for line in log]
        return next((line[:MOST_CHARACTERS] for line in reversed(lines) if line), "nothing")

    def _note(self, sentence: str) -> None:
        with suppress(OSError), self._log.open("a") as log:  # the disk may be full
            log.write(f"{sentence}\n")

    async def _imported(self) -> Child:
        """A process that imports what it needs and then waits for its settings; none of ours is in its environment."""
        ours = {name.upper() for name in Settings.model_fields}
        environment = {name: value for name, value in os.environ.items() if name.upper() not in ours}
        with self._log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", PROGRAM),
                env=environment,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
            )


async def _killed(child: Child) -> None:
    with suppress(ProcessLookupError):
        child.kill()
    await child.wait()
