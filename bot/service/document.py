"""A run as one Markdown document: what is exported. Pure."""

from __future__ import annotations

from bot.research import words
from bot.research.model import Finding
from bot.research.run_state import Branch, Run
from bot.research.weights import table
from bot.research.words import NBSP, cost, duration, missing, sentence
from bot.text.readable import readable


def document(run: Run) -> str:
    """The topic, when it was asked, the summary, the report, each angle or why it is missing, and what it rests on."""
    numbers = [
        words.ready(len(run.findings), len(run.branches), run.question.deep),
        duration(run.seconds),
        *cost(run.usage),
    ]
    parts = [
        f"# {words.document_title(' '.join(run.question.topic.split()))}",
        words.asked_on(words.date_in_full(run.question.asked_at)),
        readable(run.summary),
        readable(run.standing.markdown) if run.standing else "",
        *(_angle(branch) for branch in run.branches),
        f"## {words.SUPPORT}\n{table(run)}" if run.findings else "",
        words.TOOK_STANDARD if run.took_standard else "",
        "---",
        words.rests_on(numbers, run.id).replace(NBSP, " "),
    ]
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def _angle(branch: Branch) -> str:
    title = f"## {words.angle_title(branch.angle.title)}"
    if isinstance(branch.result, Finding):
        return "\n\n".join([f"{title}\n{readable(branch.result.text)}", *_small_print(branch.result)])
    return f"{title}\n{missing(branch.angle, sentence(branch.result) if branch.result else '')}"


def _small_print(found: Finding) -> list[str]:
    """What an angle's text lacks, and that it was not split although it should have been."""
    lacks = [readable(" ".join(words.unanswered(found.missing)))] if found.missing else []
    return [*lacks, *([f"{words.capital(words.unsplit(found.unsplit))}."] if found.unsplit else [])]
