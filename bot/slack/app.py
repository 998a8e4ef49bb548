"""Slack's side, put together: what speaks to Slack, and who hears what Slack tells us."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.research.presets import Presets
from bot.service.channels import ChannelIds
from bot.service.conversation import Conversation
from bot.service.desk import Desk
from bot.service.exports import Exporting
from bot.service.permissions import Action
from bot.service.ports import ChannelChanges, FeedbackStore, Runs
from bot.service.reply_rules import FollowUps
from bot.slack.listeners import feedback as feedbacks
from bot.slack.listeners.channels import ChannelAccess
from bot.slack.listeners.clicks import Actions, Do
from bot.slack.listeners.command import ResearchCommand
from bot.slack.listeners.export_buttons import ExportButtons
from bot.slack.listeners.feedback import FeedbackButtons
from bot.slack.listeners.guard import Guard
from bot.slack.listeners.home import HomeTab
from bot.slack.listeners.messages import MessageEvents
from bot.slack.listeners.modal import SHORTCUT, Forms
from bot.slack.listeners.names import Names
from bot.slack.listeners.renumbered import Renumbered
from bot.slack.listeners.run_buttons import RunButtons
from bot.slack.listeners.starts import MessageStarts
from bot.slack.listeners.thread_buttons import ThreadButtons
from bot.slack.listeners.unknown import Unknown
from bot.slack.messages.answer import KEEP, MUTE, NEW_RUN, TRY_AGAIN, UNMUTE
from bot.slack.messages.controls import EXPORT_CANVAS, EXPORT_FILE, FEEDBACK, REPORT_MENU, RETRY, RETRY_ANGLE, ROOT_MENU
from bot.slack.messages.ephemeral import COMMAND, OPEN_FORM, START_DM, Payload
from bot.slack.messages.home import OPEN_RUN
from bot.slack.messages.modal import FORM, MODE, TOPIC
from bot.slack.messages.root import OPEN_REPORT, RESUME, STOP
from bot.slack.ports.conversation import SlackDialogue
from bot.slack.ports.directory import Directory
from bot.slack.ports.exporter import SlackExporter
from bot.slack.ports.location import Venue
from bot.slack.ports.room import SlackRoom
from bot.slack.ports.status import ThreadStatus
from bot.slack.transport.client import Called, Client, Workspace
from bot.slack.transport.outbox import Outbox
from bot.slack.transport.posting import Poster
from bot.slack.transport.private import answer_privately


@dataclass(frozen=True)
class Speaking:
    """What speaks to Slack; ``room``, ``talk``, ``press`` and ``directory`` are the ports of research/ and service/."""

    client: Client
    workspace: Workspace
    outbox: Outbox
    signs: ThreadStatus
    directory: Directory
    session: aiohttp.ClientSession
    follow_ups: FollowUps

    @property
    def poster(self) -> Poster:
        """Posts messages, each effectively once."""
        return Poster(self.client, self.outbox, self.signs.posted)

    @property
    def room(self) -> SlackRoom:
        """Where threads are opened."""
        return SlackRoom(Venue(self.poster, self.workspace, self.follow_ups), self.answer)

    @property
    def talk(self) -> SlackDialogue:
        """What is said beside runs."""
        return SlackDialogue(self.poster, self.workspace, self.signs)

    @property
    def press(self) -> SlackExporter:
        """Makes files and canvases."""
        return SlackExporter(self.poster, self.workspace, self.answer)

    async def answer(self, url: str, payload: Payload) -> None:
        """Answer privately through a response_url."""
        await answer_privately(url, self.client.renewed(payload), self.session)


@dataclass(frozen=True)
class Watching:
    """Who is told of calls by method and outcome, of seconds that messages waited, of verdicts on reports."""

    called: Called
    waited: Callable[[str, float], None]
    judged: Callable[[str], None]


@dataclass(frozen=True)
class Service:
    """What the listeners hand over to."""

    desk: Desk
    conversation: Conversation
    exporting: Exporting
    runs: Runs
    opinions: FeedbackStore
    channels: ChannelIds
    channel_changes: ChannelChanges
    presets: Presets


@asynccontextmanager
async def speaking(
    client: Client, session: aiohttp.ClientSession, pace: float, follow_ups: FollowUps, watching: Watching
) -> AsyncIterator[Speaking]:
    """Speak with this client, with at most ``pace`` new messages a second in a channel."""
    workspace = Workspace(client)
    client.watch(workspace.heard)
    async with (
        Outbox(pace, watching.waited) as outbox,
        ThreadStatus(client) as signs,
        Directory(workspace) as directory,
    ):
        yield Speaking(client, workspace, outbox, signs, directory, session, follow_ups)


@asynccontextmanager
async def listening(spoken: Speaking, service: Service, secret: str, watching: Watching) -> AsyncIterator[AsyncApp]:
    """Hear whatever Slack delivers, signed with this secret over HTTP."""
    client, workspace, names, actions = spoken.client, spoken.workspace, Names(spoken.directory), Actions(spoken.answer)
    desk, bolt = service.desk, _bolt(workspace, secret)
    command = ResearchCommand(desk, service.runs, workspace, names, service.presets, spoken.answer)
    forms = Forms(desk, workspace, ChannelAccess(workspace, spoken.poster), names, service.presets)
    thread = ThreadButtons(service.conversation, forms)
    feedback = FeedbackButtons(desk, service.opinions, client, watching.judged)
    starts = MessageStarts(command, workspace, desk.peers)
    events = MessageEvents(desk, service.conversation, workspace, starts, names)
    home = HomeTab(desk, service.runs, workspace)
    desk.worker.watch(home.ended)
    Unknown(spoken.answer).register(bolt)
    Guard(desk, spoken.answer).register(bolt)
    _register(bolt, command, RunButtons(desk), actions)
    _register_ways(bolt, forms, home, actions)
    _register_talk(bolt, events, thread, actions)
    _register_controls(bolt, thread, forms, ExportButtons(desk, service.exporting, workspace), feedback, actions)
    _register_renumbered(bolt, Renumbered(service.channels, service.channel_changes, service.desk.peers))
    try:
        yield bolt
    finally:
        await home.close()


def _bolt(workspace: Workspace, signing_secret: str) -> AsyncApp:
    """Bolt on our own client, told by us who we are: nothing in the environment makes it another app."""

    async def authorize() -> AuthorizeResult:  # Bolt hands over what a function's parameters name, even ``self``
        return await workspace.authorize()

    its_log = logging.getLogger("slack_bolt")
    its_log.setLevel(logging.ERROR)  # it warns that it skips the token that it finds in the environment
    return AsyncApp(
        name=__name__,  # else it reads the files of all its callers to find one
        client=workspace.client,
        authorize=authorize,
        signing_secret=signing_secret,
        logger=its_log,
        raise_error_for_unhandled_request=True,
    )


def _register(app: AsyncApp, command: ResearchCommand, buttons: RunButtons, actions: Actions) -> None:
    """The command, and the buttons of a run."""
    app.command(COMMAND)(command.__call__)
    app.action(START_DM)(actions.on(buttons.start_in_direct_messages, Action.START))
    app.action(STOP)(actions.on(buttons.stop, Action.STOP))
    app.action(RESUME)(actions.on(buttons.resume, Action.RESUME))
    app.action(RETRY)(actions.on(buttons.resume, Action.RESUME))
    app.action(RETRY_ANGLE)(actions.on(buttons.retry, Action.RETRY))
    app.action(OPEN_REPORT)(_acknowledge)


def _register_controls(
    app: AsyncApp,
    thread: ThreadButtons,
    forms: Forms,
    exports: ExportButtons,
    feedback: FeedbackButtons,
    actions: Actions,
) -> None:
    """What people press and choose beside a report."""
    verbs: dict[str, tuple[Do, Action]] = {
        "export_md": (exports.file, Action.EXPORT),
        "export_canvas": (exports.canvas, Action.EXPORT),
        "again": (forms.run_again, Action.LOOK),
        "mute": (thread.mute, Action.MUTE),
    }
    app.action(ROOT_MENU)(actions.chosen(verbs))
    app.action(REPORT_MENU)(actions.chosen(verbs))
    app.action(EXPORT_FILE)(actions.on(exports.file, Action.EXPORT))
    app.action(EXPORT_CANVAS)(actions.on(exports.canvas, Action.EXPORT))
    app.action(FEEDBACK)(actions.on(feedback.pressed, Action.JUDGE))
    app.view(feedbacks.FORM)(actions.sent(feedback.submitted, Action.JUDGE, feedbacks.COMMENT))


def _register_talk(app: AsyncApp, events: MessageEvents, thread: ThreadButtons, actions: Actions) -> None:
    """What people write in threads, and press there."""
    # Taken up in a middleware: Bolt acknowledges an event before its listener runs.
    app.event("app_mention", middleware=[events.heard])(_heard)
    app.event("message", middleware=[events.heard])(_heard)
    app.action(TRY_AGAIN)(actions.on(thread.answer_again, Action.ANSWER_AGAIN))
    app.action(NEW_RUN)(actions.on(thread.new_run, Action.LOOK))
    app.action(MUTE)(actions.on(thread.mute_here, Action.MUTE))
    app.action(KEEP)(actions.on(thread.keep, Action.MUTE))
    app.action(UNMUTE)(actions.on(thread.unmute, Action.MUTE))


def _register_renumbered(app: AsyncApp, renumbered: Renumbered) -> None:
    """Channels that get a new id."""
    app.event("channel_id_changed", middleware=[renumbered.heard])(_heard)


def _register_ways(app: AsyncApp, forms: Forms, home: HomeTab, actions: Actions) -> None:
    """The form, the shortcut and the Home tab."""
    app.action(OPEN_FORM)(actions.on(forms.pressed, Action.LOOK))
    app.action(MODE)(actions.on(forms.angles_chosen, Action.LOOK))
    app.view(FORM)(actions.sent(forms.submitted, Action.START, TOPIC))
    app.message_shortcut(SHORTCUT)(actions.on(forms.shortcut, Action.LOOK))
    app.event("app_home_opened")(home.opened)
    app.action(OPEN_RUN)(_acknowledge)


async def _heard() -> None:
    """All that an event asks for was done before it was acknowledged."""


async def _acknowledge(ack: AsyncAck) -> None:
    """A button that opens a link is reported as a click too, and wants no more than an answer."""
    await ack()
