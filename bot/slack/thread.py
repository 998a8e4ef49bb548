"""The Room and Thread ports, spoken in Slack: a root message that is edited in place, and replies to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.research.errors import NotPosted
from bot.research.model import Finding, Gap, Question, Report, Run
from bot.slack import hints
from bot.slack.blocks import Message, permalink
from bot.slack.client import SLACK_ERRORS, Workspace, cause
from bot.slack.replies import finding_messages, gap_message, report_messages
from bot.slack.root import root_message

log = structlog.get_logger(__name__)

EDIT_INTERVAL = 1.5  # seconds between two edits of a root message: people read words, not flicker
LAST_STATE_PAUSES = (0, 1, 4)  # seconds before each try to show a run's last state: an edit is harmless twice

Answer = Callable[[str, dict[str, Any]], Awaitable[None]]


class SlackRoom:
    """Opens threads in a workspace; ``answer`` sends private answers."""

    def __init__(self, client: AsyncWebClient, workspace: Workspace, answer: Answer) -> None:
        self._client, self._workspace, self._answer = client, workspace, answer

    async def open(self, question: Question) -> str:
        """Post the root message; give its ts. Where Slack refuses it, the asker is told privately why."""
        channel = question.place.channel
        try:
            return await post(self._client, channel, root_message(Run.of(question)))
        except NotPosted as error:
            await self._answer(question.place.reply_url, hints.not_posted(str(error), question.run_id))
            raise

    @asynccontextmanager
    async def thread(self, question: Question, ref: str) -> AsyncIterator[SlackThread]:
        """The thread under the root message with this ts."""
        root = _Root(self._client, question.place.channel, ref)
        writer = asyncio.create_task(root.keep_up())
        try:
            yield SlackThread(self._client, self._workspace.url, question, root)
        finally:
            root.close()
            await writer


class SlackThread:
    """One run, shown in a Slack thread."""

    def __init__(self, client: AsyncWebClient, workspace: str, question: Question, root: _Root) -> None:
        self._client, self._workspace, self._question, self._root = client, workspace, question, root

    def progress(self, run: Run) -> None:
        """Let the root message show this state next."""
        self._root.show(root_message(run))

    async def finding(self, finding: Finding) -> str:
        """Post one angle; raises NotPosted."""
        return await self._reply(finding_messages(self._question, finding))

    async def gap(self, gap: Gap) -> str:
        """Post that an angle is missing; raises NotPosted."""
        return await self._reply([gap_message(self._question, gap)])

    async def report(self, run: Run) -> str:
        """Post the report; raises NotPosted."""
        assert isinstance(run.report, Report)  # noqa: S101  the run says that it has one
        return await self._reply(report_messages(run, run.report.markdown))

    async def _reply(self, messages: list[Message]) -> str:
        """Post the parts in order; give the link to the first, where reading begins."""
        channel = self._question.place.channel
        stamps = [await post(self._client, channel, message, self._root.ts) for message in messages]
        return permalink(self._workspace, channel, stamps[0], self._root.ts)


class _Root:
    """The one writer of a root message: keeps the latest wanted state and shows it when the interval allows."""

    def __init__(self, client: AsyncWebClient, channel: str, ts: str) -> None:
        self._client, self._channel, self.ts = client, channel, ts
        self._wanted: Message | None = None
        self._changed = asyncio.Event()
        self._closing = asyncio.Event()

    def show(self, message: Message) -> None:
        """Show this state next; one that still waits is forgotten."""
        self._wanted = message
        self._changed.set()

    def close(self) -> None:
        """The state that is wanted now is the last."""
        self._closing.set()
        self._changed.set()

    async def keep_up(self) -> None:
        """Show each state in turn until the last one stands."""
        shown: Message | None = None
        while not self._closing.is_set():
            await self._changed.wait()
            self._changed.clear()
            if self._closing.is_set():
                break
            shown = await self._edit(shown)
            await first_of(self._closing, EDIT_INTERVAL)
        for pause in LAST_STATE_PAUSES:
            await asyncio.sleep(pause)
            shown = await self._edit(shown)
            if shown == self._wanted:
                return

    async def _edit(self, shown: Message | None) -> Message | None:
        """Show the wanted state unless it stands already; give the state that stands then."""
        wanted = self._wanted
        if wanted is None or wanted == shown:
            return shown
        try:
            await self._client.chat_update(
                channel=self._channel,
                ts=self.ts,
                text=wanted.text,
                blocks=list(wanted.blocks),
                metadata=wanted.metadata,
                parse="none",
                link_names=False,
            )
        except SLACK_ERRORS as error:
            log.warning("root.unedited", cause=cause(error))
            return shown
        return wanted


async def first_of(event: asyncio.Event, seconds: float) -> None:
    """Wait for the event or for that long, whichever comes first."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return


async def post(client: AsyncWebClient, channel: str, message: Message, thread_ts: str | None = None) -> str:
    """Post one message; give its ts. Raises NotPosted with Slack's code or the kind of the error."""
    try:
        response = await client.chat_postMessage(
            channel=channel,
            thread_ts=thread_ts,
            text=message.text,
            blocks=list(message.blocks),
            metadata=message.metadata,
            unfurl_links=False,
            unfurl_media=False,
        )
    except SLACK_ERRORS as error:
        log.warning("message.unposted", part=message.part, cause=cause(error))
        raise NotPosted(cause(error)) from error
    return str(response["ts"])
