"""The Home tab: somebody's runs, the workspace's, and how to use all this. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.research.run_state import Run
from bot.research.words.en import paid
from bot.service.quotas import Allowance
from bot.slack.format.blocks import Block, action_button, context, header, link_button, section
from bot.slack.format.escape import quoted
from bot.slack.messages.ephemeral import OPEN_FORM
from bot.slack.messages.run_list import moment, root_link, state

OPEN_RUN = "research.home.open_run"
MOST = 10  # runs in each of the two lists
INTRO = "Name a topic and get three short views of it and a report, in a thread that your team can read and ask about."
HOW = "\n".join(
    [
        "• In a channel: `/research` and a topic.",
        "• On a message: *Research this* in its menu. Or mention me with a topic.",
        "• In a research thread: reply with a question. No mention needed.",
        "• To silence me in a thread: reply `mute`.",
        "• Here under Messages: send me a topic. Only you see the results.",
    ]
)


@dataclass(frozen=True)
class Shelf:
    """The newest runs of some, and how many there are in all."""

    runs: tuple[Run, ...]
    total: int


def home_view(viewer: str, own: Shelf, everybody: Shelf, allowance: Allowance, workspace: str) -> Block:
    """What somebody sees: ``everybody`` are runs that all may read, ``workspace`` is the team's address."""
    start = action_button(OPEN_FORM, "New research", "new", "Start new research") | {"style": "primary"}
    blocks = [
        _paragraph("intro", INTRO),
        {"type": "actions", "block_id": "research.home.start", "elements": [start]},
        {"type": "divider", "block_id": "research.home.div1"},
        header("research.home.runs", "Your recent runs"),
        *_rows("run", own, viewer, workspace, "You haven't asked for any research yet."),
        {"type": "divider", "block_id": "research.home.div2"},
        header("research.home.team", "In public channels"),
        *_rows("team_run", everybody, viewer, workspace, "Nothing has been researched in public channels yet."),
        {"type": "divider", "block_id": "research.home.div3"},
        header("research.home.how", "How to use it"),
        _paragraph("howto", HOW),
        context("research.home.usage", _used(allowance)),
    ]
    return {"type": "home", "callback_id": "research.home", "blocks": blocks}


def _rows(name: str, shelf: Shelf, viewer: str, workspace: str, nothing: str) -> list[Block]:
    if not shelf.runs:
        return [_paragraph(f"{name}.0", nothing)]
    shown = shelf.runs[:MOST]
    rows = [_row(f"{name}.{number}", run, viewer, workspace) for number, run in enumerate(shown, 1)]
    note = f"Showing {len(shown)} of {max(shelf.total, len(shown))}."
    if name == "run":
        note += " `/research list` in a channel shows its last 20. Only you see this page."
    return [*rows, context(f"research.home.{name}s_more", note)]


def _row(name: str, run: Run, viewer: str, workspace: str) -> Block:
    place = run.question.place
    where = f"<#{place.channel}>" if place.channel and not place.direct else "direct message"
    price = paid(run.usage) if run.ended else []
    how = state(run).replace(f"<@{viewer}>", "you")
    text = f"*{quoted(run.question.topic)}*\n{' · '.join([how, where, moment(run), *price])}"
    row = _paragraph(name, text)
    if link := root_link(run, workspace):
        spoken = f"Open research on {run.question.topic}"
        row["accessory"] = link_button(OPEN_RUN, "Open", link, run.id, spoken)
    return row


def _used(allowance: Allowance) -> str:
    def of(number: int, most: int) -> str:
        return f"{number} of {most}" if most else str(number)

    now, today = of(allowance.running, allowance.most_running), of(allowance.today, allowance.most_today)
    return f"Your runs in progress: {now} · today: {today}"


def _paragraph(name: str, text: str) -> Block:
    """A paragraph of the tab, which Slack never folds."""
    return {key: value for key, value in section(f"research.home.{name}", text).items() if key != "expand"}
