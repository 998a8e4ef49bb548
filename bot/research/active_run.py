"""A run under way: how it stands, the thread that shows it, and the way to stop it."""

from __future__ import annotations

import asyncio

from bot.research.budget import Amount
from bot.research.cancel_scope import CancelScope
from bot.research.errors import Stopped
from bot.research.model import Draft, Finding, Gap, Node, Ref, Report, Unwritten
from bot.research.model_call import TimeLimit
from bot.research.ports import Thread
from bot.research.run_state import Phase, Run


class ActiveRun:
    """A run that is being worked on in this process; ``recovered`` says that an earlier process began with it."""

    def __init__(self, run: Run, recovered: bool = False) -> None:
        self._run, self.recovered = run, recovered
        self.scope = CancelScope()
        self.committed = False  # an earlier process had its report, and may have shown it
        self.kept = run.usage  # what it had cost when it was kept last
        self.task: asyncio.Task[object] | None = None
        self.keeping = asyncio.Lock()
        self.asked: set[str] = set()  # the questions of its trees, as they are compared
        self.wishes: dict[str, str] = {}  # what readers said during the run, by the replies' ts
        self.opened = asyncio.Event()  # its thread is known, or there will be none
        self.left = asyncio.Event()  # nobody works on it any more
        self._results: dict[str, Finding | Gap] = {}  # as they come; the run takes each up when it is shown
        self._drafting: set[str] = set()
        self._earlier = run.seconds
        self._begun = False
        self.thread: Thread
        self.limit: TimeLimit

    @property
    def run(self) -> Run:
        """The run as it stands, with the place where it is shown now."""
        return self.thread.here(self._run) if self._begun else self._run

    @run.setter
    def run(self, run: Run) -> None:
        self._run = run

    @property
    def state(self) -> Run:
        """The very run that was noted last: another object each time that something about it changes."""
        return self._run

    async def placed(self) -> None:
        """Wait until it is known where the run is shown, should it be moving."""
        if self._begun:
            await self.thread.placed()

    def begin(self, thread: Thread, limit: TimeLimit) -> None:
        """Show the run there from now on; its workers get so much time, and so large a budget."""
        self.thread, self.limit, self._begun = thread, limit, True

    @property
    def found_so_far(self) -> Run:
        """The run with all that has ended, shown or not."""
        run = self._run
        for slug, result in self._results.items():
            run = run.with_branch(slug, result=result)
        return run

    @property
    def spent(self) -> Amount:
        """What this attempt has used, as far as it is stored or known here."""
        return Amount.of(self.found_so_far.usage) - Amount.of(self._run.before)

    @property
    def seconds(self) -> float:
        """How long the run has taken, over all attempts; what a crash took with it shows in its slowest angle only."""
        slowest = max((branch.result.seconds for branch in self._run.branches if branch.result), default=0)
        writing = self._run.report.seconds if self._run.report else 0
        return max(self._earlier + (self.limit.spent if self._begun else 0), slowest + writing)

    @property
    def stoppable(self) -> bool:
        """Whether it is not too late to stop it: nobody has, it has no end, and nobody can read its report yet."""
        committed = self.committed or (self._begun and self.thread.committed)
        return not (self.run.ended or self.run.stopped_by or committed)

    def keep(self, **changes: object) -> None:
        """The run stands so from now on."""
        self.run = self.run.model_copy(update=changes)
        if self.run.ref:
            self.opened.set()

    def show(self, **changes: object) -> None:
        """The run stands so from now on, and whoever looks shall see it."""
        self.keep(**changes)
        if self._begun:
            self.thread.progress(self.run)

    def rewrite(self, report: Report | Unwritten) -> None:
        """There is a report, or word why there is none, in place of what was there before."""
        self.run = self.run.rewritten(report)

    def takes_section(self, slug: str) -> bool:
        """Whether an angle's section of the report is still to be begun; it is begun then."""
        begun = slug in self._drafting or any(b.draft for b in self._run.branches if b.angle.slug == slug)
        self._drafting.add(slug)
        return not begun

    def drafted(self, slug: str, draft: Draft | Unwritten) -> None:
        """An angle's section of the report has ended; that the last one has is shown while the synthesis is missing."""
        self.run = self.run.with_branch(slug, draft=draft)
        ended, most = self.run.sections
        if self.run.phase is Phase.WRITING and ended == most:
            self.show()

    def noted(self, slug: str, node: Node) -> None:
        """A question of an angle has been split or answered, or the angle itself split."""
        self.run = self.run.noted(slug, node)

    def found(self, result: Finding | Gap) -> None:
        """An angle has ended; it is not shown yet. A section that rests on less than it has is not its section."""
        slug = result.angle.slug
        self._results[slug] = result
        if any(branch.angle.slug == slug and branch.closed for branch in self.found_so_far.branches):
            self.run = self.run.with_branch(slug, draft=None)

    def shown(self, result: Finding | Gap, ref: Ref) -> None:
        """An angle stands there."""
        self.run = self.run.with_branch(result.angle.slug, result=result, link=ref)
        self.show(phase=Phase.WORKING if self.run.phase is Phase.STARTING else self.run.phase)

    def gather(self) -> Run:
        """Take up all that has ended, shown or not, and what readers said; nothing else will end."""
        branches = tuple(branch.left() for branch in self.found_so_far.branches)
        self.keep(branches=branches, wishes=tuple(wish for _, wish in sorted(self.wishes.items())))
        return self.run

    def stop(self, by: str) -> None:
        """Cancel what goes on: only the run's last state is still shown."""
        self.gather()
        self.keep(phase=Phase.STOPPED, stopped_by=by, seconds=self.seconds)
        self.scope.cut(Stopped(by))
