"""Why something is not done, as whoever wanted it is told. Pure."""

from __future__ import annotations

from bot.research import words
from bot.service.errors import (
    Broken,
    ChannelOff,
    Closed,
    Forgotten,
    LimitReached,
    NoReport,
    Refusal,
    StoreDown,
    TooLate,
    UnderWay,
    UserOff,
)
from bot.service.permissions import Action
from bot.slack.messages.ephemeral import Payload, limit_reached, private

TOLD: dict[type[Refusal], str] = {
    Closed: words.SHUTTING_DOWN,
    StoreDown: words.NOT_DONE,
    UnderWay: words.UNDER_WAY,
    TooLate: words.OLD_BUTTON,
    NoReport: words.NO_REPORT,
    UserOff: words.USER_OFF,
    ChannelOff: words.CHANNEL_OFF,
    Forgotten: words.RUN_FORGOTTEN,
    Broken: words.ANSWER_BROKEN,
}
# What is said otherwise to those who wanted this.
TOLD_OF: dict[tuple[type[Refusal], Action], str] = {
    **{
        (StoreDown, action): words.NOT_SAVED
        for action in (Action.START, Action.RESUME, Action.MUTE, Action.ANSWER_AGAIN)
    },
    (StoreDown, Action.LOOK): words.NOT_LISTED,
    (StoreDown, Action.STOP): words.STOPPED_UNSAVED,
    (UnderWay, Action.RESUME): words.GOING_ON,
    (TooLate, Action.ANSWER_AGAIN): words.OLD_ANSWER,
}


def told(refusal: Refusal, wanted: Action) -> Payload:
    """What somebody is told who wanted this."""
    if isinstance(refusal, LimitReached):
        return limit_reached(refusal)
    return private(TOLD_OF.get((type(refusal), wanted)) or TOLD[type(refusal)])
