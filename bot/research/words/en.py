"""Everything that people read, in English: labels and titles as constants, sentences with values as functions.

In the order in which people meet it: a run's message, its report, why it failed, numbers. Values come in as they are to
be shown, escaped where they must be. Asterisks make bold, backticks code; a Headed is a bold head and the rest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal

from bot.research.errors import Misasked
from bot.research.model import (
    LONGEST_ANGLE,
    LONGEST_TOPIC,
    MOST_ANGLES,
    SHORTEST_TOPIC,
    Angle,
    Failure,
    Finding,
    Limit,
    Node,
    Usage,
    UsualCost,
)

NBSP = "\N{NO-BREAK SPACE}"  # keeps a number and its unit on one line
Headed = tuple[str, str]

# ---- Titles ----

# Of the standard angles: by itself, and of its section in the report. The model is told them too.
ANGLES = {
    "historical": ("Historical", "Historical Overview"),
    "technical": ("Technical", "Technical Mechanisms"),
    "societal": ("Societal", "Societal Impact"),
}
SYNTHESIS = "Synthesis"  # the last section
RESEARCH, REPORT = "Research", "Report"
TEAMMATE, CHANNEL, GROUP = "a teammate", "a channel", "a group"  # whose names are not to be had

# ---- A run's message in the channel ----

STOP, RESUME, TRY_AGAIN, READ_REPORT = "Stop", "Resume", "Try again", "Read the report"
CONFIRM_STOP = {
    "title": "Stop this research?",
    "text": "Finished angles stay in the thread. No report will be written.",
    "confirm": "Stop research",
    "deny": "Keep going",
}


def conflict(first: tuple[str, str], second: tuple[str, str]) -> str:
    return f"The {first[0]} and the {second[0]} angle differ: {first[1]} {second[1]}"


NOT_VERIFIED = {  # behind a sentence that did not pass the gate, in its own language
    "de": "(nicht belegt)",
    "fr": "(non vérifié)",
    "es": "(no verificado)",
    "it": "(non verificato)",
    "pt": "(não verificado)",
    "nl": "(niet geverifieerd)",
    "sv": "(ej verifierat)",
    "da": "(ikke verificeret)",
    "pl": "(niezweryfikowane)",
    "tr": "(doğrulanmadı)",
    "cs": "(neověřeno)",
    "ru": "(не проверено)",
    "ja": "（未確認）",
    "zh": "（未核实）",
    "ko": "(확인되지 않음)",
}
FAULTS = {  # why a sentence did not pass the gate, told to the model that writes it anew
    "number": "these numbers do not stand in the passages that it cites: {numbers}",
    "unlike": "the passages that it cites say something else",
    "unmarked": "it has numbers and cites no passage: {numbers}",
}


def of_all(part: int, whole: int) -> str:
    return f"{part} of {whole}"


def not_verified(language: str) -> str:
    return NOT_VERIFIED.get(language, "(not verified)")


NO_ACTION, RESULTS_HERE = "no action needed", "results will appear in this thread"
WORKING, WORKING_AGAIN, AFTER_ANGLES = "working", "working again after a restart", "after the angles"
FAILED, STOPPED = "failed", "stopped"
BROKEN = "something went wrong on our side."
DONE, ANGLE_DONE = "Done:", "done"
NO_REPORT_WRITTEN = "No report was written."
NO_SUMMARY = "The report is in the thread."
REPORT_HERE = "The full report is in this thread."
REPORT_HERE_WITH_GAPS = "The report is in this thread and says what is missing."
PROVENANCE = "Written by AI without web sources: check facts before relying on them"
WRITTEN_BY_AI = "Written by AI"
TINY_LABEL = "tiny local model: shows the flow, facts are likely invented"
# Why angles have no sources that should have some, by the cause.
NO_SEARCH = {
    "search_key": "web search is not available: the search provider does not accept our key. Your admin can check it.",
    "search_credit": "web search is not available: the search provider's account is used up.",
    "search_rate": "web search is not available for the moment: the search provider is limiting our requests.",
    "search_refused": "web search is not available: the search provider does not accept our requests.",
    "search_down": "web search is not available for the moment: the search provider could not be reached.",
    "search_unintelligible": "web search is not available: the search provider's answer cannot be read.",
    "search_late": "web search took too long.",
    "search_limit": "web search was left out, to stay within what this run may use.",
    "search_nothing": "web search found no pages.",
    "pages_none": "web search found pages, but none of them could be read.",
    "pages_unfit": "web search found pages, but nothing in them is about this.",
    "tiny_model": f"{TINY_LABEL}.",
}
NO_SEARCH_AT_ALL = "web search found nothing that could be used."
DIRECT_HINT = "Ask a question in this thread, or send a new topic as a new message."


CHOSEN_ANGLES = "angles chosen for this topic"
DEEP = "deep"  # of a run whose angles are split into questions
RUN_PLANNING: Headed = "Choosing angles", "for this topic."
TOOK_STANDARD = "The planner's angles could not be used: the three standard angles were taken."


def about(what: str, topic: str) -> str:
    """What a message is about: "Research on tea"."""
    return f"{what} on {topic}"


def asked_by(whom: str, when: str) -> str:
    return f"Asked by {whom} at {when}"


def started_again_by(whom: str) -> str:
    return f"started again by {whom}"


def spoken_stop(topic: str) -> str:
    return f"Stop research on {topic}"


def spoken_resume(topic: str) -> str:
    return f"Resume research on {topic}"


def spoken_try_again(topic: str) -> str:
    return f"Try research on {topic} again"


def spoken_read_report(topic: str) -> str:
    return f"Read the report on {topic} in the thread"


def ready(found: int, total: int, deep: bool = False) -> str:
    """How many angles there are: "2 of 3 angles", "2 of 3 angles, deep"."""
    return f"{found} of {angles(total)}{f', {DEEP}' if deep else ''}"


def run_starting(total: int) -> Headed:
    return "Starting:", f"{angles(total)}, then a report."


def run_resuming(when: str) -> Headed:
    return "Resuming:", f"the bot restarted at {when}. Finished angles are kept."


def run_working(found: int, total: int, failed: int) -> Headed:
    return "Working:", f"{_progress(found, total, failed)}."


def run_writing(found: int, total: int, failed: int) -> Headed:
    return "Writing the report:", f"{_progress(found, total, failed)}."


def _progress(found: int, total: int, failed: int) -> str:
    return f"{ready(found, total)} done" + (f", {failed} failed" if failed else "")


def run_stopped(whom: str, seconds: float, has_report: bool) -> Headed:
    """A run that somebody stopped; ``whom`` is "" where that is not known."""
    rest = "The report stays as it was." if has_report else NO_REPORT_WRITTEN
    return "Stopped", f"{f'by {whom} ' if whom else ''}after {duration(seconds)}. {rest}"


def run_failed(why: str, advised: str) -> Headed:
    return "Failed:", f"{why}\n*What you can do:* {advised}"


def unwritten(refused: bool, found: int, total: int) -> str:
    """Why a run has no report although it has angles; ``refused`` by Slack."""
    what = "Slack did not accept the text of the report" if refused else "the report could not be written"
    there = f"All {angles(total)} are" if found == total else f"{ready(found, total)} are"
    return f"{what}. {'The only angle is' if total == 1 else there} in the thread."


def too_late(limit: Limit) -> str:
    """Why a run has nothing at all when it reached a limit."""
    return f"{_may_use(limit)}, and no angle was ready within that."


def all_failed(total: int, why: str) -> str:
    """Why a run has nothing at all: each angle failed."""
    none = "the only angle could not" if total == 1 else f"none of the {angles(total)} could"
    return f"{none} be completed.\n{why}"


def done_in(seconds: float) -> str:
    return f"done in {duration(seconds)}"


def spoken_done(about: str, found: int, total: int) -> str:
    return f"{about} is done, {ready(found, total)}."


def unsplit(why: bool | Limit) -> str:
    """Why an angle of a deep run was done plainly: a limit of the run, else its plans."""
    because = (
        FAILURES[why.cause][0].format(limit=allowed(why))
        if isinstance(why, Limit)
        else "the model named none that could be used"
    )
    return f"not split into questions: {because}"


def not_split(plain: Sequence[Finding], found: int) -> str:
    """Which of so many angles of a deep run were done plainly, for a limit of the run."""
    names = [finding.angle.name for finding in plain]
    which = (
        "no angle was" if len(names) == found else f"{those_angles(names)} {'was' if len(names) == 1 else 'were'} not"
    )
    return f"{which} split into questions"


def plain_for(plain: Sequence[Finding], found: int) -> list[str]:
    """The same as a sentence that says why; none where there are none of them."""
    limits = [finding.unsplit for finding in plain if isinstance(finding.unsplit, Limit)][:1]
    return [f"{capital(not_split(plain, found))}: {_may_use(limit)}." for limit in limits]


def limit_reached(limit: Limit, angles_lack: bool, synthesis_lacks: bool, not_split: str) -> Headed:
    covers = ["The report covers what was found until then."] if angles_lack else []
    lacks = ["The report has no synthesis."] if synthesis_lacks else []
    lacks += [f"{capital(not_split)}."] if not_split else []
    return "Limit reached:", " ".join([f"{_may_use(limit)}.", *covers, *lacks])


def partly_done(lacking: str, why: str) -> Headed:
    return "Partly done:", f"{lacking} failed. {why}"


def spoken_partly_done(about: str, found: int, total: int, lacking: str, why: str) -> str:
    return f"{about} is partly done: {ready(found, total)}. {capital(lacking)} failed. {why}"


def lacking(angles_named: list[str], questions: list[tuple[str, int]], synthesis: bool) -> str:
    """What is missing as a subject: "the technical angle", "the historical and technical angles and the synthesis".

    ``questions`` are how many of which angle: "2 questions of the technical angle".
    """
    those = [those_angles(angles_named)] if angles_named else []
    some = [f"{count(number, 'question')} of {those_angles([name])}" for name, number in questions]
    return listed([*those, *some, *(["the synthesis"] if synthesis else [])])


def those_angles(names: list[str]) -> str:
    """Angles as a subject: "the technical angle", "the historical and technical angles"."""
    return f"the {listed(names)} angle{'' if len(names) == 1 else 's'}"


def synthesis_missing(why: str) -> Headed:
    return "The synthesis is missing:", why


# ---- What to do about a run without a report ----

ADVICE = {
    "key_rejected": "ask your admin to check the model provider's key, then try again",
    "out_of_credit": "ask your admin to add credit with the model provider, then try again",
    "request_rejected": "ask your admin to check the model's name and address, then try again",
    "model_refused": "reword the topic and start a new run",
    "context_too_long": "shorten the topic and the notes, and start a new run",
    "text_refused": "try again, which writes the texts anew",
    **dict.fromkeys(
        ("call_limit", "token_limit", "price_limit"), "ask your admin to raise what a run may use, then try again"
    ),
}
WAIT = "try again in a few minutes"


def only_report(advised: str) -> str:
    """Advice to try again, where that costs little."""
    return f"{advised}, which writes only the report"


def advice(advised: str, reference: str) -> str:
    """Advice, and what to do if it does not help."""
    return f"{advised}. If it fails again, give your admin the reference {reference}."


# ---- The angles in a run's thread ----

RETRY_THIS_ANGLE, RETRY_ANGLE = "Retry this angle", "Retry angle"
ONLY_ANGLE_FAILED = "No report can be written without it."
WILL_BE_NAMED = "If there is a report, it will say that this one is missing."
OTHERS_CONTINUE = "The other angles continue. The report will say that this one is missing."
REPORT_AS_IT_IS = "The report stays as it is."
REPORT_NAMES_IT = "The report says that this one is missing."
MOST_NAMED = 6  # questions that are named where answers are missing
HOW_TO_RETRY = f"You can retry this angle with the button {RETRY_THIS_ANGLE}."
WITHDRAWN = "Slack did not accept the whole of this text, so it is not shown here."


def of_questions(number: int, total: int) -> str:
    """How many of a deep angle's questions: "2 of 3 questions"."""
    return f"{number} of {count(total, 'question', NBSP)}"


def unanswered(missing: Sequence[Node]) -> Headed:
    """The questions that a text lacks, by their words, each with why."""
    head = "One question is not answered:" if len(missing) == 1 else f"{len(missing)} questions are not answered:"
    named = [f"“{node.question}” ({short(node.failure)})" for node in missing[:MOST_NAMED] if node.failure]
    more = len(missing) - len(named)
    return head, f"{listed([*named, f'{more} more'] if more else named)}."


def position(number: int, total: int) -> str:
    return f"{number} of {total}"


def angle_position(number: int, total: int) -> str:
    return f"Angle {position(number, total)}"


def angle_title(title: str) -> str:
    return f"{title} angle"


def spoken_part(number: int, total: int) -> str:
    """Which message of a long text it is, "" where there is only one."""
    return f", part {position(number, total)}" if total > 1 else ""


def bracketed_part(number: int, total: int) -> str:
    """The same, in a title."""
    return f" ({position(number, total)})" if total > 1 else ""


def angle_failed(why: str) -> Headed:
    return "Failed:", f"{why}."


def spoken_angle_failed(why: str, after: str) -> str:
    return f"failed. {capital(why)}. {after} {HOW_TO_RETRY}"


def angle_retried(by: str) -> Headed:
    return "Working again,", f"as {by} asked."


def spoken_angle_retried(by: str) -> str:
    return f"working again. {by} asked for the retry."


def reference(name: str) -> str:
    return f"reference `{name}`"


def retry_angles(number: int) -> str:
    return RETRY_ANGLE if number == 1 else f"Retry {angles(number)}"


def spoken_retry_angles(names: list[str]) -> str:
    return f"Retry {those_angles(names)}"


# ---- The report ----

NO_SYNTHESIS = "*Missing.* The model wrote no synthesis."
CONFIDENCE = "Confidence, as stated by the workers"
NOT_STATED = "not stated"
SUPPORT = "How well each angle is supported"
SUPPORT_HEAD = ("Angle", "Confidence, as stated by its worker", "Reason", "Words", "Time", "Model calls")
SOURCED_HEAD = ("Sources", "Sites", "Statements checked")
ABSENT = "missing"
UNNEEDED = "This part is no longer needed."
SOURCES = "Sources"
NO_SOURCES = "no web sources"
UNSOURCED = "No web sources: written by AI from what the model knows. Check facts before relying on them."
HINT = "Reply here with a question and I will answer from these findings."
HINT_MENTION = "Mention me here with a question and I will answer from these findings."
HINT_MUTE = "To silence me, reply `mute`."
EXPORT_FILE, SPOKEN_EXPORT_FILE = "Export .md", "Export the report as a Markdown file"
EXPORT_CANVAS, SPOKEN_EXPORT_CANVAS = "Export canvas", "Export the report as a Slack canvas"
USEFUL, SPOKEN_USEFUL = "Useful", "This report is useful"
NOT_USEFUL, SPOKEN_NOT_USEFUL = "Not useful", "This report is not useful"
MENU = {
    "export_md": "Export as .md file",
    "export_canvas": "Export as canvas",
    "again": "Run again with changes",
    "mute": "Mute me in this thread",
}


def checked(number: int, of: int) -> str:
    """How many statements their sources hold: "14 of 15 cited statements checked against the pages"."""
    return f"{number} of {count(of, 'cited statement')} checked against the pages"


def sites(number: int) -> str:
    return count(number, "site")


def no_sources(names: list[str]) -> str:
    """Which angles have no sources: "no web sources: technical"."""
    return f"{NO_SOURCES}: {listed(names)}"


def no_sources_for(number: int, of: int) -> str:
    """Of how many of an angle's questions the answers have no sources: "no web sources for 1 of 3 questions"."""
    return f"{NO_SOURCES} for {of_questions(number, of)}"


def some_questions(title: str, number: int, of: int) -> str:
    """An angle of some of whose questions something is said: "Technical (1 of 3 questions)"."""
    return f"{title} ({of_questions(number, of)})"


def no_search(cause: str, titles: list[str]) -> str:
    """Why there are no sources; ``titles`` are the angles that have none, where others do."""
    why = NO_SEARCH.get(cause, NO_SEARCH_AT_ALL)
    return f"{', '.join(titles)}: {why}" if titles else capital(why)


def source_read(date: str, address: str) -> str:
    """Where a page stands, and when it was read, "" where that is not known."""
    return f"Read on {date}: {address}" if date else address


def in_its_own_words(angle: Angle) -> str:
    """What stands before an angle's own words, where the model wrote its report without headings."""
    return f"*From the {angle.name} angle, in its own words:*"


def not_taken_up(angle: Angle) -> str:
    """The same, where the report says nothing of the angle."""
    return f"*From the {angle.name} angle, which the report does not take up:*"


def missing(angle: Angle, why: str = "") -> str:
    """What stands in place of an angle's text; ``why`` is a clause or a sentence without its full stop."""
    return f"*Missing.* The {angle.name} angle could not be completed{f': {why}' if why else ''}."


def undrafted(angle: Angle, why: str) -> str:
    """What stands before an angle's own words, where its section of the report could not be written."""
    return f"*From the {angle.name} angle, in its own words, as this section could not be written ({why}):*"


def unmerged(failure: Failure) -> str:
    """What stands in place of the Synthesis."""
    return f"*Missing.* The synthesis could not be written: {short(failure)}."


def sections_done(number: int, of: int) -> str:
    """How far a report is that is written section by section."""
    return f"{number} of {count(of, 'section')}"


def confidences(stated: Sequence[tuple[str, str]]) -> str:
    """How sure the workers say that they are, by angle: "" for one that says nothing; "" where none says anything."""
    if not any(level for _, level in stated):
        return ""
    return f"{CONFIDENCE}: {', '.join(f'{name} {level or NOT_STATED}' for name, level in stated)}"


def report_for(asker: str) -> str:
    return f"For {asker}"


def spoken_report(about: str, asker: str, number: int, total: int) -> str:
    """How a part of a report begins; ``asker`` is "" where there is nobody else."""
    return f"{about}{f' for {asker}' if asker else ''}{spoken_part(number, total)}. "


def angles_missing(names: list[str], why: str) -> Headed:
    lacking = "One angle is missing:" if len(names) == 1 else f"{angles(len(names))} are missing:"
    return lacking, f"{', '.join(names)}. {why}"


# ---- What people think of a report ----

THANKS = "Noted, thank you."
FEEDBACK_TITLE, FEEDBACK_SUBMIT, FEEDBACK_CLOSE = "What was wrong?", "Send", "Skip"
FEEDBACK_REASON, FEEDBACK_COMMENT = "Reason", "Comment"
FEEDBACK_REASONS = {
    "wrong": "Something is wrong",
    "missing": "Something is missing",
    "style": "Too long or hard to read",
    "offtopic": "Not my question",
}
FEEDBACK_HINT = "Read by the people who run this bot. Not posted in the channel."

# ---- Answers to questions in a run's thread ----

LOOKING = "is looking through the findings…"  # behind the bot's name
NEW_TOPIC, SPOKEN_NEW_TOPIC = "Research this instead", "Research this question as a new topic"
HOW_TO_NEW_TOPIC = f"With the button {NEW_TOPIC} it becomes a new topic."
SPOKEN_ANSWER_AGAIN = "Try to answer this question again"
ANSWER_FAILED = "I could not answer this question."
NOT_FOUND = "These findings say nothing about that."
# Why there is no answer: clauses without a full stop.
STOPPED_TOO_EARLY = "this research was stopped before any angle was ready"
NO_ANGLE_DONE = "no angle of this research could be completed"
ANSWER_TOO_LONG = "with all findings it is too long for the model. Ask about one angle"
ANSWER_DECLINED = "the model declined this question. Rewording it may help"
MUTE, SPOKEN_MUTE = "Mute me", "Mute the research bot in this thread"
KEEP_ANSWERING, SPOKEN_KEEP_ANSWERING = "Keep answering", "Keep the research bot answering in this thread"
UNMUTE, SPOKEN_UNMUTE = "Unmute", "Let the research bot answer in this thread again"
SHALL_I_MUTE = "Should I stay quiet in this thread?"
SPOKEN_SHALL_I_MUTE = f"{SHALL_I_MUTE} Press {MUTE}, or reply mute."
ANSWER_BROKEN = "Something went wrong on our side, so your question got no answer. Ask it again."
DATA_DELETED = "This run's data has been deleted. Start a new run to ask more."


def answer_to(whom: str) -> str:
    """What stands before an answer, with the blank behind it."""
    return f"For {whom}: "


def spoken_answer_failed(why: str) -> str:
    return f"{ANSWER_FAILED} {capital(why)}. Try again with the button {TRY_AGAIN}."


def answered_from(names: list[str]) -> str:
    """What an answer rests on; it may name no angle."""
    if not names:
        return "From the findings of this thread"
    return f"From {those_angles(names)}"


def looked_in(found: int, has_report: bool) -> str:
    """Where there is no answer."""
    return f"Looked in all {angles(found)}{' and the report' if has_report else ''}"


def muted(whom: str, bot: str) -> Headed:
    return "Muted", f"by {whom}. I won't answer replies in this thread. Mention {bot} for a single answer."


def spoken_muted(whom: str, bot: str) -> str:
    head, rest = muted(whom, bot)
    return f"{head} {rest.removesuffix('.')}, or press {UNMUTE}."


def unmuted(whom: str) -> str:
    return f"Answering again, as {whom} asked."


def asked_too_often(per: str, most: int, when: str) -> str:
    """Why a reply is not answered: too many questions ``per`` "user" an hour or "thread" a day."""
    asked, span = ("You have asked", "this hour") if per == "user" else ("This thread has had", "today")
    return f"{asked} {count(most, 'question')} {span}, the limit. You can ask the next one at {when}."


# ---- What the bot says beside a run ----

# Why the bot can no longer post in a channel.
CHANNEL_ARCHIVED, BOT_REMOVED, CHANNEL_CLOSED = "archived", "I was removed", "only some people can post there"
THE_REPORT = "The report"


def moved(where: str, why: str) -> str:
    return f"I can no longer post in {where} ({why}). The finished angles and the report will follow here."


def not_started(topic: str, where: str, why: str) -> str:
    """``where`` is "" in direct messages; ``why`` are sentences."""
    return f"Your research on “{topic}”{f' in {where}' if where else ''} was not started. {why}"


def _now_complete(names: list[str], whole: bool) -> str:
    """What a retry brought: angles, or without any the synthesis; not ``whole`` where something is still missing."""
    if not names:
        return "The synthesis has been written"
    return (
        f"The {listed(names)} {'angle is' if len(names) == 1 else 'angles are'} now {'' if whole else 'more '}complete"
    )


def rewritten(names: list[str], report: str, whole: bool = True) -> str:
    """A report has been rewritten; ``report`` is a link to it, called THE_REPORT."""
    return f"{_now_complete(names, whole)}. {report} has been rewritten to include {_them(names)}."


def spoken_rewritten(names: list[str], whole: bool = True) -> str:
    return f"{_now_complete(names, whole)}, and the report has been rewritten to include {_them(names)}."


def _them(names: list[str]) -> str:
    return "them" if len(names) > 1 else "it"


def root_deleted(topic: str) -> str:
    return f"The message of your research on “{topic}” was deleted, so I stopped the run. Nothing more will be posted."


# ---- Exports ----

EXPORTING = "Your export is on its way. It will appear in the thread."
EXPORT_FAILED = "The export could not be posted in the thread. Try again in a few minutes."
FILE_IS_THERE = "The .md file is in the thread."
CANVAS_IS_THERE = "The canvas is in the thread."
CANVAS_IS_OPEN = f"{CANVAS_IS_THERE} Everyone in this channel can open it."
FILE_INSTEAD = "Canvases aren't available in this workspace, so the .md file is in the thread instead."
FILE_IS_THERE_ALREADY = "The .md file is already in the thread."
CANVAS_IS_THERE_ALREADY = "The canvas is already in the thread."
OPEN_IT = "Open it"
FROM_MODEL = "Written by AI from model knowledge, no web sources: check facts before relying on them."


def export_title(topic: str) -> str:
    return f"{REPORT}: {topic}"


def document_title(topic: str) -> str:
    return f"{RESEARCH}: {topic}"


def asked_on(date: str) -> str:
    return f"Asked on {date}."


def rests_on(provenance: str, numbers: list[str], run_id: str) -> str:
    """The last lines of an exported run; ``provenance`` is how it came about, "" where nothing has a source."""
    return f"{f'{provenance}.' if provenance else FROM_MODEL}  \n{', '.join(numbers)}. Reference {run_id}."


def canvas_is_there(link: str) -> str:
    return f"Exported as a canvas: {link}"


# ---- Private answers to a command ----

USAGE_NOTES = "Three angles (historical, technical, societal), then a report, in a thread that everyone here can read."
OPEN_FORM, SPOKEN_OPEN_FORM = "Open the form", "Open the research form to choose angles and add notes"
DEPTH_OFF = "Deep research is switched off here; this is a plain run."
TOPIC_WANTED = "I need a topic, for example: /research nuclear fusion"
UNKNOWN_COMMAND = "I don't know this command. Type /research and a topic, for example: /research nuclear fusion"
NOTHING_TO_STOP = "You have no run in progress in this channel."
LATEST_RUNS, NO_LATEST_RUNS = "Latest runs here", "Nothing has been researched in this channel yet."
RUNS_UNDER_WAY, NO_RUNS_UNDER_WAY = "In progress here", "Nothing is in progress in this channel."
# Where a run cannot be shown: why, and what the asker can do.
NOT_A_MEMBER: Headed = (
    "I can't post in this channel because I'm not a member.",
    "To run it here, type `/invite @Research`, then send the command again.",
)
BETWEEN_PEOPLE: Headed = (
    "Apps can't post in direct messages between people.",
    "Run it in our direct messages, or send the command in a channel.",
)
READ_ONLY: Headed = (
    "Only some people can post in this channel.",
    "Send the command in another channel, or run it in our direct messages.",
)
RUN_IN_DIRECT = "Run it in our direct messages"
SPOKEN_RUN_IN_DIRECT = "Run this research in direct messages with Research"
OR_RUN_IN_DIRECT = "You can also run it in our direct messages."
TOPIC_KEPT = f"I'll keep your topic for 30{NBSP}min. In direct messages, only you see the results."
TOPIC_NOT_KEPT = "I no longer have this topic. Send the command again."
ARCHIVED = "This channel is archived, so nothing can be posted here. Send the command in another channel."


def usage(lists: list[str], deep: bool) -> str:
    """How the command is used; ``lists`` are the lists of angles that there are, ``deep`` whether runs may be."""
    depth = "With --deep each angle is split into questions, which takes longer and costs more. "
    return (
        "How to use /research. Type /research and a topic, for example: /research nuclear fusion. "
        "/research list shows the latest runs here. /research status shows what is in progress here. "
        "/research stop stops your run in this channel. "
        '/research nuclear fusion --angles "legal, cost" uses angles of your own. '
        "With --angles auto they are chosen for the topic. "
        f"With --angles @market they come from a list; there are {listed(lists)}. "
        f"{depth if deep else ''}"
        "I look at the topic from three angles (historical, technical, societal), then write a report. The results go "
        "in a thread that everyone in this channel can read."
    )


def usage_body(lists: list[str], deep: bool) -> str:
    depth = "\n`/research nuclear fusion --deep`  each angle split into questions; takes longer, costs more"
    return (
        "*How to use `/research`*\n`/research nuclear fusion`  research a topic in this channel\n"
        "`/research list`  the latest runs here\n`/research status`  what is in progress here\n"
        "`/research stop`  stop your run in this channel\n"
        f'`/research nuclear fusion --angles "legal, cost"`  up to {MOST_ANGLES} angles of your own\n'
        "`/research nuclear fusion --angles auto`  angles chosen for the topic\n"
        f"`/research nuclear fusion --angles @market`  angles from a list: {', '.join(lists)}"
        f"{depth if deep else ''}"
    )


def asked_for(topic: str, deep: bool, usual: UsualCost | None) -> str:
    """What somebody asked for: "research on “tea”", "deep research on “tea” (usually 16–20 calls, about $0.01)"."""
    return f"{f'{DEEP} ' if deep else ''}research on “{topic}”{f' (usually {usual_cost(usual)})' if usual else ''}"


def starting_here(what: str) -> str:
    return f"Starting {what}. You can follow it in this channel; the results go in its thread."


def starting_perhaps(what: str) -> str:
    """It is not known yet whether anything may be posted here."""
    return f"Starting {what}."


def starting_in_direct(what: str) -> str:
    return f"Starting {what}. Everything will appear here."


def starting_in(what: str, where: str) -> str:
    return f"Starting {what} in {where}. Progress and results will appear there."


def moved_to_direct(what: str) -> str:
    return f"Starting {what} in our direct messages."


def kept_for_later(topic: str) -> str:
    return f"Starting in a moment: the bot is restarting. Your research on “{topic}” is saved."


def topic_too_long(number: int) -> str:
    return (
        f"This topic has {number} characters; the limit is {LONGEST_TOPIC}. "
        "Shorten it, or use the form and put the details under Notes."
    )


def text_refused(run_id: str) -> str:
    return (
        "Slack did not accept my message about this topic, so nothing was started. Try rewording the topic. "
        f"Reference for your admin: {run_id}"
    )


def internal(run_id: str) -> str:
    return f"Something went wrong on our side. Nothing was posted. Reference for your admin: {run_id}"


# ---- Why words are no question ----

REFUSED_WORDS = {
    "angles_unquoted": 'Put your angles in quotes after --angles: --angles "legal, cost".',
    "angles_missing": "Name at least one angle.",
    "angles_many": f"That is {{number}} angles; the limit is {MOST_ANGLES}.",
    "angle_long": f"The angle “{{said}}…” has {{number}} characters; the limit is {LONGEST_ANGLE}.",
    "angle_twice": "The angle “{said}” is there twice.",
    "angle_taken": "“{said}” is the report's last section. Choose another name for this angle.",
    "angle_reserved": "“{said}” is a word that I use myself. Choose another name for this angle.",
    "angles_mixed": "“{said}” stands alone. Remove the other angles, or name each of them yourself.",
    "preset_unknown": "There is no list of angles {said}. There are: {known}.",
    "deep_value": "--deep takes no value. Write the word alone, anywhere before, in or behind your topic.",
    "unknown_option": "There is no option {said}. Remove it; the rest is your topic.",
    "topic_short": f"A topic has {SHORTEST_TOPIC} to {LONGEST_TOPIC} characters; this one has {{number}}.",
    "topic_long": f"A topic has {SHORTEST_TOPIC} to {LONGEST_TOPIC} characters; this one has {{number}}.",
}


def misasked(refused: Misasked) -> str:
    """Why words are no question that can be researched, and what to do."""
    return REFUSED_WORDS[refused.cause].format(number=refused.number, said=refused.said, known=", ".join(refused.known))


# ---- Private answers to buttons ----

RUN_STOPPED = "Stopped. Finished angles stay in the thread."
MUTED = "Muted. I won't answer replies in this thread."
UNMUTED = "I answer replies in this thread again."
KEPT_ANSWERING = "I'll keep answering here."
KEPT_FOR_LATER = "Starting in a moment: the bot is restarting. What you asked for is saved."
TRY_LATER = "Try again in a few minutes."
UNKNOWN_CLICK = "This button belongs to an older version of the bot and no longer does anything."
EXPIRED_FORM = "That took too long and Slack closed the request. Press the button again."


def retrying(names: list[str], stay: bool = False) -> str:
    """Angles are being researched anew; what is in the thread of them may ``stay`` until there is more."""
    if stay:
        return f"Retrying {those_angles(names)}. The run's message shows the progress."
    whose = "Its message in the thread shows" if len(names) == 1 else "Their messages in the thread show"
    return f"Retrying {those_angles(names)}. {whose} the progress."


# ---- Why something is not done ----

NOT_SAVED = (
    "I can't save your question right now because my database isn't responding, so nothing was started. Try "
    "again in a few minutes."
)
NOT_LISTED = "I can't look up runs right now because my database isn't responding. Try again in a few minutes."
NOT_DONE = "I can't do this right now because my database isn't responding. Try again in a few minutes."
STOPPED_UNSAVED = "Stopped. My database isn't responding right now, so the run might continue after a restart."
OLD_BUTTON = "This button belongs to an older version of the message. The run has already finished."
OLD_ANSWER = "This button belongs to an older version of the message. Only the person who asked can try again."
GOING_ON = "This run is already in progress. Its message shows how far along it is."
UNDER_WAY = "This run is still in progress. Press the button again once its report is there."
NO_REPORT = f"This run has no report. Press *{TRY_AGAIN}* on its message in the channel."
RUN_FORGOTTEN = "This run's data has been deleted. Start a new run."
CHANNEL_OFF = "Research is switched off for this channel by your admin."
USER_OFF = "Your account may not start research. Ask your admin if you need it."
SHUTTING_DOWN = "The bot is restarting. Try again in a minute."
NOT_STARTED_AGAIN = "The run was not started again."


def not_started_now(topic: str) -> str:
    return f"Not started: “{topic}”."


def too_many_runs(per: str, most: int) -> str:
    """As many runs as there may be at once ``per`` "user" or "workspace"."""
    who = "You already have" if per == "user" else "This workspace already has"
    return f"{who} {count(most, 'run')} in progress, the limit."


def wait_for(topics: list[str]) -> str:
    return f"Wait for one to finish, or stop one: {', '.join(f'“{topic}”' for topic in topics)}."


def no_more_today(per: str, most: int, when: str) -> str:
    """As many runs as there may be in a day ``per`` "user_day" or "workspace_day"."""
    whose = "You have used your" if per == "user_day" else "This workspace has used its"
    return f"{whose} {count(most, 'run')} for today. You can start the next one {when}."


def budget_spent(moment: float) -> str:
    """What may be spent in the month of this moment is spent."""
    return f"This workspace has used its research budget for {month(moment)}. Your admin can raise it."


# ---- The form for a new run ----

FORM_TITLE, FORM_SUBMIT, FORM_CLOSE = "New research", "Start research", "Cancel"
FORM_TOPIC, FORM_TOPIC_EXAMPLE = "Topic", "For example: nuclear fusion"
FORM_ANGLES, FORM_STANDARD, FORM_PLANNED, FORM_OWN = "Angles", "Standard", "Chosen for the topic", "My own"
FORM_PLANNED_SHORT = f"Up to {MOST_ANGLES}{NBSP}angles, picked by the model"
FORM_OWN_SHORT = f"Up to {MOST_ANGLES}, one per line"
FORM_OWN_ANGLES = "Your angles"
FORM_OWN_HINT = f"One per line, up to {MOST_ANGLES}, each at most {LONGEST_ANGLE} characters."
FORM_DEPTH = "Depth"
FORM_PLAIN, FORM_PLAIN_SHORT = "Standard", "One look at each angle"
FORM_DEEP, FORM_DEEP_SHORT = "Deep", "Each angle split into questions; takes longer, costs more"
FORM_DEPTH_OFF = "Deep research is switched off here. Choose Standard."
FORM_NOTES, FORM_NOTES_EXAMPLE = "Notes", "For example: for a panel of engineers, focus on Europe"
FORM_PLACE, FORM_PLACE_EXAMPLE = "Post to", "Select a channel"
FORM_PLACE_HINT = "Everyone in that channel can read the results."
# Why a run cannot be shown in the channel that was chosen.
FORM_PLACES = {
    "place_missing": "Choose where the results go.",
    "place_between_people": (
        "Apps can't post in direct messages between people. Choose a channel, or our direct messages."
    ),
    "place_unjoined": "I'm not a member of that channel. Type /invite @Research there, or choose another channel.",
    "place_archived": "That channel is archived, so nothing can be posted there. Choose another channel.",
}


# ---- Direct messages and the Home tab ----

WELCOME = (
    "Hello. Send me a topic and I will look at it from three angles and write a short report. Only you see it here. "
    "To share results with a team, type /research and a topic in a channel."
)
WELCOME_BODY = (
    "*Send me a topic.* I look at it from three angles and write a short report. Only you see it here.\n"
    "To share results with a team, type `/research` and a topic in a channel."
)
HOME_INTRO = (
    "Name a topic and get three short views of it and a report, in a thread that your team can read and ask about."
)
HOME_NEW, SPOKEN_HOME_NEW = "New research", "Start new research"
HOME_OWN, HOME_NO_OWN = "Your recent runs", "You haven't asked for any research yet."
HOME_PUBLIC, HOME_NO_PUBLIC = "In public channels", "Nothing has been researched in public channels yet."
HOME_HOW = "How to use it"
HOME_HOW_TO = """\
• In a channel: `/research` and a topic.
• On a message: *Research this* in its menu. Or mention me with a topic.
• In a research thread: reply with a question. No mention needed.
• To silence me in a thread: reply `mute`.
• Here under Messages: send me a topic. Only you see the results."""
HOME_MORE = "`/research list` in a channel shows its last 20. Only you see this page."
HOME_OPEN = "Open"
DIRECT_MESSAGE, YOU = "direct message", "you"


def spoken_open(topic: str) -> str:
    return f"Open research on {topic}"


def showing(number: int, total: int) -> str:
    return f"Showing {position(number, total)}."


def used(now: tuple[int, int], today: tuple[int, int]) -> str:
    """How many runs somebody has, and how many there may be, 0 where there is no limit."""
    said_now, said_today = (position(number, most) if most else str(number) for number, most in (now, today))
    return f"Your runs in progress: {said_now} · today: {said_today}"


# ---- Runs in a list ----


def newest_of(number: int, total: int) -> str:
    return f"(the newest {position(number, total)})"


def listed_done(found: int, total: int) -> str:
    return f"Done: {ready(found, total)}"


def listed_partly_done(found: int, total: int, lacking: str) -> str:
    return f"Partly done: {ready(found, total)}, {lacking} failed"


def listed_stopped(whom: str) -> str:
    return f"Stopped by {whom}" if whom else "Stopped"


def listed_working(found: int, total: int) -> str:
    return f"Working: {ready(found, total)} done"


LISTED_FAILED, LISTED_WRITING = "Failed", "Writing the report"


# ---- A run in the terminal ----

REPORT_NOT_WRITTEN, REPORT_WITHOUT_SYNTHESIS = "not written", "done, without its synthesis"
RUN_BROKEN = "Failed: something went wrong on our side."
TINY_SHOWS_THE_FLOW = "It shows how a run goes. Its texts sound fluent, and their facts are likely invented."
TINY_SYNTHESIS = (
    "*Not written.* So small a model cannot bring findings together. With a model of your own, this section "
    "says where the angles connect, where they conflict, and which questions stay open.\n\n"
    "For the next start set `OPENAI_API_KEY` for OpenAI, or `OPENAI_BASE_URL` and `OPENAI_MODEL` for any other "
    "endpoint, or start a model server on this machine, such as Ollama."
)
NOT_ENGLISH = (
    "The topic does not seem to be English, the only language it knows: its texts may be about something else."
)


def using_server(model: str, name: str, address: str) -> str:
    """Which model of this machine is used; ``name`` is what its server is, "" where that is not known."""
    return (
        f"Using {model} on {name or 'the model server'} at {address}. "
        "OPENAI_MODEL chooses another, --embedded the tiny one that comes along."
    )


def using_tiny(name: str, wanted: str, chosen: bool) -> str:
    """Why the tiny model is used: it was ``chosen``, or no server lists the one ``wanted``, "" for any."""
    found = f"on this machine lists {wanted}" if wanted else "was found on this machine"
    why = "" if chosen else f": no key is set, and no model server {found}"
    return f"Using the tiny model that comes along, {name}{why}."


def from_article(title: str, source: str, licence: str) -> str:
    """Whose words a quotation is: an encyclopedia's ``source``, under a ``licence``."""
    return f"From {source}'s article “{title}” ({licence}), kept on this machine. The model has not read it."


def after_the_angles(total: int) -> str:
    return f"after the {'angle' if total == 1 else 'angles'}"


def one_after_another(seconds: float) -> str:
    return f"{duration(seconds)} if one after another"


def no_angle_at_all(why: str) -> str:
    return f"Failed: none of the angles could be completed. {capital(why)}."


def no_report_at_all(why: str) -> str:
    return f"Failed: the report could not be written: {why}."


def no_synthesis(why: str) -> str:
    return f"Partly done: the synthesis could not be written: {why}."


def price_unknown(setting: str, model: str) -> str:
    return f"{setting} does not hold: it is not known what {model} costs."


def limit_used(limit: Limit) -> str:
    return f"Limit reached: {_may_use(limit)}."


# ---- Why something failed ----

ADMIN = "Ask your admin to"
# By a failure's cause: in a clause, and as a sentence with its numbers; neither ends in a full stop.
FAILURES = {
    "model_timeout": ("the model did not answer in time", "the model did not answer within {limit} ({tried})"),
    "rate_limited": ("the model provider is limiting our requests", "{short}. We waited {waited} and tried {times}"),
    "out_of_credit": ("our account with the model provider has no credit left", "{short}. Your admin can add some"),
    "provider_down": ("the model provider had an error", "{short} ({tried})"),
    "unreachable": ("the model provider could not be reached", "{short} ({tried}){because}"),
    "model_refused": ("the model declined it", "the model declined to write about this topic. Rewording it may help"),
    "empty_or_cut": ("the model's answer was incomplete", "{short} ({tried}){because}"),
    "context_too_long": (
        "it is too long for the model",
        "the topic and its instructions are too long for the model",
    ),
    "key_rejected": ("the model provider rejected our key", f"{{short}}. {ADMIN} check it. Nothing was charged"),
    "not_served_here": (
        "the model provider does not serve the place where the bot runs",
        f"{{short}}. {ADMIN} choose another one",
    ),
    "untrusted": ("the model provider's certificate was not accepted", f"{{short}}{{because}}. {ADMIN} check it"),
    "unintelligible": ("the model provider sent an answer that cannot be read", "{short} ({tried})"),
    "request_rejected": (
        "the model provider did not accept our request",
        f"{{short}}{{because}}. {ADMIN} check the model's name and address",
    ),
    "text_refused": ("Slack did not accept its text", "the text was written, but Slack did not accept it"),
    "time_limit": ("the run reached its time limit of {limit}", "{short}"),
    "call_limit": ("the run reached its limit of {limit}", "{short}"),
    "token_limit": ("the run reached its limit of {limit}", "{short}"),
    "price_limit": ("the run reached its limit of {limit}", "{short}"),
    "nonsense": ("the model wrote nothing that can be read as a text", "{short}"),
    "internal": ("something went wrong on our side", "{short}"),
}
UNNAMED = ("the model gave no answer", "{short} ({tried})")
AT_ONCE = "{short} ({tried})"  # for a failure whose sentence tells of waiting, where there was none


def short(failure: Failure) -> str:
    """What failed, in a clause: "the model did not answer in time"."""
    if failure.told:
        return failure.told[1]
    return FAILURES.get(failure.cause, UNNAMED)[0].format(limit=_limit(failure))


def sentence(failure: Failure) -> str:
    """The same with its numbers: "the model did not answer within 90 s (tried 2 times)"; no full stop."""
    if failure.told:
        return failure.told[0]
    told = FAILURES.get(failure.cause, UNNAMED)[1]
    times = count(failure.tries, "time")
    return (AT_ONCE if "{waited}" in told and not failure.waited else told).format(
        short=short(failure),
        tried="tried once" if failure.tries == 1 else f"tried {times}",
        times=times,
        waited=patience(failure.waited),
        limit=_limit(failure),
        because=f": {failure.because}" if failure.because else "",
    )


def _may_use(limit: Limit) -> str:
    """What a limit is, whether or not all of it was used: what is too little for one call more is left."""
    return f"this run may use at most {allowed(limit)}"


def _limit(failure: Failure) -> str:
    return allowed(failure.reached) if failure.reached else patience(failure.limit)


# ---- Numbers, times and lists ----

# For those whose time zone is not known; moments are in seconds since the epoch.
MIDNIGHT = "tomorrow at 00:00 UTC"


def clock(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%H:%M UTC")


def date(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%-d %b %Y, %H:%M UTC")


def date_in_full(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%-d %B %Y, %H:%M UTC")


def month(moment: float) -> str:
    """The month of a moment (UTC): "November"."""
    return datetime.fromtimestamp(moment, UTC).strftime("%B")


def day_at(day: str, time: str) -> str:
    return f"{day} at {time}"


def duration(seconds: float) -> str:
    """Seconds as "under 1 s", "41 s", "1 min 48 s", "6 min" or "1 h 5 min", each number bound to its unit."""
    if seconds < 1:
        return f"under 1{NBSP}s"
    whole = int(seconds + 0.5)
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    parts = [(hours, "h"), (minutes, "min"), (0 if hours else rest, "s")]
    return " ".join(f"{number}{NBSP}{unit}" for number, unit in parts if number)


def patience(seconds: float) -> str:
    """A limit or a wait as it was set: "90 s" and not "1 min 30 s", "6 min" from two minutes on."""
    return duration(seconds) if seconds < 1 or seconds > 120 else f"{seconds:.0f}{NBSP}s"


def usually(low: float, high: float) -> str:
    """How long something mostly takes, from ``low`` to ``high`` seconds: "usually 20–40 s", "usually 1–2 min"."""
    size, unit = (60, "min") if high > 60 else (10, "s")
    least, most = int(low // size), math.ceil(high / size) or 1
    factor = 1 if unit == "min" else size
    if not least:
        return f"usually under {most * factor}{NBSP}{unit}"
    numbers = f"{least * factor}" if least == most else f"{least * factor}–{most * factor}"
    return f"usually {numbers}{NBSP}{unit}"


def usual_cost(usual: UsualCost) -> str:
    """What something mostly costs, behind "usually": "16–20 calls, about $0.01"."""
    least, most = usual.calls
    calls = count(most, "call", NBSP) if least == most else f"{least:,}–{count(most, 'call', NBSP)}"
    return ", ".join([calls, *([price(usual.dollars)] if usual.dollars else [])])


def allowed(limit: Limit) -> str:
    """A run's limit as it was set: "6 min", "60 model calls", "50,000 tokens", "$0.50"."""
    match limit.cause:
        case "call_limit":
            return count(round(limit.most), "model call", NBSP)
        case "token_limit":
            return tokens(round(limit.most))
        case "price_limit":
            whole, _, cents = f"{limit.most:,.6f}".rstrip("0").partition(".")
            return f"${whole}.{cents:0<2}"
    return patience(limit.most)


def count(number: int, noun: str, joint: str = " ") -> str:
    """A number and its noun, the noun in the plural where it must be: "1 model call", "2 attempts"."""
    return f"{number:,}{joint}{noun}{'' if number == 1 else 's'}"


def angles(number: int) -> str:
    """ "3 angles", which never breaks."""
    return count(number, "angle", NBSP)


def tokens(number: int) -> str:
    """ "9,840 tokens", which never breaks."""
    return count(number, "token", NBSP)


def price(dollars: Decimal) -> str:
    """Dollars as "about $0.03"; under one cent with three decimals, under a tenth of one "under $0.001"."""
    if dollars < Decimal("0.0005"):
        return "under $0.001"
    return f"about ${dollars:.3f}" if dollars < Decimal("0.01") else f"about ${dollars:.2f}"


def cost(usage: Usage) -> list[str]:
    """The phrases that say what a run cost: calls, tokens if they are known, dollars if they are known."""
    return [count(usage.calls, "model call"), *tokens_used(usage), *paid(usage)]


def tokens_used(usage: Usage) -> list[str]:
    """The phrase that says how many tokens were used; none where that is not known."""
    if usage.tokens is None:
        return []
    return [f"at least {tokens(usage.tokens)}" if usage.estimated else tokens(usage.tokens)]


def paid(usage: Usage) -> list[str]:
    """The phrase that says what a run cost in dollars; none where that is not known."""
    if usage.local:
        return ["no cost (local model)"]
    if usage.tokens == 0:
        return ["no cost"]
    if usage.price is None or not usage.metered:
        return []
    return [price(usage.price).replace("about", "at least") if usage.estimated else price(usage.price)]


def capital(sentence: str) -> str:
    """The sentence with a capital first letter."""
    return sentence[:1].upper() + sentence[1:]


def listed(names: list[str]) -> str:
    """Names as a sentence holds them: "a", "a and b", "a, b and c"."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
