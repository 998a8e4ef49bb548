"""Clicks on our buttons: checked, accepted, acknowledged; what is said of them goes to whoever clicked."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.research.model import Place, Question
from bot.research.run_state import Run
from bot.service.desk import Desk
from bot.service.errors import Closed, LimitReached, StoreDown
from bot.slack.messages import ephemeral, pressed
from bot.slack.messages.controls import retry_of
from bot.slack.messages.ephemeral import Answer
from bot.slack.ports.parked_topics import KeptTopics

# What a click on a button with this value by this person comes to; None if there is nothing to say.
Click = Callable[[str, str, str], Awaitable[ephemeral.Payload | None]]


def listener(click: Click, answer: Answer) -> Callable[..., Awaitable[None]]:
    """A listener that does what a click asks for, acknowledges it, and tells whoever clicked."""

    async def heard(ack: AsyncAck, body: dict[str, Any]) -> None:
        reply_url = body.get("response_url", "")
        said = await click(body["actions"][0].get("value", ""), body["user"]["id"], reply_url)
        await ack()
        if said:
            await answer(reply_url, said)

    return heard


class Clicks:
    """What the buttons of our messages do; each click is checked again here, for it may be an old one."""

    def __init__(self, desk: Desk, kept: KeptTopics) -> None:
        self._desk, self._kept = desk, kept

    async def stop(self, run_id: str, clicker: str, reply_url: str) -> ephemeral.Payload:
        """Stop a run, whoever asked for it."""
        return await ephemeral.stopped(self._desk.stop(run_id, clicker))

    async def again(self, run_id: str, clicker: str, reply_url: str) -> ephemeral.Payload | None:
        """Resume a run that was stopped, or try one again that failed: the root message then tells."""
        try:
            run = await self._desk.again(run_id, clicker)
        except Closed:
            return ephemeral.SHUTTING_DOWN
        except LimitReached as limit:
            return ephemeral.limit_reached(limit)
        except StoreDown:
            return ephemeral.STORE_DOWN
        if run:
            return ephemeral.KEPT_FOR_LATER if self._desk.draining else None
        return ephemeral.GOING_ON if run_id in self._desk.roster else ephemeral.STALE

    async def retry(self, value: str, clicker: str, reply_url: str) -> ephemeral.Payload:
        """Research gaps of a report anew: their messages, and the root message, then tell."""
        run_id, slugs = retry_of(value)
        try:
            run = await self._desk.retry(run_id, slugs, clicker) or await self._anew(run_id, clicker)
            if not run:
                return await self._unretried(run_id)
        except Closed:
            return ephemeral.SHUTTING_DOWN
        except LimitReached as limit:
            return ephemeral.limit_reached(limit)
        except StoreDown:
            return pressed.STORE_DOWN
        if self._desk.draining:
            return ephemeral.KEPT_FOR_LATER
        return pressed.retrying([branch.angle for branch in run.branches if branch.retried or not branch.result])

    async def _anew(self, run_id: str, clicker: str) -> Run | None:
        """Try a run again that came to nothing at all: its gaps cannot be closed one by one, there is no report."""
        run = await self._desk.kept(run_id)
        return await self._desk.again(run_id, clicker) if run and run.gaps and not run.findings else None

    async def _unretried(self, run_id: str) -> ephemeral.Payload:
        """Why nothing of a run is retried."""
        if run_id in self._desk.roster:
            return pressed.UNDER_WAY
        run = await self._desk.kept(run_id)
        return pressed.NO_REPORT if run and run.repeatable else ephemeral.STALE

    async def start_in_direct_messages(self, name: str, clicker: str, reply_url: str) -> ephemeral.Payload:
        """Run a kept topic in the clicker's direct messages; pressed twice it is one run."""
        kept = self._kept.find(name)
        if not kept:
            return ephemeral.NOT_KEPT
        place = Place(team=kept.place.team, direct=True, reply_url=reply_url)
        changes = {"key": f"{name}/{clicker}", "asker": clicker, "place": place, "asked_at": time.time()}
        question: Question = kept.model_copy(update=changes)
        refusal = await ephemeral.or_refusal(self._desk.accept(question), question.topic)
        return refusal or ephemeral.moved_to_direct(question)
