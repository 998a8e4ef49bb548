"""The Thread port, spoken in Slack: a root message that is edited in place, and replies to it."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog

from bot.research import words
from bot.research.cancel_scope import CancelScope
from bot.research.errors import NotPosted, Refused, ThreadLost
from bot.research.model import Angle, Finding, Gap, Place, Question, Ref, Report
from bot.research.run_state import Branch, Run
from bot.service.reply_rules import FollowUps
from bot.slack.format.blocks import Message
from bot.slack.messages import notes
from bot.slack.messages.root import root_message
from bot.slack.messages.thread import (
    finding_messages,
    gap_message,
    report_messages,
    retrying_message,
    unneeded_message,
)
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


class SlackThread:
    """One run, shown in a Slack thread; in the asker's direct messages once the channel takes nothing more."""

    def __init__(self, venue: Venue, question: Question, ref: Ref, scope: CancelScope, recovered: bool) -> None:
        self._venue, self._poster, self._scope = venue, venue.poster, scope
        self._posted_since = question.asked_at if recovered else None
        channel, ts = ref.split("/")
        place = question.place.model_copy(update={"channel": channel})
        self._question = question.model_copy(update={"place": place})
        self._root = self._writer(channel, ts, recovered)
        self._run = Run.of(question)
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
        return run.model_copy(update={"question": self._question, "ref": ref})

    async def placed(self) -> None:
        """Wait until the run has moved, should it be moving."""
        async with self._moving:
            pass

    def progress(self, run: Run) -> None:
        """Let the root message show this state next."""
        self._run = run
        self._root.show(root_message(self.here(run), self._venue.workspace.url), last=run.ended)

    async def seen(self) -> None:
        """Wait for the root message to show its latest state, though only a moment."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._root.settled(), SEEN_SECONDS)

    async def finding(self, finding: Finding, ref: Ref) -> Ref:
        """Post one angle; raises NotPosted."""
        return (await self._reply(self._angle(finding), Rank.ANGLE, (ref,)))[0]

    async def gap(self, gap: Gap, ref: Ref) -> Ref:
        """Post that an angle is missing; raises NotPosted."""
        return (await self._reply(self._angle(gap), Rank.ANGLE, (ref,)))[0]

    async def retrying(self, angle: Angle, by: str, ref: Ref) -> None:
        """Let the message of a gap say that it is being closed; raises NotPosted."""
        await self._spot(Rank.FIRST).replaced(ref, retrying_message(self.here(self._run), angle, by))

    async def report(self, run: Run) -> tuple[Ref, ...]:
        """Post the report, or put it in place of the one that stands; raises NotPosted."""
        assert isinstance(run.report, Report)  # noqa: S101  the run says that it has one
        standing = run.report_parts or ((run.report_link,) if run.report_link else ())
        parts = await self._reply(self._pages(run, run.report), Rank.REPORT, standing)
        left = standing[len(parts) :]
        for number, ref in enumerate(left, len(parts) + 1):
            await self._spot(Rank.REPORT).replaced(ref, unneeded_message(run.id, number))
        return (*parts, *left)

    async def rewritten(self, run: Run) -> None:
        """Post that the report stands anew; raises NotPosted."""
        note = notes.updated(run, self._venue.workspace.url)
        await self._spot(Rank.REPORT).show(Text(note.part, lambda limit: [note]))

    async def settled(self) -> None:
        """Wait until the root message shows its latest state, wherever it stands by then, and no gap says otherwise."""
        if self._run.ended:
            await self._amend()
        root = None
        while root is not self._root:
            root = self._root
            await root.settled()
            if self._moves:
                await self._moves

    async def abandoned(self) -> None:
        """Let the messages of gaps say that this run has ended, as far as they can still be read."""
        if not self.committed:
            await self._amend()

    async def _amend(self) -> None:
        """Let the messages of gaps say how it came out with the report, where they say something else so far."""
        for branch in self._run.branches:
            gap, after = branch.result or branch.retried, self._after(branch)
            if isinstance(gap, Gap) and after:
                try:
                    await self._correct(gap_message(self.here(self._run), gap, after), branch.link)
                except NotPosted as error:
                    log.warning("angle.unedited", angle=branch.angle.slug, cause=str(error))

    async def _correct(self, message: Message, ref: Ref) -> None:
        """Let a message say this, also if it stands though nobody heard where: on its way as its run was stopped."""
        if ref:
            await self._spot(Rank.UPDATE).replaced(ref, message)
        else:
            await self._spot(Rank.FIRST).corrected(message, self._question.asked_at)

    def _after(self, branch: Branch) -> str:
        """How it came out with the report, "" where the message of the branch says so already."""
        if not self._run.report_link:
            return words.NO_REPORT_WRITTEN
        if branch.retried:
            return "" if branch.result else words.REPORT_AS_IT_IS
        return words.REPORT_NAMES_IT if self._run.attempt > 1 else ""

    def _angle(self, result: Finding | Gap) -> Text:
        part = f"angle/{result.angle.slug}"
        if isinstance(result, Finding):
            return Text(part, lambda limit: finding_messages(self.here(self._run), result, limit))
        stands = words.REPORT_AS_IT_IS
        return Text(part, lambda limit: [gap_message(self.here(self._run), result, self._run.report_link and stands)])

    def _pages(self, run: Run, report: Report) -> Text:
        follow_ups = self._venue.follow_ups
        return Text("report", lambda limit: report_messages(self.here(run), report.markdown, follow_ups, limit))

    async def _reply(self, text: Text, rank: Rank, refs: tuple[Ref, ...] = ()) -> tuple[Ref, ...]:
        """Show the parts in order, the first ones in place of what ``refs`` refer to; refer to all."""
        root = None
        while root is not self._root:  # moved meanwhile: there it is shown as well
            root = self._root
            try:
                shown = await self._spot(rank).show(text, refs)
            except NotPosted as error:
                self._lost_at(str(error))
                if str(error) not in SHUT_OUT:
                    raise
                await self._move(root, str(error))
        self._posted[text.part] = text
        return shown

    def _spot(self, rank: Rank) -> Spot:
        """The thread as it stands now."""
        root = self._root
        thread_ts = self._question.place.thread or root.ts

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
            channel, since = await self._poster.direct(self._question.asker), self._posted_since
            log.warning("thread.moved", cause=code)
            await self._poster.post(channel, notes.moved(self._question, code), Rank.FIRST, posted_since=since)
            direct = Place(team=self._question.place.team, channel=channel, direct=True)
            self._question = self._question.model_copy(update={"place": direct})
            there = self._run.model_copy(update={"question": self._question})
            root_there = root_message(there, self._venue.workspace.url)
            ts = await self._poster.post(channel, root_there, Rank.FIRST, posted_since=since)
            self._root = self._writer(channel, ts)
            for text in ({each.part: each for each in self._standing()} | self._posted).values():
                await self._repeat(text)
            self.progress(self._run)  # it may have gone on meanwhile

    async def _repeat(self, text: Text) -> None:
        """Show again what stood in the channel, as far as Slack takes it."""
        try:
            await self._spot(Rank.ANGLE).show(text)
        except Refused as error:
            log.warning("message.unmoved", part=text.part, cause=str(error))

    def _standing(self) -> list[Text]:
        """What stands in the thread as far as the run knows, an earlier process's messages too."""
        run = self.here(self._run)
        angles = [self._angle(branch.result) for branch in run.branches if branch.result and branch.link]
        report = run.report if run.report_link and isinstance(run.report, Report) else None
        if not report:
            return angles
        return [*angles, self._pages(run, report)]
