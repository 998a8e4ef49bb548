"""What people can let go wrong: it does what its sentence says, once."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest

from bot.adapters.endpoint import Endpoint
from bot.playground.controls import FaultChoice
from bot.playground.fault_choices import fault_choices
from bot.playground.model import ModelServer
from bot.playground.model_proxy import ModelProxy
from bot.playground.slack import Playground

ASK = {"model": "local", "messages": [{"role": "user", "content": "tea"}]}


@dataclass
class Ground:
    """A Slack with one channel, a model, and somebody who calls both."""

    slack: Playground
    proxy: ModelProxy
    session: aiohttp.ClientSession
    choices: dict[str, FaultChoice]

    async def let(self, name: str) -> None:
        begun = self.choices[name].apply()
        if inspect.isawaitable(begun):
            await begun

    async def post(self) -> str:
        """Post a message; give what Slack answers: "ok", its code, a status with its Retry-After, or "cut"."""
        token = {"Authorization": f"Bearer {self.slack.bot_token}"}
        message = {"channel": "C000000001", "text": "tea"}
        url = f"{self.slack.api_url}chat.postMessage"
        try:
            async with self.session.post(url, json=message, headers=token) as answer:
                if answer.status != 200:
                    return f"{answer.status} {answer.headers.get('Retry-After', '')}".strip()
                told = await answer.json()
                return "ok" if told["ok"] else str(told["error"])
        except aiohttp.ClientError:
            return "cut"

    async def ask(self, step: str) -> str:
        """Ask the model; give its status with its Retry-After, "refused", "ok" or "cut"."""
        headers = {"Authorization": f"Bearer {self.proxy.token}", "X-Client-Request-Id": f"r_1/{step}"}
        try:
            async with self.session.post(f"{self.proxy.address}/chat/completions", json=ASK, headers=headers) as answer:
                if answer.status != 200:
                    return f"{answer.status} {answer.headers.get('Retry-After', '')}".strip()
                return "refused" if (await answer.json())["choices"][0]["message"]["refusal"] else "ok"
        except aiohttp.ClientError:
            return "cut"


@asynccontextmanager
async def ground() -> AsyncIterator[Ground]:
    async with Playground() as slack, ModelServer() as model, aiohttp.ClientSession() as session:
        slack.workspace.add("energy")
        async with ModelProxy(Endpoint("local", model.url, "none", "chat", 60)) as proxy:
            choices = {each.name: each for each in fault_choices(slack, proxy)}
            yield Ground(slack, proxy, session, choices)


async def test_every_choice_says_in_sentences_what_is_seen_and_has_a_name_of_its_own() -> None:
    """People choose by the title, and look for what the sentences announce."""
    async with ground() as at:
        choices = fault_choices(at.slack, at.proxy)
        assert len(at.choices) == len({each.title for each in choices}) == len(choices)
        assert all(each.told.endswith(".") and len(each.told) < 240 for each in choices)


@pytest.mark.parametrize(
    ("name", "answers", "posted"),
    [
        ("slack-busy", [*["429 3"] * 5, "ok"], 1),
        ("slack-answer-lost", ["cut", "ok"], 2),
        ("slack-error", ["500", "500", "ok"], 1),
        ("slack-archived", ["is_archived", "ok"], 1),
    ],
)
async def test_what_goes_wrong_with_slack_is_over_when_its_sentence_says(
    name: str, answers: list[str], posted: int
) -> None:
    """A fault that goes on is no longer the one that was announced."""
    async with ground() as at:
        await at.let(name)
        assert [await at.post() for _ in answers] == answers
        assert len(at.slack.messages("C000000001")) == posted


@pytest.mark.parametrize(
    ("name", "asked", "answers"),
    [
        (
            "model-angle-fails",
            ["report", "angle/a", "angle/b", *["angle/a"] * 4],
            ["ok", "500", "ok", *["500"] * 3, "ok"],
        ),
        ("model-refuses", ["report", "angle/a", "angle/a"], ["ok", "refused", "ok"]),
        ("model-cut", ["angle/a", "angle/a"], ["cut", "ok"]),
        ("model-busy", ["angle/a"] * 4, [*["429 4"] * 3, "ok"]),
    ],
)
async def test_what_goes_wrong_with_the_model_is_over_when_its_sentence_says(
    name: str, asked: list[str], answers: list[str]
) -> None:
    """What it says of the other angles is true as well."""
    async with ground() as at:
        await at.let(name)
        assert [await at.ask(step) for step in asked] == answers


async def test_what_is_down_comes_back_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can repair it from the page."""
    now = [1_000.0]
    for module in ("bot.playground.fault_choices", "bot.playground.model_proxy", "bot.playground.slack.faults"):
        monkeypatch.setattr(f"{module}.time", Clock(now))
    async with ground() as at:
        for name in ("slack-down", "model-down"):
            await at.let(name)
        assert [(await at.post(), await at.ask("angle/a")) for _ in range(3)] == [("503", "cut")] * 3
        now[0] += 6.1
        assert (await at.post(), await at.ask("angle/a")) == ("503", "ok")
        now[0] += 2
        assert await at.post() == "ok"


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, now: list[float]) -> None:
        self._now = now

    def monotonic(self) -> float:
        return self._now[0]


async def test_sockets_are_cut_or_renewed() -> None:
    """The bot notices either way."""
    async with ground() as at:
        token = {"Authorization": f"Bearer {at.slack.app_token}"}
        opened = await at.session.post(f"{at.slack.api_url}apps.connections.open", headers=token)
        socket = await at.session.ws_connect((await opened.json())["url"])
        assert (await socket.receive_json())["type"] == "hello"
        await at.let("slack-sockets-renewed")
        assert await socket.receive_json() == {"type": "disconnect", "reason": "refresh_requested"}
        await at.let("slack-sockets-cut")
        assert (await socket.receive()).type in (aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR)


async def test_what_slack_told_last_is_told_again_as_a_retry() -> None:
    """And nothing where nothing was told yet."""
    async with ground() as at:
        await at.let("slack-twice")
        await at.slack.say("C000000001", "hello")
        await at.slack.until(lambda: at.slack.events.told)
        (event,) = at.slack.events.told
        before = len(event.deliveries)
        await at.let("slack-twice")
        assert len(event.deliveries) > before
