"""The root message: one message a run in the channel, from its start to its last state. Pure."""

from __future__ import annotations

from bot.research.model import Branch, Finding, Phase, Run
from bot.research.wording import NBSP, angles, capital, duration, patience
from bot.slack.blocks import Block, Message, asked, context, link_button, section, subject, title
from bot.slack.markdown import plain
from bot.slack.mrkdwn import escape
from bot.slack.summary import causes, causes_in_full, names, ready, spent

PROVENANCE = "Written by AI, no web sources: check facts before relying on them"
NO_SUMMARY = "The report is in the thread."


def root_message(run: Run) -> Message:
    """The root message of a run as it stands."""
    text, blocks = _summed_up(run) if run.phase in (Phase.DONE, Phase.PARTIAL) else _state(run)
    return Message("root", run.id, "root", text.replace(NBSP, " "), (*title("root", "Research", run.question), *blocks))


def _state(run: Run) -> tuple[str, list[Block]]:
    """A run on its way, or one that ended without a report."""
    said, rows = _said(run), _rows(run)
    status = "\n".join([said.marked, *(marked for marked, _ in rows)])
    notes = [asked(run.question), *(spent(run) if run.ended else [])]
    if run.phase is Phase.STARTING:
        notes.append("results will appear in this thread")
    notes = [note for note in notes if note]
    text = [f"{subject('Research', run.question)}.", said.spoken, *(spoken for _, spoken in rows)]
    if notes:
        text.append(f"{', '.join(notes)}.")
    small = [context("research.root.notes", " · ".join(notes))] if notes else []
    return " ".join(text), [section("research.root.status", status), *small]


class _Said:
    """A state in a sentence: as it is marked up and as it is spoken."""

    def __init__(self, word: str, rest: str, mark: str = "") -> None:
        self.marked = f"{mark}*{word}:* {rest}"
        self.spoken = self.marked.removeprefix(mark).replace("*", "").replace("`", "").replace("\n", " ")


def _said(run: Run) -> _Said:
    all_angles = angles(len(run.branches))
    match run.phase:
        case Phase.STARTING:
            return _Said("Starting", f"{all_angles}, then a report.")
        case Phase.WORKING:
            return _Said("Working", f"{_progress(run)}.")
        case Phase.WRITING:
            return _Said("Writing the report", f"{_progress(run)}.")
        case Phase.FAILED if run.limit:
            why = f"the run reached its time limit of {patience(run.limit)} before any angle was ready."
        case Phase.FAILED:
            why = f"none of the {all_angles} could be completed.\n{escape(causes_in_full(run.gaps))}"
        case Phase.UNWRITTEN:
            there = f"All {all_angles} are" if not run.gaps else f"{ready(run)} are"
            why = f"the report could not be written. {there} in the thread."
        case Phase.INTERRUPTED:
            why = "the bot was stopped before the run was done. What was found is in the thread."
        case _:
            why = "something went wrong on our side."
    todo = f"\n*What you can do:* {_todo(run)}"
    return _Said("Failed", why + todo, "✕  ")


def _todo(run: Run) -> str:
    if run.phase is Phase.INTERRUPTED:
        return "send the command again."
    return f"try again in a few minutes. If it fails again, give your admin the reference `{run.id}`."


def _progress(run: Run) -> str:
    failed = f", {len(run.gaps)} failed" if run.gaps else ""
    return f"{ready(run)} done{failed}"


def _rows(run: Run) -> list[tuple[str, str]]:
    """A line for each angle and one for the report: as it is marked up and as it is spoken."""
    if run.phase is Phase.FAILED:
        return []
    rows = [_row(branch, run) for branch in run.branches]
    if not run.ended:
        mark, state = ("◐", "working") if run.phase is Phase.WRITING else ("○", "after the angles")
        rows.append((f"{mark}  *Report*: {state}", f"Report: {state}."))
    return rows


def _row(branch: Branch, run: Run) -> tuple[str, str]:
    name = escape(branch.angle.title)
    if isinstance(branch.result, Finding):
        mark, state = "✓", f"done in {duration(branch.result.seconds)}"
    elif branch.result:
        mark, state = "✕", "failed"
    else:
        mark, state = ("■", "stopped") if run.ended else ("◐", "working")
    label = f"<{branch.link}|{name}>" if branch.link else name
    return f"{mark}  *{label}*: {state}", f"{name}: {state}."


def _summed_up(run: Run) -> tuple[str, list[Block]]:
    """A run with its report: what channel readers take away, and the way to the report."""
    summary = escape(plain(run.summary)) or NO_SUMMARY
    failure, spoken = _shortfall(run)
    done = [] if run.gaps else ["✓ *Done:*"]
    provenance = " · ".join(filter(None, [asked(run.question), PROVENANCE]))
    button = link_button(
        "research.report.open",
        "Read the report",
        run.report_link,
        run.id,
        f"Read the report on {run.question.topic} in the thread",
    )
    blocks = [
        *failure,
        section("research.root.summary", summary),
        {"type": "actions", "block_id": "research.root.actions", "elements": [button]},
        context("research.root.notes", " ".join([*done, " · ".join([ready(run), *spent(run)])])),
        context("research.root.provenance", provenance),
    ]
    where = "The report is in this thread and names the gap." if run.gaps else "The full report is in this thread."
    return f"{spoken} {summary} {where} {', '.join(spent(run))}. {PROVENANCE}", blocks


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
