"""A Slack that takes nothing but edits: it writes each down and answers as it was told; and a desk for one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.format.blocks import Message, section
from bot.slack.transport.client import Client
from bot.slack.transport.live_edit import RootWriter
from bot.slack.transport.outbox import Outbox
from bot.slack.transport.posting import Poster
from tests.support.virtual_time import now


class EditsOnly(Client):
    """A client whose calls take ``takes`` seconds; ``answers`` holds the errors that the next calls end with."""

    def __init__(self, takes: float = 0) -> None:
        super().__init__(called=lambda method, outcome: None, token="xoxb-test")
        self.takes = takes
        self.calls: list[dict[str, Any]] = []
        self.edits: list[tuple[float, str]] = []
        self.answers: list[Exception | None] = []

    async def api_call(self, api_method: str, **arguments: Any) -> AsyncSlackResponse:
        assert api_method == "chat.update"
        self.calls.append(arguments["json"])
        self.edits.append((now(), arguments["json"]["text"]))
        await asyncio.sleep(self.takes)
        if self.answers and (error := self.answers.pop(0)):
            raise error
        return response(200, {"ok": True})

    @property
    def shown(self) -> list[str]:
        """The states that were sent, in order."""
        return [text for _, text in self.edits]


def response(status: int, data: dict[str, Any], headers: dict[str, str] | None = None) -> AsyncSlackResponse:
    """An answer of Slack's."""
    return AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url="https://slack.com/api/chat.update",
        req_args={},
        data=data,
        headers=headers or {},
        status_code=status,
    )


def refusal(code: str) -> Exception:
    """Slack's no."""
    return SlackApiError(code, response(200, {"ok": False, "error": code}))  # type: ignore[no-untyped-call]


def limited(seconds: int) -> Exception:
    """Slack's wish for a pause."""
    answer = response(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(seconds)})
    return SlackApiError("ratelimited", answer)  # type: ignore[no-untyped-call]


def state(name: str) -> Message:
    """A root message that shows this state."""
    return Message("root", "r_1", "root", name, (section("research.root.status", name),))


class Desk:
    """A root message on its writer's desk, and what was told of refusals."""

    def __init__(self, takes: float = 0, found_again: bool = False) -> None:
        self.slack = EditsOnly(takes)
        self.outbox = Outbox(pace=1)
        self.refused: list[str] = []
        self.writer = RootWriter(Poster(self.slack, self.outbox), "C1", "17.5", self.refused.append, found_again)

    def show(self, name: str, last: bool = False) -> None:
        """A state of the run."""
        self.writer.show(state(name), last)

    async def settled(self) -> list[tuple[float, str]]:
        """Wait until the writer rests; give the edits with their times."""
        await self.writer.settled()
        return self.slack.edits


@contextmanager
def no_wait() -> Iterator[None]:
    """What happens within takes no time at all."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    yield
    assert loop.time() == began
