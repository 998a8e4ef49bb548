"""Private answers to a command: values in, payloads out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.research.errors import LimitReached
from bot.research.model import LONGEST_TOPIC, SHORTEST_TOPIC, Question
from bot.research.wording import NBSP, count
from bot.slack.blocks import context, plain_text, section
from bot.slack.mrkdwn import escape

Payload = dict[str, Any]

COMMAND = "/research"
OPTION_SHOWN = 40  # characters of an unknown option that are said back


def private(text: str, blocks: list[Payload] | None = None) -> Payload:
    """A private answer; ``text`` is escaped already."""
    answer = {"response_type": "ephemeral", "replace_original": False, "text": text}
    return answer | ({"blocks": blocks} if blocks else {}) | {"unfurl_links": False, "unfurl_media": False}


def starting(question: Question) -> Payload:
    """The command arrived."""
    where = "Progress appears in this channel, results in its thread."
    if question.place.direct:
        where = "Everything appears here."
    return private(f"Starting research on “{escape(question.topic)}”. {where}")


def usage() -> Payload:
    """How the command is used."""
    text = (
        f"How to use {COMMAND}. Type {COMMAND} and a topic, for example: {COMMAND} nuclear fusion. I look at the topic "
        "from three angles (historical, technical, societal), then write a report. Results go to a thread that "
        "everyone in this channel can read."
    )
    body = f"*How to use `{COMMAND}`*\n`{COMMAND} nuclear fusion`  research a topic in this channel"
    notes = "Three angles (historical, technical, societal), then a report, in a thread that everyone here can read."
    return private(text, [section("research.usage.body", body), context("research.usage.notes", notes)])


def topic_refused(topic: str) -> Payload | None:
    """Why this topic cannot be researched, if it cannot: its length in characters decides."""
    if len(topic) < SHORTEST_TOPIC:
        return private(f"I need a topic, for example: {COMMAND} nuclear fusion")
    if len(topic) > LONGEST_TOPIC:
        return private(f"This topic has {len(topic)} characters; the limit is {LONGEST_TOPIC}. Shorten it.")
    return None


SHUTTING_DOWN = private("The bot is restarting. Send the command again in a minute.")


def internal(run_id: str) -> Payload:
    """Something broke before anything was posted."""
    return private(f"Something went wrong on our side. Nothing was posted. Reference for your admin: {run_id}")


START_DM = "research.run.start_dm"
MEMBER = "I cannot post in this channel because I am not a member."
MEMBER_TODO = "To run it here, type {invite}, then send the command again."
PEOPLE = "Apps cannot post in direct messages between people."
PEOPLE_TODO = "Run it in our direct messages, or send the command in a channel."
READ_ONLY = "Only some people may post in this channel."
READ_ONLY_TODO = "Send the command in another channel, or run it in our direct messages."
ARCHIVED = private("This channel is archived, so nothing can be posted. Send the command in another channel.")
KEPT = f"Your topic is kept for 30{NBSP}min. In direct messages only you see the results."
NOT_KEPT = private("This topic is no longer kept. Send the command again.")


def not_posted(code: str, question: Question, kept: str) -> Payload:
    """Slack did not take the root message; ``code`` is its own, ``kept`` names the topic for the button."""
    if code in ("not_in_channel", "channel_not_found", "missing_scope"):
        if question.place.between_people:
            return _elsewhere(PEOPLE, PEOPLE_TODO, kept)
        return _elsewhere(MEMBER, MEMBER_TODO, kept)
    if code.startswith("restricted_action"):
        return _elsewhere(READ_ONLY, READ_ONLY_TODO, kept)
    return ARCHIVED if code == "is_archived" else internal(question.run_id)


def _elsewhere(why: str, todo: str, kept: str) -> Payload:
    """Why it cannot run here, what the asker can do, and the button that runs it in direct messages."""
    invite = "/invite @Research"
    button = {
        "type": "button",
        "action_id": START_DM,
        "text": plain_text("Run it in our direct messages"),
        "value": kept,
        "accessibility_label": "Run this research in direct messages with Research",
    }
    blocks = [
        section("research.member.status", f"*{why}*\n{todo.format(invite=f'`{invite}`')}"),
        {"type": "actions", "block_id": "research.member.actions", "elements": [button]},
        context("research.member.notes", KEPT),
    ]
    spoken = f"{why} {todo.format(invite=invite)} You can also run it in our direct messages. {KEPT}"
    return private(spoken.replace(NBSP, " "), blocks)


def moved_to_direct(question: Question) -> Payload:
    """The button was pressed: its message gives way to this."""
    return private(f"Starting research on “{escape(question.topic)}” in our direct messages.") | {
        "replace_original": True
    }


def unknown_option(option: str) -> Payload:
    """A word that looks like an option and is none."""
    shown = escape(option[:OPTION_SHOWN])
    return private(f"I do not know the option {shown}. Leave it out: every other word is part of the topic.")


def limit_reached(limit: LimitReached, topic: str) -> Payload:
    """As many runs as there may be."""
    most = limit.most
    match limit.per:
        case "user":
            return _busy(f"You have {count(most, 'run')} in progress, the most at one time.", limit, topic)
        case "workspace":
            said = f"{count(most, 'run')} {'is' if most == 1 else 'are'} in progress in this workspace, the most at "
            return private(f"{said}one time. Try again in a few minutes.")
        case "user_day":
            whose = f"You have used your {count(most, 'run')} for today."
        case _:
            whose = f"This workspace has used its {count(most, 'run')} for today."
    return private(f"{whose} The next is possible tomorrow at {_midnight()}.")


def _busy(status: str, limit: LimitReached, topic: str) -> Payload:
    todo = f"Wait for one to finish: {', '.join(f'“{escape(running.topic)}”' for running in limit.running)}."
    note = f"Your topic was not started: “{escape(topic)}”."
    blocks = [section("research.busy.status", f"*{status}*\n{todo}"), context("research.busy.notes", note)]
    return private(f"{status} {todo} {note}", blocks)


def _midnight() -> str:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return f"<!date^{int((today + timedelta(days=1)).timestamp())}^{{time}}|00:00 UTC>"
