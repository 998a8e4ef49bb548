"""What the bot says to replies in a thread: values in, messages out. Pure."""

from __future__ import annotations

from bot.research.run_state import Run
from bot.research.words.en import NBSP, capital, cost, count, duration, listed
from bot.service.errors import AskedTooOften
from bot.service.jobs import ReplyJob
from bot.service.transcript import Answer, Verdict
from bot.slack.format.blocks import Block, Message, action_button, clock, context, section
from bot.slack.format.escape import escape
from bot.slack.format.markdown import defuse, plain
from bot.slack.messages.thread import TEXT_LIMIT, pages

QUOTE_LIMIT = 120  # characters of a question that are said back; the whole of it stands in the thread
TRY_AGAIN, NEW_RUN = "research.followup.retry", "research.followup.new_run"
MUTE, KEEP, UNMUTE = "research.thread.mute", "research.thread.keep", "research.thread.unmute"


def answer_messages(run: Run, ask: ReplyJob, answer: Answer, limit: int = TEXT_LIMIT) -> list[Message]:
    """An answer, or why there is none, in as many messages of at most ``limit`` characters as it takes."""
    if answer.verdict is Verdict.FAILED:
        return [_failed(run, ask, answer)]
    declined = answer.verdict is Verdict.DECLINED
    source = _looked_in(run) if declined else _rests_on(answer)
    notes = " · ".join([source, duration(answer.seconds), *cost(answer.usage)[1:]])
    buttons = (
        [_button(NEW_RUN, "Research this instead", ask, "Research this question as a new topic")] if declined else []
    )

    def page(number: int, total: int, text: str) -> Message:
        first, last = number == 1, number == total
        body = {"type": "markdown", "block_id": "research.answer.body", "text": defuse(text)}
        blocks = [*([_to(ask)] if first else []), body]
        spoken = f"{_whom(ask)}{escape(plain(text))}" if first else escape(plain(text))
        if last:
            blocks += [*buttons, context("research.answer.notes", notes)]
            spoken += " With the button Research this instead it becomes a new topic." if declined else f" {source}."
        return _message(run, ask, number, spoken, blocks)

    return pages(answer.text, page, limit)


def _failed(run: Run, ask: ReplyJob, answer: Answer) -> Message:
    why = escape(capital(answer.text))
    text = f"{_whom(ask)}I could not answer this question. {why}. Try again with the button Try again."
    blocks = [
        _to(ask),
        section("research.answer.status", f"✕  *I could not answer this question.* {why}."),
        _button(TRY_AGAIN, "Try again", ask, "Try to answer this question again"),
    ]
    return _message(run, ask, 1, text, blocks)


def muted_message(run: Run, ask: ReplyJob, me: str, is_muted: bool) -> Message:
    """The thread is silent from now on, or no longer."""
    whom = f"<@{ask.asker}>"
    if not is_muted:
        text = f"Answering again, as {whom} asked."
        blocks: list[Block] = [section("research.note.status", text)]
    else:
        said = f"by {whom}. I won't answer replies in this thread. Mention <@{me}> for a single answer"
        text = f"Muted {said}, or press Unmute."
        blocks = [section("research.note.status", f"*Muted* {said}."), _actions("note", _unmute(run))]
    return Message("note", run.id, f"note/muted/{ask.ts}", text, tuple(blocks))


def offer(run_id: str) -> tuple[str, list[Block]]:
    """Whether the bot shall stay silent: text and blocks."""
    buttons = [
        action_button(MUTE, "Mute me", run_id, "Mute the research bot in this thread"),
        action_button(KEEP, "Keep answering", run_id, "Keep the research bot answering in this thread"),
    ]
    question = "Should I stay quiet in this thread?"
    blocks = [section("research.note.status", question), _actions("note", *buttons)]
    return f"{question} Press Mute me, or reply mute.", blocks


def refusal(error: Exception) -> str:
    """Why a reply gets no answer; escaped."""
    if not isinstance(error, AskedTooOften):
        return "This run's data has been deleted. Start a new run to ask more."
    asked, when = ("You have asked", "this hour") if error.per == "user" else ("This thread has had", "today")
    most = count(error.most, "question")
    return f"{asked} {most} {when}, the limit. You can ask the next one at {clock(error.next_at)}."


def _to(ask: ReplyJob) -> Block:
    quote = " ".join(ask.text.split())
    quote = quote if len(quote) <= QUOTE_LIMIT else f"{quote[: QUOTE_LIMIT - 1].rstrip()}…"
    whom = f"For <@{ask.asker}>: " if not _direct(ask) else ""
    return context("research.answer.to", f"{whom}“{escape(quote)}”")


def _whom(ask: ReplyJob) -> str:
    return "" if _direct(ask) else f"For <@{ask.asker}>: "


def _direct(ask: ReplyJob) -> bool:
    return ask.thread.startswith("D")


def _rests_on(answer: Answer) -> str:
    if not answer.angles:
        return "From the findings of this thread"
    return f"From the {escape(listed(list(answer.angles)))} angle{'' if len(answer.angles) == 1 else 's'}"


def _looked_in(run: Run) -> str:
    report = " and the report" if run.report_link else ""
    return f"Looked in all {count(len(run.findings), 'angle', NBSP)}{report}"


def _button(action: str, label: str, ask: ReplyJob, spoken: str) -> Block:
    return _actions("answer", action_button(action, label, f"{ask.run_id}/{ask.ts}", spoken))


def _unmute(run: Run) -> Block:
    return action_button(UNMUTE, "Unmute", run.id, "Let the research bot answer in this thread again")


def _actions(message: str, *buttons: Block) -> Block:
    return {"type": "actions", "block_id": f"research.{message}.actions", "elements": list(buttons)}


def _message(run: Run, ask: ReplyJob, number: int, text: str, blocks: list[Block]) -> Message:
    part = f"answer/{ask.ts}" + (f"/{number}" if number > 1 else "")
    return Message("answer", run.id, part, text.replace(NBSP, " "), tuple(blocks))
