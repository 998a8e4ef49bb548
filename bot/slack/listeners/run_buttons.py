"""The buttons of a run; each click is checked again by the desk, for it may be an old one."""

from __future__ import annotations

import time

from bot.research import words
from bot.research.model import Place, Question
from bot.service.desk import Desk
from bot.slack.listeners.clicks import Click
from bot.slack.messages import pressed
from bot.slack.messages.controls import retry_of
from bot.slack.messages.ephemeral import Payload, moved_to_direct, private


class RunButtons:
    """What the buttons of a run do."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def stop(self, click: Click) -> Payload:
        """Stop a run, whoever asked for it."""
        await self._desk.stop(click.value, click.user)
        return private(words.RUN_STOPPED)

    async def resume(self, click: Click) -> Payload | None:
        """Resume a run that was stopped, or try one again that failed: the root message then tells."""
        await self._desk.resume(click.value, click.user)
        return private(words.KEPT_FOR_LATER) if self._desk.draining else None

    async def retry(self, click: Click) -> Payload:
        """Research gaps of a report anew: their messages, and the root message, then tell."""
        run = await self._desk.retry(*retry_of(click.value), click.user)
        if self._desk.draining:
            return private(words.KEPT_FOR_LATER)
        return pressed.retrying([branch for branch in run.branches if branch.retried or not branch.result])

    async def start_in_direct_messages(self, click: Click) -> Payload:
        """Run a topic that found no place in the clicker's direct messages; pressed twice it is one run."""
        kept = await self._desk.unplaced(click.value)
        if not kept:
            return private(words.TOPIC_NOT_KEPT)
        place = Place(team=kept.place.team, direct=True, private=click.reply_url)
        changes = {"key": f"{click.value}/{click.user}", "asker": click.user, "place": place, "asked_at": time.time()}
        question: Question = kept.model_copy(update=changes)
        await self._desk.accept(question)
        return moved_to_direct(question, self._desk.usual_cost(question))
