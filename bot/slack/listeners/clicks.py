"""What is pressed and chosen beside a run, handed to whoever does it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.slack.messages import ephemeral


@dataclass(frozen=True)
class Chosen:
    """What somebody chose for a run; ``trigger_id`` opens a form within three seconds."""

    run_id: str
    user: str
    reply_url: str
    trigger_id: str


# What choosing a verb comes to; None if there is nothing to say (yet).
Verb = Callable[[Chosen], Awaitable[ephemeral.Payload | None]]


def listener(verbs: Mapping[str, Verb], answer: ephemeral.Answer) -> Callable[..., Awaitable[None]]:
    """A listener that has done what was chosen in a menu, acknowledges it, and tells whoever chose."""

    async def heard(ack: AsyncAck, body: dict[str, Any]) -> None:
        verb, _, run_id = str(body["actions"][0].get("selected_option", {}).get("value", "")).partition(":")
        await _do(verbs.get(verb, _stale), run_id, ack, body, answer)

    return heard


def button(verb: Verb, answer: ephemeral.Answer) -> Callable[..., Awaitable[None]]:
    """The same for a button whose value is the run's id."""

    async def heard(ack: AsyncAck, body: dict[str, Any]) -> None:
        await _do(verb, str(body["actions"][0].get("value", "")), ack, body, answer)

    return heard


async def _do(verb: Verb, run_id: str, ack: AsyncAck, body: dict[str, Any], answer: ephemeral.Answer) -> None:
    reply_url = body.get("response_url", "")
    said = await verb(Chosen(run_id, body["user"]["id"], reply_url, body.get("trigger_id", "")))
    await ack()
    if said:
        await answer(reply_url, said)


async def _stale(chosen: Chosen) -> ephemeral.Payload:
    return ephemeral.STALE
