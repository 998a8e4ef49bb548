"""The replies of a run's thread: an angle, a gap, the report, each in as many messages as it takes. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.research.model import Angle, Finding, Gap, Question
from bot.research.run_state import Run
from bot.research.words.en import NBSP, angles, capital, duration, sentence, tokens
from bot.service.reply_rules import FollowUps
from bot.slack.format.blocks import Block, Message, actions, context, header, mention, section, subject, title
from bot.slack.format.escape import escape, harmless
from bot.slack.format.markdown import defuse, plain
from bot.slack.format.split import split
from bot.slack.messages.controls import hint, report_controls, retry_button
from bot.slack.messages.summary import causes, ready, spent
from bot.text.readable import readable

TEXT_LIMIT = 3_900  # characters of `text`: chat.update takes 4,000
# Characters of `text` in each message of a text, when Slack refuses the larger ones.
PAGE_LIMITS = (TEXT_LIMIT, 2_000, 1_000, 500)
SHORTEST_PAGE = 150  # characters of a page beside its frame
MARKDOWN_LIMIT = 11_500  # characters of all markdown blocks of a message: Slack takes 12,000
AS_IT_IS, NAMED = "The report stays as it is.", "The report will say that this one is missing."
NO_REPORT, HELD = "No report was written.", "The report says that this one is missing."
UNNEEDED = "This part is no longer needed."
WITHDRAWN = "Slack did not accept the whole of this text, so it is not shown here."
UNSOURCED = "No web sources: written by AI from what the model knows. Check facts before relying on them."

Page = Callable[[int, int, str], Message]


def finding_messages(question: Question, finding: Finding, limit: int = TEXT_LIMIT) -> list[Message]:
    """One angle's text, in messages of at most ``limit`` characters."""
    angle, place = finding.angle, _place(question, finding.angle)
    used = [tokens(finding.usage.tokens)] if finding.usage.tokens else []
    notes = " · ".join([f"Angle {place}", duration(finding.seconds), *used])

    def page(number: int, total: int, text: str) -> Message:
        blocks = [_titled(angle, _bracketed(number, total)), _body("angle", text)]
        spoken = f"{_about(angle, question)}, {place}{_part(number, total)}. {_spoken(text)}"
        if number == total:
            blocks.append(context("research.angle.notes", notes))
        return _message("angle", question.run_id, (f"angle/{angle.slug}", number), spoken, blocks)

    return pages(finding.text, page, limit)


def gap_message(question: Question, gap: Gap, after: str = "") -> Message:
    """An angle that is missing, said where it would stand; ``after`` is how it is with the report, once that is known.

    Until then the message says what becomes of a run with this gap.
    """
    place, why = _place(question, gap.angle), escape(sentence(gap))
    after = after or _after(question, gap)
    blocks = [
        _titled(gap.angle),
        section("research.angle.status", f"✕  *Failed:* {why}.\n{after}"),
        actions("research.angle.actions", [retry_button(question.run_id, [gap.angle], "Retry this angle")]),
        context("research.angle.notes", f"Angle {place} · reference `{question.run_id}/{gap.angle.slug}`"),
    ]
    spoken = f"{_about(gap.angle, question)}, {place}: failed. {capital(why)}. {after} "
    spoken += "You can retry this angle with the button Retry this angle."
    return _message("angle", question.run_id, (f"angle/{gap.angle.slug}", 1), spoken, blocks)


def _after(question: Question, gap: Gap) -> str:
    if len(question.angles) == 1:
        return "No report can be written without it."
    return NAMED if gap.cause == "time_limit" else f"The other angles continue. {NAMED}"


def retrying_message(question: Question, angle: Angle, by: str) -> Message:
    """An angle that somebody has researched anew."""
    place = _place(question, angle)
    blocks = [
        _titled(angle),
        section("research.angle.status", f"◐  *Working again,* as <@{by}> asked."),
        context("research.angle.notes", f"Angle {place}"),
    ]
    spoken = f"{_about(angle, question)}, {place}: working again. <@{by}> asked for the retry."
    return _message("angle", question.run_id, (f"angle/{angle.slug}", 1), spoken, blocks)


def unneeded_message(run_id: str, number: int) -> Message:
    """A part of the report that the rewritten report does without."""
    return _message("report", run_id, ("report", number), UNNEEDED, [section("research.report.status", UNNEEDED)])


def withdrawn_message(message: Message) -> Message:
    """Stands in place of a part of a text whose other parts Slack refuses."""
    block_id = f"research.{message.kind}.status"
    return replace(message, text=WITHDRAWN, blocks=(section(block_id, WITHDRAWN),), whole=False)


def report_messages(
    run: Run, markdown: str, follow_ups: FollowUps = "thread", limit: int = TEXT_LIMIT
) -> list[Message]:
    """The report: what is missing stands first, what it rests on, what it cost and how to ask on last."""
    question, asker = run.question, mention(run.question)
    notes = " · ".join([*([f"For {asker}"] if asker else []), ready(run), *spent(run)])
    whom = f" for {asker}" if asker else ""

    def page(number: int, total: int, text: str) -> Message:
        blocks = title("report", f"Report{_bracketed(number, total)}", question)
        spoken = f"{subject('Report', question)}{whom}{_part(number, total)}. "
        if run.gaps and number == 1:
            lacking, why = _missing(run.gaps)
            retry = retry_button(run.id, [gap.angle for gap in run.gaps])
            blocks.append(section("research.report.gap", f"✕  *{lacking}:* {why}") | {"accessory": retry})
            spoken += f"{lacking}: {why} "
        blocks.append(_body("report", text))
        spoken += _spoken(text)
        if number == total:
            blocks += [context("research.report.sources", UNSOURCED), context("research.report.notes", notes)]
            how_on = hint(run, follow_ups)
            blocks += report_controls(run, how_on)
            numbers = f"{', '.join([ready(run), *spent(run)])}."
            spoken += f"\n{UNSOURCED} {numbers} {how_on.replace('`', '')}".rstrip()
        return _message("report", run.id, ("report", number), spoken, blocks)

    return pages(markdown, page, limit)


def _titled(angle: Angle, number: str = "") -> Block:
    return header("research.angle.title", harmless(f"{angle.title} angle") + number)


def _about(angle: Angle, question: Question) -> str:
    return subject(escape(f"{angle.title} angle"), question)


def _missing(gaps: tuple[Gap, ...]) -> tuple[str, str]:
    lacking = "One angle is missing" if len(gaps) == 1 else f"{angles(len(gaps))} are missing"
    return lacking, escape(f"{', '.join(gap.angle.name for gap in gaps)}. {causes(gaps)}")


def _place(question: Question, angle: Angle) -> str:
    return f"{question.position(angle)} of {len(question.angles)}"


def pages(markdown: str, page: Page, limit: int = TEXT_LIMIT) -> list[Message]:
    """Cut a text so that every message, its frame included, stays within the limit where its frame leaves room."""
    frame = max(len(page(1, 99, "").text), len(page(99, 99, "").text))
    texts = split(readable(markdown), max(limit - frame, SHORTEST_PAGE), _measure)
    return [replace(page(number, len(texts), text), whole=True) for number, text in enumerate(texts, 1)]


def _measure(markdown: str) -> int:
    """How much of TEXT_LIMIT a text takes: as it is spoken, or as Markdown where that comes to its limit first."""
    return max(len(_spoken(markdown)), len(defuse(markdown)) * TEXT_LIMIT // MARKDOWN_LIMIT)


def _spoken(markdown: str) -> str:
    return escape(plain(markdown))


def _body(message: str, markdown: str) -> Block:
    return {"type": "markdown", "block_id": f"research.{message}.body", "text": defuse(markdown)}


def _part(number: int, total: int) -> str:
    return f", part {number} of {total}" if total > 1 else ""


def _bracketed(number: int, total: int) -> str:
    return f" ({number} of {total})" if total > 1 else ""


def _message(kind: str, run_id: str, part: tuple[str, int], text: str, blocks: list[Block]) -> Message:
    name, number = part
    part_name = name if number == 1 else f"{name}/{number}"
    return Message(kind, run_id, part_name, text.replace(NBSP, " "), tuple(blocks))
