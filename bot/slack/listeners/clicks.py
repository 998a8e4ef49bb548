"""What people press and choose: read in one place, handed to whoever does it, acknowledged; refusals are told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.service.errors import Refusal
from bot.service.permissions import Deed
from bot.slack.messages import ephemeral
from bot.slack.messages.ephemeral import Answer, Payload
from bot.slack.messages.refusals import told


@dataclass(frozen=True)
class Click:
    """A press of a button, or a choice in a menu.

    ``value`` is what it stands for, a run's id as a rule; ``trigger_id`` opens a form within three seconds;
    ``channel`` is "" in the Home tab.
    """

    value: str
    user: str
    reply_url: str
    trigger_id: str
    channel: str

    @classmethod
    def of(cls, body: dict[str, Any]) -> Click:
        """The click that Slack tells of."""
        action = body["actions"][0]
        return cls(
            str(action.get("value") or (action.get("selected_option") or {}).get("value") or ""),
            body["user"]["id"],
            body.get("response_url") or "",
            body.get("trigger_id") or "",
            (body.get("channel") or {}).get("id") or "",
        )


# What whoever clicked is told, None if there is nothing to say; or what is still to be done once it is acknowledged.
Then = Callable[[], Awaitable[Payload | None]]
Do = Callable[[Click], Awaitable[Payload | Then | None]]
Listener = Callable[[AsyncAck, dict[str, Any]], Awaitable[None]]


@dataclass(frozen=True)
class Deeds:
    """Makes listeners of functions; ``answer`` sends private answers."""

    answer: Answer

    def on(self, do: Do, wanted: Deed) -> Listener:
        """A listener that does what a click asks for, acknowledges it, and tells whoever clicked."""

        async def heard(ack: AsyncAck, body: dict[str, Any]) -> None:
            await self._do(do, wanted, Click.of(body), ack)

        return heard

    def chosen(self, verbs: Mapping[str, tuple[Do, Deed]]) -> Listener:
        """The same for a menu whose values are "verb:run id"."""

        async def heard(ack: AsyncAck, body: dict[str, Any]) -> None:
            click = Click.of(body)
            verb, _, run_id = click.value.partition(":")
            do, wanted = verbs.get(verb, (_stale, Deed.LOOK))
            await self._do(do, wanted, replace(click, value=run_id), ack)

        return heard

    async def _do(self, do: Do, wanted: Deed, click: Click, ack: AsyncAck) -> None:
        try:
            said = await do(click)
        except Refusal as refusal:
            said = told(refusal, wanted)
        await ack()
        if callable(said):
            said = await said()
        if said:
            await self.answer(click.reply_url, said)


async def _stale(click: Click) -> Payload:
    return ephemeral.STALE
