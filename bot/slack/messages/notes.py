"""Single lines that the bot says beside a run's thread: values in, messages out. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.research import words
from bot.research.model import Question
from bot.research.run_state import Run
from bot.research.words.en import listed
from bot.slack.format.blocks import Message, section
from bot.slack.format.escape import escape
from bot.slack.format.refs import permalink

CLOSED = {"is_archived": "archived", "not_in_channel": "I was removed", "channel_not_found": "I was removed"}


def note(run_id: str, what: str, text: str) -> Message:
    """One line, already escaped; ``what`` tells it from the run's other notes."""
    return Message("note", run_id, f"note/{what}/{run_id}", text, (section(f"research.note.{what}", text),))


def moved(question: Question, code: str) -> Message:
    """The channel takes nothing more; the run goes on in the asker's direct messages."""
    why = CLOSED.get(code, "only some people can post there")
    where = f"<#{question.place.channel}>"
    text = f"I can no longer post in {where} ({why}). The finished angles and the report will follow here."
    return note(question.run_id, "moved", text)


def refused(question: Question, hint: dict[str, Any]) -> Message:
    """The root message was refused, and the asker cannot be told there: ``hint`` says why and what to do."""
    where = f" in <#{question.place.channel}>" if question.place.channel else ""
    text = f"Your research on “{escape(question.topic)}”{where} was not started. {hint['text']}"
    told = note(question.run_id, "refused", text)
    return replace(told, blocks=(*told.blocks, *hint.get("blocks", [])))


def updated(run: Run, workspace: str) -> Message:
    """Edits are silent: one line says that the report has been rewritten."""
    slugs, names = ([getattr(found.angle, field) for found in run.closed] for field in ("slug", "name"))
    angles, what = ("angle is", "it") if len(slugs) == 1 else ("angles are", "them")
    complete, include = f"The {escape(listed(names))} {angles} now complete", f"include {what}"
    if not slugs:
        complete, include = words.synthesis_written()
        slugs = ["synthesis"]
    report = permalink(workspace, run.report_link)
    block = section("research.note.status", f"✓  {complete}. <{report}|The report> has been rewritten to {include}.")
    text = f"{complete}, and the report has been rewritten to {include}."
    return Message("note", run.id, f"note/updated/{'+'.join(slugs)}", text, (block,))


def canvas(run: Run, link: str) -> Message:
    """Where the canvas is that somebody asked for; each state of a run has its own."""
    text = f"Exported as a canvas: <{link}|{escape(f'Report: {run.question.topic}')}>"
    block = section("research.note.status", text)
    return Message("note", run.id, f"note/canvas/{run.attempt}", text, (block,))


def deleted(question: Question) -> Message:
    """Somebody deleted the root message, and with it the run."""
    topic = escape(question.topic)
    text = f"The message of your research on “{topic}” was deleted, so I stopped the run. Nothing more will be posted."
    return note(question.run_id, "deleted", text)
