"""Why something is not done, as whoever wanted it is told. Pure."""

from __future__ import annotations

from bot.service.errors import Closed, Forgotten, LimitReached, NoReport, Refusal, StoreDown, TooLate, UnderWay
from bot.service.permissions import Action
from bot.slack.messages import ephemeral, pressed
from bot.slack.messages.ephemeral import Payload

TOLD: dict[type[Refusal], Payload] = {
    Closed: ephemeral.SHUTTING_DOWN,
    StoreDown: pressed.STORE_DOWN,
    UnderWay: pressed.UNDER_WAY,
    TooLate: ephemeral.STALE,
    NoReport: pressed.NO_REPORT,
    Forgotten: ephemeral.RUN_FORGOTTEN,
}
# What is said otherwise to those who wanted this.
TOLD_OF: dict[tuple[type[Refusal], Action], Payload] = {
    **{
        (StoreDown, action): ephemeral.STORE_DOWN
        for action in (Action.START, Action.RESUME, Action.MUTE, Action.ANSWER_AGAIN)
    },
    (StoreDown, Action.LOOK): ephemeral.LIST_DOWN,
    (StoreDown, Action.STOP): ephemeral.STOPPED_UNSAVED,
    (UnderWay, Action.RESUME): ephemeral.GOING_ON,
    (TooLate, Action.ANSWER_AGAIN): ephemeral.STALE_ANSWER,
}


def told(refusal: Refusal, wanted: Action) -> Payload:
    """What somebody is told who wanted this."""
    if isinstance(refusal, LimitReached):
        return ephemeral.limit_reached(refusal)
    return TOLD_OF.get((type(refusal), wanted)) or TOLD[type(refusal)]
