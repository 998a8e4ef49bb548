"""A run as one Markdown document: what is exported. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.research.model import Finding
from bot.research.run_state import Branch, Run
from bot.research.weights import table
from bot.research.words.en import NBSP, SUPPORT, angles, cost, duration, missing, sentence
from bot.text.readable import readable

PROVENANCE = "Written by AI from model knowledge, no web sources: check facts before relying on them."


def document(run: Run) -> str:
    """The topic, when it was asked, the summary, the report, each angle or why it is missing, and what it rests on."""
    asked = datetime.fromtimestamp(run.question.asked_at, UTC).strftime("%-d %B %Y, %H:%M UTC")
    numbers = [f"{len(run.findings)} of {angles(len(run.branches))}", duration(run.seconds), *cost(run.usage)]
    parts = [
        f"# Research: {' '.join(run.question.topic.split())}",
        f"Asked on {asked}.",
        readable(run.summary),
        readable(run.standing.markdown) if run.standing else "",
        *(_angle(branch) for branch in run.branches),
        f"## {SUPPORT}\n{table(run)}" if run.findings else "",
        "---",
        f"{PROVENANCE}  \n{', '.join(numbers).replace(NBSP, ' ')}. Reference {run.id}.",
    ]
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def _angle(branch: Branch) -> str:
    title = f"## {branch.angle.title} angle"
    if isinstance(branch.result, Finding):
        return f"{title}\n{readable(branch.result.text)}"
    return f"{title}\n{missing(branch.angle, sentence(branch.result) if branch.result else '')}"
