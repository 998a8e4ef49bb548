"""The playground, from its start to its end: our Slack, the model behind its proxy, the bot, the page."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import web

from bot.playground import manifest
from bot.playground.bot_process import Bot
from bot.playground.bot_settings import chosen, told
from bot.playground.controls import Controls
from bot.playground.fault_choices import fault_choices
from bot.playground.guard import guarded
from bot.playground.kept_workspace import kept
from bot.playground.model_proxy import ModelProxy
from bot.playground.page.server import pages
from bot.playground.slack import Playground
from bot.settings import ModelSettings

LOOPBACK = "127.0.0.1"
PORT_TAKEN = (
    "Port {port} cannot be used ({why}); another playground may be open there. Choose another one: "
    '`python -m bot playground --port {other}`, or `make playground ARGS="--port {other}"`.'
)
CANNOT_KEEP = "{file} cannot be written: {why}."
Say = Callable[[str], None]


class CannotPlay(Exception):
    """The playground cannot be opened; the text says why and what to do."""


@dataclass(frozen=True)
class Wishes:
    """The page's ``port`` (0 for a free one), whether a browser shall open it, and the database that is kept, if any.

    ``tiny`` takes the model that comes along in any case.
    """

    port: int
    opens: bool = True
    keep: Path | None = None
    tiny: bool = False


class Hosted(Playground):
    """Our Slack beside a person's browser: its tokens and addresses are nobody else's to know."""

    def __init__(self) -> None:
        self.bot_token = f"xoxb-{secrets.token_urlsafe(24)}"
        self.app_token = f"xapp-{secrets.token_urlsafe(24)}"
        self.ticket = secrets.token_urlsafe(24)
        super().__init__(scopes=manifest.scopes(), rated=True, subscribed=manifest.subscribed(), echo=True)


async def play(settings: ModelSettings, wishes: Wishes, say: Say) -> None:
    """Open the playground until SIGINT, SIGTERM or SIGHUP.

    Raises CannotPlay, and CannotStart, Unreadable and NotInstalledError of what it consists of.
    """
    playing = asyncio.current_task()
    assert playing  # noqa: S101  this is a coroutine
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(name, playing.cancel)
    with suppress(asyncio.CancelledError):
        async with AsyncExitStack() as stack:
            address = await _opened(stack, settings, wishes, say)
            say(f"Playground: {address}")
            if wishes.opens and _has_display():
                await asyncio.to_thread(webbrowser.open, address)
            await asyncio.Event().wait()


async def _opened(stack: AsyncExitStack, settings: ModelSettings, wishes: Wishes, say: Say) -> str:
    """Start all of it, for as long as the stack; gives the page's address once all is ready."""
    listener = stack.enter_context(_listening(wishes.port))
    database, log = stack.enter_context(_place(wishes.keep))
    bot = await stack.enter_async_context(Bot(log))  # first, for what it imports takes longest
    slack = await stack.enter_async_context(Hosted())
    if wishes.keep:
        await stack.enter_async_context(kept(slack, Path(f"{wishes.keep}.workspace.json")))
    model = await stack.enter_async_context(chosen(settings, wishes.tiny))
    proxy = await stack.enter_async_context(ModelProxy(model.endpoint))
    site = pages(slack, Controls(fault_choices(slack, proxy), bot, model.told), guarded)
    await bot.start(slack, told(settings, database, slack, model, proxy))
    await stack.enter_async_context(_served(site, listener))
    for sentence in (*model.told, f"The bot's log: {log}"):
        say(sentence)
    return f"http://{LOOPBACK}:{listener.getsockname()[1]}/"


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    try:
        with socket.create_server((LOOPBACK, port)) as listener:
            yield listener
    except OSError as error:
        raise CannotPlay(PORT_TAKEN.format(port=port, why=error.strerror, other=port + 1)) from error


@contextmanager
def _place(keep: Path | None) -> Iterator[tuple[Path, Path]]:
    """Where the database and the bot's log are: in a folder that goes with the playground, or where they are kept."""
    with TemporaryDirectory(prefix="playground-") as folder:
        database = keep.absolute() if keep else Path(folder, "research.sqlite")
        log = Path(f"{database}.log")
        try:
            log.touch(mode=0o600)
        except OSError as error:
            raise CannotPlay(CANNOT_KEEP.format(file=log, why=error.strerror)) from error
        yield database, log


@asynccontextmanager
async def _served(site: web.Application, listener: socket.socket) -> AsyncIterator[None]:
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        yield
    finally:
        await runner.cleanup()


def _has_display() -> bool:
    """Whether a browser would open a window, and not take the terminal."""
    return sys.platform in ("darwin", "win32") or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))
