"""The replies of a run's thread: an angle, a gap, the report, each in as many messages as it takes. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.research import words
from bot.research.evidence.provenance import unsourced, without_sources
from bot.research.model import Angle, Finding, Gap
from bot.research.run_state import Run
from bot.research.weights import stated
from bot.research.words import NBSP, SYNTHESIS, bracketed_part, duration, sentence, spoken_part, tokens_used
from bot.service.reply_rules import FollowUps
from bot.slack.format.blocks import Block, Message, actions, bold, context, header, mention, section, subject, title
from bot.slack.format.escape import escape, harmless
from bot.slack.format.split import split
from bot.slack.messages.controls import hint, report_controls, retry_button, try_again
from bot.slack.messages.sources import Cited
from bot.slack.messages.summary import causes, of_angles, ready, rests_on, spent
from bot.text.readable import readable

TEXT_LIMIT = 3_900  # characters of `text`: chat.update takes 4,000
# Characters of `text` in each message of a text, when Slack refuses the larger ones.
PAGE_LIMITS = (TEXT_LIMIT, 2_000, 1_000, 500)
SHORTEST_PAGE = 150  # characters of a page beside its frame
MARKDOWN_LIMIT = 11_500  # characters of all markdown blocks of a message: Slack takes 12,000

Page = Callable[[int, int, str], Message]


def finding_messages(run: Run, finding: Finding, limit: int = TEXT_LIMIT) -> list[Message]:
    """One angle's text, in messages of at most ``limit`` characters."""
    angle = finding.angle
    used = tokens_used(finding.usage) if finding.usage.tokens else []
    said_of_it = [*([words.unsplit(finding.unsplit)] if finding.unsplit else []), *unsourced(finding)]
    notes = " · ".join([words.angle_position(*run.position(angle)), duration(finding.seconds), *used, *said_of_it])
    lacks, said = _unanswered(run, finding)
    cited = Cited(finding.sources)

    def page(number: int, total: int, text: str) -> Message:
        blocks = [_titled(angle, bracketed_part(number, total)), cited.body("angle", text), *cited.line("angle", text)]
        spoken = f"{_about(angle, run)}{spoken_part(number, total)}. {cited.spoken(text)}{cited.spoken_line(text)}"
        if number == total:
            blocks += [*lacks, context("research.angle.notes", notes)]
            spoken += said + "".join(f"\n{words.capital(note)}." for note in said_of_it)
        return _message("angle", run.id, (f"angle/{angle.slug}", number), spoken, blocks)

    return pages(finding.text, cited, page, limit)


def _unanswered(run: Run, finding: Finding) -> tuple[list[Block], str]:
    """The questions that a finding lacks and the way to have them answered; and how that is spoken."""
    if not finding.missing:
        return [], ""
    head, rest = words.unanswered(finding.missing)
    blocks = [
        section("research.angle.status", f"✕  *{head}* {escape(rest)}"),
        actions("research.angle.actions", [retry_button(run.id, [finding.angle], words.RETRY_THIS_ANGLE)]),
    ]
    return blocks, f"\n{head} {escape(rest)} {words.HOW_TO_RETRY}"


def gap_message(run: Run, gap: Gap, after: str = "") -> Message:
    """An angle that is missing, said where it would stand; ``after`` is how it is with the report, once that is known.

    Until then the message says what becomes of a run with this gap.
    """
    why, after = escape(sentence(gap)), after or _after(run, gap)
    notes = [words.angle_position(*run.position(gap.angle)), words.reference(f"{run.id}/{gap.angle.slug}")]
    blocks = [
        _titled(gap.angle),
        section("research.angle.status", f"✕  {bold(words.angle_failed(why))}\n{after}"),
        actions("research.angle.actions", [retry_button(run.id, [gap.angle], words.RETRY_THIS_ANGLE)]),
        context("research.angle.notes", " · ".join(notes)),
    ]
    spoken = f"{_about(gap.angle, run)}: {words.spoken_angle_failed(why, after)}"
    return _message("angle", run.id, (f"angle/{gap.angle.slug}", 1), spoken, blocks)


def _after(run: Run, gap: Gap) -> str:
    if len(run.branches) == 1:
        return words.ONLY_ANGLE_FAILED
    return words.WILL_BE_NAMED if gap.reached else words.OTHERS_CONTINUE


def retrying_message(run: Run, angle: Angle, by: str) -> Message:
    """An angle that somebody has researched anew."""
    blocks = [
        _titled(angle),
        section("research.angle.status", f"◐  {bold(words.angle_retried(f'<@{by}>'))}"),
        context("research.angle.notes", words.angle_position(*run.position(angle))),
    ]
    spoken = f"{_about(angle, run)}: {words.spoken_angle_retried(f'<@{by}>')}"
    return _message("angle", run.id, (f"angle/{angle.slug}", 1), spoken, blocks)


def unneeded_message(run_id: str, number: int) -> Message:
    """A part of the report that the rewritten report does without."""
    blocks = [section("research.report.status", words.UNNEEDED)]
    return _message("report", run_id, ("report", number), words.UNNEEDED, blocks)


def withdrawn_message(message: Message) -> Message:
    """Stands in place of a part of a text whose other parts Slack refuses."""
    block_id = f"research.{message.kind}.status"
    return replace(message, text=words.WITHDRAWN, blocks=(section(block_id, words.WITHDRAWN),), whole=False)


def report_messages(
    run: Run, markdown: str, follow_ups: FollowUps = "thread", limit: int = TEXT_LIMIT
) -> list[Message]:
    """The report: what is missing stands first, what it rests on, what it cost and how to ask on last."""
    question, asker = run.question, mention(run.question)
    missing, said = _missing(run)
    ends, said_last = _ends(run, asker, hint(run, follow_ups))
    cited = Cited(run.sources)

    def page(number: int, total: int, text: str) -> Message:
        blocks = title("report", f"{words.REPORT}{bracketed_part(number, total)}", question)
        spoken = words.spoken_report(subject(words.REPORT, question), asker, number, total)
        if number == 1:
            blocks += missing
            spoken += said
        blocks += [cited.body("report", text), *cited.line("report", text)]
        spoken += f"{cited.spoken(text)}{cited.spoken_line(text)}"
        if number == total:
            blocks += ends
            spoken += said_last
        return _message("report", run.id, ("report", number), spoken, blocks)

    return pages(markdown, cited, page, limit)


def _ends(run: Run, asker: str, how_on: str) -> tuple[list[Block], str]:
    """What stands under a report: how it came about, what it cost, what can be done with it; and how that is spoken."""
    rests, sure, planned = rests_on(run), escape(stated(run)), [words.TOOK_STANDARD] * run.took_standard
    plain = list(map(escape, words.plain_for(run.plain, len(run.findings))))
    spent_on = [ready(run), *spent(run)]
    blocks = [
        context("research.report.checks", " · ".join(rests))
        if rests
        else context("research.report.sources", words.capital(without_sources(run))),
        *(context("research.report.plan", each) for each in planned),
        *(context("research.report.plain", each) for each in plain),
        *([context("research.report.confidence", sure)] if sure else []),
        context("research.report.notes", " · ".join([*([words.report_for(asker)] if asker else []), *spent_on])),
        *report_controls(run, how_on),
    ]
    resting = f"{', '.join(rests)}." if rests else words.capital(without_sources(run))
    said = [
        resting,
        *planned,
        *plain,
        *([f"{sure}."] if sure else []),
        f"{', '.join(spent_on)}.",
        how_on.replace("`", ""),
    ]
    return blocks, f"\n{' '.join(said)}".rstrip()


def _missing(run: Run) -> tuple[list[Block], str]:
    """What a report lacks, each with the way to get it; and how that is spoken."""
    lacks = []
    retry = retry_button(run.id, [branch.angle for branch in run.lacking])
    if run.gaps:
        names = [gap.angle.name for gap in run.gaps]
        lacks.append(("gap", words.angles_missing(names, causes(of_angles(run))), retry))
    if missing := [node for branch in run.branches for node in branch.missing]:
        lacks.append(("questions", words.unanswered(missing), {} if run.gaps else retry))  # one button for all
    if run.unmerged:
        lacks.append(("unmerged", words.synthesis_missing(causes([(SYNTHESIS, run.unmerged)])), try_again(run)))
    blocks = [
        section(f"research.report.{what}", f"✕  *{head}* {escape(why)}") | ({"accessory": button} if button else {})
        for what, (head, why), button in lacks
    ]
    return blocks, "".join(f"{head} {escape(why)} " for _, (head, why), _ in lacks)


def _titled(angle: Angle, number: str = "") -> Block:
    return header("research.angle.title", harmless(words.angle_title(angle.title)) + number)


def _about(angle: Angle, run: Run) -> str:
    """How the ``text`` of an angle's message begins: "Technical angle on tea, 2 of 3"."""
    about = subject(escape(words.angle_title(angle.title)), run.question)
    return f"{about}, {words.position(*run.position(angle))}"


def pages(markdown: str, cited: Cited, page: Page, limit: int = TEXT_LIMIT) -> list[Message]:
    """Cut a text so that every message, its frame included, stays within the limit where its frame leaves room.

    What it cites becomes links when it is cut, so that no cut is made within one.
    """
    frame = max(len(page(1, 99, "").text), len(page(99, 99, "").text))

    def measure(text: str) -> int:
        """How much of TEXT_LIMIT it takes: as it is spoken, or as it is shown where that comes to its limit first."""
        spoken, shown = cited.size(text)
        return max(spoken, shown * TEXT_LIMIT // MARKDOWN_LIMIT)

    texts = split(readable(markdown), max(limit - frame, SHORTEST_PAGE), measure)
    return [replace(page(number, len(texts), text), whole=True) for number, text in enumerate(texts, 1)]


def _message(kind: str, run_id: str, part: tuple[str, int], text: str, blocks: list[Block]) -> Message:
    name, number = part
    part_name = name if number == 1 else f"{name}/{number}"
    return Message(kind, run_id, part_name, text.replace(NBSP, " "), tuple(blocks))
