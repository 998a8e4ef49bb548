"""What a reply in a run's thread calls for, before any model is asked. Pure."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Literal

from bot.service.jobs import ReplyJob, Word
from bot.service.transcript import ThreadState
from bot.text.typed import asks, bare, visible

FollowUps = Literal["thread", "mention", "off"]

QUIET_SECONDS = 7 * 86_400  # after that long nobody expects the bot to be listening any more
# What people say when they say nothing, in the languages that we know such words of; a space behind each word.
_THANKS = re.compile(
    r"(?:(?:ok(?:ay|ey)?|thank you|thanks?|thx|ty|cheers|great|nice|cool|perfect|super|wow|lol|got it|will do|agreed|"
    r"yes|no|yep|nope|danke|merci|gracias|so|very|much|a lot|all|1|team|everyone) )++"
)
_NOISE = re.compile(r":[\w+'-]++:|<(?:https?|mailto|tel):[^<>]*>|https?://\S++", re.IGNORECASE)  # emoji and links
_WORD = re.compile(r"[^\W_]+")


class Intent(StrEnum):
    """What a reply calls for."""

    NOTHING = "nothing"
    ASIDE = "aside"  # people talk to each other
    STOP = "stop"
    ASK = "ask"


def word_of(text: str) -> Word | Literal["stop"] | None:
    """The word to the bot that this reply consists of, if it does."""
    said = bare(text)
    if said == "stop":
        return "stop"
    return Word(said) if said in list(Word) else None


def judge(ask: ReplyJob, state: ThreadState, follow_ups: FollowUps, under_way: bool, active_at: float = 0) -> Intent:
    """What a reply calls for.

    ``active_at`` is when the thread was last active for other reasons than the state knows, in seconds since the epoch.
    """
    if ask.word:
        return Intent.ASK
    if word_of(ask.text) == "stop":
        return Intent.STOP if under_way else Intent.NOTHING
    if follow_ups == "off" or not _says_something(ask.text):
        return Intent.NOTHING
    if ask.addressed:
        return Intent.ASK
    asleep = not under_way and ask.asked_at - max(state.active_at, active_at) > QUIET_SECONDS
    if follow_ups == "mention" or state.muted_by or asleep:
        return Intent.NOTHING
    return Intent.ASIDE if ask.aside else Intent.ASK


def _says_something(text: str) -> bool:
    """Whether it is more than thanks, emoji, a link."""
    said = _NOISE.sub(" ", visible(text))
    words = "".join(f"{word.casefold()} " for word in _WORD.findall(said))
    return asks(said) or bool(words and not _THANKS.fullmatch(words))
