"""What a check says of each connection, and what to do about it."""

from __future__ import annotations

import socket
from functools import partial
from tempfile import TemporaryDirectory

import pytest

from bot.adapters.model_openai import OpenAIModel
from bot.check import check
from bot.check_line import Line
from bot.playground import model as ms
from bot.playground.model import ModelServer
from bot.playground.slack import Playground
from tests.support.proxy import proxying
from tests.support.story import settings


async def checked(slack: Playground, model: ModelServer) -> dict[str, Line]:
    with TemporaryDirectory() as folder:
        where = f"sqlite:///{folder}/research.sqlite"
        wanted = settings(slack, model, "http", model_timeout=1, database_url=where)
        return {line.name: line async for line in check(wanted)}


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        ([ms.HANG] * 2, "The model did not answer in time. Try again in a few minutes"),
        ([ms.BAD_KEY], "The model provider rejected our key. Copy OPENAI_API_KEY anew"),
        ([ms.NO_MODEL], "The model provider did not accept our request. See that OPENAI_MODEL is a model"),
        ([ms.OUT_OF_CREDIT], "Our account with the model provider has no credit left. Add credit"),
        ([ms.limited("61")], "The model provider is limiting our requests. Try again in a few minutes"),
    ],
)
async def test_a_model_that_does_not_answer_is_told_apart_by_what_to_do(faults: list[ms.Fault], said: str) -> None:
    """Whoever sets the bot up has a dozen settings to doubt, and one that is wrong."""
    async with Playground() as slack, ModelServer() as model:
        model.answer("check", "ready", *faults)
        lines = await checked(slack, model)
    assert [line.works for line in lines.values()] == [True, True, False, True, True]
    assert f"local at {model.url}: {said}" in lines["Model"].told


async def test_a_check_asks_as_a_report_does_and_says_what_it_learned() -> None:
    """What the first run would stumble over, the check has stumbled over before."""
    newer = {"error": {"message": "Unsupported parameter: 'max_tokens'", "param": "max_tokens"}}
    async with Playground() as slack, ModelServer() as model:
        model.judge = lambda body: ms.Fault(400, body=newer) if "max_tokens" in body else None
        line = (await checked(slack, model))["Model"]
    assert line.works
    assert line.told.endswith("; it takes max_completion_tokens.")
    assert model.requests[-1].body["max_completion_tokens"] == 6_400


@pytest.mark.parametrize("path", ["", "/v1/chat/completions", "/v1?api-version=2024-10-21"])
async def test_an_address_that_leads_nowhere_is_told_with_the_one_that_is_likely_meant(path: str) -> None:
    """Copied from a page of documentation, an address ends in many ways."""
    async with Playground() as slack, ModelServer() as model:
        right, model.url = model.url, model.url.removesuffix("/v1") + path
        line = (await checked(slack, model))["Model"]
    assert not line.works
    assert line.told.endswith(f"OPENAI_BASE_URL is likely meant to be {right}.")


async def test_a_slack_that_cannot_be_reached_is_not_blamed_on_the_token() -> None:
    """A new token does not open a firewall."""
    async with Playground() as slack, ModelServer() as model:
        slack.fault("auth.test", dropped=True, times=2)
        line = (await checked(slack, model))["Slack"]
    assert not line.works
    assert line.told.startswith(f"{slack.api_url} does not answer")
    assert "TOKEN" not in line.told


async def test_in_http_mode_a_check_says_what_it_cannot_know() -> None:
    """A tick must not promise more than was tried."""
    async with Playground() as slack, ModelServer() as model:
        line = (await checked(slack, model))["HTTP mode"]
    assert "whether it is right shows with Slack's first request" in line.told


@pytest.mark.parametrize(
    ("proxy", "todo"),
    [
        ("127.0.0.1:{shut}", "See that HTTPS_PROXY is right, or name model.test in NO_PROXY if this machine"),
        ("127.0.0.1:{lost}", "its server runs. It is asked through the proxy that HTTPS_PROXY names ({proxy})."),
    ],
)
async def test_a_model_behind_a_proxy_is_told_with_it(proxy: str, todo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not answer may be the proxy, or what is behind it."""

    async def at_once(seconds: float) -> None:
        """Nobody waits."""

    monkeypatch.setattr("bot.check.OpenAIModel", partial(OpenAIModel, sleep=at_once))
    async with Playground() as slack, ModelServer() as model, proxying(1) as lost:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            proxy = proxy.format(shut=listener.getsockname()[1], lost=lost.port)
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:secret@{proxy}")
        model.url = "https://model.test/v1"
        line = (await checked(slack, model))["Model"]
    assert not line.works
    assert todo.format(proxy=proxy) in line.told
    assert "secret" not in line.told
