"""Runs in a private list: how each stands, when it was asked for, the way to it. Pure."""

from __future__ import annotations

from bot.research import words
from bot.research.run_state import Phase, Run
from bot.research.words import NBSP, cost, duration
from bot.slack.format.blocks import date, section
from bot.slack.format.escape import escape, quoted
from bot.slack.format.refs import made_ref, permalink
from bot.slack.messages.ephemeral import Payload, private
from bot.slack.messages.summary import depth, lacking

MOST = 20  # runs in a list
LIST_LIMIT = 12_000  # characters of all rows together; each run is a section, of which Slack takes 3,000


def listing(title: str, nothing: str, runs: list[Run], workspace: str) -> Payload:
    """A list of runs under its title, or the sentence that there is none; ``workspace`` is the team's address."""
    if not runs:
        return private(nothing)
    rows = [_row(run, workspace) for run in runs[:MOST]]
    while len("".join(rows)) > LIST_LIMIT:
        rows.pop()
    shown = f"*{title}*" + (f" {words.newest_of(len(rows), len(runs))}" if len(rows) < len(runs) else "")
    text = f"{title}: " + " ".join(_spoken(run) for run in runs[: len(rows)])
    sections = [section(f"research.list.run.{number}", row) for number, row in enumerate(rows, 1)]
    return private(text, [section("research.list.title", shown), *sections])


def state(run: Run) -> str:
    """How a run stands, in a clause with its mark."""
    found, total = len(run.findings), len(run.branches)
    match run.phase:
        case Phase.DONE:
            return f"✓ {words.listed_done(found, total)}"
        case Phase.PARTIAL:
            return f"✕ {words.listed_partly_done(found, total, escape(lacking(run)))}"
        case Phase.STOPPED:
            return f"■ {words.listed_stopped(f'<@{run.stopped_by}>' if run.stopped_by else '')}"
        case Phase.FAILED | Phase.UNWRITTEN | Phase.BROKEN:
            return f"✕ {words.LISTED_FAILED}"
        case Phase.WRITING:
            return f"◐ {words.LISTED_WRITING}"
    return f"◐ {words.listed_working(found, total) if total else words.RUN_PLANNING[0]}"


def said(run: Run) -> list[str]:
    """How a run stands, and whether its angles are split into questions."""
    return [state(run), *depth(run)]


def _row(run: Run, workspace: str) -> str:
    topic = quoted(run.question.topic)
    link = root_link(run, workspace)
    notes = [*said(run), moment(run), *([duration(run.seconds), *cost(run.usage)] if run.ended else [])]
    return f"<{link}|{topic}>\n{' · '.join(notes)}" if link else f"*{topic}*\n{' · '.join(notes)}"


def _spoken(run: Run) -> str:
    return f"{escape(run.question.topic)}: {', '.join(said(run))[2:]}, {moment(run)}.".replace(NBSP, " ")


def moment(run: Run) -> str:
    """When a run was asked for, in each reader's own time zone."""
    return date(run.question.asked_at, words.date(run.question.asked_at))


def root_link(run: Run, workspace: str) -> str:
    """The address of a run's root message, "" before it stands."""
    channel, _, ts = run.ref.partition("/")
    return permalink(workspace, made_ref(channel, run.question.place.thread or ts, ts)) if ts else ""
