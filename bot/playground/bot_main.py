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

from bot import logs, serve
from bot.adapters.endpoint import Endpoint
from bot.playground.guard import guarded
from bot.research import words
from bot.research.simple_voice import simple_voice
from bot.research.voice import Voice
from bot.settings import Settings


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
        print(error, flush=True)  # noqa: T201  the playground reads it
        sys.exit(error.code)


def _end_with_the_playground() -> NoReturn:
    sys.stdin.buffer.read()
    os._exit(0)
