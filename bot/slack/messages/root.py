"""The root message: one message a run in the channel, from its start to its last state. Pure."""

from __future__ import annotations

from bot.research.errors import Refused
from bot.research.model import Finding, Unwritten
from bot.research.run_state import Branch, Phase, Run
from bot.research.words.en import NBSP, angles, capital, cost, duration, paid, patience, usually
from bot.slack.format.blocks import (
    Block,
    Message,
    action_button,
    actions,
    asked,
    clock,
    context,
    link_button,
    plain_text,
    section,
    subject,
    title,
)
from bot.slack.format.escape import escape, quoted
from bot.slack.format.markdown import plain
from bot.slack.format.refs import permalink
from bot.slack.messages.advice import advice
from bot.slack.messages.controls import root_controls
from bot.slack.messages.summary import causes, causes_in_full, names, ready, spent
from bot.text.readable import readable

PROVENANCE = "Written by AI without web sources: check facts before relying on them"
OPEN_REPORT = "research.report.open"
STOP, RESUME, RETRY = "research.run.stop", "research.run.resume", "research.run.retry"
CONFIRM_STOP = {
    "title": plain_text("Stop this research?"),
    "text": plain_text("Finished angles stay in the thread. No report will be written."),
    "confirm": plain_text("Stop research"),
    "deny": plain_text("Keep going"),
    "style": "danger",
}
DIRECT_HINT = "Ask a question in this thread, or send a new topic as a new message."
NO_SUMMARY = "The report is in the thread."


def root_message(run: Run, workspace: str) -> Message:
    """The root message of a run as it stands; ``workspace`` is the team's address, where its links lead."""
    show = _summed_up if run.phase in (Phase.DONE, Phase.PARTIAL) else _state
    text, blocks = show(run, workspace)
    return Message("root", run.id, "root", text.replace(NBSP, " "), (*title("root", "Research", run.question), *blocks))


def _state(run: Run, workspace: str) -> tuple[str, list[Block]]:
    """A run on its way, or one that ended without a report."""
    said, rows = _said(run), _rows(run, workspace)
    status = "\n".join([said.marked, *(marked for marked, _ in rows)])
    notes = [note for note in (asked(run.question), restarted(run), *_small_print(run)) if note]
    text = [f"{subject('Research', run.question)}.", said.spoken, *(spoken for _, spoken in rows)]
    if notes:
        text.append(f"{', '.join(notes)}.")
    small = [context("research.root.notes", " · ".join(notes))] if notes else []
    return " ".join(text), [section("research.root.status", status), *_buttons(run, workspace), *small]


def restarted(run: Run) -> str:
    """Who asked for another attempt, "" for the first one."""
    return f"started again by <@{run.again_by}>" if run.again_by else ""


def _small_print(run: Run) -> list[str]:
    if run.phase is Phase.STOPPED:
        return cost(run.usage)
    if run.ended:
        return spent(run)
    if run.resumed_at:
        return ["no action needed"]
    usual = [usually(*run.usual)] if run.usual else []
    return [*usual, "results will appear in this thread"] if run.phase is Phase.STARTING else usual


def _buttons(run: Run, workspace: str) -> list[Block]:
    """What a person can do about a run that has no report: stop it, or have it go on."""
    topic = run.question.topic
    if not run.ended:
        button = action_button(STOP, "Stop", run.id, f"Stop research on {topic}") | {"confirm": CONFIRM_STOP}
    elif run.phase is Phase.STOPPED:
        button = action_button(RESUME, "Resume", run.id, f"Resume research on {topic}")
    else:
        button = action_button(RETRY, "Try again", run.id, f"Try research on {topic} again")
    way = [_read(run, workspace)] if run.ended and run.report_link else []
    return [actions("research.root.actions", [*way, button])]


class _Said:
    """A state in a sentence: as it is marked up and as it is spoken."""

    def __init__(self, word: str, rest: str, mark: str = "", colon: str = ":") -> None:
        self.marked = f"{mark}*{word}{colon}* {rest}"
        self.spoken = self.marked.removeprefix(mark).replace("*", "").replace("`", "").replace("\n", " ")


def _said(run: Run) -> _Said:
    match run.phase:
        case Phase.WORKING if run.resumed_at:
            return _Said("Resuming", f"the bot restarted at {clock(run.resumed_at)}. Finished angles are kept.")
        case Phase.STARTING:
            return _Said("Starting", f"{angles(len(run.branches))}, then a report.")
        case Phase.WORKING:
            return _Said("Working", f"{_progress(run)}.")
        case Phase.WRITING:
            return _Said("Writing the report", f"{_progress(run)}.")
        case Phase.STOPPED:
            whom = f"by <@{run.stopped_by}> " if run.stopped_by else ""
            rest = "The report stays as it was." if run.report_link else "No report was written."
            return _Said("Stopped", f"{whom}after {duration(run.seconds)}. {rest}", "■  ", "")
    return _Said("Failed", f"{_why_failed(run)}\n*What you can do:* {advice(run)}", "✕  ")


def _why_failed(run: Run) -> str:
    all_angles = angles(len(run.branches))
    if run.phase is Phase.UNWRITTEN:
        there = f"All {all_angles} are" if not run.gaps else f"{ready(run)} are"
        there = "The only angle is" if len(run.branches) == 1 else there
        refused = isinstance(run.report, Unwritten) and run.report.cause == Refused.cause
        what = "Slack did not accept the text of the report" if refused else "the report could not be written"
        return f"{what}. {there} in the thread."
    if run.phase is not Phase.FAILED:
        return "something went wrong on our side."
    if run.limit:
        return f"the run reached its time limit of {patience(run.limit)} before any angle was ready."
    none = "the only angle could not" if len(run.branches) == 1 else f"none of the {all_angles} could"
    return f"{none} be completed.\n{escape(causes_in_full(run.gaps))}"


def _progress(run: Run) -> str:
    failed = f", {len(run.gaps)} failed" if run.gaps else ""
    return f"{ready(run)} done{failed}"


def _rows(run: Run, workspace: str) -> list[tuple[str, str]]:
    """A line for each angle and one for the report: as it is marked up and as it is spoken."""
    if run.phase is Phase.FAILED:
        return []
    rows = [_row(branch, run, workspace) for branch in run.branches]
    if not run.ended:
        mark, state = ("◐", "working") if run.phase is Phase.WRITING else ("○", "after the angles")
        rows.append((f"{mark}  *Report*: {state}", f"Report: {state}."))
    return rows


def _row(branch: Branch, run: Run, workspace: str) -> tuple[str, str]:
    name, marked = escape(branch.angle.title), quoted(branch.angle.title)
    if isinstance(branch.result, Finding):
        mark, state = "✓", f"done in {duration(branch.result.seconds)}"
    elif branch.result:
        mark, state = "✕", "failed"
    else:
        mark, state = (
            ("■", "stopped") if run.ended else ("◐", "working again after a restart" if run.resumed_at else "working")
        )
    label = f"<{permalink(workspace, branch.link)}|{marked}>" if branch.link else marked
    return f"{mark}  *{label}*: {state}", f"{name}: {state}."


def _summed_up(run: Run, workspace: str) -> tuple[str, list[Block]]:
    """A run with its report: what channel readers take away, and the way to the report."""
    summary = escape(plain(readable(run.summary))) or NO_SUMMARY
    failure, spoken = _shortfall(run)
    done = [] if run.gaps else ["✓ *Done:*"]
    taken = [duration(run.seconds), *paid(run.usage)]  # calls and tokens stand in the report
    provenance = " · ".join(filter(None, [asked(run.question), restarted(run), PROVENANCE]))
    hint = [context("research.root.hint", DIRECT_HINT)] if run.question.place.direct else []
    blocks = [
        *failure,
        section("research.root.summary", summary),
        actions("research.root.actions", [_read(run, workspace), *root_controls(run)]),
        context("research.root.notes", " ".join([*done, " · ".join([ready(run), *taken])])),
        context("research.root.provenance", provenance),
        *hint,
    ]
    where = (
        "The report is in this thread and says what is missing." if run.gaps else "The full report is in this thread."
    )
    text = f"{spoken} {summary} {where} {', '.join(taken)}. {PROVENANCE}"
    return f"{text}. {DIRECT_HINT}" if hint else text, blocks


def _read(run: Run, workspace: str) -> Block:
    spoken = f"Read the report on {run.question.topic} in the thread"
    return link_button(OPEN_REPORT, "Read the report", permalink(workspace, run.report_link), run.id, spoken)


def _shortfall(run: Run) -> tuple[list[Block], str]:
    """What a run lacks, said first; and how the ``text`` begins."""
    about = subject("Research", run.question)
    if not run.gaps:
        return [], f"{about} is done, {ready(run)}."
    if run.limit:
        why = f"this run has used its {patience(run.limit)}. The report covers what was found until then."
        return [section("research.root.status", f"✕  *Limit reached:* {why}")], f"{about}. Limit reached: {why}"
    failed, why = escape(names(run.gaps)), escape(causes(run.gaps))
    status = section("research.root.status", f"✕  *Partly done:* {failed} failed. {why}")
    return [status], f"{about} is partly done: {ready(run)}. {capital(failed)} failed. {why}"
