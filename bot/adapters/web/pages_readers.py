"""The processes that read pages: started when the first page comes, replaced when one was killed, ended when idle."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import bot
from bot.adapters.web.pages_reader import FRAME, frame
from bot.research.errors import PageError

MOST_PROCESSES = 2  # each takes 100 MB at most times
IDLE = 120.0  # seconds after which nobody needs them
# The folder of the package is named, for a process may be started from any other.
PACKAGE = str(Path(bot.__file__).parent.parent)
PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from bot.adapters.web.pages_reader import main; main()"
COMMAND = (sys.executable, "-c", PROGRAM, PACKAGE)


class Readers:
    """Reads pages in processes of its own."""

    def __init__(self, processes: int = 0) -> None:
        most = processes or max(1, min(MOST_PROCESSES, (os.cpu_count() or 1) - 1))
        self._free: asyncio.Queue[_Reader] = asyncio.Queue()
        self._readers = [_Reader() for _ in range(most)]
        for reader in self._readers:
            self._free.put_nowait(reader)
        self._under_way: set[asyncio.Task[dict[str, Any]]] = set()
        self._ending: asyncio.TimerHandle | None = None

    async def content(self, body: bytes, kind: str, charset: str) -> dict[str, Any]:
        """What a page says; raises PageError. Whoever no longer waits before its turn has come costs nothing."""
        reader = await self._free.get()
        reading = asyncio.create_task(self._read(reader, body, {"kind": kind, "charset": charset}))
        self._under_way.add(reading)
        reading.add_done_callback(self._under_way.discard)
        return await asyncio.shield(reading)  # an answer that nobody waits for is still to be read

    async def _read(self, reader: _Reader, body: bytes, about: dict[str, str]) -> dict[str, Any]:
        try:
            return await reader.ask(body, about)
        finally:
            self._free.put_nowait(reader)
            self._end_when_idle()

    def _end_when_idle(self) -> None:
        if self._ending:
            self._ending.cancel()
        self._ending = asyncio.get_running_loop().call_later(IDLE, self._end_idle)

    def _end_idle(self) -> None:
        if self._free.qsize() == len(self._readers):
            for reader in self._readers:
                reader.end()

    async def close(self) -> None:
        """End them all."""
        if self._ending:
            self._ending.cancel()
        for reader in self._readers:
            reader.end()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        for reader in self._readers:
            await reader.ended()


class _Reader:
    """One process, as long as it lives."""

    def __init__(self) -> None:
        self._process: Process | None = None
        self._gone: list[Process] = []

    async def ask(self, body: bytes, about: dict[str, str]) -> dict[str, Any]:
        """What a page says; raises PageError where the process does not live to tell."""
        try:
            pages, answers = await self._pipes()
            pages.write(frame(json.dumps(about).encode()) + frame(body))
            await pages.drain()
            size = FRAME.unpack(await answers.readexactly(FRAME.size))[0]
            answer: dict[str, Any] = json.loads(await answers.readexactly(size))
        except (asyncio.IncompleteReadError, OSError, ValueError) as error:
            self.end()
            raise PageError("page_heavy", type(error).__name__) from None
        return answer

    async def _pipes(self) -> tuple[asyncio.StreamWriter, asyncio.StreamReader]:
        """Where it takes pages, and where it tells what they say; a new process where there is none."""
        if not self._process:
            await self.ended()
            self._process = await asyncio.create_subprocess_exec(*COMMAND, stdin=PIPE, stdout=PIPE, stderr=DEVNULL)
        return cast(asyncio.StreamWriter, self._process.stdin), cast(asyncio.StreamReader, self._process.stdout)

    def end(self) -> None:
        """Kill it, if it lives; the next page starts another."""
        process, self._process = self._process, None
        if process:
            with suppress(ProcessLookupError):
                process.kill()
            self._gone.append(process)

    async def ended(self) -> None:
        """Wait until those are gone that were killed."""
        while self._gone:
            process = self._gone.pop()
            await process.wait()
            if process.stdin:
                process.stdin.close()
