"""`/research`: parse, accept, acknowledge; nothing else happens in a listener."""

from __future__ import annotations

import re
import time
import uuid
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.research import angles
from bot.research.desk import Desk
from bot.research.errors import StoreDown
from bot.research.model import Place, Question
from bot.research.ports import Runs
from bot.slack import hints
from bot.slack.client import Workspace
from bot.slack.listing import MOST, listing
from bot.slack.mrkdwn import fit, unescape

OPTION = re.compile(r"--[a-z]")  # a dash between words, or two, is part of a topic
# How the names of conversations begin that no app can join: of two people, of several. Our own direct messages are
# called so too, but there the bot is never refused.
BETWEEN_PEOPLE = ("directmessage", "mpdm-")
# Words that are not topics when they stand alone, kept from the first day so that none changes its meaning later.
RESERVED = frozenset({"help", "list", "status", "stop"})


class ResearchCommand:
    """The listener of `/research`; ``runs`` are those that have ended, ``workspace`` gives links to all."""

    def __init__(self, desk: Desk, runs: Runs, workspace: Workspace) -> None:
        self._desk, self._runs, self._workspace = desk, runs, workspace

    async def __call__(self, ack: AsyncAck, command: dict[str, Any]) -> None:
        """Accept the question, then acknowledge: what was acknowledged is researched."""
        await ack(await self._answer(command))

    async def _answer(self, command: dict[str, Any]) -> hints.Payload:
        words = " ".join(fit(unescape(command.get("text") or "")).split())
        if not words or words.casefold() in RESERVED:
            return await self._word(words.casefold(), command)
        if option := next((word for word in words.split() if OPTION.match(word)), ""):
            return hints.unknown_option(option)
        if refused := hints.topic_refused(words):
            return refused
        question = parse(command, words)
        return await hints.or_refusal(self._desk.accept(question), question.topic) or hints.starting(question)

    async def _word(self, word: str, command: dict[str, Any]) -> hints.Payload:
        """What a word does that is no topic."""
        team, channel, asker = (command.get(name, "") for name in ("team_id", "channel_id", "user_id"))
        if word == "stop":
            run = self._desk.newest(asker, channel)
            return await hints.stopped(self._desk.stop(run.id, asker)) if run else hints.NOTHING_TO_STOP
        if word == "status":
            here = self._desk.under_way(channel)
            return listing("In progress here", "Nothing is in progress in this channel.", here, self._workspace.url)
        if word == "list":
            return await self._list(team, channel)
        return hints.usage()

    async def _list(self, team: str, channel: str) -> hints.Payload:
        here = self._desk.here(channel)
        try:
            kept = await self._runs.latest(team, channel, MOST)
        except StoreDown:
            return hints.LIST_DOWN
        known = {run.id: run for run in [*kept, *here]}
        newest = sorted(known.values(), key=lambda run: run.question.asked_at, reverse=True)
        nothing = "Nothing has been researched in this channel yet."
        return listing("Latest runs here", nothing, newest[:MOST], self._workspace.url)


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
