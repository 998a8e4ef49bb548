"""The root message: one message a run in the channel, from its start to its last state. Pure."""

from __future__ import annotations

from bot.research import words
from bot.research.errors import Refused
from bot.research.evidence.citations import uncited
from bot.research.model import Finding, Unwritten
from bot.research.run_state import Branch, Phase, Run
from bot.research.words import NBSP, cost, duration, paid, usually
from bot.slack.format.blocks import (
    Block,
    Message,
    action_button,
    actions,
    asked,
    bold,
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
from bot.slack.messages.controls import root_controls, try_again
from bot.slack.messages.summary import (
    causes,
    causes_in_full,
    depth,
    failures,
    lacking,
    not_split,
    ready,
    rests_on,
    search_failed,
    spent,
)
from bot.text.readable import readable

OPEN_REPORT = "research.report.open"
STOP, RESUME = "research.run.stop", "research.run.resume"
CONFIRM_STOP = {key: plain_text(text) for key, text in words.CONFIRM_STOP.items()} | {"style": "danger"}


def root_message(run: Run, workspace: str) -> Message:
    """The root message of a run as it stands; ``workspace`` is the team's address, where its links lead."""
    show = _summed_up if run.phase in (Phase.DONE, Phase.PARTIAL) else _state
    text, blocks = show(run, workspace)
    return Message(
        "root", run.id, "root", text.replace(NBSP, " "), (*title("root", words.RESEARCH, run.question), *blocks)
    )


def _state(run: Run, workspace: str) -> tuple[str, list[Block]]:
    """A run on its way, or one that ended without a report."""
    said, rows = _said(run), _rows(run, workspace)
    status = "\n".join([said.marked, *(marked for marked, _ in rows)])
    notes = [note for note in (asked(run.question), restarted(run), *depth(run), *_small_print(run)) if note]
    text = [f"{subject(words.RESEARCH, run.question)}.", said.spoken, *(spoken for _, spoken in rows)]
    if notes:
        text.append(f"{', '.join(notes)}.")
    text += [*[words.TOOK_STANDARD] * run.took_standard, *search_failed(run)]
    small = [*([context("research.root.notes", " · ".join(notes))] if notes else []), *_plan(run), *_search(run)]
    return " ".join(text), [section("research.root.status", status), *_buttons(run, workspace), *small]


def _plan(run: Run) -> list[Block]:
    """What is said of a plan that could not be used."""
    return [context("research.root.plan", words.TOOK_STANDARD)] if run.took_standard else []


def _search(run: Run) -> list[Block]:
    """What is said of searches that came to nothing."""
    return [context("research.root.search", " ".join(failed))] if (failed := search_failed(run)) else []


def restarted(run: Run) -> str:
    """Who asked for another attempt, "" for the first one."""
    return words.started_again_by(f"<@{run.again_by}>") if run.again_by else ""


def _small_print(run: Run) -> list[str]:
    if run.phase is Phase.STOPPED:
        return cost(run.usage)
    if run.ended:
        return spent(run)
    if run.resumed_at:
        return [words.NO_ACTION]
    usual = [usually(*run.usual)] if run.usual else []
    usual += [words.usual_cost(run.usual_cost)] if run.usual_cost else []
    if run.plan and run.branches and not run.took_standard:
        return [*usual, words.CHOSEN_ANGLES]
    return [*usual, words.RESULTS_HERE] if run.phase is Phase.STARTING else usual


def _buttons(run: Run, workspace: str) -> list[Block]:
    """What a person can do about a run that has no report: stop it, or have it go on."""
    topic = run.question.topic
    if not run.ended:
        button = action_button(STOP, words.STOP, run.id, words.spoken_stop(topic)) | {"confirm": CONFIRM_STOP}
    elif run.phase is Phase.STOPPED:
        button = action_button(RESUME, words.RESUME, run.id, words.spoken_resume(topic))
    else:
        button = try_again(run)
    way = [_read(run, workspace)] if run.ended and run.report_link else []
    return [actions("research.root.actions", [*way, button])]


class _Said:
    """A state in a sentence: as it is marked up and as it is spoken."""

    def __init__(self, headed: words.Headed, mark: str = "") -> None:
        self.marked = f"{mark}{bold(headed)}"
        self.spoken = self.marked.removeprefix(mark).replace("*", "").replace("`", "").replace("\n", " ")


def _said(run: Run) -> _Said:
    found, total, failed = len(run.findings), len(run.branches), len(run.gaps)
    if not (total or run.ended):
        return _Said(words.RUN_PLANNING)
    match run.phase:
        case Phase.WORKING if run.resumed_at:
            return _Said(words.run_resuming(clock(run.resumed_at)))
        case Phase.STARTING:
            return _Said(words.run_starting(total))
        case Phase.WORKING:
            return _Said(words.run_working(found, total, failed))
        case Phase.WRITING:
            return _Said(words.run_writing(found, total, failed))
        case Phase.STOPPED:
            whom = f"<@{run.stopped_by}>" if run.stopped_by else ""
            return _Said(words.run_stopped(whom, run.seconds, bool(run.report_link)), "■  ")
    return _Said(words.run_failed(_why_failed(run), advice(run)), "✕  ")


def _why_failed(run: Run) -> str:
    if run.phase is Phase.UNWRITTEN:
        refused = isinstance(run.report, Unwritten) and run.report.cause == Refused.cause
        return words.unwritten(refused, len(run.findings), len(run.branches))
    if run.phase is not Phase.FAILED:
        return words.BROKEN
    if run.limit:
        return words.too_late(run.limit)
    return words.all_failed(len(run.branches), escape(causes_in_full(run.gaps)))


def _rows(run: Run, workspace: str) -> list[tuple[str, str]]:
    """A line for each angle and one for the report: as it is marked up and as it is spoken."""
    if run.phase is Phase.FAILED or not run.branches:
        return []
    rows = [_row(branch, run, workspace) for branch in run.branches]
    if not run.ended:
        mark, state = ("◐", words.WORKING) if run.phase is Phase.WRITING else ("○", words.AFTER_ANGLES)
        if run.sections[0] and run.phase in (Phase.WORKING, Phase.WRITING):
            mark, state = "◐", words.sections_done(*run.sections)
        rows.append((f"{mark}  *{words.REPORT}*: {state}", f"{words.REPORT}: {state}."))
    return rows


def _row(branch: Branch, run: Run, workspace: str) -> tuple[str, str]:
    name, marked = escape(branch.angle.title), quoted(branch.angle.title)
    if isinstance(branch.result, Finding):
        mark, state = "✓", words.done_in(branch.result.seconds)
        state += f", {words.of_questions(*branch.answered)}" if branch.missing else ""
    elif branch.result:
        mark, state = "✕", words.FAILED
    elif run.ended:
        mark, state = "■", words.STOPPED
    elif branch.nodes:
        mark, state = "◐", words.of_questions(*branch.answered)
    else:
        mark, state = "◐", words.WORKING_AGAIN if run.resumed_at else words.WORKING
    label = f"<{permalink(workspace, branch.link)}|{marked}>" if branch.link else marked
    return f"{mark}  *{label}*: {state}", f"{name}: {state}."


def _summed_up(run: Run, workspace: str) -> tuple[str, list[Block]]:
    """A run with its report: what channel readers take away, and the way to the report."""
    summary = escape(plain(uncited(readable(run.summary), run.sources))) or words.NO_SUMMARY
    failure, spoken = _shortfall(run)
    done = [] if run.phase is Phase.PARTIAL else [f"✓ *{words.DONE}*"]
    taken = [duration(run.seconds), *paid(run.usage)]  # calls and tokens stand in the report
    rests = rests_on(run) or [words.PROVENANCE]
    provenance = " · ".join(filter(None, [asked(run.question), restarted(run), *rests]))
    hint = [context("research.root.hint", words.DIRECT_HINT)] if run.question.place.direct else []
    blocks = [
        *failure,
        section("research.root.summary", summary),
        actions("research.root.actions", [_read(run, workspace), *root_controls(run)]),
        context("research.root.notes", " ".join([*done, " · ".join([ready(run), *taken])])),
        *_plan(run),
        *_search(run),
        context("research.root.provenance", provenance),
        *hint,
    ]
    where = words.REPORT_HERE_WITH_GAPS if run.phase is Phase.PARTIAL else words.REPORT_HERE
    said = [*[words.TOOK_STANDARD] * run.took_standard, *search_failed(run), ", ".join(rests)]
    text = f"{spoken} {summary} {where} {', '.join([*taken, *depth(run)])}. {' '.join(said)}"
    return f"{text}. {words.DIRECT_HINT}" if hint else text, blocks


def _read(run: Run, workspace: str) -> Block:
    link, spoken = permalink(workspace, run.report_link), words.spoken_read_report(run.question.topic)
    return link_button(OPEN_REPORT, words.READ_REPORT, link, run.id, spoken)


def _shortfall(run: Run) -> tuple[list[Block], str]:
    """What a run lacks, said first; and how the ``text`` begins."""
    about, found, total = subject(words.RESEARCH, run.question), len(run.findings), len(run.branches)
    if run.limit:
        reached = words.limit_reached(run.limit, bool(run.lacking), run.unmerged is not None, not_split(run))
        return [section("research.root.status", f"✕  {bold(reached)}")], f"{about}. {' '.join(reached)}"
    if run.phase is not Phase.PARTIAL:
        return [], words.spoken_done(about, found, total)
    failed, why = escape(lacking(run)), escape(causes(failures(run)))
    status = section("research.root.status", f"✕  {bold(words.partly_done(failed, why))}")
    return [status], words.spoken_partly_done(about, found, total, failed, why)
