"""`/research`: parse, accept, acknowledge; nothing else happens in a listener."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.research import angles
from bot.research.desk import Desk
from bot.research.errors import Closed, LimitReached
from bot.research.model import Place, Question
from bot.slack import hints
from bot.slack.mrkdwn import unescape

OPTION = re.compile(r"--[a-z]")  # a dash between words, or two, is part of a topic
# How the names of conversations begin that no app can join: of two people, of several. Our own direct messages are
# called so too, but there the bot is never refused.
BETWEEN_PEOPLE = ("directmessage", "mpdm-")
# Words that are not topics when they stand alone, kept from the first day so that none changes its meaning later.
RESERVED = frozenset({"help", "list", "status", "stop"})


class ResearchCommand:
    """The listener of `/research`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, ack: AsyncAck, command: dict[str, Any]) -> None:
        """Accept the question, then acknowledge: what was acknowledged is researched."""
        await ack(await self._answer(command))

    async def _answer(self, command: dict[str, Any]) -> hints.Payload:
        words = " ".join(unescape(command.get("text") or "").split())
        if not words or words.casefold() in RESERVED:
            return hints.usage()
        if option := next((word for word in words.split() if OPTION.match(word)), ""):
            return hints.unknown_option(option)
        if refused := hints.topic_refused(words):
            return refused
        question = parse(command, words)
        try:
            await self._desk.accept(question)
        except Closed:
            return hints.SHUTTING_DOWN
        except LimitReached as limit:
            return hints.limit_reached(limit, words)
        return hints.starting(question)


def parse(command: dict[str, Any], topic: str) -> Question:
    """The question that a slash command asks; its trigger id is the key, the same however often it is delivered."""
    channel = command.get("channel_id", "")
    return Question(
        key=command.get("trigger_id") or uuid.uuid4().hex,
        topic=topic,
        asker=command.get("user_id", ""),
        place=Place(
            team=command.get("team_id", ""),
            channel=channel,
            direct=channel.startswith("D"),
            between_people=command.get("channel_name", "").startswith(BETWEEN_PEOPLE),
            reply_url=command.get("response_url", ""),
        ),
        asked_at=time.time(),
        angles=angles.DEFAULT,
    )
