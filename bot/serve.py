"""Serves a workspace: from the first word with Slack to the last run that is let finish."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial

import structlog
from aiohttp.typedefs import Middleware
from aiohttp.web import Application
from slack_sdk.errors import SlackApiError

from bot import __version__
from bot.adapters.seat_postgres import Pooled
from bot.adapters.sqlite_file import FileInUse
from bot.app import Bot, built
from bot.network import Proxies
from bot.operations import health
from bot.operations.retention import housekeeping
from bot.research import words
from bot.service.errors import StoreDown
from bot.settings import Settings, database_down, revealed
from bot.slack.messages.ephemeral import private
from bot.slack.transport.client import SLACK_ERRORS, TOKEN_REFUSED, Workspace, cause, first_of
from bot.slack.transport.dispatch import Gate, envelope
from bot.slack.transport.socket_mode import Sockets

log = structlog.get_logger(__name__)

DRAIN_SECONDS = 25  # platforms kill a process 30 seconds after they asked it to stop
SLACK_RETRY_SECONDS = 5
RARELY = 1_000  # collections of the younger, some seven million objects, to one of all: those of over a thousand runs
BAD_BOT_TOKEN = (
    "Slack does not accept SLACK_BOT_TOKEN ({cause}). Copy the bot token anew from api.slack.com/apps, your app, "
    "OAuth & Permissions; install the app there first if it is not."
)
BAD_APP_TOKEN = (
    "Slack does not accept SLACK_APP_TOKEN ({cause}). Make one under api.slack.com/apps, your app, Basic Information, "
    "App-Level Tokens, with the scope connections:write."
)


NO_SCOPE = (
    "SLACK_APP_TOKEN lacks the scope connections:write ({cause}). Make a new one with it under api.slack.com/apps, "
    "your app, Basic Information, App-Level Tokens."
)
WRONG_KIND = (
    "SLACK_APP_TOKEN is a token of another kind ({cause}). It takes the app-level one, which begins with xapp-; make "
    "one under api.slack.com/apps, your app, Basic Information, App-Level Tokens, with the scope connections:write."
)
SWITCHED_OFF = (
    "Socket Mode is off for this app ({cause}). Turn it on under api.slack.com/apps, your app, Socket Mode, or unset "
    "SLACK_APP_TOKEN and set SLACK_SIGNING_SECRET to be reached over HTTP."
)
APP_TOKEN_TOLD = {
    "missing_scope": NO_SCOPE,
    "no_permission": NO_SCOPE,
    "not_allowed_token_type": WRONG_KIND,
    "link_disabled": SWITCHED_OFF,
    "socket_mode_not_enabled": SWITCHED_OFF,
}


def app_token_told(code: str) -> str:
    """What to tell whoever set an app-level token with which Slack opens no socket, by Slack's code."""
    return APP_TOKEN_TOLD.get(code, BAD_APP_TOKEN).format(cause=code)


class StartError(Exception):
    """The bot cannot serve; the text says why and what to do, ``code`` is the process's exit code."""

    def __init__(self, told: str, code: int = 1) -> None:
        super().__init__(told)
        self.code = code


def _spare_the_loop() -> None:
    """Let the collector of cycles seldom go through all there is: with a hundred runs that takes a tenth of a second.

    What the libraries brought along stays for ever. Of what comes later, the youngest are gone through as ever: nearly
    all cycles are among them.
    """
    gc.freeze()
    gc.set_threshold(*gc.get_threshold()[:2], RARELY)


def end_at_once(cause: str) -> None:
    """End as it stands: others may do this process's work by now, and whoever supervises it starts it anew."""
    os._exit(os.EX_TEMPFAIL)


@asynccontextmanager
async def running(
    settings: Settings,
    stop: asyncio.Event,
    at_once: asyncio.Event | None = None,
    lost: Callable[[str], None] = end_at_once,
    guards: Sequence[Middleware] = (),
) -> AsyncIterator[Bot]:
    """A bot that takes commands; leaving takes no more and lets the runs finish, for a while or until ``at_once``.

    ``stop`` ends the wait for a Slack that does not answer; it is set, with a ``refusal``, where Slack does not take
    our app token. ``guards`` turn away whom our port shall not answer. Raises StartError if Slack does not take our
    bot token.
    """
    async with (
        built(settings, lost) as bot,
        health.listening(_pages(bot, guards), settings.port, settings.listen) as bot.port,
    ):
        bot.sockets = _sockets(bot, stop)
        if not await _met(bot.workspace, stop):
            yield bot
            return
        await bot.open()
        keeping_house = housekeeping(bot.runs, bot.engine, settings.keep_days)
        peers = bot.desk.peers.watching(bot.engine.take_over)
        async with bot.engine.running(bot.work), peers, keeping_house:
            try:
                if bot.sockets:
                    bot.sockets.open()
                bot.serving = True
                yield bot
                bot.stopping = True
                log.info("bot.stopping", runs=len(bot.desk.active_runs))
                await bot.desk.worker.drain(DRAIN_SECONDS, at_once)
            finally:
                if bot.sockets:
                    await bot.sockets.close()


async def serve(settings: Settings, *guards: Middleware) -> None:
    """Serve until SIGTERM or SIGINT; a second one leaves what still runs to the next start. Raises StartError.

    ``guards`` turn away whom our port shall not answer.
    """
    stop, at_once = asyncio.Event(), asyncio.Event()

    def signalled() -> None:
        (at_once if stop.is_set() else stop).set()

    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, signalled)
    if wrong := Proxies.of_environment().wrong:
        raise StartError(wrong)
    try:
        async with running(settings, stop, at_once, guards=guards) as bot:
            _spare_the_loop()
            await _reached(bot, stop)
            _log_started(bot, stop)
            await stop.wait()
    except health.NotListening as error:
        raise StartError(str(error)) from error
    except (FileInUse, Pooled) as error:
        raise StartError(str(error), code=2) from error
    except StoreDown as error:
        raise StartError(database_down(error)) from error
    if bot.refusal:
        raise StartError(app_token_told(bot.refusal))
    log.info("bot.stopped")


async def _reached(bot: Bot, stop: asyncio.Event) -> None:
    """Wait until Slack can deliver, or the bot is told to stop before."""
    if not bot.sockets:
        return
    waits = [asyncio.create_task(event.wait()) for event in (bot.sockets.opened, stop)]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for each in waits:
        each.cancel()


def _log_started(bot: Bot, stop: asyncio.Event) -> None:
    if not stop.is_set():  # it may have been told to stop before Slack ever answered
        for name in bot.settings.unheld:
            log.warning("budget.unheld", setting=name, model=bot.settings.model_name, cause="its price is not known")
        log.info("bot.started", mode="socket" if bot.sockets else "http", port=bot.port, **_described(bot))


def _described(bot: Bot) -> dict[str, str]:
    """What an operator wants to know of a bot that starts; no secret is in it."""
    return {
        "version": __version__,
        "model": bot.settings.model_name,
        "process": bot.engine.process,
        "database": "sqlite" if bot.database.is_file else "postgres",
        "workspace": bot.workspace.name,
        "workspace_id": bot.workspace.team,
        "search": ",".join(bot.settings.searching(bot.settings.endpoint).names) or "off",
    }


def _sockets(bot: Bot, stop: asyncio.Event) -> Sockets | None:
    """Socket Mode's sockets, None in HTTP mode."""
    app_token = revealed(bot.settings.slack_app_token)

    def refused(code: str) -> None:
        bot.refusal = code
        stop.set()

    return Sockets(bot.workspace.client, app_token, partial(envelope, bot.bolt), refused) if app_token else None


def _pages(bot: Bot, guards: Sequence[Middleware]) -> Application:
    pages = health.operations(bot.lacking, bot.metrics.page, *guards)
    if not bot.settings.slack_app_token:
        secret, closed = revealed(bot.settings.slack_signing_secret), private(words.SHUTTING_DOWN)
        gate = Gate(bot.bolt, secret, lambda: bot.serving, closed)
        pages.router.add_post("/slack/events", gate.__call__)
    return pages


async def _met(workspace: Workspace, stop: asyncio.Event) -> bool:
    """Ask Slack who we are until it answers; False if the bot was told to stop before. Raises StartError."""
    while not stop.is_set():
        try:
            await workspace.meet()
        except SLACK_ERRORS as error:
            if isinstance(error, SlackApiError) and cause(error) in TOKEN_REFUSED:
                raise StartError(BAD_BOT_TOKEN.format(cause=cause(error))) from error
            log.warning("slack.unreachable", cause=cause(error))
            await first_of(stop, SLACK_RETRY_SECONDS)
        else:
            return True
    return False
