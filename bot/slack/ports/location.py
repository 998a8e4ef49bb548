"""Where a run is shown: in its thread, and in the asker's direct messages once the channel takes nothing more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog

from bot.research.cancel_scope import CancelScope
from bot.research.errors import NotPosted, Refused, ThreadLost
from bot.research.model import Place, Question, Ref
from bot.research.run_state import Run
from bot.service.reply_rules import FollowUps
from bot.slack.messages import notes
from bot.slack.messages.root import root_message
from bot.slack.ports.parts import Spot, Text
from bot.slack.transport.client import TOKEN_REFUSED, Workspace
from bot.slack.transport.live_edit import RootWriter
from bot.slack.transport.outbox import Rank, Sending
from bot.slack.transport.posting import Poster

log = structlog.get_logger(__name__)

SEEN_SECONDS = 2.0  # for a state to be shown that people should see first; a busy Slack holds no run up for longer
ROOT_GONE = {"message_not_found", "thread_not_found", "cannot_reply_to_message"}
# The bot may not write (any more) where the run lives; it goes on in the asker's direct messages.
SHUT_OUT = {
    "channel_not_found",
    "is_archived",
    "not_in_channel",
    "restricted_action",
    "restricted_action_non_threadable_channel",
    "restricted_action_read_only_channel",
    "restricted_action_thread_locked",
}


@dataclass(frozen=True)
class Venue:
    """What all threads of a workspace share: who posts there, where links lead, which replies are answered."""

    poster: Poster
    workspace: Workspace
    follow_ups: FollowUps = "thread"


class Location:
    """Where a run is shown now, and its root message there; ``standing`` gives what a new place shows again."""

    def __init__(
        self,
        venue: Venue,
        question: Question,
        ref: Ref,
        scope: CancelScope,
        recovered: bool,
        standing: Callable[[], Sequence[Text]],
    ) -> None:
        self._venue, self._poster, self._scope, self._standing = venue, venue.poster, scope, standing
        self._posted_since = question.asked_at if recovered else None
        channel, ts = ref.split("/")
        place = question.place.model_copy(update={"channel": channel})
        self.question = question.model_copy(update={"place": place})
        self._root = self._writer(channel, ts, recovered)
        self.run = Run.of(question)
        self._posted: dict[str, Text] = {}
        self._report: list[Sending[Any]] = []
        self._moving = asyncio.Lock()
        self._moves: asyncio.Task[None] | None = None

    @property
    def committed(self) -> bool:
        """Whether any part of the report has left for Slack, or may have before a restart: the others follow."""
        return any(sending.left or self._posted_since is not None for sending in self._report)

    def here(self, run: Run) -> Run:
        """The run as if asked where it is shown now."""
        ref = f"{self._root.channel}/{self._root.ts}"
        if (run.ref, run.question.place.channel) == (ref, self._root.channel):
            return run
        return run.model_copy(update={"question": self.question, "ref": ref})

    async def placed(self) -> None:
        """Wait until the run has moved, should it be moving."""
        async with self._moving:
            pass

    def progress(self, run: Run) -> None:
        """Let the root message show this state next."""
        self.run = run
        self._root.show(root_message(self.here(run), self._venue.workspace.url), last=run.ended)

    async def seen(self) -> None:
        """Wait for the root message to show its latest state, though only a moment."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._root.settled(), SEEN_SECONDS)

    async def settled(self) -> None:
        """Wait until the root message shows its latest state, wherever it stands by then."""
        root = None
        while root is not self._root:
            root = self._root
            await root.settled()
            if self._moves:
                await self._moves

    async def reply(self, text: Text, rank: Rank, refs: tuple[Ref, ...] = ()) -> tuple[Ref, ...]:
        """Show the parts in order, the first ones in place of what ``refs`` refer to; refer to all."""
        root = None
        while root is not self._root:  # moved meanwhile: there it is shown as well
            root = self._root
            try:
                shown = await self.spot(rank).show(text, refs)
            except NotPosted as error:
                self._lost_at(str(error))
                if str(error) not in SHUT_OUT:
                    raise
                await self._move(root, str(error))
        self._posted[text.part] = text
        return shown

    def spot(self, rank: Rank) -> Spot:
        """The thread as it stands now."""
        root = self._root
        thread_ts = self.question.place.thread or root.ts

        def watch(sending: Sending[Any]) -> None:
            if rank is Rank.REPORT:
                self._report.append(sending)

        return Spot(self._poster, root.channel, thread_ts, rank, self._posted_since, watch)

    def _writer(self, channel: str, ts: str, found_again: bool = False) -> RootWriter:
        def failed(code: str) -> None:
            log.warning("root.unedited", cause=code)
            if writer is self._root:
                self._lost_at(code)
                if code in SHUT_OUT:
                    self._moves = asyncio.create_task(self._try_to_move(writer, code))

        writer = RootWriter(self._poster, channel, ts, failed, found_again)
        return writer

    def _lost_at(self, code: str) -> None:
        """End the run where nothing of it can be shown any more."""
        if code in ROOT_GONE | TOKEN_REFUSED:
            self._scope.cut(ThreadLost(code, for_good=code in ROOT_GONE))

    async def _try_to_move(self, root: RootWriter, code: str) -> None:
        """Move for the sake of the root message; if that fails too, nobody can be told how the run ended."""
        try:
            await self._move(root, code)
        except NotPosted as error:
            log.warning("thread.unmoved", cause=str(error))

    async def _move(self, root: RootWriter, code: str) -> None:
        """Go on in the asker's direct messages, with what stands in the channel repeated there; raises NotPosted."""
        async with self._moving:
            if self._root is not root:  # another angle was refused as well and has moved already
                return
            channel, since = await self._poster.direct(self.question.asker), self._posted_since
            log.warning("thread.moved", cause=code)
            await self._poster.post(channel, notes.moved(self.question, code), Rank.FIRST, posted_since=since)
            direct = Place(team=self.question.place.team, channel=channel, direct=True)
            self.question = self.question.model_copy(update={"place": direct})
            there = self.run.model_copy(update={"question": self.question})
            root_there = root_message(there, self._venue.workspace.url)
            ts = await self._poster.post(channel, root_there, Rank.FIRST, posted_since=since)
            self._root = self._writer(channel, ts)
            for text in ({each.part: each for each in self._standing()} | self._posted).values():
                await self._repeat(text)
            self.progress(self.run)  # it may have gone on meanwhile

    async def _repeat(self, text: Text) -> None:
        """Show again what stood in the channel, as far as Slack takes it."""
        try:
            await self.spot(Rank.ANGLE).show(text)
        except Refused as error:
            log.warning("message.unmoved", part=text.part, cause=str(error))
