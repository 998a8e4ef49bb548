"""What people press, choose and send in: read in one place, done, acknowledged; refusals are told."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext

from bot.research import words
from bot.service.errors import Refusal
from bot.service.permissions import Action
from bot.slack.format.escape import spoken
from bot.slack.messages.ephemeral import Answer, Payload, private
from bot.slack.messages.refusals import told


@dataclass(frozen=True)
class Click:
    """A press of a button, a choice in a menu, a shortcut, a form that is sent in; what Slack does not tell is "".

    ``value`` is what it stands for, a run's id as a rule; ``trigger_id`` opens a form within three seconds;
    ``channel`` is where it was or the form was opened, "" in the Home tab; ``body`` is all that Slack tells.
    """

    value: str
    user: str
    reply_url: str
    trigger_id: str
    channel: str
    body: dict[str, Any]

    @classmethod
    def of(cls, body: dict[str, Any]) -> Click:
        """The click that Slack tells of."""
        value, channel = _sent(body["view"]) if body.get("type") == "view_submission" else _pressed(body)
        user = (body.get("user") or {}).get("id") or ""
        return cls(value, user, body.get("response_url") or "", body.get("trigger_id") or "", channel, body)


def _pressed(body: dict[str, Any]) -> tuple[str, str]:
    action: dict[str, Any] = next(iter(body.get("actions") or []), {})
    value = action.get("value") or (action.get("selected_option") or {}).get("value")
    channel = (body.get("channel") or {}).get("id") or (body.get("container") or {}).get("channel_id")
    return str(value or ""), str(channel or "")


def _sent(view: dict[str, Any]) -> tuple[str, str]:
    try:
        opened_with = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        opened_with = {}
    return str(opened_with.get("run_id") or ""), str(opened_with.get("channel_id") or "")


# What whoever clicked is told, None if there is nothing to say; or what is still to be done once it is acknowledged.
Then = Callable[[], Awaitable[Payload | None]]
Do = Callable[[Click], Awaitable[Payload | Then | None]]  # a form's payload is the acknowledgement itself
Listener = Callable[[AsyncAck, dict[str, Any], AsyncBoltContext], Awaitable[None]]

# In Bolt's context: somebody listens, though an answer may take longer than Bolt waits for one; it did take longer.
HEARD, LATE = "heard", "late"


@dataclass(frozen=True)
class Actions:
    """Makes listeners of functions; ``answer`` sends private answers."""

    answer: Answer

    def on(self, do: Do, wanted: Action) -> Listener:
        """A listener that does what a click asks for, acknowledges it, and tells whoever clicked."""

        async def heard(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
            context[HEARD] = True
            await self._do(do, wanted, Click.of(body), ack)

        return heard

    def chosen(self, verbs: Mapping[str, tuple[Do, Action]]) -> Listener:
        """The same for a menu whose values are "verb:run id"."""

        async def heard(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
            context[HEARD] = True
            click = Click.of(body)
            verb, _, run_id = click.value.partition(":")
            do, wanted = verbs.get(verb, (_stale, Action.LOOK))
            await self._do(do, wanted, replace(click, value=run_id), ack)

        return heard

    def sent(self, do: Do, wanted: Action, field: str) -> Listener:
        """The same for a form; why it is not taken stands at a field."""

        async def heard(ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
            context[HEARD] = True
            try:
                said = await do(Click.of(body))
            except Refusal as refusal:
                said = errors(field, spoken(told(refusal, wanted)["text"]))
            if not callable(said):
                await ack(**(said or {}))
                return
            await ack()
            await said()

        return heard

    async def _do(self, do: Do, wanted: Action, click: Click, ack: AsyncAck) -> None:
        try:
            said = await do(click)
        except Refusal as refusal:
            said = told(refusal, wanted)
        await ack()
        if callable(said):
            said = await said()
        if said:
            await self.answer(click.reply_url, said)


def errors(field: str, why: str) -> Payload:
    """The acknowledgement of a form in which something is not taken."""
    return {"response_action": "errors", "errors": {field: why}}


async def _stale(click: Click) -> Payload:
    return private(words.OLD_BUTTON)
