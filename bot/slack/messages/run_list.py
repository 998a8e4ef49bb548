"""Runs in a private list: how each stands, when it was asked for, the way to it. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.research.run_state import Phase, Run
from bot.research.words.en import NBSP, cost, duration
from bot.slack.format.blocks import section
from bot.slack.format.escape import escape, quoted
from bot.slack.format.refs import made_ref, permalink
from bot.slack.messages.ephemeral import Payload, private
from bot.slack.messages.summary import lacking, ready

MOST = 20  # runs in a list
LIST_LIMIT = 12_000  # characters of all rows together; each run is a section, of which Slack takes 3,000


def listing(title: str, nothing: str, runs: list[Run], workspace: str) -> Payload:
    """A list of runs under its title, or the sentence that there is none; ``workspace`` is the team's address."""
    if not runs:
        return private(nothing)
    rows = [_row(run, workspace) for run in runs[:MOST]]
    while len("".join(rows)) > LIST_LIMIT:
        rows.pop()
    shown = f"*{title}*" + (f" (the newest {len(rows)} of {len(runs)})" if len(rows) < len(runs) else "")
    text = f"{title}: " + " ".join(_spoken(run) for run in runs[: len(rows)])
    sections = [section(f"research.list.run.{number}", row) for number, row in enumerate(rows, 1)]
    return private(text, [section("research.list.title", shown), *sections])


def state(run: Run) -> str:
    """How a run stands, in a clause with its mark."""
    match run.phase:
        case Phase.DONE:
            return f"✓ Done: {ready(run)}"
        case Phase.PARTIAL:
            return f"✕ Partly done: {ready(run)}, {escape(lacking(run))} failed"
        case Phase.STOPPED:
            return "■ Stopped" + (f" by <@{run.stopped_by}>" if run.stopped_by else "")
        case Phase.FAILED | Phase.UNWRITTEN | Phase.BROKEN:
            return "✕ Failed"
        case Phase.WRITING:
            return "◐ Writing the report"
    return f"◐ Working: {ready(run)} done"


def _row(run: Run, workspace: str) -> str:
    topic = quoted(run.question.topic)
    link = root_link(run, workspace)
    notes = [state(run), moment(run), *([duration(run.seconds), *cost(run.usage)] if run.ended else [])]
    return f"<{link}|{topic}>\n{' · '.join(notes)}" if link else f"*{topic}*\n{' · '.join(notes)}"


def _spoken(run: Run) -> str:
    return f"{escape(run.question.topic)}: {state(run)[2:]}, {moment(run)}.".replace(NBSP, " ")


def moment(run: Run) -> str:
    """When a run was asked for, in each reader's own time zone."""
    asked_at = run.question.asked_at
    elsewhere = datetime.fromtimestamp(asked_at, UTC).strftime("%-d %b %Y, %H:%M UTC")
    return f"<!date^{int(asked_at)}^{{date_short_pretty}} at {{time}}|{elsewhere}>"


def root_link(run: Run, workspace: str) -> str:
    """The address of a run's root message, "" before it stands."""
    channel, _, ts = run.ref.partition("/")
    return permalink(workspace, made_ref(channel, run.question.place.thread or ts, ts)) if ts else ""
