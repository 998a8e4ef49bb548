"""Clicks on our buttons: checked, accepted, acknowledged; what is said of them goes to whoever clicked."""

from __future__ import annotations

import time
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.research.desk import Desk
from bot.research.errors import Closed, LimitReached
from bot.research.model import Place, Question
from bot.slack import hints
from bot.slack.kept import KeptTopics
from bot.slack.thread import Answer


class StartInDirectMessages:
    """The listener of the button that runs a topic in direct messages; pressed twice it starts one run."""

    def __init__(self, desk: Desk, kept: KeptTopics, answer: Answer) -> None:
        self._desk, self._kept, self._answer = desk, kept, answer

    async def __call__(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Accept the kept question, then acknowledge, then say so."""
        said = await self._accept(body)
        await ack()
        await self._answer(body.get("response_url", ""), said)

    async def _accept(self, body: dict[str, Any]) -> hints.Payload:
        name, asker = body["actions"][0].get("value", ""), body["user"]["id"]
        kept = self._kept.find(name)
        if not kept:
            return hints.NOT_KEPT
        place = Place(team=kept.place.team, direct=True, reply_url=body.get("response_url", ""))
        changes = {"key": f"{name}/{asker}", "asker": asker, "place": place, "asked_at": time.time()}
        question: Question = kept.model_copy(update=changes)
        try:
            await self._desk.accept(question)
        except Closed:
            return hints.SHUTTING_DOWN
        except LimitReached as limit:
            return hints.limit_reached(limit, question.topic)
        return hints.moved_to_direct(question)
