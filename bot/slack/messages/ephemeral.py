"""Private answers to a command: values in, payloads out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.research.errors import Misasked
from bot.research.model import LONGEST_TOPIC, Question
from bot.research.words import en as words
from bot.research.words.en import NBSP, count
from bot.service.errors import LimitReached
from bot.slack.format.blocks import action_button, context, section
from bot.slack.format.escape import escape
from bot.slack.format.plainer import of_content

Payload = dict[str, Any]
# Sends a private answer to a response_url.
Answer = Callable[[str, Payload], Awaitable[None]]

COMMAND = "/research"
OPEN_FORM = "research.form.open"
OWN = '--angles "legal, cost"'


def private(text: str, blocks: list[Payload] | None = None) -> Payload:
    """A private answer; ``text`` is escaped already."""
    answer = {"response_type": "ephemeral", "replace_original": False, "text": text}
    return answer | ({"blocks": blocks} if blocks else {}) | {"unfurl_links": False, "unfurl_media": False}


def starting(question: Question) -> Payload:
    """The command arrived."""
    where = "You can follow it in this channel; the results go in its thread."
    if question.place.direct:
        where = "Everything will appear here."
    return private(f"Starting research on “{escape(question.topic)}”. {where}")


def kept(question: Question) -> Payload:
    """The command arrived while the bot stops: the next one begins with it."""
    return private(
        f"The bot is restarting. Your research on “{escape(question.topic)}” is saved and will begin in a moment."
    )


def starting_elsewhere(question: Question) -> Payload:
    """It begins in another channel than the one in which it was asked for."""
    where = f"<#{question.place.channel}>"
    return private(
        f"Starting research on “{escape(question.topic)}” in {where}. Progress and results will appear there."
    )


def usage() -> Payload:
    """How the command is used."""
    text = (
        f"How to use {COMMAND}. Type {COMMAND} and a topic, for example: {COMMAND} nuclear fusion. "
        f"{COMMAND} list shows the latest runs here. {COMMAND} status shows what is in progress here. "
        f"{COMMAND} stop stops your run in this channel. {COMMAND} nuclear fusion {OWN} uses angles of your own. "
        "I look at the topic from three angles (historical, technical, societal), then write a report. The results go "
        "in a thread that everyone in this channel can read."
    )
    body = (
        f"*How to use `{COMMAND}`*\n`{COMMAND} nuclear fusion`  research a topic in this channel\n"
        f"`{COMMAND} list`  the latest runs here\n`{COMMAND} status`  what is in progress here\n"
        f"`{COMMAND} stop`  stop your run in this channel\n"
        f"`{COMMAND} nuclear fusion {OWN}`  up to 6 angles of your own"
    )
    notes = "Three angles (historical, technical, societal), then a report, in a thread that everyone here can read."
    button = action_button(OPEN_FORM, "Open the form", "new", "Open the research form to choose angles and add notes")
    actions = {"type": "actions", "block_id": "research.usage.actions", "elements": [button]}
    return private(text, [section("research.usage.body", body), context("research.usage.notes", notes), actions])


def misasked(refused: Misasked) -> Payload:
    """Why these words cannot be researched."""
    if refused.cause == "topic_short":
        return private(f"I need a topic, for example: {COMMAND} nuclear fusion")
    if refused.cause == "topic_long":
        told = f"This topic has {refused.number} characters; the limit is {LONGEST_TOPIC}."
        return private(f"{told} Shorten it, or use the form and put the details under Notes.")
    return private(escape(words.misasked(refused)))


STORE_DOWN = private(
    "I can't save your question right now because my database isn't responding, so nothing was started. Try "
    "again in a few minutes."
)
LIST_DOWN = private("I can't look up runs right now because my database isn't responding. Try again in a few minutes.")
NOTHING_TO_STOP = private("You have no run in progress in this channel.")
STOPPED = private("Stopped. Finished angles stay in the thread.")
STOPPED_UNSAVED = private("Stopped. My database isn't responding right now, so the run might continue after a restart.")
STALE = private("This button belongs to an older version of the message. The run has already finished.")
GOING_ON = private("This run is already in progress. Its message shows how far along it is.")
STALE_ANSWER = private(
    "This button belongs to an older version of the message. Only the person who asked can try again."
)
MUTED = private("Muted. I won't answer replies in this thread.")
KEPT_ANSWERING = private("I'll keep answering here.")
KEPT_FOR_LATER = private("The bot is restarting. What you asked for is saved and will begin in a moment.")
SHUTTING_DOWN = private("The bot is restarting. Try again in a minute.")


UNKNOWN_COMMAND = private(
    f"I don't know this command. Type {COMMAND} and a topic, for example: {COMMAND} nuclear fusion"
)
UNKNOWN_CLICK = private("This button belongs to an older version of the bot and no longer does anything.")

EXPIRED_FORM = private("That took too long and Slack closed the request. Press the button again.")
RUN_FORGOTTEN = private("This run's data has been deleted. Start a new run.")


def internal(run_id: str) -> Payload:
    """Something broke before anything was posted."""
    return private(f"Something went wrong on our side. Nothing was posted. Reference for your admin: {run_id}")


START_DM = "research.run.start_dm"
MEMBER = "I can't post in this channel because I'm not a member."
MEMBER_TODO = "To run it here, type {invite}, then send the command again."
PEOPLE = "Apps can't post in direct messages between people."
PEOPLE_TODO = "Run it in our direct messages, or send the command in a channel."
READ_ONLY = "Only some people can post in this channel."
READ_ONLY_TODO = "Send the command in another channel, or run it in our direct messages."
ARCHIVED = private("This channel is archived, so nothing can be posted here. Send the command in another channel.")
REFUSED = "Slack did not accept my message about this topic, so nothing was started. Try rewording the topic."
KEPT = f"I'll keep your topic for 30{NBSP}min. In direct messages, only you see the results."
NOT_KEPT = private("I no longer have this topic. Send the command again.")


def not_posted(code: str, question: Question, kept: str) -> Payload:
    """Slack did not take the root message; ``code`` is its own, ``kept`` names the topic for the button."""
    if code in ("not_in_channel", "channel_not_found", "missing_scope"):
        if question.place.between_people:
            return _elsewhere(PEOPLE, PEOPLE_TODO, kept)
        return _elsewhere(MEMBER, MEMBER_TODO, kept)
    if code.startswith("restricted_action"):
        return _elsewhere(READ_ONLY, READ_ONLY_TODO, kept)
    if of_content(code):
        return private(f"{REFUSED} Reference for your admin: {question.run_id}")
    return ARCHIVED if code == "is_archived" else internal(question.run_id)


def _elsewhere(why: str, todo: str, kept: str) -> Payload:
    """Why it cannot run here, what the asker can do, and the button that runs it in direct messages."""
    invite = "/invite @Research"
    label, spoken = "Run it in our direct messages", "Run this research in direct messages with Research"
    button = action_button(START_DM, label, kept, spoken)
    blocks = [
        section("research.member.status", f"*{why}*\n{todo.format(invite=f'`{invite}`')}"),
        {"type": "actions", "block_id": "research.member.actions", "elements": [button]},
        context("research.member.notes", KEPT),
    ]
    text = f"{why} {todo.format(invite=invite)} You can also run it in our direct messages. {KEPT}"
    return private(text.replace(NBSP, " "), blocks)


def moved_to_direct(question: Question) -> Payload:
    """The button was pressed: its message gives way to this."""
    return private(f"Starting research on “{escape(question.topic)}” in our direct messages.") | {
        "replace_original": True
    }


def limit_reached(limit: LimitReached) -> Payload:
    """As many runs as there may be."""
    most = limit.most
    match limit.per:
        case "user":
            return _busy(f"You already have {count(most, 'run')} in progress, the limit.", limit)
        case "workspace":
            said = f"This workspace already has {count(most, 'run')} in progress, the limit."
            return private(f"{said} Try again in a few minutes.")
        case "user_day":
            whose = f"You have used your {count(most, 'run')} for today."
        case _:
            whose = f"This workspace has used its {count(most, 'run')} for today."
    return private(f"{whose} You can start the next one {_midnight()}.")


def _busy(status: str, limit: LimitReached) -> Payload:
    todo = (
        f"Wait for one to finish, or stop one: {', '.join(f'“{escape(running.topic)}”' for running in limit.running)}."
    )
    note = f"Not started: “{escape(limit.topic)}”." if limit.topic else "The run was not started again."
    blocks = [section("research.busy.status", f"*{status}*\n{todo}"), context("research.busy.notes", note)]
    return private(f"{status} {todo} {note}", blocks)


def _midnight() -> str:
    """When the day of the limits ends, UTC; each reader is shown it in the time zone of their own."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    midnight = int((today + timedelta(days=1)).timestamp())
    return f"<!date^{midnight}^{{date_short_pretty}} at {{time}}|tomorrow at 00:00 UTC>"
