"""The one place where the parts meet: the bot that serves a workspace."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import Context
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot import network
from bot.adapters.channels_sql import SqlChannelChanges
from bot.adapters.database import Database, opened
from bot.adapters.engine_dbos import DBOSEngine
from bot.adapters.exports_sql import SqlExports
from bot.adapters.feedback_sql import SqlOpinions
from bot.adapters.metrics_prometheus import Metrics
from bot.adapters.model_openai import OpenAIModel
from bot.adapters.model_queue import Turns
from bot.adapters.runs_sql import SqlRuns
from bot.adapters.transcript_sql import SqlTranscript
from bot.research.ports import Journal
from bot.research.run import Research
from bot.research.run_state import Run
from bot.service.channels import ChannelIds
from bot.service.conversation import Conversation
from bot.service.desk import Desk
from bot.service.errors import StoreDown
from bot.service.exports import Exporting
from bot.service.jobs import ExportJob, Job, ReplyJob, RunJob
from bot.settings import Settings, revealed
from bot.slack import app as slack
from bot.slack.listeners.channels import Places
from bot.slack.listeners.clicks import Deeds
from bot.slack.listeners.command import ResearchCommand
from bot.slack.listeners.export_buttons import ExportButtons
from bot.slack.listeners.feedback import FeedbackButtons
from bot.slack.listeners.guard import Guard
from bot.slack.listeners.home import HomeTab
from bot.slack.listeners.messages import Events
from bot.slack.listeners.modal import Forms
from bot.slack.listeners.names import Names
from bot.slack.listeners.renumbered import Renumbered
from bot.slack.listeners.run_buttons import RunButtons
from bot.slack.listeners.starts import Starts
from bot.slack.listeners.thread_buttons import ThreadButtons
from bot.slack.listeners.unknown import Unknown
from bot.slack.ports.conversation import SlackTalk
from bot.slack.ports.exporter import SlackPress
from bot.slack.ports.parked_topics import KeptTopics
from bot.slack.ports.room import SlackRoom
from bot.slack.ports.status import Signs
from bot.slack.ports.thread import Venue
from bot.slack.transport.client import CALL_TIMEOUT, Workspace, web_client
from bot.slack.transport.outbox import Outbox
from bot.slack.transport.posting import Poster
from bot.slack.transport.private import answer_privately
from bot.slack.transport.socket_mode import Sockets

log = structlog.get_logger(__name__)

PULSE_SECONDS = 1.0  # anybody may ask for /readyz, as often as they like; the database is written once a second


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
    channel_changes: SqlChannelChanges
    bolt: AsyncApp
    forms: Forms
    sockets: Sockets | None = None
    port: int = 0
    serving: bool = False
    stopping: bool = False
    refusal: str = ""
    _pulse: asyncio.Task[str] | None = None
    _pulse_at: float = -PULSE_SECONDS
    _unkept: str = ""

    async def pulse(self) -> str:
        """Why nothing can be kept, "" if it can; seen once for all who ask within a second."""
        due = time.monotonic() - self._pulse_at >= PULSE_SECONDS
        if not self._pulse or (self._pulse.done() and due):
            self._pulse_at = time.monotonic()
            self._pulse = asyncio.create_task(self._seen_to_keep(), context=Context())
        return await asyncio.shield(self._pulse)

    async def _seen_to_keep(self) -> str:
        try:
            await self.database.writable()
        except StoreDown as error:
            self._unkept = f"the database does not answer ({error})"
        else:
            self._unkept = ""
        return self._unkept

    async def open(self, engine: DBOSEngine) -> None:
        """Take jobs from now on. Raises StoreDown."""
        for change in await self.channel_changes.all():
            self.desk.channels.learn(change)
        await self.desk.open(engine)
        await self.conversation.open(engine)
        self.exporting.open(engine)

    async def work(self, job: Job, journal: Journal) -> None:
        """Do what the job says, by whoever does that kind of job."""
        match job:
            case RunJob():
                await self.desk.work(job, journal)
            case ReplyJob():
                await self.conversation.work(job, journal)
            case ExportJob():
                await self.exporting.work(job, journal)

    async def lacking(self) -> str:
        """What keeps the bot from taking commands, "" if nothing."""
        return self._kept_off or await self.pulse()

    @property
    def ready(self) -> bool:
        """Whether it can take commands, as far as that is known without a write."""
        return not (self._kept_off or self._unkept)

    @property
    def _kept_off(self) -> str:
        """What keeps commands from coming in at all, "" if nothing."""
        if self.stopping:
            return "the bot is stopping"
        if not self.serving:
            return "no answer from Slack yet"
        if self.workspace.refusal:
            return f"Slack does not take our token ({self.workspace.refusal})"
        return self.sockets.lacking if self.sockets else ""


@asynccontextmanager
async def built(settings: Settings) -> AsyncIterator[Bot]:
    """Put the parts together."""
    async with AsyncExitStack() as stack:
        metrics, turns, kept = Metrics(), Turns(settings.max_model_calls), KeptTopics()
        channels = ChannelIds()
        await stack.enter_async_context(metrics.watching_the_loop())
        session = await stack.enter_async_context(network.session(timeout=CALL_TIMEOUT))

        def called(method: str, outcome: str) -> None:
            metrics.slack_called(method, outcome)
            workspace.heard(method, outcome)

        async def answer(url: str, payload: dict[str, Any]) -> None:
            await answer_privately(url, client.renewed(payload), session)

        client = web_client(revealed(settings.slack_bot_token), settings.slack_api_url, session, called, channels)
        workspace = Workspace(client)
        outbox = await stack.enter_async_context(Outbox(settings.slack_messages_per_second, metrics.message_waited))
        signs = await stack.enter_async_context(Signs(client))
        poster = Poster(client, outbox, signs.posted)
        room = SlackRoom(Venue(poster, workspace, settings.follow_ups), kept, answer)
        model = await stack.enter_async_context(OpenAIModel(settings.endpoint, turns, metrics.model_attempted))
        database = await stack.enter_async_context(opened(settings.database_url))
        runs, channel_changes = SqlRuns(database, channels), SqlChannelChanges(database)
        home = HomeTab(lambda: desk, runs, workspace)
        stack.push_async_callback(home.close)

        def ended(run: Run) -> None:
            metrics.run_ended(run)
            home.ended(run)

        research = Research(model, room, settings.run_timeout, settings.model_timeout)
        desk = Desk(research, runs, ended, settings.limits, channels)
        _gauge(metrics, desk, turns, outbox)
        bolt = _bolt(workspace, revealed(settings.slack_signing_secret))
        names = Names(client)
        command, deeds = ResearchCommand(desk, runs, workspace, names), Deeds(answer)
        talk, transcript = SlackTalk(poster, workspace, signs), SqlTranscript(database)
        conversation = Conversation(
            desk, transcript, model, talk, settings.follow_ups, settings.question_limits, settings.run_timeout
        )
        exporting = Exporting(desk, runs, SqlExports(database), SlackPress(poster, workspace, answer))
        forms = Forms(desk, workspace, Places(workspace, poster), answer, names)
        feedback = FeedbackButtons(desk, SqlOpinions(database), client, metrics.feedback_given)
        Unknown(answer).register(bolt)
        Guard(desk, answer).register(bolt)
        slack.register(bolt, command, RunButtons(desk, kept), deeds)
        slack.register_ways(bolt, forms, home, deeds)
        slack.register_renumbered(bolt, Renumbered(channels, channel_changes))
        thread_buttons = ThreadButtons(conversation, forms)
        slack.register_talk(
            bolt, Events(desk, conversation, workspace, Starts(command, workspace), names), thread_buttons, deeds
        )
        slack.register_controls(bolt, thread_buttons, ExportButtons(desk, exporting, workspace), feedback, deeds)
        bot = Bot(
            settings, metrics, workspace, database, desk, conversation, exporting, runs, channel_changes, bolt, forms
        )
        _count(bot)
        yield bot


def _gauge(metrics: Metrics, desk: Desk, turns: Turns, outbox: Outbox) -> None:
    """Let the metrics tell how much is under way."""
    metrics.gauge("runs_in_flight", "Runs that have begun and not ended", lambda: len(desk.roster))
    metrics.gauge("model_calls_in_flight", "Model calls under way", lambda: turns.in_flight)
    metrics.gauge("model_calls_waiting", "Model calls that wait for their turn", lambda: turns.waiting)
    metrics.gauge("outbox_depth", "Messages that wait to leave for Slack", lambda: outbox.depth)


def _count(bot: Bot) -> None:
    """Let the metrics tell whether the bot can do its work, and how often it could not."""
    metrics, desk, talk = bot.metrics, bot.desk, bot.conversation
    metrics.gauge("ready", "Whether commands can come in, as /readyz knew last", lambda: bot.ready)
    metrics.gauge(
        "sockets_open", "Sockets to Slack that are open", lambda: bot.sockets.open_count if bot.sockets else 0
    )
    metrics.tally("questions", "Replies in threads that were heard to their end", "verdict", lambda: talk.verdicts)
    metrics.tally("refusals", "Runs and questions too many", "limit", lambda: {**desk.refusals, **talk.refusals})
    metrics.tally("store_failures", "What the database did not do", "", lambda: {"": bot.database.failures})


def _bolt(workspace: Workspace, signing_secret: str) -> AsyncApp:
    """Bolt on our own client and our own word on who we are: nothing in the environment makes it another app."""

    async def authorize() -> AuthorizeResult:  # Bolt hands over what a function's parameters name, even ``self``
        return await workspace.authorize()

    its_log = logging.getLogger("slack_bolt")
    its_log.setLevel(logging.ERROR)  # it warns that it skips the token that it finds in the environment
    return AsyncApp(
        client=workspace.client,
        authorize=authorize,
        signing_secret=signing_secret,
        logger=its_log,
        raise_error_for_unhandled_request=True,
    )
