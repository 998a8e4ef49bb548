"""The bot's own process: imports all that it needs, waits to be told its settings, then serves until it is killed.

Nobody but the playground starts it. It ends with the playground, however that ends: their pipe ends then.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from dataclasses import replace
from threading import Thread
from typing import NoReturn
from urllib.parse import unquote

from bot import logs, serve
from bot.adapters.endpoint import Endpoint
from bot.adapters.sqlite_file import FileInUse
from bot.playground.guard import guarded
from bot.research import words
from bot.research.simple_voice import simple_voice
from bot.research.voice import Voice
from bot.service.errors import StoreDown
from bot.settings import Settings

IN_USE = "Another bot serves from {file}. End it first, or name another file with --keep."
CANNOT_USE = "{file} cannot be used: {why}. Mend that, or name another file with --keep."


class PlaygroundSettings(Settings):
    """Settings of a bot whose calls of the model are passed on, perhaps to the tiny one."""

    model_through: str
    model_local: bool
    tiny: bool

    @property
    def endpoint(self) -> Endpoint:
        """Where the model answers, and through whom it is asked."""
        return replace(super().endpoint, through=self.model_through, local=self.model_local)

    @property
    def voice(self) -> Voice:
        """So small a model cannot follow the rules of the others."""
        return simple_voice(words.TINY_SYNTHESIS) if self.tiny else super().voice


def main() -> None:
    """Serve with the settings of the first line of standard input; say on standard output why that cannot be."""
    if not (line := sys.stdin.buffer.readline()):
        return
    Thread(target=_end_with_the_playground, daemon=True).start()
    settings = PlaygroundSettings(**json.loads(line))
    logs.set_up(settings.log_level, "json")
    try:
        asyncio.run(serve.serve(settings, guarded))
    except serve.StartError as error:
        print(told(error, settings.database_url), flush=True)  # noqa: T201  the playground reads it
        sys.exit(error.code)


def told(error: serve.StartError, database: str) -> str:
    """Why it cannot serve; of the database in words of whoever named it with --keep, who knows of no setting."""
    file = unquote(database.removeprefix("sqlite:///"))
    match error.__cause__:
        case FileInUse():
            return IN_USE.format(file=file)
        case StoreDown() as down:
            return CANNOT_USE.format(file=file, why=down)
    return str(error)


def _end_with_the_playground() -> NoReturn:
    while os.read(sys.stdin.fileno(), 1):  # not from the buffer, which a process that ends by itself would wait for
        pass
    os._exit(0)
