"""`python -m bot check` and `try`, as people type them: what is said, where, and the exit code."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import AsyncIterator

import pytest

from bot.playground import model as ms
from bot.playground.model import ModelServer
from bot.playground.slack import Playground
from tests.support.processes import Process, interpreted, run, run_interpreted
from tests.support.serving import API_KEY, environment

FAILED, MISUSED, STOPPED = 1, 2, 130


@pytest.fixture
async def slack() -> AsyncIterator[Playground]:
    async with Playground() as slack:
        yield slack


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    async with ModelServer() as model:
        yield model


async def tried(model: ModelServer, *arguments: str, **more: str) -> Process:
    return await run("try", *arguments, **at(model), **more)


def at(model: ModelServer) -> dict[str, str]:
    return {"OPENAI_BASE_URL": model.url, "OPENAI_MODEL": "local"}


def verdicts(process: Process) -> dict[str, str]:
    """What a check says of each connection, by its mark and name."""
    lines = [line.partition(": ") for line in process.out.splitlines()]
    return {name: told for name, _, told in lines}


async def test_a_check_with_nothing_set_says_all_that_has_to_be_set() -> None:
    """The first thing that an operator ever types."""
    process = await run_interpreted("check")
    assert process.code == MISUSED
    assert process.out == ""
    assert all(name in process.err for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "OPENAI_API_KEY"))


async def test_a_check_with_everything_right_says_so(slack: Playground, model: ModelServer) -> None:
    """Green must mean that the first command will be answered."""
    process = await run("check", **environment(slack, model, "socket"))
    assert process.code == 0, process.out + process.err
    assert list(verdicts(process)) == ["✓ Slack", "✓ Socket Mode", "✓ Model", "✓ Database", "✓ Search"]
    assert "@research in the workspace Acme" in process.out
    assert process.err == ""


async def test_a_check_goes_on_after_a_failure_and_says_of_each_what_to_do(
    slack: Playground, model: ModelServer
) -> None:
    """Two tokens that look alike, from two pages of Slack's, and a key from a third: one round must do."""
    model.answer("check", "ready", ms.BAD_KEY)
    wrong = {"SLACK_BOT_TOKEN": "xoxb-wrong", "SLACK_APP_TOKEN": "xapp-wrong"}
    process = await run("check", **environment(slack, model, "socket", **wrong))
    said = verdicts(process)
    assert process.code == FAILED
    assert "SLACK_BOT_TOKEN (invalid_auth). Copy the bot token anew" in said["✕ Slack"]
    assert "SLACK_APP_TOKEN (invalid_auth). Make one" in said["✕ Socket Mode"]
    assert f"local at {model.url}: The model provider rejected our key. Copy OPENAI_API_KEY anew" in said["✕ Model"]
    assert not [secret for secret in [*wrong.values(), API_KEY] if secret in process.out + process.err]


async def test_a_try_shows_three_angles_and_a_report_under_four_headings(model: ModelServer) -> None:
    """The pattern in one command, in a pipe too."""
    process = await tried(model, "nuclear fusion")
    lines = process.out.splitlines()
    assert (process.code, process.err) == (0, "")
    assert sorted(line for line in lines if line.endswith("angle ==")) == [
        "== Historical angle ==",
        "== Societal angle ==",
        "== Technical angle ==",
    ]
    sections = ["Historical Overview", "Technical Mechanisms", "Societal Impact", "Synthesis"]
    assert [line for line in lines if line.startswith("## ")] == [f"## {section}" for section in sections]
    assert "\x1b" not in process.out


async def test_a_try_as_json_prints_one_document_and_nothing_else(model: ModelServer) -> None:
    """A script reads it whole."""
    process = await tried(model, "R&D  “costs”", "--json")
    document = json.loads(process.out)
    assert (process.code, process.err) == (0, "")
    assert (document["question"]["topic"], document["outcome"]) == ("R&D “costs”", "done")
    assert list(document["findings"]) == ["historical", "technical", "societal"]
    assert document["report_markdown"].count("## ") == 4
    assert document["usage"]["calls"] == 7


async def test_a_try_that_finds_nothing_fails_and_says_why(model: ModelServer) -> None:
    """A script that goes on with nothing does harm."""
    model.answer("*", "x", *[ms.BAD_KEY] * 3)
    process = await tried(model, "tea")
    assert process.code == FAILED
    assert process.out.count("✕ Failed: the model provider rejected our key") == 3
    assert "none of the angles could be completed" in process.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["x"], "A topic has 2 to 300 characters; this one has 1."),
        (["tea", "--timeout", "soon"], "--timeout takes a time such as 90s, 6m or 1h, not 'soon'."),
    ],
)
async def test_a_try_that_is_asked_wrongly_says_how_to_ask(model: ModelServer, arguments: list[str], said: str) -> None:
    """Before anything is paid, and apart from what failed on its way."""
    process = await tried(model, *arguments)
    assert (process.code, process.out, process.err) == (MISUSED, "", f"{said}\n")
    assert model.requests == []


async def test_ctrl_c_ends_a_try_at_once_and_cleanly(model: ModelServer) -> None:
    """A tool that cannot be stopped is not tried twice."""
    model.answer("*", gate=asyncio.Event())
    async with interpreted("try", "tea", **at(model)) as process:
        await model.until(lambda: len(model.requests) == 3)
        process.send(signal.SIGINT)
        assert await process.ended() == STOPPED
        assert process.err == "Stopped.\n"
        await model.until(lambda: all(request.cut for request in model.requests))
