"""The one place where the parts meet: the bot that serves a workspace."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
import structlog
from aiohttp.web import Application
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError

from bot import slack, web
from bot.adapters.database import Database, FileInUse, opened
from bot.adapters.engine_dbos import DBOSEngine
from bot.adapters.exports_sql import SqlExports
from bot.adapters.metrics_prometheus import Metrics
from bot.adapters.model_openai import OpenAIModel
from bot.adapters.opinions_sql import SqlOpinions
from bot.adapters.runs_sql import SqlRuns
from bot.adapters.transcript_sql import SqlTranscript
from bot.adapters.turns import Turns
from bot.housekeeping import housekeeping
from bot.research.conversation import Conversation
from bot.research.desk import Desk
from bot.research.errors import StoreDown
from bot.research.exporting import Exporting
from bot.research.orders import AnyOrder, Ask, Export, Order
from bot.research.ports import Journal
from bot.research.run import Research
from bot.research.state import Run
from bot.settings import Settings, revealed
from bot.slack.actions import Clicks
from bot.slack.client import (
    CALL_TIMEOUT,
    SLACK_ERRORS,
    TOKEN_REFUSED,
    Workspace,
    answer_privately,
    cause,
    first_of,
    web_client,
)
from bot.slack.commands import ResearchCommand
from bot.slack.dispatch import Gate, envelope
from bot.slack.events import Events
from bot.slack.exports import ExportClicks
from bot.slack.feedback import FeedbackClicks
from bot.slack.forms import Forms
from bot.slack.home_tab import HomeTab
from bot.slack.kept import KeptTopics
from bot.slack.outbox import Outbox
from bot.slack.places import Places
from bot.slack.posting import Poster
from bot.slack.press import SlackPress
from bot.slack.room import SlackRoom
from bot.slack.sockets import Sockets
from bot.slack.starts import Starts
from bot.slack.talk import SlackTalk
from bot.slack.talk_clicks import TalkClicks

log = structlog.get_logger(__name__)

DRAIN_SECONDS = 25  # platforms kill a process 30 seconds after they asked it to stop
SLACK_RETRY_SECONDS = 5
BAD_BOT_TOKEN = (
    "Slack does not accept SLACK_BOT_TOKEN ({cause}). Copy the bot token anew from api.slack.com/apps, your app, "
    "OAuth & Permissions; install the app there first if it is not."
)
BAD_APP_TOKEN = (
    "Slack does not accept SLACK_APP_TOKEN ({cause}). Make one under api.slack.com/apps, your app, Basic Information, "
    "App-Level Tokens, with the scope connections:write."
)


BAD_DATABASE = "The database does not answer ({cause}). See that DATABASE_URL is right and that it can be written."


class StartError(Exception):
    """The bot cannot serve; the text says why and what to do, ``code`` is the process's exit code."""

    def __init__(self, told: str, code: int = 1) -> None:
        super().__init__(told)
        self.code = code


@dataclass
class Bot:
    """A bot in a workspace: its parts, and whether it can take commands."""

    settings: Settings
    metrics: Metrics
    workspace: Workspace
    database: Database
    desk: Desk
    conversation: Conversation
    exporting: Exporting
    runs: SqlRuns
    bolt: AsyncApp
    forms: Forms
    sockets: Sockets | None = None
    port: int = 0
    serving: bool = False
    stopping: bool = False
    refusal: str = ""

    async def open(self, engine: DBOSEngine) -> None:
        """Take orders from now on. Raises StoreDown."""
        await self.desk.open(engine)
        await self.conversation.open(engine)
        self.exporting.open(engine)

    async def work(self, order: AnyOrder, journal: Journal) -> None:
        """Do what was ordered, by whoever does that kind of order."""
        match order:
            case Order():
                await self.desk.work(order, journal)
            case Ask():
                await self.conversation.work(order, journal)
            case Export():
                await self.exporting.work(order, journal)

    async def lacking(self) -> str:
        """What keeps the bot from taking commands, "" if nothing."""
        if self.stopping:
            return "the bot is stopping"
        if not self.serving:
            return "no answer from Slack yet"
        if self.workspace.refusal:
            return f"Slack does not take our token ({self.workspace.refusal})"
        try:
            await self.database.writable()
        except StoreDown as error:
            return f"the database does not answer ({error})"
        return "" if self.sockets is None or self.sockets.open_count else "no socket to Slack"


@asynccontextmanager
async def built(settings: Settings) -> AsyncIterator[Bot]:
    """Put the parts together."""
    async with AsyncExitStack() as stack:
        metrics, turns, kept = Metrics(), Turns(settings.max_model_calls), KeptTopics()
        await stack.enter_async_context(metrics.watching_the_loop())
        session = await stack.enter_async_context(aiohttp.ClientSession(timeout=CALL_TIMEOUT))

        def called(method: str, outcome: str) -> None:
            metrics.slack_called(method, outcome)
            workspace.heard(method, outcome)

        async def answer(url: str, payload: dict[str, Any]) -> None:
            await answer_privately(url, payload, session)

        client = web_client(revealed(settings.slack_bot_token), settings.slack_api_url, session, called)
        workspace = Workspace(client)
        outbox = await stack.enter_async_context(Outbox(settings.slack_messages_per_second, metrics.message_waited))
        poster = Poster(client, outbox)
        room = SlackRoom(poster, workspace, kept, answer)
        model = await stack.enter_async_context(OpenAIModel(settings.endpoint, turns, metrics.model_attempted))
        database = await stack.enter_async_context(opened(settings.database_url))
        runs = SqlRuns(database)
        home = HomeTab(lambda: desk, runs, workspace)
        stack.push_async_callback(home.close)

        def ended(run: Run) -> None:
            metrics.run_ended(run)
            home.ended(run)

        research = Research(model, room, settings.run_timeout, settings.model_timeout)
        desk = Desk(research, runs, ended, settings.limits)
        _gauge(metrics, desk, turns, outbox)
        bolt = _bolt(workspace, revealed(settings.slack_signing_secret))
        command, clicks = ResearchCommand(desk, runs, workspace), Clicks(desk, kept)
        talk, transcript = SlackTalk(poster, workspace), SqlTranscript(database)
        conversation = Conversation(
            desk, transcript, model, talk, settings.follow_ups, settings.question_limits, settings.run_timeout
        )
        exporting = Exporting(runs, SqlExports(database), SlackPress(poster, workspace, answer))
        forms = Forms(desk, workspace, Places(workspace, poster), answer)
        feedback = FeedbackClicks(desk, SqlOpinions(database), client, metrics.feedback_given, answer)
        slack.register(bolt, command, clicks, answer)
        slack.register_ways(bolt, forms, home)
        talk_clicks = TalkClicks(conversation, forms)
        slack.register_talk(
            bolt, Events(desk, conversation, workspace, Starts(command, workspace)), talk_clicks, answer
        )
        slack.register_controls(bolt, talk_clicks, ExportClicks(desk, exporting), feedback, answer)
        yield Bot(settings, metrics, workspace, database, desk, conversation, exporting, runs, bolt, forms)


def _gauge(metrics: Metrics, desk: Desk, turns: Turns, outbox: Outbox) -> None:
    """Let the metrics tell how much is under way."""
    metrics.gauge("runs_in_flight", "Runs that have begun and not ended", lambda: len(desk.roster))
    metrics.gauge("model_calls_in_flight", "Model calls under way", lambda: turns.in_flight)
    metrics.gauge("model_calls_waiting", "Model calls that wait for their turn", lambda: turns.waiting)
    metrics.gauge("outbox_depth", "Messages that wait to leave for Slack", lambda: outbox.depth)


@asynccontextmanager
async def running(settings: Settings, stop: asyncio.Event, at_once: asyncio.Event | None = None) -> AsyncIterator[Bot]:
    """A bot that takes commands; leaving takes no more and lets the runs finish, for a while or until ``at_once``.

    ``stop`` ends the wait for a Slack that does not answer; it is set, with a ``refusal``, where Slack does not take
    our app token. Raises StartError if Slack does not take our bot token.
    """
    async with built(settings) as bot, web.listening(_pages(bot), settings.port) as bot.port:
        bot.sockets = _sockets(bot, stop)
        if not await _met(bot.workspace, stop):
            yield bot
            return
        engine = DBOSEngine(bot.database)
        await bot.open(engine)
        async with engine.running(bot.work), housekeeping(bot.runs, engine, settings.keep_days):
            try:
                if bot.sockets:
                    bot.sockets.open()
                bot.serving = True
                yield bot
                bot.stopping = True
                log.info("bot.stopping", runs=len(bot.desk.roster))
                await bot.desk.drain(DRAIN_SECONDS, at_once)
            finally:
                if bot.sockets:
                    await bot.sockets.close()


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; a second one leaves what still runs to the next start. Raises StartError."""
    stop, at_once = asyncio.Event(), asyncio.Event()

    def signalled() -> None:
        (at_once if stop.is_set() else stop).set()

    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, signalled)
    try:
        async with running(settings, stop, at_once) as bot:
            gc.freeze()  # what the libraries brought along stays for ever: going through it would hold the loop up
            log.info("bot.started", mode="socket" if bot.sockets else "http", port=bot.port)
            await stop.wait()
    except web.NotListening as error:
        raise StartError(str(error)) from error
    except FileInUse as error:
        raise StartError(str(error), code=2) from error
    except StoreDown as error:
        raise StartError(BAD_DATABASE.format(cause=error)) from error
    if bot.refusal:
        raise StartError(BAD_APP_TOKEN.format(cause=bot.refusal))
    log.info("bot.stopped")


def _sockets(bot: Bot, stop: asyncio.Event) -> Sockets | None:
    """Socket Mode's sockets, None in HTTP mode."""
    app_token = revealed(bot.settings.slack_app_token)

    def refused(code: str) -> None:
        bot.refusal = code
        stop.set()

    return Sockets(bot.workspace.client, app_token, partial(envelope, bot.bolt), refused) if app_token else None


def _bolt(workspace: Workspace, signing_secret: str) -> AsyncApp:
    """Bolt on our own client and our own word on who we are: nothing in the environment makes it another app."""

    async def authorize() -> AuthorizeResult:  # Bolt hands over what a function's parameters name, even ``self``
        return await workspace.authorize()

    its_log = logging.getLogger("slack_bolt")
    its_log.setLevel(logging.ERROR)  # it warns that it skips the token that it finds in the environment
    return AsyncApp(client=workspace.client, authorize=authorize, signing_secret=signing_secret, logger=its_log)


def _pages(bot: Bot) -> Application:
    pages = web.operations(bot.lacking, bot.metrics.page)
    if not bot.settings.slack_app_token:
        pages.router.add_post("/slack/events", Gate(bot.bolt, revealed(bot.settings.slack_signing_secret)).__call__)
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
