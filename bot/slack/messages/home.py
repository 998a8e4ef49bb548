"""The Home tab: somebody's runs, the workspace's, and how to use all this. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bot.research import words
from bot.research.run_state import Run
from bot.research.words import paid
from bot.service.quotas import Allowance
from bot.slack.format.blocks import Block, action_button, context, header, link_button, section
from bot.slack.format.escape import quoted
from bot.slack.messages.ephemeral import OPEN_FORM
from bot.slack.messages.run_list import moment, root_link, said

OPEN_RUN = "research.home.open_run"
MOST = 10  # runs in each of the two lists


@dataclass(frozen=True)
class Shelf:
    """The newest runs of some, and how many there are in all."""

    runs: tuple[Run, ...]
    total: int


def home_view(viewer: str, own: Shelf, everybody: Shelf, allowance: Allowance, workspace: str) -> Block:
    """What somebody sees: ``everybody`` are runs that all may read, ``workspace`` is the team's address."""
    start = action_button(OPEN_FORM, words.HOME_NEW, "new", words.SPOKEN_HOME_NEW) | {"style": "primary"}
    blocks = [
        _paragraph("intro", words.HOME_INTRO),
        {"type": "actions", "block_id": "research.home.start", "elements": [start]},
        {"type": "divider", "block_id": "research.home.div1"},
        header("research.home.runs", words.HOME_OWN),
        *_rows("run", own, viewer, workspace, words.HOME_NO_OWN),
        {"type": "divider", "block_id": "research.home.div2"},
        header("research.home.team", words.HOME_PUBLIC),
        *_rows("team_run", everybody, viewer, workspace, words.HOME_NO_PUBLIC),
        {"type": "divider", "block_id": "research.home.div3"},
        header("research.home.how", words.HOME_HOW),
        _paragraph("howto", words.HOME_HOW_TO),
        context("research.home.usage", _used(allowance)),
    ]
    return {"type": "home", "callback_id": "research.home", "blocks": blocks}


def _rows(name: str, shelf: Shelf, viewer: str, workspace: str, nothing: str) -> list[Block]:
    if not shelf.runs:
        return [_paragraph(f"{name}.0", nothing)]
    shown = shelf.runs[:MOST]
    rows = [_row(f"{name}.{number}", run, viewer, workspace) for number, run in enumerate(shown, 1)]
    notes = [words.showing(len(shown), shelf.total)] if shelf.total > len(shown) else []
    notes += [words.HOME_MORE] if name == "run" else []
    return [*rows, *([context(f"research.home.{name}s_more", " ".join(notes))] if notes else [])]


def _row(name: str, run: Run, viewer: str, workspace: str) -> Block:
    place = run.question.place
    where = f"<#{place.channel}>" if place.channel and not place.direct else words.DIRECT_MESSAGE
    price = paid(run.usage) if run.ended else []
    how = " · ".join(said(run)).replace(f"<@{viewer}>", words.YOU)
    text = f"*{quoted(run.question.topic)}*\n{' · '.join([how, where, moment(run), *price])}"
    row = _paragraph(name, text)
    if link := root_link(run, workspace):
        row["accessory"] = link_button(OPEN_RUN, words.HOME_OPEN, link, run.id, words.spoken_open(run.question.topic))
    return row


def _used(allowance: Allowance) -> str:
    now, today = (allowance.running, allowance.most_running), (allowance.today, allowance.most_today)
    return words.used(now, today)


def _paragraph(name: str, text: str) -> Block:
    """A paragraph of the tab, which Slack never folds."""
    return {key: value for key, value in section(f"research.home.{name}", text).items() if key != "expand"}
