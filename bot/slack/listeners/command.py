"""`/research` and its words: parse, accept, acknowledge; nothing else happens in a listener."""

from __future__ import annotations

import time
import uuid
from contextlib import suppress
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.research import words
from bot.research.errors import Misasked
from bot.research.model import Place, Question
from bot.research.presets import Presets
from bot.research.request import parse
from bot.service.desk import Desk
from bot.service.errors import Closed, Refusal, TooLate
from bot.service.permissions import Action
from bot.service.ports import Runs
from bot.slack.listeners.clicks import HEARD, LATE
from bot.slack.listeners.names import Names
from bot.slack.messages import ephemeral
from bot.slack.messages.refusals import told
from bot.slack.messages.run_list import MOST, listing
from bot.slack.transport.client import Workspace
from bot.text.typed import bare, fit, visible

# How the names of conversations begin that no app can join: of two people, of several. Our own direct messages are
# called so too, but there the bot is never refused.
BETWEEN_PEOPLE = ("directmessage", "mpdm-")
PRIVATE = "privategroup"  # what every private channel is called
# Words that are not topics when they stand alone, kept from the first day so that none changes its meaning later.
RESERVED = frozenset({"help", "list", "status", "stop"})
ABOUT_RUNS = RESERVED - {"help"}
TAKING_UP_SECONDS = 1.5  # for what an earlier process left to be known; a command must be answered within three


class ResearchCommand:
    """The listener of `/research`; ``runs`` are those that have ended, ``workspace`` gives links to all.

    ``presets`` are lists of angles; ``answer`` sends private answers that come too late for the acknowledgement.
    """

    def __init__(
        self,
        desk: Desk,
        runs: Runs,
        workspace: Workspace,
        names: Names,
        presets: Presets,
        answer: ephemeral.Answer,
    ) -> None:
        self._desk, self._runs, self._workspace, self._names = desk, runs, workspace, names
        self._presets, self._answer = presets, answer

    async def __call__(self, ack: AsyncAck, command: dict[str, Any], context: AsyncBoltContext) -> None:
        """Accept the question, then acknowledge: what was acknowledged is researched."""
        context[HEARD] = True
        key = command.get("trigger_id") or uuid.uuid4().hex  # the same however often the command is delivered
        heard = await self.heard(command.get("text") or "", key, command.get("user_id", ""), place(command))
        told = self._told(heard) if isinstance(heard, Question) else heard
        if context.get(LATE):  # acknowledged already, without a word
            await self._answer(command.get("response_url") or "", told)
        else:
            await ack(self._workspace.client.renewed(told))  # links to runs of a channel that had another id

    def _told(self, question: Question) -> ephemeral.Payload:
        """What whoever asked is told of a question that is accepted."""
        if self._desk.draining:
            return ephemeral.kept(question)
        if self.shallower(question):
            return ephemeral.starting_plainly(question)
        return ephemeral.starting(question, self._desk.usual_cost(question))

    def shallower(self, question: Question) -> bool:
        """Whether a question is researched less deeply than it asks for."""
        return question.deep and not self._desk.deep

    async def heard(self, text: str, key: str, asker: str, at: Place) -> Question | ephemeral.Payload:
        """Do what somebody says there, as Slack tells it: give the question that is accepted, else what is answered."""
        text = " ".join(visible(fit(await self._names.read(text))).split())
        if not text or bare(text) in RESERVED:
            return await self._said(bare(text), asker, at)
        try:
            topic = parse(text, presets=self._presets)
        except Misasked as refused:
            return ephemeral.misasked(refused)
        question = Question(
            key=key,
            topic=topic.text,
            asker=asker,
            place=at,
            asked_at=time.time(),
            angles=topic.angles,
            deep=topic.deep,
        )
        try:
            await self._desk.accept(question)
        except Refusal as refusal:
            return told(refusal, Action.START)
        return question

    async def _said(self, word: str, asker: str, at: Place) -> ephemeral.Payload:
        """What a word is answered with that is no topic."""
        try:
            return await self._word(word, asker, at)
        except Refusal as refusal:
            return told(refusal, Action.STOP if word == "stop" else Action.LOOK)

    async def _word(self, word: str, asker: str, at: Place) -> ephemeral.Payload:
        """Do what a word says; raises Refusal."""
        if word in ABOUT_RUNS and not await self._desk.active_runs.complete(TAKING_UP_SECONDS):
            raise Closed
        if word == "stop":
            return await self._stop(asker, at)
        if word == "status":
            here = await self._desk.under_way(at.team, at.channel)
            return listing(words.RUNS_UNDER_WAY, words.NO_RUNS_UNDER_WAY, here, self._workspace.url)
        if word == "list":
            return await self._list(at.team, at.channel)
        return ephemeral.usage(self._presets, self._desk.deep)

    async def _stop(self, asker: str, at: Place) -> ephemeral.Payload:
        here = await self._desk.under_way(at.team, at.channel)
        if own := [run for run in here if run.question.asker == asker]:
            with suppress(TooLate):
                await self._desk.stop(own[0].id, asker)
                return ephemeral.private(words.RUN_STOPPED)
        return ephemeral.private(words.NOTHING_TO_STOP)

    async def _list(self, team: str, channel: str) -> ephemeral.Payload:
        here = self._desk.active_runs.here(channel)
        kept = await self._runs.latest(team, channel, MOST)
        known = {run.id: run for run in [*kept, *here]}
        newest = sorted(known.values(), key=lambda run: run.question.asked_at, reverse=True)
        return listing(words.LATEST_RUNS, words.NO_LATEST_RUNS, newest[:MOST], self._workspace.url)


def place(command: dict[str, Any]) -> Place:
    """Where a slash command was typed."""
    channel, name = command.get("channel_id", ""), command.get("channel_name", "")
    between_people = name.startswith(BETWEEN_PEOPLE)
    return Place(
        team=command.get("team_id", ""),
        channel=channel,
        direct=channel.startswith("D"),
        between_people=between_people,
        public=channel.startswith("C") and bool(name) and name != PRIVATE and not between_people,
        private=command.get("response_url", ""),
    )
