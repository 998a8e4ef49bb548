"""Private answers to a command: values in, payloads out."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.research import words
from bot.research.errors import Misasked
from bot.research.model import Question, UsualCost
from bot.research.presets import Presets
from bot.research.words import NBSP
from bot.service.errors import LimitReached
from bot.slack.format.blocks import Block, action_button, actions, context, date, section
from bot.slack.format.escape import escape
from bot.slack.format.plainer import of_content

Payload = dict[str, Any]
# Sends a private answer to a response_url.
Answer = Callable[[str, Payload], Awaitable[None]]

COMMAND = "/research"
OPEN_FORM = "research.form.open"
START_DM = "research.run.start_dm"


def private(text: str, blocks: list[Payload] | None = None) -> Payload:
    """A private answer; ``text`` is escaped already."""
    answer = {"response_type": "ephemeral", "replace_original": False, "text": text}
    return answer | ({"blocks": blocks} if blocks else {}) | {"unfurl_links": False, "unfurl_media": False}


def _asked_for(question: Question, usual: UsualCost | None) -> str:
    said = words.asked_for(escape(question.topic), question.deep, usual)
    return said.replace(NBSP, " ")


def starting(question: Question, usual: UsualCost | None = None) -> Payload:
    """The command arrived; ``usual`` is what such a run costs."""
    place = question.place
    elsewhere = words.starting_here if place.public else words.starting_perhaps
    say = words.starting_in_direct if place.direct else elsewhere
    return private(say(_asked_for(question, usual)))


def starting_plainly(question: Question) -> Payload:
    """The command arrived, but nothing is researched as deeply as it asks for."""
    said = starting(question.model_copy(update={"deep": False}))["text"]
    return private(f"{said} {words.DEPTH_OFF}")


def kept(question: Question) -> Payload:
    """The command arrived while the bot stops: the next one begins with it."""
    return private(words.kept_for_later(escape(question.topic)))


def starting_elsewhere(question: Question, usual: UsualCost | None = None) -> Payload:
    """It begins in another channel than the one in which it was asked for."""
    return private(words.starting_in(_asked_for(question, usual), f"<#{question.place.channel}>"))


def usage(presets: Presets, deep: bool = True) -> Payload:
    """How the command is used; ``presets`` are the lists of angles that there are, ``deep`` whether runs may be."""
    lists = [escape(f"@{name}") for name in presets]
    body = section("research.usage.body", words.usage_body(lists, deep))
    blocks = [body, context("research.usage.notes", words.USAGE_NOTES)]
    return private(words.usage(lists, deep), [*blocks, actions("research.usage.actions", [form_button()])])


def form_button() -> Block:
    """A button that opens the form."""
    return action_button(OPEN_FORM, words.OPEN_FORM, "new", words.SPOKEN_OPEN_FORM)


def misasked(refused: Misasked) -> Payload:
    """Why these words cannot be researched."""
    if refused.cause == "topic_short":
        return private(words.TOPIC_WANTED)
    if refused.cause == "topic_long":
        return private(words.topic_too_long(refused.number))
    return private(escape(words.misasked(refused)))


def not_posted(code: str, question: Question) -> Payload:
    """Slack did not take the root message; ``code`` is its own."""
    if code in ("not_in_channel", "channel_not_found", "missing_scope"):
        return _elsewhere(words.BETWEEN_PEOPLE if question.place.between_people else words.NOT_A_MEMBER, question)
    if code.startswith("restricted_action"):
        return _elsewhere(words.READ_ONLY, question)
    if of_content(code):
        return private(words.text_refused(question.run_id))
    return private(words.ARCHIVED if code == "is_archived" else words.internal(question.run_id))


def _elsewhere(headed: words.Headed, question: Question) -> Payload:
    """Why it cannot run here, what the asker can do, and the button that runs it in direct messages."""
    why, todo = headed
    button = action_button(START_DM, words.RUN_IN_DIRECT, question.run_id, words.SPOKEN_RUN_IN_DIRECT)
    blocks = [
        section("research.member.status", f"*{why}*\n{todo}"),
        actions("research.member.actions", [button]),
        context("research.member.notes", words.TOPIC_KEPT),
    ]
    text = f"{why} {todo.replace('`', '')} {words.OR_RUN_IN_DIRECT} {words.TOPIC_KEPT}"
    return private(text.replace(NBSP, " "), blocks)


def moved_to_direct(question: Question, usual: UsualCost | None = None) -> Payload:
    """The button was pressed: its message gives way to this."""
    return private(words.moved_to_direct(_asked_for(question, usual))) | {"replace_original": True}


def limit_reached(limit: LimitReached) -> Payload:
    """As many runs as there may be."""
    match limit.per:
        case "user":
            return _busy(words.too_many_runs(limit.per, limit.most), limit)
        case "workspace":
            return private(f"{words.too_many_runs(limit.per, limit.most)} {words.TRY_LATER}")
        case "budget_month":
            return private(words.budget_spent(time.time()))
    return private(words.no_more_today(limit.per, limit.most, _midnight()))


def _busy(status: str, limit: LimitReached) -> Payload:
    todo = words.wait_for([escape(running.topic) for running in limit.running])
    note = words.not_started_now(escape(limit.topic)) if limit.topic else words.NOT_STARTED_AGAIN
    blocks = [section("research.busy.status", f"*{status}*\n{todo}"), context("research.busy.notes", note)]
    return private(f"{status} {todo} {note}", blocks)


def _midnight() -> str:
    """When the day of the limits ends, UTC."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return date((today + timedelta(days=1)).timestamp(), words.MIDNIGHT)
