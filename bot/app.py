"""The one place where the parts meet: the bot that serves a workspace."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import Context
from dataclasses import dataclass, field

import structlog
from slack_bolt.async_app import AsyncApp

from bot import network
from bot.adapters.channels_sql import SqlChannelChanges
from bot.adapters.costs_sql import SqlCosts
from bot.adapters.database import Database, opened
from bot.adapters.engine_dbos import DBOSEngine
from bot.adapters.exports_sql import SqlExports
from bot.adapters.feedback_sql import SqlFeedback
from bot.adapters.hedging import Hedging
from bot.adapters.metrics_prometheus import Metrics
from bot.adapters.model_openai import OpenAIModel
from bot.adapters.model_queue import ModelQueue
from bot.adapters.peers_postgres import sharing
from bot.adapters.runs_sql import SqlRuns
from bot.adapters.transcript_sql import SqlTranscript
from bot.library import library
from bot.research.evidence.reading import Library
from bot.research.ports import Journal
from bot.research.run import Research
from bot.service.admission import Admission
from bot.service.background import Background
from bot.service.channels import ChannelIds
from bot.service.conversation import Conversation
from bot.service.desk import Desk
from bot.service.errors import StoreDown
from bot.service.exports import Exporting
from bot.service.jobs import ExportJob, Job, ReplyJob, RunJob
from bot.service.peers import CHANNELS, Peers
from bot.service.persist import surely
from bot.service.ports import Runs
from bot.service.threads import ReplySettings, Threads
from bot.settings import Settings, revealed
from bot.slack.app import Service, Speaking, Watching, listening, speaking
from bot.slack.transport.client import CALL_TIMEOUT, Workspace, web_client
from bot.slack.transport.outbox import Outbox
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
    engine: DBOSEngine
    service: Service
    bolt: AsyncApp
    sockets: Sockets | None = None
    port: int = 0
    serving: bool = False
    stopping: bool = False
    refusal: str = ""
    _pulse: asyncio.Task[str] | None = None
    _pulse_at: float = -PULSE_SECONDS
    _unkept: str = ""
    _background: Background = field(default_factory=Background)

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

    @property
    def desk(self) -> Desk:
        """Where runs are accepted."""
        return self.service.desk

    @property
    def conversation(self) -> Conversation:
        """Where replies are answered."""
        return self.service.conversation

    @property
    def runs(self) -> Runs:
        """What is kept of runs."""
        return self.service.runs

    async def open(self) -> None:
        """Take questions from now on. Raises StoreDown."""
        self.desk.peers.heed(self._heard)
        await self._learn()
        await self.desk.open()
        await self.conversation.open()

    def _heard(self, name: str) -> None:
        """Another process has heard that a channel got a new id."""
        if name == CHANNELS:
            self._background.do(surely(self._learn))

    async def _learn(self) -> None:
        """Know which channels have got new ids. Raises StoreDown."""
        for change in await self.service.channel_changes.all():
            self.desk.channels.learn(change)

    async def work(self, job: Job, journal: Journal) -> None:
        """Do what the job says, by whoever does that kind of job."""
        match job:
            case RunJob():
                await self.desk.worker.work(job, journal)
            case ReplyJob():
                await self.conversation.work(job, journal)
            case ExportJob():
                await self.service.exporting.work(job, journal)

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
async def built(settings: Settings, lost: Callable[[str], None]) -> AsyncIterator[Bot]:
    """Put the parts together; ``lost`` is called where the database may give to others what this process has."""
    async with AsyncExitStack() as stack:
        metrics, queue, channels = Metrics(), ModelQueue(settings.max_model_calls), ChannelIds()
        hedging = Hedging() if settings.hedge == "on" else None
        if hedging:
            metrics.tally("hedges", "Second copies of late model calls", "outcome", lambda: hedging.outcomes)
        await stack.enter_async_context(metrics.watching_the_loop())
        session = await stack.enter_async_context(network.session(timeout=CALL_TIMEOUT))
        watching = Watching(metrics.slack_called, metrics.message_waited, metrics.feedback_given)
        token, pace = revealed(settings.slack_bot_token), settings.slack_messages_per_second
        client = web_client(token, settings.slack_api_url, session, watching.called, channels)
        spoken = await stack.enter_async_context(speaking(client, session, pace, settings.follow_ups, watching))
        model = await stack.enter_async_context(
            OpenAIModel(settings.endpoint, queue, metrics.model_attempted, hedging=hedging)
        )
        searching = settings.searching(settings.endpoint)
        web = await stack.enter_async_context(network.session())
        books = await stack.enter_async_context(
            library(searching, settings.allowed_hosts, web, metrics.searched, metrics.page_read, metrics.tokens_used)
        )
        database = await stack.enter_async_context(opened(settings.database_url))
        peers, name = await stack.enter_async_context(sharing(database, lost))
        metrics.named(name)
        engine = DBOSEngine(database, name)
        service = _service(settings, engine, database, peers, model, books, spoken, metrics, channels)
        secret = revealed(settings.slack_signing_secret)
        bolt = await stack.enter_async_context(listening(spoken, service, secret, watching))
        bot = Bot(settings, metrics, spoken.workspace, database, engine, service, bolt)
        _gauge(metrics, service.desk, queue, spoken.outbox)
        _count(bot)
        yield bot


def _service(
    settings: Settings,
    engine: DBOSEngine,
    database: Database,
    peers: Peers,
    model: OpenAIModel,
    books: Library | None,
    spoken: Speaking,
    metrics: Metrics,
    channels: ChannelIds,
) -> Service:
    """A team's runs, on these adapters."""
    costs = SqlCosts(database)
    runs = SqlRuns(database, channels, costs)
    times, limits = (settings.run_timeout, settings.model_timeout), settings.run_limits(settings.endpoint)
    research = Research(model, spoken.room, *times, settings.voice, limits, settings.max_depth, books)
    admission, deep = Admission(settings.access, spoken.directory, channels), settings.max_depth > 1
    desk = Desk(engine, research, runs, metrics.run_ended, settings.limits, channels, deep, admission, peers)
    metrics.gauge(
        "month_dollars",
        "Dollars that runs and answers have cost this month (UTC), as far as prices are known",
        lambda: float(costs.known + desk.active_runs.unkept),
    )
    replies = ReplySettings(settings.follow_ups, settings.question_limits, settings.run_timeout)
    conversation = Conversation(Threads(desk, SqlTranscript(database, costs), spoken.talk, replies), model, engine)
    exporting = Exporting(engine, desk, runs, SqlExports(database), spoken.press)
    opinions, changes = SqlFeedback(database), SqlChannelChanges(database)
    return Service(desk, conversation, exporting, runs, opinions, channels, changes, settings.presets)


def _gauge(metrics: Metrics, desk: Desk, turns: ModelQueue, outbox: Outbox) -> None:
    """Let the metrics tell how much is under way."""
    metrics.gauge("runs_in_flight", "Runs that have begun and not ended", lambda: len(desk.active_runs))
    metrics.gauge("oldest_run_seconds", "Seconds since the run under way began that did so first", desk.oldest)
    metrics.gauge("model_calls_in_flight", "Model calls under way", lambda: turns.in_flight)
    metrics.gauge("model_calls_waiting", "Model calls that wait for their turn", lambda: turns.waiting)
    metrics.gauges("model_calls_queued", "Calls that wait, by what they are for", "rank", lambda: turns.waiting_by_rank)
    metrics.gauge("outbox_depth", "Messages that wait to leave for Slack", lambda: outbox.depth)


def _count(bot: Bot) -> None:
    """Let the metrics tell whether the bot can do its work, and how often it could not."""
    metrics, desk, talk = bot.metrics, bot.desk, bot.conversation
    metrics.gauge("month_budget_dollars", "MONTH_BUDGET; 0 = no limit", lambda: float(bot.settings.month_budget))
    metrics.gauge("ready", "Whether commands can come in, as /readyz knew last", lambda: bot.ready)
    metrics.gauge(
        "sockets_open", "Sockets to Slack that are open", lambda: bot.sockets.open_count if bot.sockets else 0
    )
    metrics.tally("questions", "Replies in threads that were heard to their end", "verdict", lambda: talk.verdicts)
    metrics.tally(
        "refusals",
        "Runs and questions that were refused",
        "limit",
        lambda: {**desk.refusals, **talk.refusals, **desk.admission.refusals},
    )
    peers = desk.peers
    metrics.tally("takeovers", "Processes whose work was taken over", "", lambda: {"": peers.takeovers})
    told = "Processes found to have ended without a goodbye: killed, or cut off from the database"
    metrics.tally("lock_losses", told, "", lambda: {"": peers.lock_losses})
    metrics.tally("store_failures", "What the database did not do", "", lambda: {"": bot.database.failures})
