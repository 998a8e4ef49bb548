"""Where the parts of the playground meet: our Slack, the model behind its proxy, the bot, the page."""

from __future__ import annotations

import secrets
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web

from bot.playground import manifest
from bot.playground.bot_process import Bot
from bot.playground.bot_settings import chosen, told
from bot.playground.controls import Controls
from bot.playground.fault_choices import fault_choices
from bot.playground.guard import bounded, guarded
from bot.playground.kept_workspace import kept
from bot.playground.model_proxy import ModelProxy
from bot.playground.page.server import pages
from bot.playground.premises import Premises
from bot.playground.slack import Playground
from bot.settings import ModelSettings

MOST_STREAMS = 100  # of changes, one for each page that is open; a process may have some thousand files open


class Hosted(Playground):
    """Our Slack beside a person's browser: its tokens and addresses are nobody else's to know."""

    def __init__(self) -> None:
        self.bot_token = f"xoxb-{secrets.token_urlsafe(24)}"
        self.app_token = f"xapp-{secrets.token_urlsafe(24)}"
        self.ticket = secrets.token_urlsafe(24)
        super().__init__(scopes=manifest.scopes(), rated=True, subscribed=manifest.subscribed(), echo=True)


@asynccontextmanager
async def opened(settings: ModelSettings, tiny: bool, where: Premises, bot: Bot) -> AsyncIterator[tuple[str, ...]]:
    """The page, with a bot that is connected and a model behind it; gives what has to be said of the model.

    ``tiny`` takes the one that comes along. Raises CannotPlay and NotInstalledError.
    """
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(Hosted())
        if where.workspace:
            await stack.enter_async_context(kept(slack, where.workspace))
        model = await stack.enter_async_context(chosen(settings, tiny))
        proxy = await stack.enter_async_context(ModelProxy(model.endpoint))
        site = pages(slack, Controls(fault_choices(slack, proxy), bot, model.told), guarded)
        site.middlewares.append(bounded("/events", MOST_STREAMS))
        await bot.start(slack, told(settings, where.database, slack, model, proxy))
        await stack.enter_async_context(_served(site, where.listener))
        yield model.told


@asynccontextmanager
async def _served(site: web.Application, listener: socket.socket) -> AsyncIterator[None]:
    runner = web.AppRunner(site, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.SockSite(runner, listener).start()
        yield
    finally:
        await runner.cleanup()
