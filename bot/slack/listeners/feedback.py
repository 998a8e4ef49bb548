"""What people think of a report: two buttons, and a form for those who are not content."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any, Literal

import structlog
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.service.desk import Desk
from bot.service.errors import StoreDown
from bot.service.ports import Opinions
from bot.service.transcript import Feedback
from bot.slack.format.blocks import Block, plain_text
from bot.slack.format.escape import fit
from bot.slack.messages import ephemeral, pressed
from bot.slack.transport.client import SLACK_ERRORS, Client, cause

log = structlog.get_logger(__name__)

FORM = "research.feedback"
REASON, COMMENT = "research.feedback.reason", "research.feedback.comment"
REASONS = {
    "wrong": "Something is wrong",
    "missing": "Something is missing",
    "style": "Too long or hard to read",
    "offtopic": "Not my question",
}
COMMENT_LIMIT = 1_000  # characters


class FeedbackClicks:
    """The listeners; ``counted`` is told the verdict of each click that was kept, ``answer`` sends private answers."""

    def __init__(
        self, desk: Desk, opinions: Opinions, client: Client, counted: Callable[[str], None], answer: ephemeral.Answer
    ) -> None:
        self._desk, self._opinions, self._client = desk, opinions, client
        self._counted, self._answer = counted, answer

    async def pressed(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Keep a click, the last one of each person counts; whoever is not content may say why."""
        verdict, _, run_id = str(body["actions"][0].get("value", "")).partition(":")
        reply_url = body.get("response_url", "")
        up = verdict == "up"
        refused = await self._keep(_feedback(run_id, body, "up" if up else "down"))
        await ack()
        if not refused:
            self._counted("up" if up else "down")
        if refused or up:
            await self._answer(reply_url, refused or pressed.THANKS)
        else:
            await self._ask_why(body, run_id)

    async def submitted(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """Keep what the form says; where that cannot be done, the form says so and stays."""
        view = body["view"]
        reasons, comment = _filled_in(view["state"]["values"])
        run_id = json.loads(view["private_metadata"])["run_id"]
        said = _feedback(run_id, body, "down").model_copy(update={"reasons": reasons, "comment": comment})
        refused = await self._keep(said)
        if refused:
            await ack(response_action="errors", errors={COMMENT: refused["text"]})
        else:
            await ack()

    async def _keep(self, feedback: Feedback) -> ephemeral.Payload | None:
        """Keep it; give why it cannot be kept, None if it was."""
        try:
            if feedback.run_id not in self._desk.roster and not await self._desk.kept(feedback.run_id):
                return pressed.FORGOTTEN
            await self._opinions.save(feedback)
        except StoreDown:
            return pressed.STORE_DOWN
        return None

    async def _ask_why(self, body: dict[str, Any], run_id: str) -> None:
        channel = (body.get("channel") or {}).get("id", "")
        try:
            await self._client.views_open(trigger_id=body.get("trigger_id", ""), view=form(run_id, channel))
        except SLACK_ERRORS as error:
            log.warning("form.unopened", cause=cause(error))
            await self._answer(body.get("response_url", ""), pressed.EXPIRED)


def form(run_id: str, channel: str) -> Block:
    """The form about a run, opened in this channel: all of it may be left out."""
    reasons: Block = {"type": "checkboxes", "action_id": REASON}
    reasons["options"] = [{"text": plain_text(label), "value": value} for value, label in REASONS.items()]
    comment: Block = {"type": "plain_text_input", "action_id": COMMENT, "multiline": True, "max_length": COMMENT_LIMIT}
    hint = plain_text("Read by the people who run this bot. Not posted in the channel.")
    return {
        "type": "modal",
        "callback_id": FORM,
        "title": plain_text("What was wrong?"),
        "submit": plain_text("Send"),
        "close": plain_text("Skip"),
        "private_metadata": json.dumps({"run_id": run_id, "channel_id": channel}),
        "blocks": [_field(REASON, "Reason", reasons), _field(COMMENT, "Comment", comment) | {"hint": hint}],
    }


def _field(block_id: str, label: str, element: Block) -> Block:
    return {"type": "input", "block_id": block_id, "label": plain_text(label), "optional": True, "element": element}


def _filled_in(values: dict[str, Any]) -> tuple[tuple[str, ...], str]:
    ticked = values.get(REASON, {}).get(REASON, {}).get("selected_options") or []
    comment = values.get(COMMENT, {}).get(COMMENT, {}).get("value") or ""
    reasons = tuple(option["value"] for option in ticked if option["value"] in REASONS)
    return reasons, fit(comment)[:COMMENT_LIMIT]


def _feedback(run_id: str, body: dict[str, Any], verdict: Literal["up", "down"]) -> Feedback:
    return Feedback(run_id=run_id, user=body["user"]["id"], verdict=verdict, at=time.time())
