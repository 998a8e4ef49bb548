"""What only one person sees of a channel: where and when it appeared, and what it stands in place of."""

from __future__ import annotations

from dataclasses import dataclass

from bot.playground.slack.messages import BOT_USER, Payload


@dataclass(frozen=True)
class PrivateAnswer:
    """What only one person saw: the body of an ack, what came through a response_url, or an ephemeral message.

    ``ts`` is that of an ephemeral message, "" else. ``thread_ts`` is the thread in which the person pressed what this
    answers, "" for the channel. ``at`` is when it came, as a ts; ``original`` the answer that it replaces.
    """

    user: str
    channel: str
    payload: Payload
    ts: str = ""
    thread_ts: str = ""
    at: str = ""
    original: PrivateAnswer | None = None
    author: str = BOT_USER

    @property
    def text(self) -> str:
        """Its text."""
        return str(self.payload.get("text", ""))


@dataclass(frozen=True)
class Asked:
    """Who gets what comes through a response_url, and where; ``pressed`` is the private answer that had the button."""

    user: str
    channel: str
    thread_ts: str = ""
    pressed: PrivateAnswer | None = None

    def answered(self, payload: Payload, at: str) -> PrivateAnswer:
        """What they see of an answer that came at this ts: with ``replace_original`` in place of what they pressed."""
        original = self.pressed if payload.get("replace_original") else None
        return PrivateAnswer(self.user, self.channel, payload, "", self.thread_ts, at, original)


def standing(answers: list[PrivateAnswer]) -> list[tuple[int, PrivateAnswer]]:
    """Those that are still to be seen, by their numbers, each in the place of what it replaced."""
    places: dict[int, tuple[int, PrivateAnswer]] = {}
    place_of: dict[int, int] = {}
    for number, answer in enumerate(answers):
        place = place_of.get(id(answer.original.payload), number) if answer.original else number
        place_of[id(answer.payload)] = place
        places[place] = number, answer
    return [places[place] for place in sorted(places)]
