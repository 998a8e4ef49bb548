"""What people think of a report: two buttons, and a form for those who are not content."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Literal

import structlog

from bot.research import words
from bot.service.desk import Desk
from bot.service.errors import Forgotten
from bot.service.ports import FeedbackStore
from bot.service.transcript import Feedback
from bot.slack.format.blocks import Block, plain_text
from bot.slack.listeners.clicks import Click, Then
from bot.slack.messages.ephemeral import Payload, private
from bot.slack.transport.client import SLACK_ERRORS, Client, cause
from bot.text.typed import fit

log = structlog.get_logger(__name__)

FORM = "research.feedback"
REASON, COMMENT = "research.feedback.reason", "research.feedback.comment"
COMMENT_LIMIT = 1_000  # characters


class FeedbackButtons:
    """What these do; ``counted`` is told the verdict of each click that was kept."""

    def __init__(self, desk: Desk, opinions: FeedbackStore, client: Client, counted: Callable[[str], None]) -> None:
        self._desk, self._opinions, self._client, self._counted = desk, opinions, client, counted

    async def pressed(self, click: Click) -> Payload | Then:
        """Keep a click, the last one of each person counts; whoever is not content may say why."""
        verdict, _, run_id = click.value.partition(":")
        up = verdict == "up"
        await self._keep(_feedback(run_id, click.user, "up" if up else "down"))
        self._counted("up" if up else "down")
        return private(words.THANKS) if up else partial(self._ask_why, click, run_id)

    async def submitted(self, click: Click) -> None:
        """Keep what the form says; where that cannot be done, the form says so and stays."""
        reasons, comment = _filled_in(click.body["view"]["state"]["values"])
        said = _feedback(click.value, click.user, "down")
        await self._keep(said.model_copy(update={"reasons": reasons, "comment": comment}))

    async def _keep(self, feedback: Feedback) -> None:
        """Keep it; raises Forgotten, StoreDown."""
        if feedback.run_id not in self._desk.active_runs and not await self._desk.kept(feedback.run_id):
            raise Forgotten
        await self._opinions.save(feedback)

    async def _ask_why(self, click: Click, run_id: str) -> Payload | None:
        try:
            await self._client.views_open(trigger_id=click.trigger_id, view=form(run_id, click.channel))
        except SLACK_ERRORS as error:
            log.warning("form.unopened", cause=cause(error))
            return private(words.EXPIRED_FORM)
        return None


def form(run_id: str, channel: str) -> Block:
    """The form about a run, opened in this channel: all of it may be left out."""
    reasons: Block = {"type": "checkboxes", "action_id": REASON}
    reasons["options"] = [
        {"text": plain_text(label), "value": value} for value, label in words.FEEDBACK_REASONS.items()
    ]
    comment: Block = {"type": "plain_text_input", "action_id": COMMENT, "multiline": True, "max_length": COMMENT_LIMIT}
    hint = plain_text(words.FEEDBACK_HINT)
    return {
        "type": "modal",
        "callback_id": FORM,
        "title": plain_text(words.FEEDBACK_TITLE),
        "submit": plain_text(words.FEEDBACK_SUBMIT),
        "close": plain_text(words.FEEDBACK_CLOSE),
        "private_metadata": json.dumps({"run_id": run_id, "channel_id": channel}),
        "blocks": [
            _field(REASON, words.FEEDBACK_REASON, reasons),
            _field(COMMENT, words.FEEDBACK_COMMENT, comment) | {"hint": hint},
        ],
    }


def _field(block_id: str, label: str, element: Block) -> Block:
    return {"type": "input", "block_id": block_id, "label": plain_text(label), "optional": True, "element": element}


def _filled_in(values: dict[str, Any]) -> tuple[tuple[str, ...], str]:
    ticked = values.get(REASON, {}).get(REASON, {}).get("selected_options") or []
    comment = values.get(COMMENT, {}).get(COMMENT, {}).get("value") or ""
    reasons = tuple(option["value"] for option in ticked if option["value"] in words.FEEDBACK_REASONS)
    return reasons, fit(comment)[:COMMENT_LIMIT]


def _feedback(run_id: str, user: str, verdict: Literal["up", "down"]) -> Feedback:
    return Feedback(run_id=run_id, user=user, verdict=verdict, at=time.time())
