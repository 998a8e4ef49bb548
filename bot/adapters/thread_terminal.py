"""The Room and Thread ports in a terminal: live where somebody watches, plain lines where not."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from typing import Protocol, TextIO

from bot.research import words
from bot.research.evidence.citations import numbered
from bot.research.evidence.provenance import provenance, unsearched, unsourced
from bot.research.model import Angle, Finding, Gap, Question, Ref, Report, Source
from bot.research.run_state import Branch, Phase, Run
from bot.research.weights import stated
from bot.research.words import duration, sentence, tokens_used
from bot.text.readable import readable

_NO_LINK = str.maketrans("[]", "()")
LONGEST_NAME = 200  # characters of what a page is called
# Model text may hold sequences that move the cursor or rename the window.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Screen(Protocol):
    """Something to show a run on."""

    def live(self) -> AbstractContextManager[object]:
        """While this is open, the state of the run may be redrawn in place."""
        ...

    def state(self, rows: list[str]) -> None:
        """Show how far the run is."""
        ...

    def text(self, title: str, markdown: str, note: str) -> None:
        """Show a text under its title, with a line of small print."""
        ...


class TerminalRoom:
    """Shows runs on a screen; ``label`` stands with every text that a model wrote."""

    def __init__(self, screen: Screen, label: str = "") -> None:
        self._screen, self._label = screen, label

    async def open(self, run: Run, recovered: bool) -> str:
        """Announce the run."""
        self._screen.text(words.document_title(clean(run.question.topic)), "", self._label)
        return run.id

    @asynccontextmanager
    async def thread(self, question: Question, ref: str, recovered: bool) -> AsyncIterator[TerminalThread]:
        """The run, shown live."""
        with self._screen.live():
            thread = TerminalThread(self._screen, self._label)
            thread.progress(Run.of(question))
            yield thread


class TerminalThread:
    """One run on the screen."""

    def __init__(self, screen: Screen, label: str) -> None:
        self._screen, self._label = screen, label

    @property
    def committed(self) -> bool:
        """Printing takes no time."""
        return False

    def here(self, run: Run) -> Run:
        """A run stays on its screen."""
        return run

    async def placed(self) -> None:
        """A run stays on its screen."""

    def progress(self, run: Run) -> None:
        """Show the state of each angle and of the report."""
        rows = [*(_row(branch) for branch in run.branches), _report_row(run)]
        planned = [f"✕ {words.TOOK_STANDARD}"] if run.took_standard else []
        self._screen.state([*planned, *rows] if run.branches else [f"◐ {' '.join(words.RUN_PLANNING)}"])

    async def seen(self) -> None:
        """What is printed is seen."""

    async def finding(self, finding: Finding, ref: Ref) -> Ref:
        """Print one angle."""
        used = tokens_used(finding.usage) if finding.usage.tokens else []
        unsplit = [words.unsplit(finding.unsplit)] if finding.unsplit else []
        notes = [duration(finding.seconds), *used, *unsplit, *([self._label] if self._label else unsourced(finding))]
        lacks = ["✕ " + " ".join(words.unanswered(finding.missing))] if finding.missing else []
        text = clean("\n\n".join([numbered(readable(finding.text), finding.sources), *map(readable, lacks)]))
        notes += [_named(finding.sources)] if finding.sources else []
        self._screen.text(words.angle_title(finding.angle.title), text, clean(" · ".join(notes)))
        return ""

    async def gap(self, gap: Gap, ref: Ref) -> Ref:
        """Print that an angle is missing."""
        failed = " ".join(words.angle_failed(clean(sentence(gap))))
        self._screen.text(words.angle_title(gap.angle.title), f"✕ {failed}", "")
        return ""

    async def retrying(self, angle: Angle, by: str, ref: Ref) -> None:
        """Nothing is retried here."""

    async def rewritten(self, run: Run) -> None:
        """Nothing is rewritten here."""

    async def report(self, run: Run) -> tuple[Ref, ...]:
        """Print the report."""
        assert isinstance(run.report, Report)  # noqa: S101  the run says that it has one
        planned = words.TOOK_STANDARD if run.took_standard else ""
        came_about = ", ".join(provenance(run)) or words.UNSOURCED
        plain = words.plain_for(run.plain, len(run.findings))
        notes = [self._label or came_about, planned, *plain, stated(run), *([] if self._label else unsearched(run))]
        text = "\n\n".join([numbered(readable(run.report.markdown), run.sources), *_listed(run.sources)])
        note = clean(" · ".join(filter(None, notes)))
        self._screen.text(words.export_title(clean(run.question.topic)), clean(text), note)
        return ()


def _named(sources: Sequence[Source]) -> str:
    """An angle's pages in a line."""
    return f"{words.SOURCES}: {', '.join(f'[{each.number}] {_line(each.name)}' for each in sources)}"


def _listed(sources: Sequence[Source]) -> list[str]:
    """The pages of a run under its report, an item each."""
    told = ((each.number, _line(", ".join(filter(None, [each.name, each.title]))), each.url) for each in sources)
    items = "\n".join(f"- [{number}] {name} {url}" for number, name, url in told)
    return [f"{words.SOURCES}:\n\n{items}"] if sources else []


def _line(text: str) -> str:
    """What a page is called, in one line in which nothing is a link."""
    return " ".join(text.split())[:LONGEST_NAME].translate(_NO_LINK)


def clean(text: str) -> str:
    """Text without characters that a terminal would obey."""
    return _CONTROL.sub("", text)


def _row(branch: Branch) -> str:
    if isinstance(branch.result, Finding):
        mark, state = "✓", words.done_in(branch.result.seconds)
        state += f", {words.of_questions(*branch.answered)}" if branch.missing else ""
    elif branch.nodes and not branch.result:
        mark, state = "◐", words.of_questions(*branch.answered)
    else:
        mark, state = ("✕", words.FAILED) if branch.result else ("◐", words.WORKING)
    return f"{mark} {branch.angle.title}: {state}"


def _report_row(run: Run) -> str:
    mark, state = _report_state(run)
    return f"{mark} {words.REPORT}: {state}"


def _report_state(run: Run) -> tuple[str, str]:
    if not run.ended and run.sections[0]:
        return "◐", words.sections_done(*run.sections)
    if run.phase is Phase.WRITING:
        return "◐", words.WORKING
    if not run.ended:
        return "○", words.after_the_angles(len(run.branches))
    if run.unmerged:
        return "✕", words.REPORT_WITHOUT_SYNTHESIS
    return ("✓", words.ANGLE_DONE) if isinstance(run.report, Report) else ("✕", words.REPORT_NOT_WRITTEN)


class PlainScreen:
    """Lines of text for a pipe or a log: each state is said once."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._said: set[str] = set()

    def live(self) -> AbstractContextManager[object]:
        """Nothing is redrawn here."""
        return nullcontext()

    def state(self, rows: list[str]) -> None:
        """Print the rows that are new."""
        self._print(*(row for row in rows if row not in self._said))
        self._said.update(rows)

    def text(self, title: str, markdown: str, note: str) -> None:
        """Print a text as it is."""
        self._print("", f"== {title} ==", *filter(None, [markdown, f"({note})" if note else ""]), "")

    def _print(self, *lines: str) -> None:
        for line in lines:
            print(line, file=self._out, flush=True)


class SilentScreen:
    """Shows nothing: the run's last state is all that is wanted."""

    def live(self) -> AbstractContextManager[object]:
        """Nothing to draw."""
        return nullcontext()

    def state(self, rows: list[str]) -> None:
        """Nothing to show."""

    def text(self, title: str, markdown: str, note: str) -> None:
        """Nothing to show."""
