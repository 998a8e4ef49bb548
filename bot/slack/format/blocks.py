"""The parts that our messages are built of: values in, Slack's blocks out. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.research import words
from bot.research.model import Question
from bot.slack.format.escape import escape, harmless, quoted

Block = dict[str, Any]

SECTION_LIMIT = 3_000  # characters, Slack's
HEADER_LIMIT = 150  # characters, Slack's
TITLE_LIMIT = 140  # characters of a topic that stands in a header, which leaves room for the word before it
LABEL_LIMIT = 75  # characters of a button's label, seen or spoken; Slack's


@dataclass(frozen=True)
class Message:
    """What a message shows: its blocks, the same content as ``text``, and which part of which run it is.

    ``whole`` says that its text must not be shortened: it is, or is part of, what was found.
    """

    kind: str
    run_id: str
    part: str
    text: str
    blocks: tuple[Block, ...]
    whole: bool = False

    @property
    def metadata(self) -> Block:
        """What lets the bot find its own message again; everyone can read it, so it holds ids only."""
        return {"event_type": f"research_{self.kind}", "event_payload": {"run_id": self.run_id, "part": self.part}}


def header(block_id: str, text: str) -> Block:
    """A title in plain text."""
    return {"type": "header", "block_id": block_id, "text": plain_text(text)}


def section(block_id: str, text: str) -> Block:
    """A paragraph in mrkdwn, never folded behind "see more"; what Slack would refuse for its length is cut off."""
    shown = text if len(text) <= SECTION_LIMIT else re.sub(r"\s\S*$", "", text[: SECTION_LIMIT - 1]) + "…"
    return {"type": "section", "block_id": block_id, "text": {"type": "mrkdwn", "text": shown}, "expand": True}


def bold(headed: words.Headed) -> str:
    """A head in bold and the rest, for a paragraph in mrkdwn."""
    head, rest = headed
    return f"*{head}* {rest}"


def context(block_id: str, text: str) -> Block:
    """Small print in mrkdwn."""
    return {"type": "context", "block_id": block_id, "elements": [{"type": "mrkdwn", "text": text}]}


def plain_text(text: str) -> Block:
    """Text that Slack shows as it is."""
    return {"type": "plain_text", "text": text, "emoji": False}


def action_button(action_id: str, label: str, value: str, spoken: str) -> Block:
    """A button that we hear of; ``spoken`` is what a screen reader says."""
    return {
        "type": "button",
        "action_id": action_id,
        "text": plain_text(label),
        "value": value,
        "accessibility_label": harmless(spoken)[:LABEL_LIMIT],
    }


def link_button(action_id: str, label: str, url: str, run_id: str, spoken: str) -> Block:
    """A button that opens a link."""
    return action_button(action_id, label, run_id, spoken) | {"url": url}


def actions(block_id: str, elements: list[Block]) -> Block:
    """A row of buttons and menus."""
    return {"type": "actions", "block_id": block_id, "elements": elements}


def title(message: str, word: str, question: Question) -> list[Block]:
    """The header with the topic; a long topic stands whole and in bold under it, for it is never cut."""
    text = f"{word}: {harmless(question.topic)}"
    if len(question.topic) <= TITLE_LIMIT and len(text) <= HEADER_LIMIT:
        return [header(f"research.{message}.title", text)]
    return [
        header(f"research.{message}.title", word),
        section(f"research.{message}.topic", f"*{quoted(question.topic)}*"),
    ]


def subject(word: str, question: Question) -> str:
    """The beginning of a message's ``text``: "Research on tea", or "Research. A long topic" with its own end."""
    topic = escape(question.topic)
    return words.about(word, topic) if len(question.topic) <= TITLE_LIMIT else f"{word}. {topic}"


def mention(question: Question) -> str:
    """The asker's mention, or "" where there is nobody else to tell apart."""
    return "" if question.place.direct or not question.asker else f"<@{question.asker}>"


def asked(question: Question) -> str:
    """Who asked, and when in each reader's own time zone; "" in a direct message."""
    if not mention(question):
        return ""
    return words.asked_by(mention(question), clock(question.asked_at))


def date(moment: float, elsewhere: str) -> str:
    """A day and its time in each reader's own time zone, ``elsewhere`` where Slack shows no such dates."""
    return f"<!date^{int(moment)}^{words.day_at('{date_short_pretty}', '{time}')}|{elsewhere}>"


def clock(moment: float) -> str:
    """A time of day in each reader's own time zone; ``moment`` is in seconds since the epoch."""
    return f"<!date^{int(moment)}^{{time}}|{words.clock(moment)}>"
