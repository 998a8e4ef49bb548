"""The playground from its start to its end: the bot begins to import what it needs before the others do."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

from bot.playground.bot_process import Bot
from bot.playground.premises import Wishes, premises
from bot.settings import ModelSettings

Say = Callable[[str], None]


async def play(settings: ModelSettings, wishes: Wishes, say: Say) -> None:
    """Open the playground until SIGINT, SIGTERM or SIGHUP.

    Raises CannotPlay, and NotInstalledError where there is no model at all.
    """
    playing = asyncio.current_task()
    assert playing  # noqa: S101  this is a coroutine
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(name, playing.cancel)
    with suppress(asyncio.CancelledError), premises(wishes) as where:
        say("Starting the playground. Ctrl-C ends it.")
        async with Bot(where.log) as bot:
            from bot.playground.launch import opened  # takes a while, in which the bot gets on

            async with opened(settings, wishes.tiny, where, bot) as told:
                for sentence in (*told, f"The bot's log: {where.log}", f"Playground: {where.address}"):
                    say(sentence)
                if wishes.opens and _has_display():
                    # Some browsers are waited for until they are closed: that must hold up no end.
                    Thread(target=webbrowser.open, args=(where.address,), daemon=True).start()
                await asyncio.Event().wait()


def _has_display() -> bool:
    """Whether a browser would open a window, and not take the terminal."""
    return sys.platform in ("darwin", "win32") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
