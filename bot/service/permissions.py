"""Who may do what with a run: the one place that says so."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """What people can do with a run and its thread."""

    START = "start"
    LOOK = "look"
    STOP = "stop"
    RESUME = "resume"
    RETRY = "retry"
    EXPORT = "export"
    MUTE = "mute"
    JUDGE = "judge"
    ANSWER_AGAIN = "answer_again"


# What changes or shows only what everybody in the channel can read anyway is everybody's; whoever resumes or retries
# does so on limits of their own. An answer is a matter between the bot and whoever asked.
ASKERS_OWN = frozenset({Action.ANSWER_AGAIN})


def may(action: Action, person: str, asker: str) -> bool:
    """Whether a person who can see it may do this with what ``asker`` asked for."""
    return action not in ASKERS_OWN or person == asker
