"""Single lines that the bot says beside a run's thread: values in, messages out. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.research import words
from bot.research.model import Question
from bot.research.run_state import Run
from bot.slack.format.blocks import Message, section
from bot.slack.format.escape import escape
from bot.slack.format.refs import permalink

CLOSED = {
    "is_archived": words.CHANNEL_ARCHIVED,
    "not_in_channel": words.BOT_REMOVED,
    "channel_not_found": words.BOT_REMOVED,
}


def note(run_id: str, what: str, text: str) -> Message:
    """One line, already escaped; ``what`` tells it from the run's other notes."""
    return Message("note", run_id, f"note/{what}/{run_id}", text, (section(f"research.note.{what}", text),))


def moved(question: Question, code: str) -> Message:
    """The channel takes nothing more; the run goes on in the asker's direct messages."""
    why = CLOSED.get(code, words.CHANNEL_CLOSED)
    return note(question.run_id, "moved", words.moved(f"<#{question.place.channel}>", why))


def refused(question: Question, hint: dict[str, Any]) -> Message:
    """The root message was refused, and the asker cannot be told there: ``hint`` says why and what to do."""
    where = f"<#{question.place.channel}>" if question.place.channel else ""
    told = note(question.run_id, "refused", words.not_started(escape(question.topic), where, hint["text"]))
    return replace(told, blocks=(*told.blocks, *hint.get("blocks", [])))


def updated(run: Run, workspace: str) -> Message:
    """Edits are silent: one line says that the report has been rewritten."""
    slugs, names = [found.angle.slug for found in run.closed], [escape(found.angle.name) for found in run.closed]
    whole = not any(found.missing for found in run.closed)
    report = f"<{permalink(workspace, run.report_link)}|{words.THE_REPORT}>"
    block = section("research.note.status", f"✓  {words.rewritten(names, report, whole)}")
    which = "+".join(slugs or ["synthesis"])
    part = f"{which}/{run.attempt}" if run.question.deep else which  # such an angle may gain more than once
    return Message("note", run.id, f"note/updated/{part}", words.spoken_rewritten(names, whole), (block,))


def canvas(run: Run, link: str) -> Message:
    """Where the canvas is that somebody asked for; each state of a run has its own."""
    text = words.canvas_is_there(f"<{link}|{escape(words.export_title(run.question.topic))}>")
    block = section("research.note.status", text)
    return Message("note", run.id, f"note/canvas/{run.attempt}", text, (block,))


def deleted(question: Question) -> Message:
    """Somebody deleted the root message, and with it the run."""
    return note(question.run_id, "deleted", words.root_deleted(escape(question.topic)))
