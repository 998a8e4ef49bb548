"""Private answers to a command: values in, payloads out."""

from __future__ import annotations

from typing import Any

from bot.research.model import LONGEST_TOPIC, SHORTEST_TOPIC, Question
from bot.slack.blocks import context, section
from bot.slack.mrkdwn import escape

Payload = dict[str, Any]

COMMAND = "/research"


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


NOT_A_MEMBER = (
    "I cannot post in this channel because I am not a member. To run it here, type `/invite @Research`, then send the "
    "command again."
)
READ_ONLY = "Only some people may post in this channel. Send the command in another channel, or message me directly."


def not_posted(code: str, run_id: str) -> Payload:
    """Slack did not take the root message; ``code`` is Slack's own."""
    said = {
        "not_in_channel": NOT_A_MEMBER,
        "channel_not_found": NOT_A_MEMBER,
        "is_archived": "This channel is archived, so nothing can be posted. Send the command in another channel.",
        "restricted_action": READ_ONLY,
        "restricted_action_read_only_channel": READ_ONLY,
        "restricted_action_thread_only_channel": READ_ONLY,
    }
    return private(said[code]) if code in said else internal(run_id)
