"""What the bot says to replies in a thread: values in, messages out. Pure."""

from __future__ import annotations

from bot.research import words
from bot.research.evidence.provenance import labels
from bot.research.run_state import Run
from bot.research.words import NBSP, cost, duration
from bot.service.errors import AskedTooOften, Forgotten, Refusal
from bot.service.jobs import ReplyJob
from bot.service.transcript import Answer, Verdict
from bot.slack.format.blocks import Block, Message, action_button, bold, clock, context, section
from bot.slack.format.escape import escape
from bot.slack.messages.refusals import TOLD
from bot.slack.messages.sources import Cited
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
    notes = " · ".join([source, *labels(run), duration(answer.seconds), *cost(answer.usage)[1:]])
    buttons = [_button(NEW_RUN, words.NEW_TOPIC, ask, words.SPOKEN_NEW_TOPIC)] if declined else []

    cited = Cited(run.sources)

    def page(number: int, total: int, text: str) -> Message:
        first, last = number == 1, number == total
        blocks = [*([_to(ask)] if first else []), cited.body("answer", text), *cited.line("answer", text)]
        spoken = f"{_whom(ask) if first else ''}{cited.spoken(text)}{cited.spoken_line(text)}"
        if last:
            blocks += [*buttons, context("research.answer.notes", notes)]
            spoken += f" {words.HOW_TO_NEW_TOPIC}" if declined else f" {source}."
            spoken += "".join(f" {words.capital(label)}." for label in labels(run))
        return _message(run, ask, number, spoken, blocks)

    return pages(answer.text, cited, page, limit)


def _failed(run: Run, ask: ReplyJob, answer: Answer) -> Message:
    why = escape(words.capital(answer.text))
    text = f"{_whom(ask)}{words.spoken_answer_failed(why)}"
    blocks = [
        _to(ask),
        section("research.answer.status", f"✕  *{words.ANSWER_FAILED}* {why}."),
        _button(TRY_AGAIN, words.TRY_AGAIN, ask, words.SPOKEN_ANSWER_AGAIN),
    ]
    return _message(run, ask, 1, text, blocks)


def muted_message(run: Run, ask: ReplyJob, me: str, is_muted: bool) -> Message:
    """The thread is silent from now on, or no longer."""
    whom, bot = f"<@{ask.asker}>", f"<@{me}>"
    if not is_muted:
        text = words.unmuted(whom)
        blocks: list[Block] = [section("research.note.status", text)]
    else:
        text = words.spoken_muted(whom, bot)
        blocks = [section("research.note.status", bold(words.muted(whom, bot))), _actions("note", _unmute(run))]
    return Message("note", run.id, f"note/muted/{ask.ts}", text, tuple(blocks))


def offer(run_id: str) -> tuple[str, list[Block]]:
    """Whether the bot shall stay silent: text and blocks."""
    buttons = [
        action_button(MUTE, words.MUTE, run_id, words.SPOKEN_MUTE),
        action_button(KEEP, words.KEEP_ANSWERING, run_id, words.SPOKEN_KEEP_ANSWERING),
    ]
    return words.SPOKEN_SHALL_I_MUTE, [section("research.note.status", words.SHALL_I_MUTE), _actions("note", *buttons)]


def refusal(error: Refusal) -> str:
    """Why a reply gets no answer; escaped."""
    if isinstance(error, AskedTooOften):
        return words.asked_too_often(error.per, error.most, clock(error.next_at))
    return words.DATA_DELETED if isinstance(error, Forgotten) else TOLD[type(error)]


def _to(ask: ReplyJob) -> Block:
    quote = " ".join(ask.text.split())
    quote = quote if len(quote) <= QUOTE_LIMIT else f"{quote[: QUOTE_LIMIT - 1].rstrip()}…"
    return context("research.answer.to", f"{_whom(ask)}“{escape(quote)}”")


def _whom(ask: ReplyJob) -> str:
    """Who is answered, "" in direct messages."""
    return "" if ask.thread.startswith("D") else words.answer_to(f"<@{ask.asker}>")


def _rests_on(answer: Answer) -> str:
    return words.answered_from([escape(name) for name in answer.angles])


def _looked_in(run: Run) -> str:
    return words.looked_in(len(run.findings), bool(run.report_link))


def _button(action: str, label: str, ask: ReplyJob, spoken: str) -> Block:
    return _actions("answer", action_button(action, label, f"{ask.run_id}/{ask.ts}", spoken))


def _unmute(run: Run) -> Block:
    return action_button(UNMUTE, words.UNMUTE, run.id, words.SPOKEN_UNMUTE)


def _actions(message: str, *buttons: Block) -> Block:
    return {"type": "actions", "block_id": f"research.{message}.actions", "elements": list(buttons)}


def _message(run: Run, ask: ReplyJob, number: int, text: str, blocks: list[Block]) -> Message:
    part = f"answer/{ask.ts}" + (f"/{number}" if number > 1 else "")
    return Message("answer", run.id, part, text.replace(NBSP, " "), tuple(blocks))
