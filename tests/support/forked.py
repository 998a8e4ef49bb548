"""Processes of the bot that are forked from one that has imported it: the imports take longer than most stories do."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess

from tests.support import patience

IMPORTED = ["tests.support.forked", "bot.__main__", "bot.serve", "bot.check", "bot.trial"]
IMPORTED += ["bot.operations.forget", "bot.operations.move", "tests.support.brought_along"]
LONGEST_LINE = 1_000_000  # bytes

_context = ForkServerContext()
_context.set_forkserver_preload(IMPORTED)


class Forked:
    """A running process, in the words of asyncio.subprocess."""

    def __init__(self, process: ForkServerProcess, stdout: asyncio.StreamReader, stderr: asyncio.StreamReader) -> None:
        self._process, self.stdout, self.stderr = process, stdout, stderr
        self.pid = process.pid or 0

    @property
    def returncode(self) -> int | None:
        """Its exit code, negative for the signal that ended it; None while it runs."""
        return self._process.exitcode

    def send_signal(self, name: signal.Signals) -> None:
        """Send it a signal, unless it has ended."""
        if self.returncode is None:
            os.kill(self.pid, name)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        """Wait for its end; give its exit code."""
        ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self._process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        code = self._process.exitcode
        assert code is not None
        return code


async def fork(*arguments: str, **environment: str) -> Forked:
    """Run ``python -m bot`` with these arguments in this environment, with time limits and waits as they are here."""
    streams = [_context.Pipe(duplex=False) for _ in range(2)]
    told = (arguments, environment, patience.ours())
    process = _context.Process(target=_run, args=(*told, *(writer for _, writer in streams)))
    process.start()
    for _, writer in streams:
        writer.close()
    stdout, stderr = [await _reading(reader) for reader, _ in streams]
    return Forked(process, stdout, stderr)


async def _reading(pipe: Connection) -> asyncio.StreamReader:
    stream = asyncio.StreamReader(LONGEST_LINE)
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(os.dup(pipe.fileno()), "rb"))
    pipe.close()
    return stream


def _run(
    arguments: tuple[str, ...],
    environment: dict[str, str],
    values: dict[str, patience.Value],
    stdout: Connection,
    stderr: Connection,
) -> None:
    """Do what the interpreter would have done, but for the imports, and as patiently as the test."""
    os.dup2(stdout.fileno(), 1)
    os.dup2(stderr.fileno(), 2)
    stdout.close()
    stderr.close()
    os.chdir("/")  # no .env of anybody's
    os.environ.clear()
    os.environ.update(environment)
    sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    patience.adopt(values)
    sys.argv = ["bot", *arguments]
    from bot.__main__ import main

    main()
