"""The Thread port, spoken in Slack: a root message that is edited in place, and replies to it."""

from __future__ import annotations

import structlog

from bot.research import words
from bot.research.cancel_scope import CancelScope
from bot.research.errors import NotPosted
from bot.research.model import Angle, Finding, Gap, Question, Ref, Report
from bot.research.run_state import Branch, Run
from bot.slack.format.blocks import Message
from bot.slack.messages import notes
from bot.slack.messages.thread import (
    finding_messages,
    gap_message,
    report_messages,
    retrying_message,
    unneeded_message,
)
from bot.slack.ports.location import Location, Venue
from bot.slack.ports.parts import Text
from bot.slack.transport.outbox import Rank

log = structlog.get_logger(__name__)


class SlackThread:
    """What is shown of one run; its location knows where."""

    def __init__(self, venue: Venue, question: Question, ref: Ref, scope: CancelScope, recovered: bool) -> None:
        self._venue, self._at = venue, Location(venue, question, ref, scope, recovered, self._standing)
        self.here, self.placed = self._at.here, self._at.placed
        self.progress, self.seen = self._at.progress, self._at.seen

    @property
    def committed(self) -> bool:
        """Whether any part of the report has left for Slack, or may have before a restart: the others follow."""
        return self._at.committed

    async def finding(self, finding: Finding, ref: Ref) -> Ref:
        """Post one angle; raises NotPosted."""
        return (await self._at.reply(self._angle(finding), Rank.ANGLE, (ref,)))[0]

    async def gap(self, gap: Gap, ref: Ref) -> Ref:
        """Post that an angle is missing; raises NotPosted."""
        return (await self._at.reply(self._angle(gap), Rank.ANGLE, (ref,)))[0]

    async def retrying(self, angle: Angle, by: str, ref: Ref) -> None:
        """Let the message of a gap say that it is being closed; raises NotPosted."""
        await self._at.spot(Rank.FIRST).replaced(ref, retrying_message(self.here(self._at.run), angle, by))

    async def report(self, run: Run) -> tuple[Ref, ...]:
        """Post the report, or put it in place of the one that stands; raises NotPosted."""
        assert isinstance(run.report, Report)  # noqa: S101  the run says that it has one
        standing = run.report_parts or ((run.report_link,) if run.report_link else ())
        parts = await self._at.reply(self._pages(run, run.report), Rank.REPORT, standing)
        left = standing[len(parts) :]
        for number, ref in enumerate(left, len(parts) + 1):
            await self._at.spot(Rank.REPORT).replaced(ref, unneeded_message(run.id, number))
        return (*parts, *left)

    async def rewritten(self, run: Run) -> None:
        """Post that the report stands anew; raises NotPosted."""
        note = notes.updated(run, self._venue.workspace.url)
        await self._at.spot(Rank.REPORT).show(Text(note.part, lambda limit: [note], 0))

    async def settled(self) -> None:
        """Wait until the root message shows its latest state, wherever it stands by then, and no gap says otherwise."""
        if self._at.run.ended:
            await self._amend()
        await self._at.settled()

    async def abandoned(self) -> None:
        """Let the messages of gaps say that this run has ended, as far as they can still be read."""
        if not self.committed:
            await self._amend()

    async def _amend(self) -> None:
        """Let the messages of gaps say how it came out with the report, where they say something else so far."""
        for branch in self._at.run.branches:
            gap, after = branch.result or branch.retried, self._after(branch)
            if isinstance(gap, Gap) and after:
                try:
                    await self._correct(gap_message(self.here(self._at.run), gap, after), branch.link)
                except NotPosted as error:
                    log.warning("angle.unedited", angle=branch.angle.slug, cause=str(error))

    async def _correct(self, message: Message, ref: Ref) -> None:
        """Let a message say this, also if it stands though nobody heard where: on its way as its run was stopped."""
        if ref:
            await self._at.spot(Rank.UPDATE).replaced(ref, message)
        else:
            await self._at.spot(Rank.FIRST).corrected(message, self._at.question.asked_at)

    def _after(self, branch: Branch) -> str:
        """How it came out with the report, "" where the message of the branch says so already."""
        if not self._at.run.report_link:
            return words.NO_REPORT_WRITTEN
        if branch.retried:
            return "" if branch.result else words.REPORT_AS_IT_IS
        return words.REPORT_NAMES_IT if self._at.run.attempt > 1 else ""

    def _angle(self, result: Finding | Gap) -> Text:
        part = f"angle/{result.angle.slug}"
        if isinstance(result, Finding):
            size = len(result.text)
            return Text(part, lambda limit: finding_messages(self.here(self._at.run), result, limit), size)
        return Text(part, lambda limit: [self._gap(result)], 0)

    def _gap(self, gap: Gap) -> Message:
        after = words.REPORT_AS_IT_IS if self._at.run.report_link else ""
        return gap_message(self.here(self._at.run), gap, after)

    def _pages(self, run: Run, report: Report) -> Text:
        follow_ups, markdown = self._venue.follow_ups, report.markdown
        return Text("report", lambda limit: report_messages(self.here(run), markdown, follow_ups, limit), len(markdown))

    def _standing(self) -> list[Text]:
        """What stands in the thread as far as the run knows, an earlier process's messages too."""
        run = self.here(self._at.run)
        angles = [self._angle(branch.result) for branch in run.branches if branch.result and branch.link]
        report = run.report if run.report_link and isinstance(run.report, Report) else None
        if not report:
            return angles
        return [*angles, self._pages(run, report)]
